// expanded_actor.h: an actor that climbs what a model says of its next actions, and a critic's value of what comes after
// (SAC-SVG(H), Amos, Stanton, Yarats, Wilson 2021).
//
//   x_0 = s;  u_i ~ pi(x_i), i < H;  x_{i+1}, r_i = the model's means at (x_i, u_i), i < H - 1
//   loss = -(1/H) mean [ sum_{i<H-1} gamma^i r_i + gamma^{H-1} value(x_{H-1}, u_{H-1}) - alpha sum_{i<H} gamma^i log pi_i ]
//
// H counts actions: with one the model would not be asked, and this would be SAC's own loss. The derivative goes through
// the model and the policy at every x_i. Row r goes under belief r % count, each belief there is once.
//
// Shapes   s [n, S] raw, noise [H, n, A]
// Units    rewards raw, as the critics see them
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/critics.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

class ExpandedActor {
 public:
  // All are borrowed for the phase; `policy` is the actor's, `horizon` at least 2. The model is trained, carries nothing
  // from step to step, and its beliefs can be counted.
  ExpandedActor(const model::ModelParts& parts, const model::WorldModel& model, const nets::Policy& policy,
                GaussianActor* actor, Critics* critics, int64_t rows, int horizon);

  struct Objective {
    CriticValue value = CriticValue::kLeast;
    double gamma = 0.99, alpha = 0;
  };
  struct Climbed {                // norms of a step that was refused: 0
    Critics::Valued end;          // of what comes after the model's steps
    double entropy = 0;           // of the first action, mean over rows
    double norm = 0;              // of the gradient
    double clamped_fraction = 0;  // of the imagined state entries: those that left the range of the data
    // Of x_1 .. x_{H-1}: the norm of the derivative of H * (-loss) of one row, in reward per sd of each state.
    std::vector<double> value_gradient;
  };
  // One guarded step of the actor.
  Climbed Update(const float* s, const float* noise, const Objective& objective, double lr);

 private:
  const model::WorldModel& model_;
  GaussianActor& actor_;
  Critics& critics_;
  int64_t rows_, states_, actions_, horizon_;
  model::Belief beliefs_;
  std::unique_ptr<model::Trajectories> trajectories_;
  std::vector<float> start_, still_, last_, daction_, dstate_, dchoice_, dlog_prob_, dz_, dreward_;
};

}  // namespace equipoise::learn
