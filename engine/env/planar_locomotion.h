// planar_locomotion.h: Hopper, Walker2d and HalfCheetah: a body in the x-z plane that is paid for running along +x.
//
//   reward = (x_after - x_before) / control_dt + alive - control_weight * sum(action^2)
//   observation = qpos without x, then qvel clipped to +-velocity_limit
//
// The action is not clipped in the cost. "alive" is absent where the task has no such bonus.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "engine/env/mujoco_task.h"
#include "engine/env/sees_terms.h"

namespace equipoise::env {

struct PlanarSpec {
  int frame_skip = 1;
  double control_weight = 0;
  double velocity_limit = std::numeric_limits<double>::infinity();
  bool has_alive_bonus = true;
};

class PlanarLocomotion : public MujocoTask, public SeesTerms {
 public:
  void Observe(double* observation) const final;
  std::string RebuiltInPose() const final { return "x from the predicted velocity"; }
  // Not the way covered: x is not observed.
  std::vector<std::string> SeenTermNames() const final;
  void SeenTerms(const double* action, const double* observation, double* terms) const final;

 protected:
  // `joints`: names of the actuated joints in qpos order, which is also the order of the actions.
  PlanarLocomotion(ModelPtr model, TaskInfo info, const std::vector<std::string>& joints, PlanarSpec spec,
                   AliveBonus alive);
  // Of what is observed after the step: height, pitch, joints, then velocities.
  virtual bool Healthy(const double* observation) const = 0;

  void BeforeStep() final { x_before_ = data()->qpos[0]; }
  void Reward(const double* action, StepResult* result) const final;
  void Pose(const double* observation, const double* previous_qpos, double* qpos) const final;

 private:
  double ControlCost(const double* action) const;
  double Alive(const double* observation) const;

  PlanarSpec spec_;
  AliveBonus alive_;
  double x_before_ = 0;
};

}  // namespace equipoise::env
