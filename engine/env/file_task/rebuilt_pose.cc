#include "engine/env/file_task/rebuilt_pose.h"

#include <algorithm>
#include <cmath>

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;

using As = ObservedEntry::As;

// Where the observation has this entry of qpos or qvel in that form; -1: nowhere.
int Find(const std::vector<ObservedEntry>& observed, Origin::Kind kind, int index, As as) {
  for (size_t i = 0; i < observed.size(); ++i)
    if (observed[i].origin.kind == kind && observed[i].origin.index == index && observed[i].as == as)
      return static_cast<int>(i);
  return -1;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

}  // namespace

RebuiltPose::RebuiltPose(const mjModel& model, const std::vector<ObservedEntry>& observed, double dt)
    : parts_(static_cast<size_t>(model.nq)), dt_(dt) {
  std::vector<std::string> integrated, kept;
  for (int joint = 0; joint < model.njnt; ++joint) {
    const int type = model.jnt_type[joint], position = model.jnt_qposadr[joint], velocity = model.jnt_dofadr[joint];
    const std::string name = NameOf(&model, mjOBJ_JOINT, joint, "joint");
    const bool free = type == mjJNT_FREE, ball = type == mjJNT_BALL;
    const int places = free ? 3 : ball ? 0 : 1, size = free ? 7 : ball ? 4 : 1;
    for (int k = 0; k < size; ++k) {
      Part& part = parts_[static_cast<size_t>(position + k)];
      const auto at = [&](As as) { return Find(observed, Origin::Kind::kQpos, position + k, as); };
      const int copy = at(As::kValue), cosine = at(As::kCos), sine = at(As::kSin), wrapped = at(As::kWrapped);
      const int moving = k < places ? Find(observed, Origin::Kind::kQvel, velocity + k, As::kValue) : -1;
      const std::string called = free && k < 3 ? name + " " + "xyz"[k] : name;
      if (copy >= 0) {
        part = {Part::How::kCopy, copy, 0};
      } else if (cosine >= 0 && sine >= 0) {
        part = {Part::How::kAngle, cosine, sine};
      } else if (wrapped >= 0) {
        part = {Part::How::kWrapped, wrapped, 0};
      } else if (moving >= 0) {
        part = {Part::How::kIntegrate, moving, 0};
        integrated.push_back(called);
      } else {
        const std::string turn = (free || ball) && k >= places ? name + "'s orientation" : called;
        if (kept.empty() || kept.back() != turn) kept.push_back(turn);
      }
    }
    if (free || ball) quaternions_.push_back(position + places);
  }
  if (!integrated.empty()) sentence_ = Joined(integrated) + " from the predicted velocity";
  if (!kept.empty())
    sentence_ += (sentence_.empty() ? "" : "; ") + Joined(kept) + " not observed and left as " +
                 (kept.size() == 1 ? "it was" : "they were");
}

void RebuiltPose::Pose(const double* observation, const double* previous, double* qpos) const {
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const double seen = observation[part.from];
    switch (part.how) {
      case Part::How::kCopy:
        qpos[i] = seen;
        break;
      case Part::How::kAngle:
        qpos[i] = previous[i] + std::remainder(std::atan2(observation[part.sine], seen) - previous[i], 2 * kPi);
        break;
      case Part::How::kWrapped:
        qpos[i] = previous[i] + std::remainder(seen - previous[i], 2 * kPi);
        break;
      case Part::How::kIntegrate:
        qpos[i] = previous[i] + seen * dt_;
        break;
      case Part::How::kKeep:
        qpos[i] = previous[i];
        break;
    }
  }
  for (const int at : quaternions_) {  // a predicted one is four free numbers; a rotation has length 1
    double norm = 0;
    for (int k = at; k < at + 4; ++k) norm += qpos[k] * qpos[k];
    norm = std::sqrt(norm);
    const bool usable = std::isfinite(norm) && norm > 1e-6;
    for (int k = at; k < at + 4; ++k) qpos[k] = usable ? qpos[k] / norm : previous[k];
  }
}

}  // namespace equipoise::env
