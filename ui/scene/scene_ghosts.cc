#include "ui/scene/scene_ghosts.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

constexpr float kGhostAlpha = 0.42f, kTrailAlpha = 0.75f, kDarkAlpha = 0.4f;
constexpr double kLinePixels = 1.5;
constexpr int kTrailPoints = 24, kTrailSteps = 60;
constexpr int kRobotGroup = 1;  // of the assets' sites that belong to a body

void ToFloats(ImU32 color, float alpha, float* rgba) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(color);
  rgba[0] = c.x;
  rgba[1] = c.y;
  rgba[2] = c.z;
  rgba[3] = alpha;
}

void PoseOf(const mjModel* model, mjData* data, const double* qpos) {
  std::copy(qpos, qpos + model->nq, data->qpos);
  mj_kinematics(model, data);
}

mjvGeom* NewGeom(mjvScene* scene, int type, const double size[3], const double pos[3], const double mat[9],
                 const float rgba[4]) {
  if (scene->ngeom >= scene->maxgeom) return nullptr;
  mjvGeom* geom = scene->geoms + scene->ngeom++;
  mjv_initGeom(geom, type, size, pos, mat, rgba);
  geom->category = mjCAT_DECOR;  // casts no shadow, is never picked
  geom->segid = -1;
  return geom;
}

void AddSegment(const double a[3], const double b[3], double radius, const float rgba[4], mjvScene* scene) {
  double axis[3], centre[3], quat[4], mat[9];
  for (int i = 0; i < 3; ++i) {
    axis[i] = b[i] - a[i];
    centre[i] = 0.5 * (a[i] + b[i]);
  }
  const double length = mju_normalize3(axis);
  if (!(length > 1e-6)) return;
  mju_quatZ2Vec(quat, axis);
  mju_quat2Mat(mat, quat);
  const double size[3] = {radius, 0.5 * length, 0};
  NewGeom(scene, mjGEOM_CAPSULE, size, centre, mat, rgba);
}

void AddLine(const double a[3], const double b[3], const float rgba[4], mjvScene* scene) {
  double axis[3], quat[4], mat[9];
  for (int i = 0; i < 3; ++i) axis[i] = b[i] - a[i];
  const double length = mju_normalize3(axis);
  if (!(length > 1e-6)) return;
  mju_quatZ2Vec(quat, axis);
  mju_quat2Mat(mat, quat);
  const double size[3] = {kLinePixels, kLinePixels, length};
  NewGeom(scene, mjGEOM_LINE, size, a, mat, rgba);
}

// The body whose way tells what the robot does.
int TipOf(const mjModel* model) {
  if (model->nbody < 2) return 0;
  int degrees = 0;
  for (int j = 0; j < model->body_jntnum[1]; ++j)
    degrees += model->jnt_type[model->body_jntadr[1] + j] == mjJNT_FREE ? 6 : 1;
  if (degrees > 1) return 1;
  std::vector<int> depth(static_cast<size_t>(model->nbody), 0);
  int tip = 1;
  for (int body = 1; body < model->nbody; ++body) {  // parents come first
    const auto b = static_cast<size_t>(body);
    depth[b] = depth[static_cast<size_t>(model->body_parentid[body])] + 1;
    if (depth[b] > depth[static_cast<size_t>(tip)]) tip = body;
  }
  return tip;
}

}  // namespace

bool Same(const std::vector<PlannedWay>& a, const std::vector<PlannedWay>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PlannedWay& x, const PlannedWay& y) {
    return x.path == y.path && x.from == y.from && x.to == y.to && x.color == y.color && x.bold == y.bold;
  });
}

bool Same(const std::vector<Ghost>& a, const std::vector<Ghost>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Ghost& x, const Ghost& y) {
    return x.path == y.path && x.step == y.step && x.color == y.color && x.lane == y.lane && x.lit == y.lit &&
           x.most == y.most && x.light == y.light;
  });
}

void PoseGhost(const mjModel* model, mjData* spare, const Ghost& ghost) {
  PoseOf(model, spare, ghost.path + static_cast<size_t>(ghost.step) * static_cast<size_t>(model->nq));
}

