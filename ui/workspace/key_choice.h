// key_choice.h: what a mouse chooses by pointing, chosen by keys: an episode, a mask, a part of the curves.
//
// Episodes   before, after the decision that is shown; after the newest one: back to following the run
// Masks      in the order of their deltas, the one that decided first, round and round
// Curves     in and out by a quarter around the chosen episode, or else around the newest in view; to the sides by a
//            fifth of what is in view
//
// Thread     window thread; outside of a frame too
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void ChooseEpisode(PanelContext& context, int direction);  // -1 before, 1 after
void ChooseNextMask(PanelContext& context, bool second);   // as a click (mask_choice.h)
void ZoomCurves(PanelContext& context, int direction);     // 1 in, -1 out
void MoveCurves(PanelContext& context, int direction);     // -1 earlier, 1 later

}  // namespace equipoise::ui
