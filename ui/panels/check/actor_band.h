// actor_band.h: above the picture of the scene: who acts and why, the return so far, and the reward with its terms.
//
// A place of its own, so that no body is ever behind it. Its height depends on the task and the width alone: the
// picture below stands still within an episode and between two.
// Thread   window thread, inside a frame
#pragma once

#include "ui/view/moment.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

float ActorBandHeight(const run::Snapshot& snapshot, float width);
void DrawActorBand(PanelContext& context, const Moment& moment, ImVec2 at, float width);

}  // namespace equipoise::ui
