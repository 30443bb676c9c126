// scene.h: the robot of a run as the window draws it: its own model and data, a camera that follows, mouse gestures.
//
// Poses come from snapshots; the simulation itself lives in the engine and is never touched from here. The texture is
// drawn anew only when pose, colour, camera, size, theme or quality has changed.
//
// Units    qpos as MuJoCo's; drags as a share of the picture's height, y down
// Thread   the one whose GL context is current
// Errors   Create: an unknown task or a missing asset; Draw: what MuJoCo's renderer says
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/env/mujoco_model.h"
#include "ui/scene_view.h"
#include "ui/theme.h"

namespace equipoise::ui {

class Scene {
 public:
  static Result<std::unique_ptr<Scene>> Create(const std::string& task);

  struct Frame {
    const double* qpos = nullptr;  // qpos_size() entries; null: the model's initial pose
    ImU32 torso = 0;
    bool light = false;
    int width = 0, height = 0;  // screen pixels
    float crowded = 0;          // share of the height that the card at the upper left covers, beyond what does no harm
    SceneQuality quality;
  };
  // The GL texture with the picture (bottom row first).
  Result<unsigned> Draw(const Frame& frame);

  // MuJoCo's own gestures.
  void Orbit(double dx, double dy) { Move(mjMOUSE_ROTATE_V, dx, dy); }
  void Pan(double dx, double dy) { Move(mjMOUSE_MOVE_V, dx, dy); }
  void Zoom(double notches);
  void ResetCamera();  // follows the robot from the side, as at the start

  int qpos_size() const { return model_->nq; }
  int drawn() const { return drawn_; }  // times that the texture was really drawn

 private:
  Scene() = default;
  void Move(int gesture, double dx, double dy);
  void Pose(const double* qpos);
  void FindHome();
  void Paint(bool light);
  void PointCamera(const Frame& frame);
  // Where the robot is on the ground; the height stays, so that hops and falls can be seen as such.
  void Follow(double* point) const;

  env::ModelPtr original_;  // with the assets' own colours
  env::ModelPtr model_;     // as painted
  env::DataPtr data_;
  std::unique_ptr<SceneView> view_;

  double home_azimuth_ = 90, home_elevation_ = -15, home_distance_ = 3, home_offset_[3] = {0, 0, 0};
  double pan_[3] = {0, 0, 0};
  double zoom_ = 1;
  bool camera_moved_ = true;

  std::vector<double> qpos_;  // as last drawn
  ImU32 color_ = 0;
  bool light_ = false, painted_ = false;
  int width_ = 0, height_ = 0, drawn_ = 0;
  float crowded_ = 0;
  SceneQuality quality_;
};

}  // namespace equipoise::ui
