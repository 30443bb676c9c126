#include "engine/model/sequence_pass.h"

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/nets/gemm.h"
#include "engine/nets/kernels.h"

namespace equipoise::model {

using nets::AddColumnSums;
using nets::Gemm;
using nets::GemmBias;

void SequencePass::Forward(const LstmSpec& spec, const nets::Parameters& net, const float* x, int64_t horizon,
                           int64_t batch, const Belief& beliefs, bool heads) {
  spec_ = spec;
  horizon_ = horizon;
  batch_ = batch;
  const int64_t H = spec.hidden, rows = horizon * batch, stride = kMaskLayers * H, D2 = 2 * spec.outputs();
  const float* mask = beliefs.data.data();
  e_.resize(static_cast<size_t>(rows * H));
  gates_.resize(static_cast<size_t>(rows * 4 * H));
  masked_h_.resize(static_cast<size_t>(rows * H));
  h_.resize(static_cast<size_t>((rows + batch) * H));
  c_.resize(h_.size());
  std::fill_n(h_.begin(), batch * H, 0.0f);
  std::fill_n(c_.begin(), batch * H, 0.0f);

  GemmBias(rows, H, spec.inputs(), x, spec.inputs(), net.at(kInputW), H, net.at(kInputB), e_.data(), H);
  nets::ReluMask(rows, H, e_.data(), H, mask, batch, stride);
  PollInterrupt();  // between products over all steps: at the paper's sizes each takes tens of milliseconds
  GemmBias(rows, 4 * H, H, e_.data(), H, net.at(kGateW), 4 * H, net.at(kGateB), gates_.data(), 4 * H);
  const float* recurrent = net.at(kGateW) + H * 4 * H;  // lower half of the packed [2H, 4H]
  for (int64_t t = 0; t < horizon; ++t) {
    const int64_t at = t * batch * H;
    float *z = gates_.data() + 4 * at, *masked = masked_h_.data() + at;
    nets::MultiplyMask(batch, H, h_.data() + at, H, mask + H, batch, stride, masked, H);
    if (t > 0) Gemm(false, false, batch, 4 * H, H, masked, H, recurrent, 4 * H, 1.0f, z, 4 * H);
    nets::LstmForward(batch, H, z, c_.data() + at, c_.data() + at + batch * H, h_.data() + at + batch * H);
    PollInterrupt();
  }
  if (!heads) return;
  first_in_.resize(static_cast<size_t>(rows * H));
  u_.resize(first_in_.size());
  v_.resize(first_in_.size());
  out_.resize(static_cast<size_t>(rows * D2));
  nets::MultiplyMask(rows, H, hidden(1), H, mask + 2 * H, batch, stride, first_in_.data(), H);
  GemmBias(rows, H, H, first_in_.data(), H, net.at(kFirstW), H, net.at(kFirstB), u_.data(), H);
  nets::ReluMask(rows, H, u_.data(), H, mask + 3 * H, batch, stride);
  PollInterrupt();
  GemmBias(rows, H, H, u_.data(), H, net.at(kSecondW), H, net.at(kSecondB), v_.data(), H);
  nets::ReluMask(rows, H, v_.data(), H, mask + 4 * H, batch, stride);
  GemmBias(rows, D2, H, v_.data(), H, net.at(kHeadW), D2, net.at(kHeadB), out_.data(), D2);
}

void SequencePass::Loss(const float* y, float scale, int64_t physics, double* physics_sum, double* other_sum) {
  if (scale > 0) dout_.resize(out_.size());
  nets::GaussianNll(horizon_ * batch_, spec_.outputs(), out_.data(), y, spec_.sd_min, spec_.sd_max, scale, physics,
                    physics_sum, other_sum, scale > 0 ? dout_.data() : nullptr);
}

void SequencePass::Backward(const nets::Parameters& net, const float* x, const Belief& beliefs, float* gradient) {
  const int64_t H = spec_.hidden, rows = horizon_ * batch_, stride = kMaskLayers * H, D2 = 2 * spec_.outputs();
  const float* mask = beliefs.data.data();
  auto into = [&](int block) { return gradient + net.layout[block].offset; };
  work_.resize(static_cast<size_t>(rows * H));
  work2_.resize(work_.size());
  float *d = work_.data(), *d2 = work2_.data();

  // Heads and the two layers behind the cell, over all steps at once.
  Gemm(true, false, H, D2, rows, v_.data(), H, dout_.data(), D2, 1.0f, into(kHeadW), D2);
  AddColumnSums(rows, D2, dout_.data(), D2, into(kHeadB));
  Gemm(false, true, rows, H, D2, dout_.data(), D2, net.at(kHeadW), D2, 0.0f, d, H);
  nets::ReluMaskBackward(rows, H, v_.data(), H, d, H, mask + 4 * H, batch_, stride);
  PollInterrupt();
  Gemm(true, false, H, H, rows, u_.data(), H, d, H, 1.0f, into(kSecondW), H);
  AddColumnSums(rows, H, d, H, into(kSecondB));
  Gemm(false, true, rows, H, H, d, H, net.at(kSecondW), H, 0.0f, d2, H);
  nets::ReluMaskBackward(rows, H, u_.data(), H, d2, H, mask + 3 * H, batch_, stride);
  PollInterrupt();
  Gemm(true, false, H, H, rows, first_in_.data(), H, d2, H, 1.0f, into(kFirstW), H);
  AddColumnSums(rows, H, d2, H, into(kFirstB));
  Gemm(false, true, rows, H, H, d2, H, net.at(kFirstW), H, 0.0f, d, H);
  nets::MultiplyMask(rows, H, d, H, mask + 2 * H, batch_, stride, d, H);  // now dLoss/dh_{t+1} through the heads

  // Back through time; the gates' buffers turn into gradients of the pre-activations.
  recurrent_t_.resize(static_cast<size_t>(4 * H * H));
  nets::Transpose(H, 4 * H, net.at(kGateW) + H * 4 * H, recurrent_t_.data());
  dh_.assign(static_cast<size_t>(batch_ * H), 0.0f);
  dc_.assign(static_cast<size_t>(batch_ * H), 0.0f);
  for (int64_t t = horizon_ - 1; t >= 0; --t) {
    const int64_t at = t * batch_ * H;
    float* grad = d + at;
    for (int64_t i = 0; i < batch_ * H; ++i) grad[i] += dh_[static_cast<size_t>(i)];
    float* z = gates_.data() + 4 * at;
    nets::LstmBackward(batch_, H, z, c_.data() + at, c_.data() + at + batch_ * H, grad, dc_.data());
    if (t == 0) break;
    Gemm(false, false, batch_, H, 4 * H, z, 4 * H, recurrent_t_.data(), H, 0.0f, dh_.data(), H);
    nets::MultiplyMask(batch_, H, dh_.data(), H, mask + H, batch_, stride, dh_.data(), H);
    PollInterrupt();
  }
  Gemm(true, false, H, 4 * H, rows, e_.data(), H, gates_.data(), 4 * H, 1.0f, into(kGateW), 4 * H);
  PollInterrupt();
  Gemm(true, false, H, 4 * H, rows, masked_h_.data(), H, gates_.data(), 4 * H, 1.0f, into(kGateW) + H * 4 * H, 4 * H);
  PollInterrupt();
  AddColumnSums(rows, 4 * H, gates_.data(), 4 * H, into(kGateB));
  Gemm(false, true, rows, H, 4 * H, gates_.data(), 4 * H, net.at(kGateW), 4 * H, 0.0f, d, H);
  nets::ReluMaskBackward(rows, H, e_.data(), H, d, H, mask, batch_, stride);
  Gemm(true, false, spec_.inputs(), H, rows, x, spec_.inputs(), d, H, 1.0f, into(kInputW), H);
  AddColumnSums(rows, H, d, H, into(kInputB));
}

}  // namespace equipoise::model
