// imagined_overlay.h: the words on the scene while it shows imagination: who is who, what was rebuilt, what is missing.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/panel.h"

namespace equipoise::ui {

// "Real body, episode 213   122.6" and one row for each mask with its letter, up to the step that is shown.
// Folded it is one row of letters and numbers. Submit it before the picture, so that its caret gets the mouse first.
ImVec2 LegendCardSize(const ImaginedView& view, ImVec2 a, ImVec2 b, bool folded);
void DrawLegendCard(UiState& state, ImVec2 a, ImVec2 b, bool folded);
// What stands in the scene as long as it is true: "x rebuilt from the predicted velocity". At the upper right.
void DrawRebuiltPill(const ImaginedView& view, ImVec2 a, ImVec2 b);
// Bodies behind each other, or in the same place. At the lower right, left of the view's options.
void DrawLanesChoice(ImaginedView* view, ImVec2 a, ImVec2 b);

// A mask's letter on its colour, as on the dots of the check. Returns the width.
float MaskBadge(ImVec2 left_middle, bool second);
ImU32 MaskColor(bool second);

// "x from the predicted velocity" -> "x rebuilt from predicted velocity".
std::string RebuiltSentence(const std::string& rebuilt);

}  // namespace equipoise::ui
