#include "engine/plan/model_branches.h"

#include <cmath>
#include <utility>

#include "engine/base/flush_to_zero.h"
#include "engine/base/interrupt.h"
#include "engine/base/view.h"

namespace equipoise::plan {
namespace {

class ModelBranches : public Branches {
 public:
  ModelBranches(const model::WorldModel& model, BranchRoot root)
      : model_(model),
        rollout_(model.NewRollout()),
        belief_(std::move(root.belief)),
        mean_(View(model.normaliser().y_mean)[model.states()]),
        sd_(View(model.normaliser().y_sd)[model.states()]),
        none_(static_cast<size_t>(model.states()), 0.0f) {
    if (root.carry.empty()) root.carry.assign(static_cast<size_t>(model.carry_size()), 0.0f);
    states_.push_back({std::move(root.z), std::move(root.carry)});
  }
  Reached Advance(int64_t from, const float* action, int64_t steps) override {
    const ScopedFlushToZero flush;
    State now = states_[static_cast<size_t>(from)];
    Begin(now, steps);
    Reached reached;
    for (int64_t t = 0; t < steps; ++t) reached.reward += Step(t, action, &now.z);
    rollout_->Carry(now.carry.data());
    states_.push_back(std::move(now));
    reached.state = static_cast<int64_t>(states_.size()) - 1;
    return reached;
  }
  double Roll(int64_t from, const std::vector<float>& actions, const std::vector<int64_t>& steps) override {
    const ScopedFlushToZero flush;
    State now = states_[static_cast<size_t>(from)];
    int64_t all = 0, t = 0;
    for (int64_t s : steps) all += s;
    Begin(now, all);
    double sum = 0;
    for (size_t i = 0; i < steps.size(); ++i)
      for (int64_t k = 0; k < steps[i]; ++k)
        sum += Step(t++, actions.data() + static_cast<int64_t>(i) * model_.actions(), &now.z);
    return sum;
  }
  bool exact() const override { return false; }

 private:
  struct State {
    std::vector<float> z, carry;
  };
  void Begin(const State& state, int64_t steps) {
    rollout_->Begin(1, steps, false, &belief_, state.carry.empty() ? nullptr : state.carry.data());
  }
  double Step(int64_t t, const float* action, std::vector<float>* z) {
    next_.resize(z->size());
    float reward = 0;
    rollout_->Step(t, z->data(), action, none_.data(), next_.data(), &reward);
    z->swap(next_);
    return static_cast<double>(reward) * sd_ + mean_;
  }

  const model::WorldModel& model_;
  const std::unique_ptr<model::Rollout> rollout_;
  const model::Belief belief_;
  const double mean_, sd_;
  const std::vector<float> none_;
  std::vector<float> next_;
  std::vector<State> states_;
};

class SimulatorBranches : public Branches {
 public:
  explicit SimulatorBranches(const model::TrueSimulator& simulator)
      : task_(simulator.NewTask()), states_({simulator.root()}) {}
  Reached Advance(int64_t from, const float* action, int64_t steps) override {
    const ScopedDenormals as_in_reality;
    task_->Restore(states_[static_cast<size_t>(from)]);
    const double reward = Steps(action, steps);
    states_.push_back(task_->Save());
    return {static_cast<int64_t>(states_.size()) - 1, reward};
  }
  double Roll(int64_t from, const std::vector<float>& actions, const std::vector<int64_t>& steps) override {
    const ScopedDenormals as_in_reality;
    task_->Restore(states_[static_cast<size_t>(from)]);
    double sum = 0;
    for (size_t i = 0; i < steps.size(); ++i)
      sum += Steps(actions.data() + i * static_cast<size_t>(task_->info().action_size), steps[i]);
    return sum;
  }
  bool exact() const override { return true; }

 private:
  double Steps(const float* action, int64_t steps) {
    PollInterrupt();
    action_.assign(action, action + task_->info().action_size);
    double sum = 0;
    for (int64_t t = 0; t < steps && std::isfinite(sum); ++t) {
      const env::StepResult result = task_->Step(action_.data());
      sum += result.finite ? result.reward : NAN;
    }
    return sum;
  }

  const std::unique_ptr<env::Task> task_;
  std::vector<env::SimState> states_;
  std::vector<double> action_;
};

}  // namespace

std::unique_ptr<Branches> BranchesIn(const model::WorldModel& model, BranchRoot root) {
  return std::make_unique<ModelBranches>(model, std::move(root));
}

std::unique_ptr<Branches> BranchesIn(const model::TrueSimulator& simulator) {
  return std::make_unique<SimulatorBranches>(simulator);
}

}  // namespace equipoise::plan
