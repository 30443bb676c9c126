#include "engine/model/feedforward/feed_forward_rollout.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/base/view.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

FeedForwardRollout::FeedForwardRollout(const FeedForward& model)
    : model_(model),
      S_(model.states()),
      A_(model.actions()),
      units_(S_, A_, model.normaliser()),
      angles_(model.spec().wrapped, S_, model.normaliser()) {}

FeedForwardRollout::Order FeedForwardRollout::OrderOf(int64_t t, const Belief& beliefs) const {
  const size_t groups = groups_.nets.size();
  Order order;
  std::vector<int32_t> of(static_cast<size_t>(rows_));
  order.begin.assign(groups + 1, 0);
  for (int64_t r = 0; r < rows_; ++r) {
    const int64_t belief = belief_of_ != nullptr ? belief_of_[t * rows_ + r] : r % beliefs.count;
    const int32_t g = groups_.of_belief[static_cast<size_t>(belief)];
    of[static_cast<size_t>(r)] = g;
    ++order.begin[static_cast<size_t>(g) + 1];
  }
  for (size_t g = 0; g < groups; ++g) order.begin[g + 1] += order.begin[g];
  std::vector<int64_t> next(order.begin.begin(), order.begin.end() - 1);
  order.order.resize(of.size());
  for (size_t r = 0; r < of.size(); ++r)
    order.order[static_cast<size_t>(next[static_cast<size_t>(of[r])]++)] = static_cast<int32_t>(r);
  order.first.assign(groups, 0);
  return order;
}

void FeedForwardRollout::Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float*) {
  rows_ = rows;
  keep_ = keep;
  clamped_ = 0;
  groups_ = model_.Group(*beliefs);
  const size_t groups = groups_.nets.size();
  orders_.clear();
  for (int64_t t = 0; t < (belief_of_ != nullptr ? horizon : 1); ++t) orders_.push_back(OrderOf(t, *beliefs));
  passes_.resize(groups);
  for (size_t g = 0; g < groups; ++g) {
    int64_t all = 0, most = 0;
    for (Order& order : orders_) {
      order.first[g] = keep ? all : 0;
      const int64_t count = order.begin[g + 1] - order.begin[g];
      all += count;
      most = std::max(most, count);
    }
    if (keep && belief_of_ == nullptr) all *= horizon;
    passes_[g].Resize(model_.spec().net(), keep ? all : most, keep);
    passes_[g].PrepareForward(*groups_.nets[g]);
    if (keep) passes_[g].PrepareBackward(*groups_.nets[g]);
  }
  angles_.Resize(keep ? horizon : 1, rows);
  Room(x_, rows * (S_ + A_));
  Room(dx_, rows * (S_ + A_));
  Room(next_, rows * S_);
  Room(reward_, rows);
}

int64_t FeedForwardRollout::First(const Order& order, size_t g, int64_t t) const {
  if (belief_of_ != nullptr || !keep_) return order.first[g];
  return t * (order.begin[g + 1] - order.begin[g]);
}

const float* FeedForwardRollout::Packed(const Order& order, int64_t width, const float* rows,
                                        std::vector<float>* room) const {
  if (groups_.nets.size() == 1 || rows == nullptr) return rows;
  float* to = Room(*room, rows_ * width).data();
  for (const int32_t r : order.order) to = std::copy_n(rows + r * width, width, to);
  return room->data();
}

void FeedForwardRollout::Unpack(const Order& order, int64_t width, const float* packed, float* rows) const {
  for (const int32_t r : order.order) {
    std::copy_n(packed, width, rows + r * width);
    packed += width;
  }
}

