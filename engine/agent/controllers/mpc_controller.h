// mpc_controller.h: model predictive control: plans in a model, acts the beginning of the plan, plans again.
//
//   every `replan` steps:  a_{0..} = planner(score in the model, from the observation)
//   in between:            the next actions of the plan
//
// A push by a hand makes the planner forget what it planned before; the plan that is being acted goes on.
//
// Streams  of ModelRoot and of the planner
// Units    numbers of an episode: claimed = sum of the rewards that the plans promised for the steps that were acted
// Thread   the trainer's; a team shares the scoring
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/agent/controller.h"
#include "engine/agent/controllers/model_root.h"
#include "engine/agent/controllers/mpc_settings.h"
#include "engine/model/true_simulator.h"
#include "engine/plan/model_problem.h"
#include "engine/plan/planner.h"

namespace equipoise::agent {

class MpcController : public Controller {
 public:
  // `model` outlives it. `simulator`: the same, where it is one that must be told the state of the real task.
  MpcController(const model::WorldModel& model, model::TrueSimulator* simulator,
                std::unique_ptr<plan::Planner> planner);
  ~MpcController() override;

  const std::string& id() const override;
  const nets::PartInfo* info() const override;
  const nets::Policy* policy() const override { return nullptr; }
  bool plans() const override { return true; }
  bool finite() const override { return model_.finite(); }
  void Begin(const EpisodeStart& start) override;
  ActResult Act(const ActInputs& in) override;
  void Observe(const StepSeen& seen) override;
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

 private:
  bool Due(int step) const;
  void Replan(const ActInputs& in);
  // How far the new plan is from what was left of the old one, a mean over actions of the steps that both have.
  double Change(const std::vector<float>& knots, const plan::PlanShape& shape, int step) const;
  float Action(const std::vector<float>& knots, const plan::PlanShape& shape, int64_t step, int64_t action) const;

  const model::WorldModel& model_;
  model::TrueSimulator* const simulator_;
  const std::unique_ptr<plan::Planner> planner_;

  // Of the present episode.
  EpisodeStart start_;
  MpcSettings settings_;
  std::unique_ptr<plan::ModelProblem> problem_;
  ModelRoot root_;
  // The plan that is acted on, and the step at which it was made.
  std::shared_ptr<plan::PlanTrace> plan_;
  // Sums over the episode, and over its plans.
  double claimed_ = 0, realised_ = 0, change_ = 0, clamped_ = 0;
  int plans_ = 0, changes_ = 0, unsound_ = 0;
  std::map<std::string, double> planner_numbers_;
};

}  // namespace equipoise::agent
