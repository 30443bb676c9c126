#include "engine/model/sequence_pass.h"

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/model/gate_groups.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

using nets::AddColumnSums;
using nets::Gemm;
using nets::GemmBias;

void SequencePass::SetRecurrent(const nets::Parameters& net, bool transpose) {
  const int64_t H = spec_.hidden, G = spec_.gate_groups, W = 4 * H / G;
  const float* lower = net.at(kGateW) + H * 4 * H;  // half of the packed [2H, 4H]
  recurrent_.resize(static_cast<size_t>(G));
  for (int64_t g = 0; g < G; ++g)
    recurrent_[static_cast<size_t>(g)].Set(transpose, transpose ? W : H, transpose ? H : W, lower + g * W, 4 * H);
}

void SequencePass::Forward(const LstmSpec& spec, const nets::Parameters& net, const float* x, int64_t horizon,
                           int64_t batch, const Belief& beliefs, bool heads) {
  spec_ = spec;
  horizon_ = horizon;
  batch_ = batch;
  const int64_t H = spec.hidden, rows = horizon * batch, stride = spec.mask_layers() * H, D2 = 2 * spec.outputs();
  const int64_t G = spec.gate_groups, W = 4 * H / G, wide = G * H;  // gate_groups.h
  const MaskRows x_masks{beliefs.data.data(), batch, stride}, h_masks = x_masks.After(G, H);
  const float* mask = h_masks.After(G, H).mask;  // of the layers behind the cell
  e_.resize(static_cast<size_t>(rows * wide));
  gates_.resize(static_cast<size_t>(rows * 4 * H));
  masked_h_.resize(static_cast<size_t>(rows * wide));
  h_.resize(static_cast<size_t>((rows + batch) * H));
  c_.resize(h_.size());
  std::fill_n(h_.begin(), batch * H, 0.0f);
  std::fill_n(c_.begin(), batch * H, 0.0f);

  GemmBias(rows, H, spec.inputs(), x, spec.inputs(), net.at(kInputW), H, net.at(kInputB), e_.data(), wide);
  ReluMaskGroups(rows, H, x_masks, {e_.data(), G, H, wide});
  PollInterrupt();  // between products over all steps: at the paper's sizes each takes tens of milliseconds
  for (int64_t g = 0; g < G; ++g)
    GemmBias(rows, W, H, e_.data() + g * H, wide, net.at(kGateW) + g * W, 4 * H, net.at(kGateB) + g * W,
             gates_.data() + g * W, 4 * H);
  SetRecurrent(net, false);
  for (int64_t t = 0; t < horizon; ++t) {
    const int64_t at = t * batch * H;
    float *z = gates_.data() + 4 * at, *masked = masked_h_.data() + G * at;
    MaskGroups(batch, H, h_.data() + at, h_masks, {masked, G, H, wide});
    for (int64_t g = 0; g < G && t > 0; ++g)
      Gemm(batch, masked + g * H, wide, recurrent_[static_cast<size_t>(g)], 1.0f, z + g * W, 4 * H);
    nets::LstmForward(batch, H, z, c_.data() + at, c_.data() + at + batch * H, h_.data() + at + batch * H);
    PollInterrupt();
  }
  if (!heads) return;
  first_in_.resize(static_cast<size_t>(rows * H));
  u_.resize(first_in_.size());
  v_.resize(first_in_.size());
  out_.resize(static_cast<size_t>(rows * D2));
  nets::MultiplyMask(rows, H, hidden(1), H, mask, batch, stride, first_in_.data(), H);
  GemmBias(rows, H, H, first_in_.data(), H, net.at(kFirstW), H, net.at(kFirstB), u_.data(), H);
  nets::ReluMask(rows, H, u_.data(), H, mask + H, batch, stride);
  PollInterrupt();
  GemmBias(rows, H, H, u_.data(), H, net.at(kSecondW), H, net.at(kSecondB), v_.data(), H);
  nets::ReluMask(rows, H, v_.data(), H, mask + 2 * H, batch, stride);
  GemmBias(rows, D2, H, v_.data(), H, net.at(kHeadW), D2, net.at(kHeadB), out_.data(), D2);
}

void SequencePass::Loss(const float* y, float scale, int64_t physics, double* physics_sum, double* other_sum) {
  if (scale > 0) dout_.resize(out_.size());
  nets::GaussianNll(horizon_ * batch_, spec_.outputs(), out_.data(), y, spec_.sd_min, spec_.sd_max, scale, physics,
                    physics_sum, other_sum, scale > 0 ? dout_.data() : nullptr);
}

std::vector<double> SequencePass::LossByOutput(const float* y) const {
  std::vector<double> sums(static_cast<size_t>(spec_.outputs()));
  nets::GaussianNllByOutput(horizon_ * batch_, spec_.outputs(), out_.data(), y, spec_.sd_min, spec_.sd_max,
                            sums.data());
  return sums;
}