void FeedForwardRollout::Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next,
                              float* reward) {
  PollInterrupt();
  const int64_t I = S_ + A_;
  const Order& order = At(t);
  const float *at = Packed(order, S_, z, &z_), *disturbed = Packed(order, S_, noise, &noise_);
  const float *scale = units_.action_scale.data(), *shift = units_.action_shift.data();
  for (int64_t i = 0; i < rows_; ++i) {
    const int64_t r = order.order[static_cast<size_t>(i)];
    float* x = x_.data() + i * I;
    std::copy_n(at + i * S_, S_, x);
    for (int64_t j = 0; j < A_; ++j) x[S_ + j] = action[r * A_ + j] * scale[j] + shift[j];
  }
  for (size_t g = 0; g < groups_.nets.size(); ++g) {
    const int64_t begin = order.begin[g], n = order.begin[g + 1] - begin, first = First(order, g, t);
    if (n == 0) continue;
    nets::MlpPass& pass = passes_[g];
    pass.Forward(*groups_.nets[g], x_.data() + begin * I, first, n);
    clamped_ += groups_.heads[g].Step(n, pass.output(first), at + begin * S_,
                                      disturbed != nullptr ? disturbed + begin * S_ : nullptr, units_,
                                      next_.data() + begin * S_, reward_.data() + begin);
  }
  Unpack(order, S_, next_.data(), z_next);
  Unpack(order, 1, reward_.data(), reward);
  angles_.Wrap(keep_ ? t : 0, z_next);
}

void FeedForwardRollout::StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward,
                                      float* gradient, float* daction) {
  EQ_CHECK(keep_, "StepBackward of a rollout that kept nothing");
  PollInterrupt();
  const int64_t I = S_ + A_;
  const Order& order = At(t);
  const float* next = Packed(order, S_, angles_.Unwrapped(t, z_next), &z_);
  const float *disturbed = Packed(order, S_, noise, &noise_), *dr = Packed(order, 1, dreward, &dreward_);
  float* dz = Room(gradient_, rows_ * S_).data();
  for (int64_t i = 0; i < rows_; ++i) std::copy_n(gradient + order.order[static_cast<size_t>(i)] * S_, S_, dz + i * S_);
  for (size_t g = 0; g < groups_.nets.size(); ++g) {
    const int64_t begin = order.begin[g], n = order.begin[g + 1] - begin, first = First(order, g, t);
    if (n == 0) continue;
    nets::MlpPass& pass = passes_[g];
    groups_.heads[g].StepBackward(n, pass.output(first), next + begin * S_,
                                  disturbed != nullptr ? disturbed + begin * S_ : nullptr, units_, dr + begin,
                                  dz + begin * S_, pass.output_gradient(first));
    pass.BackwardData(*groups_.nets[g], first, n, dx_.data() + begin * I);
  }
  for (int64_t i = 0; i < rows_; ++i) {
    const int64_t r = order.order[static_cast<size_t>(i)];
    const float* dx = dx_.data() + i * I;
    for (int64_t j = 0; j < S_; ++j) gradient[r * S_ + j] = dz[i * S_ + j] + dx[j];
    for (int64_t j = 0; j < A_; ++j) daction[r * A_ + j] = dx[S_ + j] * units_.action_scale[static_cast<size_t>(j)];
  }
}

void FeedForwardRollout::Moments(int64_t t, float* mean, float* sd) {
  const int64_t D = S_ + 1;
  const Order& order = At(t);
  std::vector<float> spread;
  for (size_t g = 0; g < groups_.nets.size(); ++g) {
    const int64_t begin = order.begin[g], n = order.begin[g + 1] - begin;
    if (n == 0) continue;
    const Heads& heads = groups_.heads[g];
    const float* out = passes_[g].output(First(order, g, t));
    const bool bounded = heads.kind == HeadKind::kBounded;
    spread.resize(static_cast<size_t>(n * D));
    if (bounded) nets::BoundedSd(n, D, out, heads.low, heads.high, spread.data());
    for (int64_t i = 0; i < n; ++i) {
      const int64_t r = order.order[static_cast<size_t>(begin + i)];
      std::copy_n(out + i * heads.width(), D, mean + r * D);
      std::copy_n(bounded ? spread.data() + i * D : model_.residual_sd().data(), D, sd + r * D);
    }
  }
  ClampMeans(rows_, S_, mean);
}

void FeedForwardRollout::SampleReward(int64_t t, const float* noise, float* reward) {
  const Order& order = At(t);
  for (size_t g = 0; g < groups_.nets.size(); ++g) {
    const int64_t begin = order.begin[g], n = order.begin[g + 1] - begin;
    groups_.heads[g].RewardSd(n, passes_[g].output(First(order, g, t)), reward_.data() + begin);
  }
  for (int64_t i = 0; i < rows_; ++i) {
    const int32_t r = order.order[static_cast<size_t>(i)];
    reward[r] += reward_[static_cast<size_t>(i)] * noise[r];
  }
}

}  // namespace equipoise::model
