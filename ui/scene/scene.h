// scene.h: the robot of a run as the window draws it: its own model and data, a camera that follows, mouse gestures.
//
// Poses come from snapshots; the simulation itself lives in the engine and is never touched from here. The texture is
// drawn anew only when pose, colour, camera, size, theme or quality has changed. One wide class: picture, camera, picking
// and pulling work on one model, one data and one mjvPerturb.
//
// Units    qpos as MuJoCo's; drags as a share of the picture's height, y down
// Thread   the one whose GL context is current
// Errors   Create: an unknown task or a missing asset; Draw: what MuJoCo's renderer says
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/env/mujoco_model.h"
#include "ui/kit/theme.h"
#include "ui/scene/scene_ghosts.h"
#include "ui/scene/scene_show.h"
#include "ui/scene/scene_view.h"

namespace equipoise::ui {

class Scene {
 public:
  static Result<std::unique_ptr<Scene>> Create(const std::string& task);

  struct Frame {
    const double* qpos = nullptr;  // qpos_size() entries; null: the model's initial pose
    const double* qvel = nullptr;  // qvel_size() and ctrl_size() entries, for contact forces; null: not known
    const double* ctrl = nullptr;
    ImU32 torso = 0;
    bool light = false;
    int width = 0, height = 0;  // screen pixels
    SceneQuality quality;
    SceneShow show;
    std::vector<Ghost> ghosts, trails;  // their paths must live as long as the frame
    std::vector<PlannedWay> ways;       // the last one lies on top
  };
  // The GL texture with the picture (bottom row first).
  Result<unsigned> Draw(const Frame& frame);
  // Nothing but bodies has moved since the picture that was drawn last: it may stand for this frame a little longer.
  bool OnlyMoved(const Frame& frame) const { return any_ && !camera_moved_ && !pulling() && SameLook(frame); }
  // What was drawn last, as many pixels as the frame asked for.
  Picture Read() const { return view_->Read(); }

  // MuJoCo's own gestures.
  void Orbit(double dx, double dy) { Move(mjMOUSE_ROTATE_V, dx, dy); }
  void Pan(double dx, double dy) { Move(mjMOUSE_MOVE_V, dx, dy); }
  void Zoom(double notches);
  void ResetCamera();  // follows the robot from the side, as at the start
  struct Viewpoint {   // of the camera that follows, as turned, moved and zoomed by hand
    double azimuth = 0, elevation = 0, zoom = 1, pan[3] = {0, 0, 0};
  };
  Viewpoint viewpoint() const;
  void SetViewpoint(const Viewpoint& viewpoint);

  // Picking, in the picture as last drawn: x and y from its upper left corner, as shares of width and height. The body
  // under it, or 0. A picked body is marked until another point is picked.
  int Pick(double x, double y);
  void ClearPick() { Select(0, nullptr); }
  // The same; where no body is, the one that is picked stays so.
  int PickOrKeep(double x, double y);
  // Turns the camera to what lies there; false: nothing does.
  bool CentreOn(double x, double y);
  int picked() const { return perturb_.select; }
  struct BodyState {
    std::string name;
    double position[3] = {0, 0, 0};
    bool moving = false;  // velocities are known
    double speed = 0;     // m/s, of its centre of mass
    double contact = 0;   // N, sum of the contact forces on it
  };
  BodyState State(int body) const;
  std::string BodyName(int body) const;

  // A hand that pulls at the point that was picked, as in MuJoCo's simulate: a spring from there to the mouse.
  void StartPull();
  void Pull(double dx, double dy, bool level = false);  // level: along the ground instead of in the picture's plane
  void EndPull();
  bool pulling() const { return perturb_.active != 0; }
  // Force [N] and torque [N m] on the centre of mass of the picked body, in the world's frame.
  std::array<double, 6> PullWrench();

  // Names of the model's own cameras, for SceneShow::camera.
  std::vector<std::string> Cameras() const;
  // Where a body stands in the picture as last drawn, as shares of its size from the upper left corner.
  std::array<float, 2> OnScreen(int body) const;

  int qpos_size() const { return model_->nq; }
  int qvel_size() const { return model_->nv; }
  int ctrl_size() const { return model_->nu; }
  unsigned texture() const { return view_->texture(); }  // that Draw returns
  int drawn() const { return drawn_; }                   // times that the texture was really drawn

 private:
  Scene() = default;
  void Move(int gesture, double dx, double dy);
  void Pose(const Frame& frame);
  void Select(int body, const double* point);
  bool Same(const Frame& frame) const;
  bool SameLook(const Frame& frame) const;
  void Options(const SceneShow& show);
  // How far apart in the world two lanes of ghosts lie.
  std::array<double, 3> LaneShift() const;
  void AddGhosts(const Frame& frame, mjvScene* scene);
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

  Frame last_;  // as last drawn; its pointers are not followed
  std::vector<double> qpos_, qvel_, ctrl_;
  bool any_ = false;
  int drawn_ = 0;
  env::DataPtr spare_;  // poses the ghosts
  mjvPerturb perturb_;
};

}  // namespace equipoise::ui
