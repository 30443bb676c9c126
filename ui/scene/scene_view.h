// scene_view.h: a MuJoCo model drawn by MuJoCo's own renderer into a texture that ImGui can show.
//
// mjr_render always draws into the context's own framebuffer, whose GL names are public: its colour attachment is
// replaced by our texture, so that nothing is copied.
//
// Units    sizes in pixels; colours as packed by ImGui
// Thread   the one whose GL context is current (compatibility profile); made and destroyed under the same context
// Errors   Create: a framebuffer that the driver refuses. MuJoCo's own errors throw (env/mujoco_errors.h)
#pragma once

#include <functional>
#include <memory>

#include <mujoco/mujoco.h>

#include "engine/base/result.h"
#include "ui/gl/capture.h"

namespace equipoise::ui {

struct SceneQuality {
  bool shadows = true, reflections = true;
  int supersample = 2;  // texture pixels per screen pixel and axis: smooth edges, the same on every driver
};

class SceneView {
 public:
  static Result<std::unique_ptr<SceneView>> Create(const mjModel* model);
  ~SceneView();
  SceneView(const SceneView&) = delete;
  SceneView& operator=(const SceneView&) = delete;

  // Draws `data` (kinematics and camera positions computed) at width x height screen pixels. `pert` may be null; `add`
  // puts more into the scene before it is drawn, and may be empty.
  void Draw(const mjModel* model, mjData* data, int width, int height, const SceneQuality& quality,
            const mjvPerturb* pert, const std::function<void(mjvScene*)>& add);
  // What was drawn last, at its size on the screen.
  Picture Read() const;
  // After textures of the model have changed.
  void UploadTextures(const mjModel* model);

  unsigned texture() const { return texture_; }
  mjvCamera camera;
  mjvScene scene;
  mjvOption option;

 private:
  SceneView() = default;
  Status Resize(int width, int height);

  mjrContext context_;
  unsigned texture_ = 0;
  int width_ = 0, height_ = 0, supersample_ = 1;
};

}  // namespace equipoise::ui
