// imagined_overlay.h: the words on the scene while it shows imagination: who is who, what was rebuilt, what is missing.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

// Above the picture, in a place of its own: "Real body, episode 213   122.6" and the same for each mask with its
// letter, up to the step that is shown. Its height is the same at every step.
float LegendBandHeight(const ImaginedView& view, const nets::PartList& parts, float width);
void DrawLegendBand(const ImaginedView& view, const nets::PartList& parts, ImVec2 at, float width);
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
