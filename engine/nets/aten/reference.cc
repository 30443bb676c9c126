#include "engine/nets/aten/reference.h"

#include <ATen/ATen.h>

#include <cmath>

namespace equipoise::nets {

std::vector<at::Tensor> ReferenceBlocks(const Layout& layout, const at::Tensor& flat) {
  std::vector<int64_t> sizes;
  for (int i = 0; i < layout.size(); ++i) sizes.push_back(layout[i].size());
  // One split, so that all gradients come back in one piece.
  std::vector<at::Tensor> blocks = at::split_with_sizes(flat, sizes);
  for (int i = 0; i < layout.size(); ++i) {
    at::Tensor& block = blocks[static_cast<size_t>(i)];
    block = block.view({layout[i].rows, layout[i].cols});
  }
  return blocks;
}

at::Tensor ReferenceAffine(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) {
  return at::linear(x, w.t(), b.view({-1}));
}

namespace {

at::Tensor ReferenceActivation(Activation activation, const at::Tensor& h) {
  switch (activation) {
    case Activation::kTanh:
      return at::tanh(h);
    case Activation::kRelu:
    case Activation::kLayerNormRelu:  // behind the normalisation
      return at::relu(h);
    case Activation::kSwish:
      return at::silu(h);
    case Activation::kElu:
      return at::elu(h);
  }
  return h;
}

}  // namespace

at::Tensor ReferenceMlp(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x) {
  size_t next = 0;
  at::Tensor h = x;
  for (int64_t l = 0; l < spec.layers; ++l) {
    h = ReferenceAffine(h, blocks[next], blocks[next + 1]);
    next += 2;
    if (spec.activation == Activation::kLayerNormRelu) {
      h = at::layer_norm(h, {spec.hidden}, blocks[next].view({-1}), blocks[next + 1].view({-1}), 1e-5);
      next += 2;
    }
    h = ReferenceActivation(spec.activation, h);
  }
  at::Tensor w = blocks[next];
  if (spec.free_outputs > 0) {
    const int64_t followed = spec.outputs - spec.free_outputs;
    w = at::cat({w.narrow(1, 0, followed), at::zeros({spec.hidden, spec.free_outputs}, w.options())}, 1);
  }
  return ReferenceAffine(h, w, blocks[next + 1]);
}

at::Tensor ReferenceVariational(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                const at::Tensor& noise) {
  const size_t half = blocks.size() / 2;
  at::Tensor h = x;
  int64_t drawn = 0;
  for (size_t b = 0; b < half; b += 2) {
    const at::Tensor mean = ReferenceAffine(h, blocks[b], blocks[b + 1]);
    const at::Tensor variance = ReferenceAffine(h.square(), at::softplus(blocks[half + b]).square(),
                                                at::softplus(blocks[half + b + 1]).square());
    const at::Tensor eps = noise.narrow(0, drawn, mean.numel()).view(mean.sizes());
    drawn += mean.numel();
    const at::Tensor root = at::where(variance > 1e-12, at::sqrt(at::clamp_min(variance, 1e-12)), 0.0);
    h = mean + root * eps;
    if (b + 2 < half) h = ReferenceActivation(spec.activation, h);
  }
  return h;
}

at::Tensor ReferenceDivergence(const at::Tensor& flat, double prior_sd) {
  const int64_t half = flat.numel() / 2;
  const at::Tensor m = flat.narrow(0, 0, half), s = at::softplus(flat.narrow(0, half, half));
  return (std::log(prior_sd) - at::log(s) + (s.square() + m.square()) / (2 * prior_sd * prior_sd) - 0.5).sum();
}

namespace {

at::Tensor ReferenceSigma(const at::Tensor& raw, Spread spread) {
  switch (spread.kind) {
    case Spread::Kind::kSoftplus:
      return at::softplus(raw) + 1e-3;
    case Spread::Kind::kSigmoid:
      return static_cast<double>(spread.most) * at::sigmoid(raw) + 1e-4;
    case Spread::Kind::kLogClamp:
      return at::exp(at::clamp(raw, -20.0, 2.0));
    case Spread::Kind::kNone:
      break;
  }
  return at::zeros_like(raw);
}

// log(1 - tanh(u)^2), without the cancellation of the difference.
at::Tensor LogSlope(const at::Tensor& u) { return 2.0 * (std::log(2.0) - u - at::softplus(-2.0 * u)); }

}  // namespace

ReferenceSample ReferenceTanhGaussian(const at::Tensor& raw, const at::Tensor& eps, Spread spread) {
  const int64_t actions = raw.size(-1) / 2;
  const std::vector<at::Tensor> halves = at::split(raw, actions, -1);
  const at::Tensor& mean = halves[0];
  if (spread.deterministic()) return {at::tanh(mean), at::zeros_like(mean).sum(-1)};
  const at::Tensor sigma = ReferenceSigma(halves[1], spread);
  const at::Tensor u = mean + sigma * eps;
  const at::Tensor density = -0.5 * eps * eps - at::log(sigma) - 0.5 * std::log(2.0 * std::acos(-1.0));
  return {at::tanh(u), (density - LogSlope(u)).sum(-1)};
}

at::Tensor ReferenceLogDensity(const at::Tensor& raw, const at::Tensor& u, Spread spread) {
  const std::vector<at::Tensor> halves = at::split(raw, raw.size(-1) / 2, -1);
  const at::Tensor sigma = ReferenceSigma(halves[1], spread), eps = (u - halves[0]) / sigma;
  const at::Tensor density = -0.5 * eps * eps - at::log(sigma) - 0.5 * std::log(2.0 * std::acos(-1.0));
  return (density - LogSlope(u)).sum(-1);
}

ReferenceSample ReferenceAct(const ReferencePolicy& policy, const at::Tensor& observation, const at::Tensor& eps) {
  const at::Tensor raw = ReferenceMlp(policy.spec, policy.blocks, (observation - policy.mean) / policy.sd);
  return ReferenceTanhGaussian(raw, eps, policy.spread);
}

}  // namespace equipoise::nets
