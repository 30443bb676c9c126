// scene_look.h: the colours of the scene in the two themes, and of the robot's torso, on a private copy of a task's
// model.
//
// The assets carry the dark look (assets/look.xml); the light one has its own floor, sky and limbs. Nothing here may be
// applied to a model that simulates.
#pragma once

#include <mujoco/mujoco.h>

#include "ui/kit/theme.h"

namespace equipoise::ui {

// Repaints a model that has the assets' dark look. Textures must be uploaded again afterwards.
void ApplyLightLook(mjModel* model);

// Material "actor": the geoms that wear the colour of who acts.
void PaintActor(mjModel* model, ImU32 color);

}  // namespace equipoise::ui
