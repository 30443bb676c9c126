// layout.h: cards with a title and the draggable gaps between them (what outlives the program: persistent.h).
//
// Units    pixels unless said otherwise
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/kit/imgui_compat.h"

namespace equipoise::ui {

// The distance between two cards, which is also how thick a splitter is.
float Gap();

// A titled card at the cursor. `hint` stands small at the right of the title, or is left out where it has no room.
// Always pair with EndCard. The cursor is then at the top left of the content; GetContentRegionAvail() is what is left.
void BeginCard(const char* id, const char* icon, const std::string& title, ImVec2 size, const std::string& hint = "");
void EndCard();
// The box of the title row of the open card, for controls at its right end (right edge, vertical middle).
ImVec2 CardTitleRight();
void TakeCardTitleRight(float width);  // something stands there; the rest of the title ends left of it

// Where cells of these widths stand side by side, in rows that break where `width` ends; relative to the first.
struct FlowPlaces {
  std::vector<ImVec2> at;
  float height = 0;  // of all rows
};
FlowPlaces Flow(const std::vector<float>& widths, float width, float row_height);

// Fractions of what is given out, chosen by dragging; 0: not chosen yet, so the layout's own proportion holds.
struct PaneSizes {
  float left = 0, right = 0;            // column widths, pixels at scale 1
  float check = 0, log = 0, model = 0;  // heights of the lower cards, pixels at scale 1
  float settings = 0;
};

// A draggable gap at the cursor. `*size` is the pane before (sign +1) or after (sign -1) it, in pixels at scale 1.
// Double click: back to the proportion of the layout (0).
void Splitter(const char* id, bool vertical, float length, float current, float lowest, float highest, int sign,
              float* size);

}  // namespace equipoise::ui