void AddGhost(const mjModel* model, mjData* spare, const Ghost& ghost, const double lane[3], mjvScene* scene) {
  PoseGhost(model, spare, ghost);
  mjvOption option;
  mjv_defaultOption(&option);
  // All that moves and is usually shown, in whatever group a model's author put it; floors and rails do not move.
  for (int i = 0; i < mjNGROUP; ++i) option.sitegroup[i] = i == kRobotGroup;
  const int first = scene->ngeom;
  mjv_addGeoms(model, spare, &option, nullptr, mjCAT_DYNAMIC, scene);
  for (int g = first; g < scene->ngeom; ++g) {
    mjvGeom& geom = scene->geoms[g];
    ToFloats(ghost.color, kGhostAlpha, geom.rgba);
    for (int i = 0; i < 3; ++i) geom.pos[i] += static_cast<float>(ghost.lane * lane[i]);
    geom.reflectance = 0;
    geom.specular = 0.1f;
    geom.emission = 0.25f;
    geom.segid = -1;
    geom.category = mjCAT_DECOR;
  }
}

float LitShare(const Ghost& ghost, int from, int to) {
  if (ghost.lit == nullptr || to <= from || !(ghost.most > 0)) return 0;
  double sum = 0;
  for (int t = from; t < to; ++t) sum += ghost.lit[t];
  const double share = sum / (to - from) / ghost.most;
  return share > 0 ? static_cast<float>(std::min(share, 1.0)) : 0.0f;
}

void AddTrail(const mjModel* model, mjData* spare, const Ghost& ghost, const double lane[3], float width,
              mjvScene* scene) {
  float own[4], light[4];
  ToFloats(ghost.color, ghost.lit != nullptr ? kDarkAlpha : kTrailAlpha, own);
  ToFloats(ghost.light, 1.0f, light);
  const int from = std::max(0, ghost.step - kTrailSteps), stride = std::max(1, (ghost.step - from) / kTrailPoints);
  double before[3] = {0, 0, 0}, here[3];
  int last = from;
  for (int t = from; t <= ghost.step; t = t == ghost.step ? t + 1 : std::min(ghost.step, t + stride)) {
    PoseOf(model, spare, ghost.path + static_cast<size_t>(t) * static_cast<size_t>(model->nq));
    for (int i = 0; i < 3; ++i)
      here[i] = spare->xpos[3 * std::min<int>(1, static_cast<int>(model->nbody) - 1) + i] + ghost.lane * lane[i];
    if (t > from) {
      const float share = LitShare(ghost, last, t);
      float rgba[4];
      for (int i = 0; i < 4; ++i) rgba[i] = own[i] + share * (light[i] - own[i]);
      AddSegment(before, here, width, rgba, scene);
    }
    std::copy(here, here + 3, before);
    last = t;
  }
}

void AddWay(const mjModel* model, mjData* spare, const PlannedWay& way, double width, mjvScene* scene) {
  const ImVec4 color = ImGui::ColorConvertU32ToFloat4(way.color);
  const float rgba[4] = {color.x, color.y, color.z, color.w};
  const int tip = TipOf(model), stride = std::max(1, (way.to - way.from) / kTrailPoints);
  double before[3] = {0, 0, 0}, here[3];
  for (int t = way.from; t <= way.to; t = t == way.to ? t + 1 : std::min(way.to, t + stride)) {
    PoseOf(model, spare, way.path + static_cast<size_t>(t) * static_cast<size_t>(model->nq));
    std::copy_n(spare->xipos + 3 * tip, 3, here);
    if (t > way.from && way.bold) AddSegment(before, here, width, rgba, scene);
    if (t > way.from && !way.bold) AddLine(before, here, rgba, scene);
    std::copy(here, here + 3, before);
  }
}

void AddGroundShadow(const mjModel* model, const mjData* data, mjvScene* scene) {
  // As wide as the robot stands.
  double low[2] = {1e9, 1e9}, high[2] = {-1e9, -1e9};
  for (int body = 1; body < model->nbody; ++body) {
    for (int i = 0; i < 2; ++i) {
      low[i] = std::min(low[i], data->xpos[3 * body + i]);
      high[i] = std::max(high[i], data->xpos[3 * body + i]);
    }
  }
  if (model->nbody < 2) return;
  const double margin = 0.02 * model->stat.extent;
  const double size[3] = {0.5 * (high[0] - low[0]) + margin, 0.5 * (high[1] - low[1]) + margin, 0.002};
  const double pos[3] = {0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), 0.004};
  const double mat[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  const float rgba[4] = {0, 0, 0, 0.3f};
  NewGeom(scene, mjGEOM_ELLIPSOID, size, pos, mat, rgba);
}

}  // namespace equipoise::ui
