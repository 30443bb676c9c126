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

at::Tensor ReferenceMlp(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x) {
  size_t next = 0;
  at::Tensor h = x;
  for (int64_t l = 0; l < spec.layers; ++l) {
    h = ReferenceAffine(h, blocks[next], blocks[next + 1]);
    next += 2;
    switch (spec.activation) {
      case Activation::kTanh:
        h = at::tanh(h);
        break;
      case Activation::kRelu:
        h = at::relu(h);
        break;
      case Activation::kLayerNormRelu: {
        h = at::relu(at::layer_norm(h, {spec.hidden}, blocks[next].view({-1}), blocks[next + 1].view({-1}), 1e-5));
        next += 2;
        break;
      }
      case Activation::kSwish:
        h = at::silu(h);
        break;
      case Activation::kElu:
        h = at::elu(h);
        break;
    }
  }
  return ReferenceAffine(h, blocks[next], blocks[next + 1]);
}

ReferenceSample ReferenceTanhGaussian(const at::Tensor& raw, const at::Tensor& eps, double sigma_max) {
  const int64_t actions = raw.size(-1) / 2;
  const std::vector<at::Tensor> halves = at::split(raw, actions, -1);
  const at::Tensor &mean = halves[0], &spread = halves[1];
  const at::Tensor sigma = sigma_max > 0 ? sigma_max * at::sigmoid(spread) + 1e-4 : at::softplus(spread) + 1e-3;
  const at::Tensor u = mean + sigma * eps;
  // log(1 - tanh(u)^2), without the cancellation of the difference.
  const at::Tensor log_slope = 2.0 * (std::log(2.0) - u - at::softplus(-2.0 * u));
  const at::Tensor density = -0.5 * eps * eps - at::log(sigma) - 0.5 * std::log(2.0 * std::acos(-1.0));
  return {at::tanh(u), (density - log_slope).sum(-1)};
}

ReferenceSample ReferenceAct(const ReferencePolicy& policy, const at::Tensor& observation, const at::Tensor& eps) {
  const at::Tensor raw = ReferenceMlp(policy.spec, policy.blocks, (observation - policy.mean) / policy.sd);
  return ReferenceTanhGaussian(raw, eps, policy.sigma_max);
}

}  // namespace equipoise::nets
