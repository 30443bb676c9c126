// palette.h: the colours of window and figures: one set for a dark ground and one for a light one.
//
// Units    0xAABBGGRR, as ImGui packs them
// Thread   the one that draws; one palette at a time
#pragma once

#include <array>
#include <cstdint>

#include "engine/nets/part_info.h"

namespace equipoise::ui {

using Rgba = uint32_t;

struct Palette {
  bool light = false;
  Rgba window, card, raised, field, field_hover, field_on, line;  // surfaces, from far to near, and their edges
  Rgba text, secondary, faint, ink;                               // ink: grid lines, used with an alpha
  std::array<Rgba, nets::kSlots> learner;                         // who acted, by slot (draw.h, Actor)
  Rgba random;
  Rgba mask_a, mask_b;            // first and second selected mask
  Rgba note, note_fill, on_note;  // touched by hand: pending, steered, numbered flags
  Rgba good, bad;
  Rgba accent, on_accent;  // main button
  Rgba scrim;              // behind text that lies on the scene
};

const Palette& Colors();
void UseColors(const Palette& palette);
// `safe`: who acted in colours that stay apart for every kind of colour-blindness (after Okabe and Ito).
Palette MakePalette(bool light, bool safe);

constexpr Rgba Rgb(unsigned hex, unsigned alpha = 255) {
  return (alpha << 24) | ((hex & 255u) << 16) | (hex & 0xFF00u) | ((hex >> 16) & 255u);
}
inline Rgba WithAlpha(Rgba color, float alpha) {
  return (color & 0x00FFFFFFu) | (static_cast<Rgba>(alpha * 255.0f + 0.5f) << 24);
}
inline Rgba Ink(float alpha) { return WithAlpha(Colors().ink, alpha); }

}  // namespace equipoise::ui
