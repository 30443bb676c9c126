// Touching the robot: picking a body, what it does, and pulling at it; see scene.h.
#include <algorithm>
#include <cmath>

#include "ui/scene/mujoco_compat.h"
#include "ui/scene/scene.h"

namespace equipoise::ui {

void Scene::Select(int body, const double* point) {
  perturb_.active = 0;
  perturb_.select = body;
  camera_moved_ = true;  // the mark is part of the picture
  if (body <= 0 || point == nullptr) return;
  double offset[3];
  mju_sub3(offset, point, data_->xpos + 3 * body);
  mju_mulMatTVec(perturb_.localpos, data_->xmat + 9 * body, offset, 3, 3);
}

int Scene::Pick(double x, double y) {
  if (!any_ || last_.height <= 0) return 0;
  double point[3] = {0, 0, 0};
  const double aspect = static_cast<double>(last_.width) / last_.height;
  const int body = SelectBody(model_.get(), data_.get(), &view_->option, aspect, x, 1 - y, &view_->scene, point);
  Select(std::max(0, body), point);
  return picked();
}

int Scene::PickOrKeep(double x, double y) {
  const int before = picked();
  if (Pick(x, y) > 0 || before <= 0) return picked();
  Select(before, nullptr);
  return before;
}

bool Scene::CentreOn(double x, double y) {
  if (!any_ || last_.height <= 0) return false;
  double point[3] = {0, 0, 0};
  const double aspect = static_cast<double>(last_.width) / last_.height;
  if (SelectBody(model_.get(), data_.get(), &view_->option, aspect, x, 1 - y, &view_->scene, point) < 0) return false;
  for (int i = 0; i < 3; ++i) pan_[i] += point[i] - view_->camera.lookat[i];
  camera_moved_ = true;
  return true;
}

std::string Scene::BodyName(int body) const {
  if (body <= 0 || body >= model_->nbody) return "";
  const char* name = mj_id2name(model_.get(), mjOBJ_BODY, body);
  return name != nullptr && *name != '\0' ? name : "body " + std::to_string(body);
}

Scene::BodyState Scene::State(int body) const {
  BodyState state;
  state.name = BodyName(body);
  if (state.name.empty()) return state;
  std::copy(data_->xipos + 3 * body, data_->xipos + 3 * body + 3, state.position);
  state.moving = !qvel_.empty();
  if (!state.moving) return state;
  double velocity[6];
  mj_objectVelocity(model_.get(), data_.get(), mjOBJ_BODY, body, velocity, 0);
  state.speed = mju_norm3(velocity + 3);
  for (int i = 0; i < data_->ncon; ++i) {
    const mjContact& contact = data_->contact[i];
    if (model_->geom_bodyid[contact.geom1] != body && model_->geom_bodyid[contact.geom2] != body) continue;
    double force[6];
    mj_contactForce(model_.get(), data_.get(), i, force);
    state.contact += mju_norm3(force);
  }
  return state;
}

void Scene::StartPull() {
  if (picked() <= 0) return;
  mj_forward(model_.get(), data_.get());  // the spring is as stiff as the body is heavy at this point
  mjv_initPerturb(model_.get(), data_.get(), &view_->scene, &perturb_);
  perturb_.active = mjPERT_TRANSLATE;
  camera_moved_ = true;
}

void Scene::Pull(double dx, double dy, bool level) {
  if (!pulling()) return;
  mjv_movePerturb(model_.get(), data_.get(), level ? mjMOUSE_MOVE_H : mjMOUSE_MOVE_V, dx, dy, &view_->scene, &perturb_);
  camera_moved_ = true;
}

void Scene::EndPull() {
  perturb_.active = 0;
  camera_moved_ = true;
}

std::array<double, 6> Scene::PullWrench() {
  std::array<double, 6> wrench{};
  if (!pulling()) return wrench;
  std::fill(data_->xfrc_applied, data_->xfrc_applied + 6 * model_->nbody, 0.0);
  mjv_applyPerturbForce(model_.get(), data_.get(), &perturb_);
  std::copy_n(data_->xfrc_applied + 6 * perturb_.select, 6, wrench.begin());
  std::fill(data_->xfrc_applied, data_->xfrc_applied + 6 * model_->nbody, 0.0);  // this robot only shows the pull
  return wrench;
}

std::vector<std::string> Scene::Cameras() const {
  std::vector<std::string> names;
  for (int i = 0; i < model_->ncam; ++i) {
    const char* name = mj_id2name(model_.get(), mjOBJ_CAMERA, i);
    names.push_back(name != nullptr ? name : "camera " + std::to_string(i));
  }
  return names;
}

namespace {

// Points of the world in the picture that was drawn last, as shares from its upper left corner.
struct Projection {
  double eye[3], forward[3], up[3], right[3], half, aspect;  // half: of the picture's height, at distance 1

  Projection(const mjvScene& scene, double width_by_height) : aspect(width_by_height) {
    const mjvGLCamera camera = mjv_averageCamera(scene.camera, scene.camera + 1);
    for (int i = 0; i < 3; ++i) {
      eye[i] = camera.pos[i];
      forward[i] = camera.forward[i];
      up[i] = camera.up[i];
    }
    mju_cross(right, forward, up);
    half = camera.frustum_top / camera.frustum_near;
  }
  // False: behind the camera. `size` at the point, in metres, becomes shares of the height.
  bool At(const double point[3], double* x, double* y, double* size) const {
    double offset[3];
    mju_sub3(offset, point, eye);
    const double depth = mju_dot3(offset, forward);
    if (depth <= 0) return false;
    *x = 0.5 + 0.5 * mju_dot3(offset, right) / depth / half / aspect;
    *y = 0.5 - 0.5 * mju_dot3(offset, up) / depth / half;
    *size = 0.5 * *size / depth / half;
    return true;
  }
};

}  // namespace

std::array<float, 2> Scene::OnScreen(int body) const {
  if (!any_ || last_.height <= 0 || body >= model_->nbody) return {0.5f, 0.5f};
  const Projection projection(view_->scene, static_cast<double>(last_.width) / last_.height);
  double x = 0.5, y = 0.5, size = 0;
  projection.At(data_->xipos + 3 * body, &x, &y, &size);
  return {static_cast<float>(x), static_cast<float>(y)};
}

}  // namespace equipoise::ui
