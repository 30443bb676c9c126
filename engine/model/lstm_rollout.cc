#include "engine/model/lstm_rollout.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/model/gate_groups.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

using nets::Gemm;
using nets::GemmBias;

LstmRollout::LstmRollout(const LstmSpec& spec, const nets::Parameters& net, const replay::Normaliser& n)
    : spec_(spec), net_(net), units_(spec.states, spec.actions, n), angles_(spec.wrapped, spec.states, n) {}

void LstmRollout::SetFactors(bool transpose, Factors* factors) const {
  auto set = [&](LstmBlock block, nets::Factor* factor) {
    const nets::Block& w = net_.layout[block];
    factor->Set(transpose, transpose ? w.cols : w.rows, transpose ? w.rows : w.cols, net_.at(block), w.cols);
  };
  set(kInputW, &factors->input);
  set(kFirstW, &factors->first);
  set(kSecondW, &factors->second);
  set(kHeadW, &factors->heads);
  const int64_t H = spec_.hidden, G = spec_.gate_groups, W = 4 * H / G;
  factors->gates.resize(static_cast<size_t>(G));
  for (int64_t g = 0; g < G; ++g)
    factors->gates[static_cast<size_t>(g)].Set(transpose, transpose ? W : 2 * H, transpose ? 2 * H : W,
                                               net_.at(kGateW) + g * W, 4 * H);
}

void LstmRollout::Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float* carry) {
  rows_ = rows;
  keep_ = keep;
  beliefs_ = beliefs;
  clamped_ = cell_ = 0;
  const int64_t H = spec_.hidden, slots = keep ? horizon : 1;
  auto room = [](std::vector<float>& v, int64_t n) { v.resize(static_cast<size_t>(n)); };
  room(x_, rows * spec_.inputs());
  room(cat_, slots * rows * spec_.gate_groups * 2 * H);
  room(gates_, slots * rows * 4 * H);
  room(c_, (keep ? slots + 1 : 2) * rows * H);
  room(h_, rows * H);
  room(first_in_, rows * H);
  room(u_, slots * rows * H);
  room(v_, slots * rows * H);
  room(out_, slots * rows * 2 * spec_.outputs());
  angles_.Resize(slots, rows);
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t j = 0; j < H; ++j) {
      h_[static_cast<size_t>(r * H + j)] = carry != nullptr ? carry[r * 2 * H + j] : 0.0f;
      c_[static_cast<size_t>(r * H + j)] = carry != nullptr ? carry[r * 2 * H + H + j] : 0.0f;
    }
  }
  SetFactors(false, &forward_);
  if (!keep) return;
  SetFactors(true, &backward_);
  dh_next_.assign(static_cast<size_t>(rows * H), 0.0f);
  dc_.assign(static_cast<size_t>(rows * H), 0.0f);
  room(dout_, rows * 2 * spec_.outputs());
  room(dv_, rows * H);
  room(du_, rows * H);
  room(dh_, rows * H);
  room(dcat_, rows * spec_.gate_groups * 2 * H);
  room(dx_, rows * spec_.inputs());
}

void LstmRollout::Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next,
                       float* reward) {
  PollInterrupt();
  const int64_t H = spec_.hidden, S = spec_.states, I = spec_.inputs(), D2 = 2 * spec_.outputs(), n = rows_;
  const int64_t count = beliefs_->count, stride = spec_.mask_layers() * H;
  const int64_t G = spec_.gate_groups, W = 4 * H / G, wide = G * 2 * H;  // gate_groups.h
  const MaskRows x_masks{beliefs_->data.data(), count, stride}, h_masks = x_masks.After(G, H);
  const float* mask = h_masks.After(G, H).mask;  // of the layers behind the cell
  for (int64_t r = 0; r < n; ++r) std::copy_n(z + r * S, S, x_.data() + r * I);
  nets::Affine(n, spec_.actions, action, spec_.actions, units_.action_scale.data(), units_.action_shift.data(),
               x_.data() + S, I);

  float *cat = cat_.data() + Slot(t, wide), *gates = gates_.data() + Slot(t, 4 * H);
  GemmBias(n, x_.data(), I, forward_.input, net_.at(kInputB), cat, wide);
  ReluMaskGroups(n, H, x_masks, {cat, G, 2 * H, wide});
  MaskGroups(n, H, h_.data(), h_masks, {cat + H, G, 2 * H, wide});
  for (int64_t g = 0; g < G; ++g)
    GemmBias(n, cat + g * 2 * H, wide, forward_.gates[static_cast<size_t>(g)], net_.at(kGateB) + g * W, gates + g * W,
             4 * H);
  // Without keeping, the cell state alternates between two slices.
  const int64_t from = keep_ ? t : t % 2, to = keep_ ? t + 1 : (t + 1) % 2;
  nets::LstmForward(n, H, gates, c_.data() + from * n * H, c_.data() + to * n * H, h_.data());
  cell_ = to;

  float *u = u_.data() + Slot(t, H), *v = v_.data() + Slot(t, H), *out = out_.data() + Slot(t, D2);
  nets::MultiplyMask(n, H, h_.data(), H, mask, count, stride, first_in_.data(), H);
  GemmBias(n, first_in_.data(), H, forward_.first, net_.at(kFirstB), u, H);
  nets::ReluMask(n, H, u, H, mask + H, count, stride);
  GemmBias(n, u, H, forward_.second, net_.at(kSecondB), v, H);
  nets::ReluMask(n, H, v, H, mask + 2 * H, count, stride);
  GemmBias(n, v, H, forward_.heads, net_.at(kHeadB), out, D2);
  clamped_ += nets::HeadStep(n, S, out, z, noise, units_.delta_shift.data(), units_.delta_scale.data(), spec_.sd_min,
                             spec_.sd_max, kClampLimit, z_next, reward);
  angles_.Wrap(keep_ ? t : 0, z_next);
}