void SequencePass::Backward(const nets::Parameters& net, const float* x, const Belief& beliefs, float* gradient) {
  const int64_t H = spec_.hidden, rows = horizon_ * batch_, stride = spec_.mask_layers() * H, D2 = 2 * spec_.outputs();
  const int64_t G = spec_.gate_groups, W = 4 * H / G, wide = G * H;
  const MaskRows x_masks{beliefs.data.data(), batch_, stride}, h_masks = x_masks.After(G, H);
  const float* mask = h_masks.After(G, H).mask;
  auto into = [&](int block) { return gradient + net.layout[block].offset; };
  work_.resize(static_cast<size_t>(rows * H));
  work2_.resize(work_.size());
  float *d = work_.data(), *d2 = work2_.data();

  // Heads and the two layers behind the cell, over all steps at once.
  Gemm(true, false, H, D2, rows, v_.data(), H, dout_.data(), D2, 1.0f, into(kHeadW), D2);
  AddColumnSums(rows, D2, dout_.data(), D2, into(kHeadB));
  Gemm(false, true, rows, H, D2, dout_.data(), D2, net.at(kHeadW), D2, 0.0f, d, H);
  nets::ReluMaskBackward(rows, H, v_.data(), H, d, H, mask + 2 * H, batch_, stride);
  PollInterrupt();
  Gemm(true, false, H, H, rows, u_.data(), H, d, H, 1.0f, into(kSecondW), H);
  AddColumnSums(rows, H, d, H, into(kSecondB));
  Gemm(false, true, rows, H, H, d, H, net.at(kSecondW), H, 0.0f, d2, H);
  nets::ReluMaskBackward(rows, H, u_.data(), H, d2, H, mask + H, batch_, stride);
  PollInterrupt();
  Gemm(true, false, H, H, rows, first_in_.data(), H, d2, H, 1.0f, into(kFirstW), H);
  AddColumnSums(rows, H, d2, H, into(kFirstB));
  Gemm(false, true, rows, H, H, d2, H, net.at(kFirstW), H, 0.0f, d, H);
  nets::MultiplyMask(rows, H, d, H, mask, batch_, stride, d, H);  // now dLoss/dh_{t+1} through the heads

  // Back through time; the gates' buffers turn into gradients of the pre-activations.
  SetRecurrent(net, true);
  dh_.assign(static_cast<size_t>(batch_ * wide), 0.0f);  // of the masked copies of h, then of h: group 0
  dc_.assign(static_cast<size_t>(batch_ * H), 0.0f);
  for (int64_t t = horizon_ - 1; t >= 0; --t) {
    const int64_t at = t * batch_ * H;
    float* grad = d + at;
    for (int64_t b = 0; b < batch_; ++b)
      for (int64_t j = 0; j < H; ++j) grad[b * H + j] += dh_[static_cast<size_t>(b * wide + j)];
    float* z = gates_.data() + 4 * at;
    nets::LstmBackward(batch_, H, z, c_.data() + at, c_.data() + at + batch_ * H, grad, dc_.data());
    if (t == 0) break;
    for (int64_t g = 0; g < G; ++g)
      Gemm(batch_, z + g * W, 4 * H, recurrent_[static_cast<size_t>(g)], 0.0f, dh_.data() + g * H, wide);
    MaskGroupsBackward(batch_, H, h_masks, {dh_.data(), G, H, wide}, dh_.data(), wide);
    PollInterrupt();
  }
  AddColumnSums(rows, 4 * H, gates_.data(), 4 * H, into(kGateB));
  float* de = masked_h_.data();  // of the masked copies of e, where those of h are needed no more
  for (int64_t g = 0; g < G; ++g) {
    const float* dz = gates_.data() + g * W;
    float* dw = into(kGateW) + g * W;
    Gemm(true, false, H, W, rows, e_.data() + g * H, wide, dz, 4 * H, 1.0f, dw, 4 * H);
    PollInterrupt();
    Gemm(true, false, H, W, rows, masked_h_.data() + g * H, wide, dz, 4 * H, 1.0f, dw + H * 4 * H, 4 * H);
    PollInterrupt();
    Gemm(false, true, rows, H, W, dz, 4 * H, net.at(kGateW) + g * W, 4 * H, 0.0f, de + g * H, wide);
  }
  ReluMaskGroupsBackward(rows, H, x_masks, {e_.data(), G, H, wide}, {de, G, H, wide});
  Gemm(true, false, spec_.inputs(), H, rows, x, spec_.inputs(), de, wide, 1.0f, into(kInputW), H);
  AddColumnSums(rows, H, de, wide, into(kInputB));
}

}  // namespace equipoise::model
