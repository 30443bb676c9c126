#include "engine/nets/reference.h"

#include <ATen/ATen.h>

#include <cmath>

namespace equipoise::nets {

std::vector<at::Tensor> ReferenceBlocks(const Layout& layout, const at::Tensor& flat) {
  std::vector<at::Tensor> blocks;
  for (int i = 0; i < layout.size(); ++i) {
    const Block& b = layout[i];
    blocks.push_back(flat.narrow(0, b.offset, b.size()).view({b.rows, b.cols}));
  }
  return blocks;
}

at::Tensor ReferenceMlp(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x) {
  size_t next = 0;
  at::Tensor h = x;
  for (int64_t l = 0; l < spec.layers; ++l) {
    h = at::matmul(h, blocks[next]) + blocks[next + 1];
    next += 2;
    switch (spec.activation) {
      case Activation::kTanh:
        h = at::tanh(h);
        break;
      case Activation::kRelu:
        h = at::relu(h);
        break;
      case Activation::kLayerNormRelu: {
        const at::Tensor centred = h - h.mean(-1, true);
        const at::Tensor variance = (centred * centred).mean(-1, true);
        h = at::relu(centred / at::sqrt(variance + 1e-5) * blocks[next] + blocks[next + 1]);
        next += 2;
        break;
      }
    }
  }
  return at::matmul(h, blocks[next]) + blocks[next + 1];
}

ReferenceSample ReferenceTanhGaussian(const at::Tensor& raw, const at::Tensor& eps, double sigma_max) {
  const int64_t actions = raw.size(-1) / 2;
  const at::Tensor mean = raw.narrow(-1, 0, actions), spread = raw.narrow(-1, actions, actions);
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
