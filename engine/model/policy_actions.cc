#include "engine/model/policy_actions.h"

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/base/view.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

PolicyActions::PolicyActions(const nets::Policy& policy, const replay::Normaliser& n)
    : policy_(policy), states_(policy.states()), actions_(policy.actions()) {
  for (size_t j = 0; j < policy.sd.size(); ++j) {
    scale_.push_back(n.x_sd[j] / policy.sd[j]);
    shift_.push_back((n.x_mean[j] - policy.mean[j]) / policy.sd[j]);
  }
}

void PolicyActions::Begin(int64_t rows, int64_t horizon, bool gradients) {
  rows_ = rows;
  horizon_ = horizon;
  gradients_ = gradients;
  const int64_t slots = gradients ? horizon : 1;
  Room(input_, slots * rows * states_);
  Room(log_prob_, slots * rows);
  pass_.Resize(policy_.spec, slots * rows, gradients);
  pass_.PrepareForward(policy_.net);
}

void PolicyActions::Act(int64_t t, const float* z, float* action) {
  const int64_t row = Slot(t) * rows_;
  float* p = input_.data() + row * states_;
  nets::Affine(rows_, states_, z, states_, scale_.data(), shift_.data(), p, states_);
  pass_.Forward(policy_.net, p, row, rows_);
  nets::TanhGaussian(rows_, actions_, pass_.output(row), noise_ + t * rows_ * actions_, policy_.spread, action,
                     log_prob_.data() + row);
}

void PolicyActions::BeginBackward(const float* dlog_prob, bool detach_input) {
  dlog_prob_ = dlog_prob;
  detach_input_ = detach_input;
  Room(dinput_, rows_ * states_);
  pass_.PrepareBackward(policy_.net);
}

void PolicyActions::Backward(int64_t t, const float* action, const float* daction, float* dz) {
  const int64_t row = t * rows_;
  nets::TanhGaussianBackward(rows_, actions_, pass_.output(row), noise_ + row * actions_, policy_.spread, action,
                             daction, dlog_prob_ + row, pass_.output_gradient(row));
  pass_.BackwardData(policy_.net, row, rows_, detach_input_ ? nullptr : dinput_.data());
  if (!detach_input_) nets::AddScaled(rows_, states_, dinput_.data(), states_, scale_.data(), dz, states_);
}

void PolicyActions::AddGradient(float* gradient) {
  // In pieces of some 10^9 products, so that a pause is heard while a wide
  // network's gradient is multiplied out.
  const int64_t piece = std::max<int64_t>(1, 1'000'000'000 / static_cast<int64_t>(policy_.net.values.size()));
  const int64_t all = horizon_ * rows_;
  for (int64_t row = 0; row < all; row += piece) {
    PollInterrupt();
    pass_.BackwardWeights(policy_.net, input_.data() + row * states_, row, std::min(piece, all - row), gradient);
  }
}

}  // namespace equipoise::model
