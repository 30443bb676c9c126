// information.h: what imagined trajectories would teach a model, were they real: the exploration bonus of the check
// (Freed et al. 2024, section 6, as future work; after Houthooft et al. 2016).
//
//   ig = 1/2 sum_d [ log(mean_l var_ld + Var_l mean_ld) - mean_l log var_ld ]  >= 0
//
// for each step, over L probe worlds that are led along the same history; d runs over the next state and the reward.
// It is the mutual information between what follows and which world this is, as if what follows were Gaussian: never
// below the true one of each d, and the same for a model that is linear in its weights. Noise that all worlds predict
// alike counts nothing.
//
// Units    nats
// Thread   one at a time
// Cost     L model steps for each imagined step, no gradient
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model/imagination.h"
#include "engine/model/world_model.h"

namespace equipoise::eps {

// Of one step and one number: what `worlds` of them predict of it. 0 exactly where they agree.
double InformationGain(int64_t worlds, const double* mean, const double* sd);

class Information {
 public:
  // `model` outlives it. `probes`: one belief for each world.
  Information(const model::WorldModel& model, const model::Belief& probes);
  // Steps were kept, from the beginning of an episode on.
  void Measure(const model::Imagination& imagined);
  // Of what was measured last: of a step of a row, and of all steps of it.
  double nats(int64_t t, int64_t row) const { return steps_[static_cast<size_t>(t * rows_ + row)]; }
  double nats(int64_t row) const { return sums_[static_cast<size_t>(row)]; }

 private:
  const model::WorldModel& model_;
  std::vector<model::Belief> probes_;
  std::vector<std::unique_ptr<model::Rollout>> rollouts_;
  int64_t rows_ = 0;
  std::vector<double> steps_, sums_;  // [T, rows], [rows]
  std::vector<float> next_, reward_, zero_, mean_, sd_;
};

}  // namespace equipoise::eps
