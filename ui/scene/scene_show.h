// scene_show.h: what the scene draws beside the bodies, and from where it looks. The person's choice.
#pragma once

namespace equipoise::ui {

struct SceneShow {
  bool contacts = false, forces = false, joints = false, labels = false, transparent = false;
  int camera = -1;  // -1: follows the robot; else one of the model's own
};

inline bool operator==(const SceneShow& a, const SceneShow& b) {
  return a.contacts == b.contacts && a.forces == b.forces && a.joints == b.joints && a.labels == b.labels &&
         a.transparent == b.transparent && a.camera == b.camera;
}

}  // namespace equipoise::ui
