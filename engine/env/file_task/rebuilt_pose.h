// rebuilt_pose.h: the pose that an observation stands for, as far as it says one.
//
//   an entry of qpos that is observed              as it is
//   its cosine and sine, or the angle wrapped      the turn that is nearest to the previous one
//   a slide's or a free body's place unobserved, its velocity observed      previous + velocity * dt
//   a quaternion                                   brought to length 1
//   anything else                                  as in the previous pose; RebuiltInPose says so
//
// Thread   any; a value
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "engine/env/file_task/values.h"

namespace equipoise::env {

class RebuiltPose {
 public:
  RebuiltPose(const mjModel& model, const std::vector<ObservedEntry>& observed, double dt);
  void Pose(const double* observation, const double* previous, double* qpos) const;
  // "x from the predicted velocity; ball not observed, left where it was"; "": everything is observed.
  const std::string& sentence() const { return sentence_; }

 private:
  struct Part {
    enum class How { kCopy, kAngle, kWrapped, kIntegrate, kKeep } how = How::kKeep;
    int from = 0, sine = 0;  // entries of the observation
  };
  std::vector<Part> parts_;       // of each entry of qpos
  std::vector<int> quaternions_;  // where they begin
  double dt_;
  std::string sentence_;
};

}  // namespace equipoise::env
