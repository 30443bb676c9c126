// model_root.h: from where a controller imagines, step by step of a real episode: under which beliefs, with which carry
// and which noise.
//
// A recurrent model is led along the real episode under each particle's belief, so that imagination begins where it
// would stand had it seen the episode; its beliefs are drawn once an episode, those of others at every step that is asked
// for.
//
// Streams  "mpc.belief", "mpc.resample" and "mpc.dyn" of the plan (plan/planner.h)
// Thread   the trainer's
#pragma once

#include <memory>
#include <vector>

#include "engine/agent/controller.h"
#include "engine/model/true_simulator.h"
#include "engine/plan/model_problem.h"
#include "engine/plan/planner.h"

namespace equipoise::agent {

class ModelRoot {
 public:
  // `model` outlives it. `simulator`: the same, where it is one that must be told the state of the real task.
  ModelRoot(const model::WorldModel& model, model::TrueSimulator* simulator);
  ~ModelRoot();
  // An episode begins. A model without beliefs and noise takes one particle, whatever is asked for; of beliefs that can be
  // counted each is taken alike. `resample`: anew at every imagined step.
  void Begin(const EpisodeStart& start, int64_t particles, bool resample);
  // As imagined from this step; `means`: without noise. What it points to holds until it is asked again.
  plan::PlanRoot At(const ActInputs& in, const plan::PlanShape& shape, bool means);
  void Observe(const StepSeen& seen);
  plan::PlanDraws DrawsAt(int step) const { return {start_.seed, start_.index, start_.attempt, step}; }

 private:
  class Tracker;
  model::Belief Particles(int step) const;
  const model::WorldModel& model_;
  model::TrueSimulator* const simulator_;
  EpisodeStart start_;
  int64_t particles_ = 1;
  std::unique_ptr<Tracker> tracker_;  // null: the model is not recurrent
  model::Belief beliefs_;
  std::vector<float> noise_, carry_;
  bool resample_ = false;
  std::vector<int32_t> belief_of_;
};

}  // namespace equipoise::agent
