// theme_state.h: colours, fonts and scale as they are now, to come back to them after something was drawn in others.
//
// Thread   as theme.h; the ImGui style belongs to its context and comes back with it
#pragma once

#include "ui/kit/theme.h"

namespace equipoise::ui {

struct ThemeState {
  Palette palette;
  Fonts fonts;
  float scale = 1;
};
ThemeState KeepTheme();
void RestoreTheme(const ThemeState& state);

}  // namespace equipoise::ui
