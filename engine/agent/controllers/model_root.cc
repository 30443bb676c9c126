#include "engine/agent/controllers/model_root.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/view.h"

namespace equipoise::agent {

class ModelRoot::Tracker {
 public:
  // `beliefs` outlive it.
  Tracker(const model::WorldModel& model, const model::Belief& beliefs, int64_t horizon)
      : model_(model),
        rollout_(model.NewRollout()),
        rows_(beliefs.count),
        zero_(static_cast<size_t>(rows_ * model.states()), 0.0f),
        z_(zero_.size()),
        next_(zero_.size()),
        action_(static_cast<size_t>(rows_ * model.actions())),
        reward_(static_cast<size_t>(rows_)) {
    rollout_->Begin(rows_, horizon, false, &beliefs, nullptr);
  }
  void Step(int64_t t, const float* observation, const float* action) {
    const ScopedFlushToZero flush;
    const View<const float> mean(model_.normaliser().x_mean), sd(model_.normaliser().x_sd);
    const int64_t S = model_.states(), A = model_.actions();
    for (int64_t r = 0; r < rows_; ++r) {
      float* z = z_.data() + r * S;
      for (int64_t j = 0; j < S; ++j) z[j] = (observation[j] - mean[j]) / sd[j];
      std::copy_n(action, A, action_.data() + r * A);
    }
    rollout_->Step(t, z_.data(), action_.data(), zero_.data(), next_.data(), reward_.data());
  }
  void Carry(std::vector<float>* out) const {
    Room(*out, rows_ * model_.carry_size());
    rollout_->Carry(out->data());
  }

 private:
  const model::WorldModel& model_;
  const std::unique_ptr<model::Rollout> rollout_;
  const int64_t rows_;
  std::vector<float> zero_, z_, next_, action_, reward_;
};

ModelRoot::ModelRoot(const model::WorldModel& model, model::TrueSimulator* simulator)
    : model_(model), simulator_(simulator) {}

ModelRoot::~ModelRoot() = default;

model::Belief ModelRoot::Particles(int step) const {
  model::Belief beliefs;
  if (model_.beliefs_limit() <= particles_) {
    for (int64_t p = 0; p < particles_; ++p) beliefs.Append(model_.Nth(p % model_.beliefs_limit()));
    return beliefs;
  }
  Stream stream = DrawsAt(step).NewStream("mpc.belief");
  return model_.Draw(particles_, stream);
}

void ModelRoot::Begin(const EpisodeStart& start, int64_t particles, bool resample) {
  EQ_CHECK(simulator_ == nullptr || start.simulation != nullptr, "the simulator must know where the real task stands");
  start_ = start;
  particles_ = model_.deterministic() ? 1 : particles;
  tracker_ = nullptr;
  resample_ = resample && model_.carry_size() == 0 && particles_ > 1;
  if (model_.carry_size() == 0) return;
  beliefs_ = Particles(0);
  tracker_ = std::make_unique<Tracker>(model_, beliefs_, start.horizon);
}

plan::PlanRoot ModelRoot::At(const ActInputs& in, const plan::PlanShape& shape, bool means) {
  plan::PlanRoot root;
  root.shape = shape;
  root.observation = in.observation;
  if (tracker_ == nullptr) {
    beliefs_ = Particles(in.step);
  } else if (in.step > 0) {
    tracker_->Carry(&carry_);
    root.carry = carry_.data();
  }
  root.beliefs = &beliefs_;
  if (resample_) {
    Stream stream = DrawsAt(in.step).NewStream("mpc.resample");
    belief_of_.resize(static_cast<size_t>(shape.steps * particles_));
    for (int32_t& b : belief_of_) b = static_cast<int32_t>(stream.Below(static_cast<uint32_t>(particles_)));
    root.belief_of = belief_of_.data();
  }
  if (!means && !model_.deterministic()) {
    Stream stream = DrawsAt(in.step).NewStream("mpc.dyn");
    Room(noise_, shape.steps * particles_ * model_.states());
    stream.Normal(noise_.data(), noise_.size());
    root.noise = noise_.data();
  }
  if (simulator_ != nullptr) simulator_->SetRoot(start_.simulation->Save());
  return root;
}

void ModelRoot::Observe(const StepSeen& seen) {
  if (tracker_ != nullptr) tracker_->Step(seen.step, seen.observation, seen.action);
}

}  // namespace equipoise::agent
