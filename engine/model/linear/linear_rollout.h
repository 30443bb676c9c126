// linear_rollout.h: imagination in the locally linear model, with gradients for states and actions. See world_model.h for
// the contract and linear_model.h for the equations. A row whose carry says that it begins at time c uses, in step t, the
// regression of time c + t.
#pragma once

#include <vector>

#include "engine/model/linear/linear_model.h"
#include "engine/model/model_units.h"

namespace equipoise::model {

class LinearRollout : public Rollout {
 public:
  // The model outlives it.
  explicit LinearRollout(const LinearModel& model);

  void Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float* carry) override;
  void Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next, float* reward) override;
  void StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward, float* gradient,
                    float* daction) override;
  void Moments(int64_t t, float* mean, float* sd) override;
  int64_t clamped() const override { return clamped_; }
  void Carry(float* out) const override;

 private:
  const float* W(int64_t row, int64_t t) const { return model_.w(begins_[static_cast<size_t>(row)] + t); }
  int64_t Slot(int64_t t) const { return keep_ ? t : 0; }

  const LinearModel& model_;
  const int64_t S_, A_;
  RolloutUnits units_;
  Angles angles_;
  int64_t rows_ = 0, clamped_ = 0, done_ = 0;  // done_: steps
  bool keep_ = false;
  std::vector<int64_t> begins_;  // by row: the time at which it does
  std::vector<float> out_;       // [slots, rows, S + 1], as the regressions say
};

}  // namespace equipoise::model
