#include "ui/scene.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "ui/scene_look.h"

namespace equipoise::ui {
namespace {

constexpr double kPi = 3.14159265358979323846;

bool SameQuality(const SceneQuality& a, const SceneQuality& b) {
  return a.shadows == b.shadows && a.reflections == b.reflections && a.supersample == b.supersample;
}

}  // namespace

Result<std::unique_ptr<Scene>> Scene::Create(const std::string& task) {
  auto loaded = env::LoadModel(task);
  if (!loaded) return loaded.error();
  try {
    std::unique_ptr<Scene> scene(new Scene);
    scene->original_ = std::move(loaded).value();
    scene->model_.reset(mj_copyModel(nullptr, scene->original_.get()));
    scene->data_.reset(mj_makeData(scene->model_.get()));
    auto view = SceneView::Create(scene->model_.get());
    if (!view) return view.error();
    scene->view_ = std::move(view).value();
    scene->Pose(nullptr);
    scene->FindHome();
    scene->ResetCamera();
    return scene;
  } catch (const std::exception& error) {
    return Error{std::string("MuJoCo says \"") + error.what() + "\""};
  }
}

// The asset's camera "track" says from where its robot is best seen.
void Scene::FindHome() {
  const int camera = mj_name2id(model_.get(), mjOBJ_CAMERA, "track");
  if (camera < 0) return;
  const double* position = data_->cam_xpos + 3 * camera;
  const double* frame = data_->cam_xmat + 9 * camera;
  const double forward[3] = {-frame[2], -frame[5], -frame[8]};
  double robot[3];
  Follow(robot);
  home_azimuth_ = std::atan2(forward[1], forward[0]) * 180 / kPi;
  home_elevation_ = std::asin(std::clamp(forward[2], -1.0, 1.0)) * 180 / kPi;
  home_distance_ = 0;
  for (int i = 0; i < 3; ++i) home_distance_ += (robot[i] - position[i]) * forward[i];
  for (int i = 0; i < 3; ++i) home_offset_[i] = position[i] + home_distance_ * forward[i] - robot[i];
}

void Scene::ResetCamera() {
  mjvCamera& camera = view_->camera;
  camera.type = mjCAMERA_FREE;
  camera.azimuth = home_azimuth_;
  camera.elevation = home_elevation_;
  std::fill(pan_, pan_ + 3, 0.0);
  zoom_ = 1;
  camera_moved_ = true;
}

void Scene::Move(int gesture, double dx, double dy) {
  mjvCamera& camera = view_->camera;
  double before[3];
  std::copy(camera.lookat, camera.lookat + 3, before);
  mjv_moveCamera(model_.get(), gesture, dx, dy, &view_->scene, &camera);
  for (int i = 0; i < 3; ++i) pan_[i] += camera.lookat[i] - before[i];
  camera_moved_ = true;
}

void Scene::Zoom(double notches) {
  zoom_ = std::clamp(zoom_ * std::pow(0.92, notches), 0.15, 8.0);
  camera_moved_ = true;
}

void Scene::Pose(const double* qpos) {
  if (qpos == nullptr) {
    mj_resetData(model_.get(), data_.get());
  } else {
    std::copy(qpos, qpos + model_->nq, data_->qpos);
  }
  mj_kinematics(model_.get(), data_.get());
  mj_comPos(model_.get(), data_.get());
  mj_camlight(model_.get(), data_.get());
}

void Scene::Follow(double* point) const {
  const int root = model_->nbody > 1 ? 1 : 0;  // body 1 is the robot's root
  for (int i = 0; i < 2; ++i) point[i] = data_->subtree_com[3 * root + i];
  point[2] = 0;
}

void Scene::PointCamera(const Frame& frame) {
  constexpr double kHomeAspect = 1.6;  // the assets' framing is made for this; a narrower picture steps back
  const double aspect = static_cast<double>(frame.width) / std::max(1, frame.height);
  double robot[3];
  Follow(robot);
  mjvCamera& camera = view_->camera;
  camera.distance = zoom_ * home_distance_ * std::max(1.0, kHomeAspect / aspect) * (1 + frame.crowded);
  // The robot moves to the lower right, out from under the card: the camera looks further up and to the left.
  const double azimuth = camera.azimuth * kPi / 180, elevation = camera.elevation * kPi / 180;
  const double right[3] = {std::sin(azimuth), -std::cos(azimuth), 0};
  const double up[3] = {-std::sin(elevation) * std::cos(azimuth), -std::sin(elevation) * std::sin(azimuth),
                        std::cos(elevation)};
  const double seen = 2 * std::tan(model_->vis.global.fovy * kPi / 360) * camera.distance;  // height at the robot
  const double by_up = 0.5 * frame.crowded * seen, by_left = 0.45 * frame.crowded * seen * aspect;
  for (int i = 0; i < 3; ++i) {
    camera.lookat[i] = robot[i] + home_offset_[i] + pan_[i] + by_up * up[i] - by_left * right[i];
  }
}

void Scene::Paint(bool light) {
  mj_copyModel(model_.get(), original_.get());
  if (light) ApplyLightLook(model_.get());
  view_->UploadTextures(model_.get());
}

Result<unsigned> Scene::Draw(const Frame& frame) {
  const size_t size = static_cast<size_t>(model_->nq);
  std::vector<double> qpos;
  if (frame.qpos != nullptr) qpos.assign(frame.qpos, frame.qpos + size);
  const bool finite = std::all_of(qpos.begin(), qpos.end(), [](double q) { return std::isfinite(q); });
  if (!finite) return Error{"the pose has numbers that are not finite: the simulation diverged"};
  const bool repaint = !painted_ || light_ != frame.light;
  const bool same = !repaint && !camera_moved_ && qpos == qpos_ && color_ == frame.torso && width_ == frame.width &&
                    height_ == frame.height && crowded_ == frame.crowded && SameQuality(quality_, frame.quality);
  if (same) return view_->texture();
  try {
    if (repaint) Paint(frame.light);
    PaintActor(model_.get(), frame.torso);
    Pose(frame.qpos);
    PointCamera(frame);
    view_->Draw(model_.get(), data_.get(), frame.width, frame.height, frame.quality);
  } catch (const std::exception& error) {
    return Error{std::string("MuJoCo says \"") + error.what() + "\""};
  }
  qpos_ = std::move(qpos);
  color_ = frame.torso;
  light_ = frame.light;
  painted_ = true;
  width_ = frame.width;
  height_ = frame.height;
  crowded_ = frame.crowded;
  quality_ = frame.quality;
  camera_moved_ = false;
  ++drawn_;
  return view_->texture();
}

}  // namespace equipoise::ui
