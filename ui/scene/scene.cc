#include "ui/scene/scene.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "ui/scene/ghost_framing.h"
#include "ui/scene/mujoco_compat.h"
#include "ui/scene/scene_look.h"

namespace equipoise::ui {
namespace {

constexpr double kPi = 3.14159265358979323846;

bool SameQuality(const SceneQuality& a, const SceneQuality& b) {
  return a.shadows == b.shadows && a.reflections == b.reflections && a.supersample == b.supersample;
}

// How far the ghosts' roots lie from `robot` along `right`, in metres; the real body itself is at 0.
void ReachOf(const mjModel* model, mjData* spare, const std::vector<Ghost>& ghosts, const double robot[3],
             const double right[3], double* lo, double* hi) {
  *lo = *hi = 0;
  for (const Ghost& ghost : ghosts) {
    PoseGhost(model, spare, ghost);
    const double* root = spare->xipos + 3 * (model->nbody > 1 ? 1 : 0);
    const double along = (root[0] - robot[0]) * right[0] + (root[1] - robot[1]) * right[1];
    if (!std::isfinite(along)) continue;
    *lo = std::min(*lo, along);
    *hi = std::max(*hi, along);
  }
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
    scene->spare_.reset(mj_makeData(scene->model_.get()));
    mjv_defaultPerturb(&scene->perturb_);
    auto view = SceneView::Create(scene->model_.get());
    if (!view) return view.error();
    scene->view_ = std::move(view).value();
    scene->Pose(Frame{});
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

Scene::Viewpoint Scene::viewpoint() const {
  return {view_->camera.azimuth, view_->camera.elevation, zoom_, {pan_[0], pan_[1], pan_[2]}};
}

void Scene::SetViewpoint(const Viewpoint& viewpoint) {
  view_->camera.azimuth = viewpoint.azimuth;
  view_->camera.elevation = viewpoint.elevation;
  zoom_ = viewpoint.zoom;
  std::copy(viewpoint.pan, viewpoint.pan + 3, pan_);
  camera_moved_ = true;
}

void Scene::Move(int gesture, double dx, double dy) {
  mjvCamera& camera = view_->camera;
  double before[3];
  std::copy(camera.lookat, camera.lookat + 3, before);
  MoveCamera(mjv_moveCamera, model_.get(), gesture, dx, dy, &view_->scene, &camera);
  for (int i = 0; i < 3; ++i) pan_[i] += camera.lookat[i] - before[i];
  camera_moved_ = true;
}

void Scene::Zoom(double notches) {
  zoom_ = std::clamp(zoom_ * std::pow(0.92, notches), 0.15, 8.0);
  camera_moved_ = true;
}

void Scene::Pose(const Frame& frame) {
  const bool forces = frame.qvel != nullptr && frame.ctrl != nullptr;
  if (frame.qpos == nullptr) {
    mj_resetData(model_.get(), data_.get());
  } else {
    std::copy(frame.qpos, frame.qpos + model_->nq, data_->qpos);
  }
  if (forces) {
    std::copy(frame.qvel, frame.qvel + model_->nv, data_->qvel);
    std::copy(frame.ctrl, frame.ctrl + model_->nu, data_->ctrl);
  } else {
    std::fill(data_->qvel, data_->qvel + model_->nv, 0.0);
  }
  // Everything is computed only when somebody looks at it.
  if (forces && (frame.show.forces || picked() > 0)) {
    mj_forward(model_.get(), data_.get());
  } else if (frame.show.contacts || frame.show.forces || picked() > 0) {
    mj_fwdPosition(model_.get(), data_.get());
  } else {
    mj_kinematics(model_.get(), data_.get());
    mj_comPos(model_.get(), data_.get());
    data_->ncon = 0;
  }
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
  camera.type = frame.show.camera >= 0 && frame.show.camera < model_->ncam ? mjCAMERA_FIXED : mjCAMERA_FREE;
  camera.fixedcamid = camera.type == mjCAMERA_FIXED ? frame.show.camera : -1;
  camera.distance = zoom_ * home_distance_ * std::max(1.0, kHomeAspect / aspect);
  const double azimuth = camera.azimuth * kPi / 180;
  const double right[3] = {std::sin(azimuth), -std::cos(azimuth), 0};
  const double height = 2 * std::tan(model_->vis.global.fovy * kPi / 360);  // at the robot, for each metre of distance
  double lo = 0, hi = 0;
  ReachOf(model_.get(), spare_.get(), frame.ghosts, robot, right, &lo, &hi);
  const GhostFraming framing = FrameGhosts(lo, hi, height * camera.distance * aspect);
  camera.distance *= framing.factor;
  for (int i = 0; i < 3; ++i) camera.lookat[i] = robot[i] + home_offset_[i] + pan_[i] + framing.aside * right[i];
}

void Scene::Paint(bool light) {
  mj_copyModel(model_.get(), original_.get());
  if (light) ApplyLightLook(model_.get());
  view_->UploadTextures(model_.get());
}

bool Scene::Same(const Frame& frame) const {
  const auto same = [](const std::vector<double>& kept, const double* now, int count) {
    if (now == nullptr) return kept.empty();
    return kept.size() == static_cast<size_t>(count) && std::equal(kept.begin(), kept.end(), now);
  };
  return OnlyMoved(frame) && same(qpos_, frame.qpos, model_->nq) && same(qvel_, frame.qvel, model_->nv) &&
         same(ctrl_, frame.ctrl, model_->nu) && ui::Same(frame.ghosts, last_.ghosts) &&
         ui::Same(frame.trails, last_.trails) && ui::Same(frame.ways, last_.ways);
}

bool Scene::SameLook(const Frame& frame) const {
  return last_.torso == frame.torso && last_.light == frame.light && last_.width == frame.width &&
         last_.height == frame.height && SameQuality(last_.quality, frame.quality) && frame.show == last_.show &&
         frame.ghosts.size() == last_.ghosts.size();
}

void Scene::Options(const SceneShow& show) {
  mjvOption& option = view_->option;
  option.flags[mjVIS_CONTACTPOINT] = show.contacts;
  option.flags[mjVIS_CONTACTFORCE] = show.forces;
  option.flags[mjVIS_JOINT] = show.joints;
  option.flags[mjVIS_TRANSPARENT] = show.transparent;
  option.flags[mjVIS_SELECT] = perturb_.select > 0;
  option.flags[mjVIS_PERTFORCE] = option.flags[mjVIS_PERTOBJ] = pulling();
  option.label = show.labels ? mjLABEL_BODY : mjLABEL_NONE;
}

// Lanes lie behind the real body as seen at the start, so that turning the camera shows them from the side.
std::array<double, 3> Scene::LaneShift() const {
  const double azimuth = home_azimuth_ * kPi / 180, spacing = 0.17 * home_distance_;
  return {spacing * std::cos(azimuth), spacing * std::sin(azimuth), 0};
}

void Scene::AddGhosts(const Frame& frame, mjvScene* scene) {
  const double width = 0.0018 * home_distance_;
  for (const PlannedWay& way : frame.ways) AddWay(model_.get(), spare_.get(), way, 1.4 * width, scene);
  if (frame.ghosts.empty() && frame.trails.empty()) return;
  const std::array<double, 3> lane = LaneShift();
  for (const Ghost& ghost : frame.ghosts) AddGhost(model_.get(), spare_.get(), ghost, lane.data(), scene);
  for (const Ghost& trail : frame.trails)
    AddTrail(model_.get(), spare_.get(), trail, lane.data(), static_cast<float>(width), scene);
  AddGroundShadow(model_.get(), data_.get(), scene);
}

Result<unsigned> Scene::Draw(const Frame& frame) {
  const double* qpos = frame.qpos;
  if (qpos != nullptr && !std::all_of(qpos, qpos + model_->nq, [](double q) { return std::isfinite(q); }))
    return Error{"the pose has numbers that are not finite: the simulation diverged"};
  if (Same(frame)) return view_->texture();
  try {
    if (!any_ || last_.light != frame.light) Paint(frame.light);
    PaintActor(model_.get(), frame.torso);
    Pose(frame);
    PointCamera(frame);
    Options(frame.show);
    SceneQuality quality = frame.quality;
    quality.shadows = quality.shadows && frame.ghosts.empty();  // what is transparent would still cast one
    view_->Draw(model_.get(), data_.get(), frame.width, frame.height, quality, &perturb_,
                [&](mjvScene* scene) { AddGhosts(frame, scene); });
  } catch (const std::exception& error) {
    return Error{std::string("MuJoCo says \"") + error.what() + "\""};
  }
  const auto keep = [](std::vector<double>* kept, const double* now, int count) {
    kept->clear();
    if (now != nullptr) kept->assign(now, now + count);
  };
  keep(&qpos_, frame.qpos, model_->nq);
  keep(&qvel_, frame.qvel, model_->nv);
  keep(&ctrl_, frame.ctrl, model_->nu);
  last_ = frame;
  any_ = true;
  camera_moved_ = false;
  ++drawn_;
  return view_->texture();
}

}  // namespace equipoise::ui
