// lstm_rollout.h: imagination in the dropout LSTM, step by step, with gradients for states and actions (the model's own
// weights are frozen there). See world_model.h for the contract and dropout_lstm.h for the equations.
#pragma once

#include <vector>

#include "engine/model/dropout_lstm.h"
#include "engine/model/model_units.h"
#include "engine/nets/kernels/gemm.h"

namespace equipoise::model {

class LstmRollout : public Rollout {
 public:
  LstmRollout(const LstmSpec& spec, const nets::Parameters& net, const replay::Normaliser& normaliser);

  void Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float* carry) override;
  void Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next, float* reward) override;
  void StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward, float* gradient,
                    float* daction) override;
  void SampleReward(int64_t t, const float* noise, float* reward) override;
  void Moments(int64_t t, float* mean, float* sd) override;
  int64_t clamped() const override { return clamped_; }
  void Carry(float* out) const override;

 private:
  // Where step t keeps its buffers: its own slice, or always the first one when nothing is kept.
  size_t Slot(int64_t t, int64_t width) const { return static_cast<size_t>((keep_ ? t : 0) * rows_ * width); }

  const LstmSpec& spec_;
  const nets::Parameters& net_;
  RolloutUnits units_;
  Angles angles_;
  int64_t rows_ = 0, clamped_ = 0;
  int64_t cell_ = 0;  // the slice of c_ that the last step wrote
  bool keep_ = false;
  const Belief* beliefs_ = nullptr;
  std::vector<float> x_, cat_, gates_, c_, h_, first_in_, u_, v_, out_;  // forward
  std::vector<float> dout_, dv_, du_, dh_, dh_next_, dc_, dcat_, dx_;    // backward
  std::vector<float> raw_;                                               // of a reward's spread
  // The weights as factors of products, forwards (W) and backwards (W^T); the gates' by group (gate_groups.h).
  struct Factors {
    nets::Factor input, first, second, heads;
    std::vector<nets::Factor> gates;
  };
  void SetFactors(bool transpose, Factors* factors) const;
  Factors forward_, backward_;
};

}  // namespace equipoise::model
