// scene_ghosts.h: imagined bodies beside the real one: translucent copies of the robot at other poses, their trails,
// and the shadow that only the real body casts while they are shown.
//
// Units    poses as MuJoCo's qpos; colours as packed by ImGui; shift in metres
// Thread   the one whose GL context is current
#pragma once

#include <vector>

#include "engine/env/mujoco_model.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

struct Ghost {
  const double* path = nullptr;  // poses one after the other
  int step = 0;                  // which of them is shown; those before it make the trail
  ImU32 color = 0;
  float lane = 0;  // how far behind the real body, in lanes; 0: in the same place
  // Of a trail: how strongly each step is lit, `most` being the strongest, and in which colour. Null: in none.
  const double* lit = nullptr;
  double most = 1;
  ImU32 light = 0;
};
// How strongly a piece of its trail is lit, from step `from` to step `to`: 0 to 1.
float LitShare(const Ghost& ghost, int from, int to);
bool Same(const std::vector<Ghost>& a, const std::vector<Ghost>& b);

// A way that is planned: a line along which one point of the robot would go.
struct PlannedWay {
  const double* path = nullptr;  // poses one after the other
  int from = 0, to = 0;          // the first and the last of them
  ImU32 color = 0;               // with its opacity
  bool bold = false;
};
bool Same(const std::vector<PlannedWay>& a, const std::vector<PlannedWay>& b);

// Puts `spare`, an mjData of the model, into the ghost's present pose.
void PoseGhost(const mjModel* model, mjData* spare, const Ghost& ghost);

// All are added to a scene that was just updated. `spare` is an mjData of the same model to pose the ghosts with.
// The shift of one lane points away from the camera.
void AddGhost(const mjModel* model, mjData* spare, const Ghost& ghost, const double lane[3], mjvScene* scene);
// The way of the root up to `step`, without a body.
void AddTrail(const mjModel* model, mjData* spare, const Ghost& ghost, const double lane[3], float width,
              mjvScene* scene);
// Of the root where that moves freely, else of the body farthest from it: its centre of mass.
void AddWay(const mjModel* model, mjData* spare, const PlannedWay& way, double width, mjvScene* scene);
// A dark flat disc on the ground under the robot.
void AddGroundShadow(const mjModel* model, const mjData* data, mjvScene* scene);

}  // namespace equipoise::ui
