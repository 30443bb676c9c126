// widgets.h: the controls of the window: buttons, switches, choices and fields for one value.
//
// All take a box in screen coordinates, so that a panel decides every position. `id` names the widget within its window
// and in the trace (trace.h); it must be unique.
// Thread   window thread, inside a frame
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/tooltip.h"

namespace equipoise::ui {

struct ButtonStyle {
  bool primary = false;  // the one loud button
  bool on = false;       // pressed in
  bool enabled = true;
  const char* key = nullptr;  // the key that does the same, printed on it
  ImU32 color = 0;            // of the text; 0: the theme's
  ImFont* font = nullptr;     // null: small
  const char* tooltip = nullptr;
};
// True when it was clicked.
bool Button(const char* id, ImVec2 position, ImVec2 size, const std::string& label, const ButtonStyle& style = {});

// Text that acts: underlined under the mouse.
bool Link(const char* id, ImVec2 position, ImU32 color, const std::string& label);

// A switch, 29 x 16 at scale 1. True when it was flipped; the caller owns the value.
bool Switch(const char* id, ImVec2 position, bool on, ImU32 on_color = 0);
ImVec2 SwitchSize();

// One of several, side by side. The index that was clicked, or -1.
int Segments(const char* id, ImVec2 position, ImVec2 size, const std::vector<std::string>& labels, int selected);

// The lines of a list that ImGui::OpenPopup(popup) opened, by mouse or by Tab and Enter: one of several. The index that
// was chosen, which closes the list, or -1.
struct ListStyle {
  ImFont* font = nullptr;                 // null: small
  float width = 0;                        // of the lines; 0: as the words need
  std::function<std::string(int)> about;  // shown when a line is pointed at
};
int ChoiceList(const char* popup, const std::vector<std::string>& labels, int selected, const ListStyle& style = {});

// A box with a value and its unit that turns into a text field when it is clicked. Returns what was typed when Enter or
// a click elsewhere ended it; Escape gives the old value back.
struct FieldStyle {
  std::string unit;
  bool enabled = true;  // false: outlined and dimmed, for a value that something else drives
  bool noted = false;   // a change is pending
  bool wrong = false;   // what stands in it cannot be used
};
std::optional<std::string> ValueField(const char* id, ImVec2 position, ImVec2 size, const std::string& value,
                                      const FieldStyle& style = {});
// What stands in a field while it is being edited; none: it is not.
std::optional<std::string> BeingTyped(const char* id);
// Is a field being edited? Known from the click that opened it on, which is two frames before ImGui says so: a key
// pressed in between is meant for the field too.
bool FieldIsOpen();
// The keyboard to the text field of this id, which is drawn next.
void FocusNextField(const char* id);

// One line with its top at `position`, cut where it is wider than `width`; pointed at it is then said whole. Returns
// the width drawn. The second has its vertical middle there.
float TextElided(ImFont* font, ImVec2 position, ImU32 color, const std::string& text, float width);
float TextMiddleElided(ImFont* font, ImVec2 left_middle, ImU32 color, const std::string& text, float width);

// A rounded label with a tinted ground. Returns its width.
float Pill(ImVec2 left_middle, ImU32 color, ImU32 ground, const std::string& icon, const std::string& text);
// A key as printed on a key cap. Returns its width.
float KeyCap(ImVec2 left_middle, const char* key);

}  // namespace equipoise::ui
