// scene_speed.h: the speed of whatever moves in the scene (SceneChoices::speed): an episode being acted, the last one
// in its loop, an imagination.
//
// Thread   window thread
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// Also for the engine, where it acts in this window: its environment steps are then slowed to it.
void ChooseSpeed(PanelContext& context, double factor);

// What is shown again has no "as fast as possible": it is shown in real time then.
double ReplayPace(double speed);

// Duration on the screen of an environment step that is shown again; 0 before there is a task.
double ShownStepSeconds(const PanelContext& context);

}  // namespace equipoise::ui
