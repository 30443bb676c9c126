// planned_ways.h: the plan that is being acted, in the scene: the way it goes, the ways of some of the candidates that it
// was chosen from, and what it promises.
//
// Thread   window thread, inside a frame
#pragma once

#include "ui/scene/scene.h"
#include "ui/view/moment.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// Adds them when the scene shows the live body and that follows a plan; `color`: of who acts. Better candidates stand out.
void AddPlannedWays(const run::Snapshot& snapshot, const Moment& moment, ImU32 color, Scene::Frame* frame);
// "Planned at step 16: 63.2 to come", in the upper left corner of the picture. Nothing where there is no plan.
void DrawPlanPill(const run::Snapshot& snapshot, const Moment& moment, ImVec2 a, ImVec2 b);

}  // namespace equipoise::ui
