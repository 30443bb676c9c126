#include "engine/plan/nudged_policy.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/view.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::plan {
namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274;

}  // namespace

NudgedPolicy::NudgedPolicy(const nets::Policy& policy, const replay::Normaliser& n)
    : policy_(policy), states_(policy.states()), actions_(policy.actions()) {
  EQ_CHECK(!policy.spread.deterministic(), "a policy without spread proposes one way alone");
  for (size_t j = 0; j < policy.sd.size(); ++j) {
    scale_.push_back(n.x_sd[j] / policy.sd[j]);
    shift_.push_back((n.x_mean[j] - policy.mean[j]) / policy.sd[j]);
  }
}

void NudgedPolicy::Set(const float* head, const float* eps, const float* du, const float* density) {
  head_ = head;
  eps_ = eps;
  du_ = du;
  density_ = density;
}

void NudgedPolicy::Begin(int64_t rows, int64_t horizon, bool gradients) {
  rows_ = rows;
  horizon_ = horizon;
  gradients_ = gradients;
  const int64_t n = rows * actions_, slots = gradients ? std::max<int64_t>(1, horizon - 1) : 1;
  Room(raw_, horizon * 2 * n);
  Room(sd_, horizon * n);
  Room(input_, rows * states_);
  Room(now_, n);
  Room(shifted_, 2 * n);
  Room(log_, rows);
  ones_.assign(static_cast<size_t>(n), 1.0f);
  pass_.Resize(policy_.spec, slots * rows, gradients);
  pass_.PrepareForward(policy_.net);
  if (!gradients) return;
  pass_.PrepareBackward(policy_.net);
  Room(dinput_, rows * states_);
  Room(about_, 2 * n);
  Room(share_, rows);
  Room(score_, 2 * n);
  Room(by_du_, horizon * n);
  by_next_.assign(static_cast<size_t>(rows * states_), 0.0f);
  by_first_action_.assign(static_cast<size_t>(n), 0.0f);
}

const float* NudgedPolicy::Now(const float* all, int64_t t, std::vector<float>* room) const {
  for (int64_t r = 0; r < rows_; ++r) {
    float* to = room->data() + r * actions_;
    if (all == nullptr) {
      std::fill_n(to, actions_, 0.0f);
    } else {
      std::copy_n(all + (r * horizon_ + t) * actions_, actions_, to);
    }
  }
  return room->data();
}

void NudgedPolicy::Act(int64_t t, const float* z, float* action) {
  const int64_t A = actions_, n = rows_ * 2 * A;
  float* raw = raw_.data() + t * n;
  if (t == 0) {
    for (int64_t r = 0; r < rows_; ++r) std::copy_n(head_, 2 * A, raw + r * 2 * A);
  } else {
    nets::Affine(rows_, states_, z, states_, scale_.data(), shift_.data(), input_.data(), states_);
    if (gradients_) {
      pass_.Forward(policy_.net, input_.data(), Slot(t), rows_);
    } else {
      pass_.Evaluate(policy_.net, input_.data(), 0, rows_);
    }
    std::copy_n(pass_.output(Slot(t)), n, raw);
  }
  // sigma is what is drawn about a mean of zero.
  std::copy_n(raw, n, shifted_.data());
  for (int64_t r = 0; r < rows_; ++r) std::fill_n(shifted_.data() + r * 2 * A, A, 0.0f);
  nets::Latents(rows_, A, shifted_.data(), ones_.data(), policy_.spread, sd_.data() + t * rows_ * A);
  const float* du = Now(du_, t, &now_);
  for (int64_t r = 0; r < rows_; ++r)
    for (int64_t j = 0; j < A; ++j)
      shifted_[static_cast<size_t>(r * 2 * A + j)] =
          du_ != nullptr ? raw[r * 2 * A + j] + du[r * A + j] : raw[r * 2 * A + j];
  nets::TanhGaussian(rows_, A, shifted_.data(), Now(eps_, t, &now_), policy_.spread, action, log_.data());
}

double NudgedPolicy::LogDensity(int64_t t, int64_t r) const {
  double sum = 0;
  for (int64_t j = 0; j < actions_; ++j) {
    const double eps = eps_ != nullptr ? double{eps_[(r * horizon_ + t) * actions_ + j]} : 0.0;
    sum -= 0.5 * eps * eps + std::log(double{sd(t, r)[j]}) + kHalfLogTwoPi;
  }
  return sum;
}

void NudgedPolicy::Backward(int64_t t, const float* action, const float* daction, float* dz) {
  const int64_t A = actions_;
  const float* raw = raw_.data() + t * rows_ * 2 * A;
  // The density of the action itself about tanh m: its score by the mean is that by the action turned round.
  std::copy_n(raw, rows_ * 2 * A, about_.data());
  for (int64_t r = 0; r < rows_; ++r) {
    nets::TanhInPlace(A, about_.data() + r * 2 * A);
    share_[static_cast<size_t>(r)] = density_[r] / static_cast<float>(A);
  }
  nets::LogDensityBackward(rows_, A, about_.data(), action, policy_.spread, share_.data(), score_.data());
  float* draw = t > 0 ? pass_.output_gradient(Slot(t)) : nullptr;
  for (int64_t r = 0; r < rows_; ++r) {
    for (int64_t j = 0; j < A; ++j) {
      const int64_t i = r * A + j, m = r * 2 * A + j;
      const float a = action[i], mean = about_[static_cast<size_t>(m)], score = score_[static_cast<size_t>(m)];
      const float by_du = (daction[i] - score) * (1 - a * a);
      by_du_[static_cast<size_t>((r * horizon_ + t) * A + j)] = by_du;
      if (draw == nullptr) continue;
      draw[m] = by_du + score * (1 - mean * mean);
      draw[m + A] = score_[static_cast<size_t>(m + A)];
    }
  }
  if (t == 0) {
    std::copy_n(daction, rows_ * A, by_first_action_.data());
    return;
  }
  pass_.BackwardData(policy_.net, Slot(t), rows_, dinput_.data());
  nets::AddScaled(rows_, states_, dinput_.data(), states_, scale_.data(), dz, states_);
  if (t == 1) std::copy_n(dz, rows_ * states_, by_next_.data());
}

}  // namespace equipoise::plan
