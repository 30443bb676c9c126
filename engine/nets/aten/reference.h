// reference.h: the networks once more, in plain ATen operations with automatic gradients.
//
// The kernels (kernels.h, mlp.h) are fast because their gradients are written by hand; this is what they are checked
// against, and what runs where no hand-written kernel exists. It follows the equations, not the kernels, and works in
// any floating type on any device: nothing here makes a tensor except from the options of its arguments.
//
// Shapes   flat [total]; blocks [rows, cols]; observation, x [n, inputs]; raw [n, 2A]; eps, action [n, A]; log_prob [n]
// Thread   no state
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/nets/mlp.h"
#include "engine/nets/spread.h"

namespace equipoise::nets {

// Views of all blocks of a flat parameter tensor; gradients flow back into `flat`.
std::vector<at::Tensor> ReferenceBlocks(const Layout& layout, const at::Tensor& flat);

// x W + b, for x of any number of leading dimensions; b [1, outputs].
at::Tensor ReferenceAffine(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b);
at::Tensor ReferenceMlp(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x);

// variational.h: with one draw of the activations by `noise`, in the order of NoiseSize, for each row of x [n, inputs].
at::Tensor ReferenceVariational(const MlpSpec& spec, const std::vector<at::Tensor>& blocks, const at::Tensor& x,
                                const at::Tensor& noise);
// Of means and rhos, as many of each, to N(0, prior_sd^2): the sum.
at::Tensor ReferenceDivergence(const at::Tensor& flat, double prior_sd);

struct ReferenceSample {
  at::Tensor action, log_prob;
};
// a = tanh(m + sigma eps) and its log-density, reparameterised; sigma as in spread.h.
ReferenceSample ReferenceTanhGaussian(const at::Tensor& raw, const at::Tensor& eps, Spread spread);
// Of u [n, A] that was drawn before.
at::Tensor ReferenceLogDensity(const at::Tensor& raw, const at::Tensor& u, Spread spread);

struct ReferencePolicy {
  MlpSpec spec;
  std::vector<at::Tensor> blocks;
  at::Tensor mean, sd;  // the input affine, [inputs]
  Spread spread;
};
// On raw observations.
ReferenceSample ReferenceAct(const ReferencePolicy& policy, const at::Tensor& observation, const at::Tensor& eps);

}  // namespace equipoise::nets
