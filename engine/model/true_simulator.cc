#include "engine/model/true_simulator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/interrupt.h"

namespace equipoise::model {
namespace {

// One simulator for all rows: of several, each is put back into its state before its step, which goes on as if it had
// never been taken out.
class SimulatorRollout : public Rollout {
 public:
  explicit SimulatorRollout(const TrueSimulator& model)
      : model_(model),
        task_(model.NewTask()),
        observation_(static_cast<size_t>(task_->info().observation_size)),
        action_(static_cast<size_t>(task_->info().action_size)) {}

  void Begin(int64_t rows, int64_t, bool, const Belief*, const float*) override {
    states_.assign(static_cast<size_t>(rows), model_.root());
    broken_.assign(static_cast<size_t>(rows), 0);
    in_task_ = -1;
  }

  void Step(int64_t, const float* z, const float* action, const float*, float* z_next, float* reward) override {
    PollInterrupt();
    const ScopedDenormals as_in_reality;
    const int64_t S = model_.states(), A = model_.actions(), physics = static_cast<int64_t>(observation_.size()),
                  rows = static_cast<int64_t>(states_.size());
    for (int64_t r = 0; r < rows; ++r) {
      const auto row = static_cast<size_t>(r);
      std::copy_n(z + r * S, S, z_next + r * S);
      reward[r] = NAN;
      if (broken_[row] != 0) continue;
      if (in_task_ != r) task_->Restore(states_[row]);
      in_task_ = r;
      std::copy_n(action + r * A, A, action_.begin());
      const env::StepResult result = task_->Step(action_.data());
      broken_[row] = result.finite ? 0 : 1;
      if (!result.finite) continue;
      if (rows > 1) states_[row] = task_->Save();
      task_->Observe(observation_.data());
      for (int64_t j = 0; j < physics; ++j)
        z_next[r * S + j] = static_cast<float>(observation_[static_cast<size_t>(j)]);
      reward[r] = static_cast<float>(result.reward);
    }
  }

  void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {
    EQ_CHECK(false, "the simulator has no gradient");
  }
  int64_t clamped() const override { return 0; }

 private:
  const TrueSimulator& model_;
  const std::unique_ptr<env::Task> task_;
  std::vector<double> observation_, action_;
  std::vector<env::SimState> states_;  // of several rows; of a single one the first
  std::vector<char> broken_;           // its simulation diverged
  int64_t in_task_ = -1;               // the row that the simulator is in the state of
};

nets::PartInfo Info() {
  nets::PartInfo info;
  info.id = "simulator";
  info.title = "simulator";
  info.name = "the simulator";
  info.short_name = "Sim";
  info.unit = "step";
  info.kind = nets::PartInfo::Kind::kGiven;
  return info;
}

}  // namespace

const nets::PartInfo& TrueSimulatorInfo() {
  static const nets::PartInfo info = Info();
  return info;
}

TrueSimulator::TrueSimulator(MakeTask make, int64_t states, int64_t actions)
    : make_(std::move(make)), states_(states), actions_(actions) {
  Identity();
}

void TrueSimulator::Identity() {
  const auto inputs = static_cast<size_t>(states_ + actions_), outputs = static_cast<size_t>(states_ + 1);
  normaliser_ = {std::vector<float>(inputs, 0.0f), std::vector<float>(inputs, 1.0f), std::vector<float>(outputs, 0.0f),
                 std::vector<float>(outputs, 1.0f)};
}

Belief TrueSimulator::Draw(int64_t count, Stream&) const {
  return {count, std::vector<float>(static_cast<size_t>(count), 0.0f)};
}

std::unique_ptr<env::Task> TrueSimulator::NewTask() const {
  const ScopedDenormals as_in_reality;
  return make_();
}

std::unique_ptr<Rollout> TrueSimulator::NewRollout() const { return std::make_unique<SimulatorRollout>(*this); }

void TrueSimulator::EditStates(int64_t count, const replay::Normaliser&) {
  states_ += count;
  Identity();
}

}  // namespace equipoise::model