void LstmRollout::SampleReward(int64_t t, const float* noise, float* reward) {
  const int64_t D2 = 2 * spec_.outputs();
  const float* out = out_.data() + Slot(t, D2);
  raw_.resize(static_cast<size_t>(rows_));
  for (int64_t r = 0; r < rows_; ++r) raw_[static_cast<size_t>(r)] = out[r * D2 + D2 - 1];
  nets::SoftplusSd(rows_, raw_.data(), spec_.sd_min, spec_.sd_max, raw_.data());
  for (int64_t r = 0; r < rows_; ++r) reward[r] += raw_[static_cast<size_t>(r)] * noise[r];
}

void LstmRollout::Moments(int64_t t, float* mean, float* sd) {
  const int64_t D = spec_.outputs();
  const float* out = out_.data() + Slot(t, 2 * D);
  for (int64_t r = 0; r < rows_; ++r) {
    std::copy_n(out + r * 2 * D, D, mean + r * D);
    std::copy_n(out + r * 2 * D + D, D, sd + r * D);
  }
  ClampMeans(rows_, spec_.states, mean);
  nets::SoftplusSd(rows_ * D, sd, spec_.sd_min, spec_.sd_max, sd);
}

void LstmRollout::Carry(float* out) const {
  const int64_t H = spec_.hidden;
  const float *h = h_.data(), *c = c_.data() + cell_ * rows_ * H;
  for (int64_t r = 0; r < rows_; ++r) {
    std::copy_n(h + r * H, H, out + r * 2 * H);
    std::copy_n(c + r * H, H, out + r * 2 * H + H);
  }
}

void LstmRollout::StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward,
                               float* gradient, float* daction) {
  EQ_CHECK(keep_, "StepBackward of a rollout that kept nothing");
  PollInterrupt();
  const int64_t H = spec_.hidden, S = spec_.states, I = spec_.inputs(), D2 = 2 * spec_.outputs(), n = rows_;
  const int64_t count = beliefs_->count, stride = spec_.mask_layers() * H;
  const int64_t G = spec_.gate_groups, W = 4 * H / G, wide = G * 2 * H;  // gate_groups.h
  const MaskRows x_masks{beliefs_->data.data(), count, stride}, h_masks = x_masks.After(G, H);
  const float* mask = h_masks.After(G, H).mask;  // of the layers behind the cell
  float* cat = cat_.data() + Slot(t, wide);
  const float *u = u_.data() + Slot(t, H), *v = v_.data() + Slot(t, H);
  float* gates = gates_.data() + Slot(t, 4 * H);

  z_next = angles_.Unwrapped(keep_ ? t : 0, z_next);
  nets::HeadStepBackward(n, S, out_.data() + Slot(t, D2), z_next, noise, units_.delta_scale.data(), spec_.sd_min,
                         spec_.sd_max, kClampLimit, dreward, gradient, dout_.data());
  Gemm(n, dout_.data(), D2, backward_.heads, 0.0f, dv_.data(), H);
  nets::ReluMaskBackward(n, H, v, H, dv_.data(), H, mask + 2 * H, count, stride);
  Gemm(n, dv_.data(), H, backward_.second, 0.0f, du_.data(), H);
  nets::ReluMaskBackward(n, H, u, H, du_.data(), H, mask + H, count, stride);
  Gemm(n, du_.data(), H, backward_.first, 0.0f, dh_.data(), H);
  nets::MultiplyMask(n, H, dh_.data(), H, mask, count, stride, dh_.data(), H);
  for (size_t i = 0; i < dh_.size(); ++i) dh_[i] += dh_next_[i];
  nets::LstmBackward(n, H, gates, c_.data() + t * n * H, c_.data() + (t + 1) * n * H, dh_.data(), dc_.data());
  for (int64_t g = 0; g < G; ++g)
    Gemm(n, gates + g * W, 4 * H, backward_.gates[static_cast<size_t>(g)], 0.0f, dcat_.data() + g * 2 * H, wide);
  MaskGroupsBackward(n, H, h_masks, {dcat_.data() + H, G, 2 * H, wide}, dh_next_.data(), H);
  ReluMaskGroupsBackward(n, H, x_masks, {cat, G, 2 * H, wide}, {dcat_.data(), G, 2 * H, wide});
  Gemm(n, dcat_.data(), wide, backward_.input, 0.0f, dx_.data(), I);
  for (int64_t r = 0; r < n; ++r)
    for (int64_t j = 0; j < S; ++j) gradient[r * S + j] += dx_[static_cast<size_t>(r * I + j)];
  for (int64_t r = 0; r < n; ++r)
    for (int64_t j = 0; j < spec_.actions; ++j)
      daction[r * spec_.actions + j] =
          dx_[static_cast<size_t>(r * I + S + j)] * units_.action_scale[static_cast<size_t>(j)];
}

}  // namespace equipoise::model
