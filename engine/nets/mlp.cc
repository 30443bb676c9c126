#include "engine/nets/mlp.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/nets/activation.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {

Parameters MakeMlp(const MlpSpec& spec, Stream& stream) {
  Layout layout;
  const bool norm = spec.activation == Activation::kLayerNormRelu;
  for (int64_t l = 0; l < spec.layers; ++l) {
    const std::string n = std::to_string(l);
    layout.Add("w" + n, l == 0 ? spec.inputs : spec.hidden, spec.hidden);
    layout.Add("b" + n, 1, spec.hidden);
    if (norm) {
      layout.Add("gain" + n, 1, spec.hidden);
      layout.Add("shift" + n, 1, spec.hidden);
    }
  }
  layout.Add("w_out", spec.hidden, spec.outputs);
  layout.Add("b_out", 1, spec.outputs);
  Parameters net(layout);
  double bound = 0;
  for (int i = 0; i < layout.size(); ++i) {
    const std::string& name = layout[i].name;
    if (name[0] == 'w') bound = 1.0 / std::sqrt(static_cast<double>(layout[i].rows));
    if (name[0] == 'w' || name[0] == 'b') net.FillUniform(i, bound, stream);
    if (name[0] == 'g') net.Fill(i, 1.0f);
  }
  const nets::Block& out = layout[layout.Find("w_out")];
  for (int64_t r = 0; r < out.rows; ++r)
    std::fill_n(net.values.begin() + out.offset + (r + 1) * out.cols - spec.free_outputs, spec.free_outputs, 0.0f);
  return net;
}

int MlpPass::Block(int64_t layer) const {
  return static_cast<int>(layer) * (spec_.activation == Activation::kLayerNormRelu ? 4 : 2);
}

void MlpPass::Resize(const MlpSpec& spec, int64_t rows, bool gradients) {
  spec_ = spec;
  rows_ = rows;
  gradients_ = gradients;
  forward_.clear();
  backward_.clear();
  const auto layers = static_cast<size_t>(spec.layers);
  const bool norm = spec.activation == Activation::kLayerNormRelu;
  hidden_.resize(layers);
  hidden_gradient_.resize(layers);
  normalised_.resize(norm ? layers : 0);
  inverse_sd_.resize(norm ? layers : 0);
  slope_.resize(spec.activation == Activation::kSwish && gradients ? layers : 0);
  const auto width = static_cast<size_t>(rows * spec.hidden);
  for (size_t l = 0; l < layers; ++l) {
    hidden_[l].resize(width);
    if (gradients) hidden_gradient_[l].resize(width);
    if (norm) {
      normalised_[l].resize(gradients ? width : static_cast<size_t>(spec.hidden));
      inverse_sd_[l].resize(static_cast<size_t>(rows));
    }
    if (!slope_.empty()) slope_[l].resize(width);
  }
  output_.resize(static_cast<size_t>(rows * spec.outputs));
  if (gradients) output_gradient_.resize(output_.size());
  if (norm) norm_gradient_.assign(layers * 2 * static_cast<size_t>(spec.hidden), 0.0f);
}

void MlpPass::Forward(const Parameters& net, const float* x, int64_t first, int64_t n) {
  Run(net, x, first, n, gradients_);
}

void MlpPass::Evaluate(const Parameters& net, const float* x, int64_t first, int64_t n) {
  Run(net, x, first, n, false);
}

void MlpPass::Run(const Parameters& net, const float* x, int64_t first, int64_t n, bool keep) {
  const int64_t width = spec_.hidden;
  const float* in = x;
  for (int64_t l = 0; l < spec_.layers; ++l) {
    float* h = hidden_[static_cast<size_t>(l)].data() + first * width;
    Affine(net, l, n, in, h);
    const auto s = static_cast<size_t>(l);
    if (spec_.activation == Activation::kLayerNormRelu) {
      LayerNormRelu(n, width, h, net.at(Block(l) + 2), net.at(Block(l) + 3),
                    normalised_[s].data() + (keep ? first * width : 0), keep ? width : 0, inverse_sd_[s].data() + first,
                    h);
    } else {
      const bool slopes = keep && spec_.activation == Activation::kSwish;
      Activate(spec_.activation, n * width, h, slopes ? slope_[s].data() + first * width : nullptr);
    }
    in = h;
  }
  Affine(net, spec_.layers, n, in, output(first));
}

void MlpPass::PrepareForward(const Parameters& net) {
  forward_.resize(static_cast<size_t>(spec_.layers + 1));
  for (int64_t l = 0; l <= spec_.layers; ++l) {
    const nets::Block& w = net.layout[Block(l)];
    forward_[static_cast<size_t>(l)].Set(false, w.rows, w.cols, net.at(Block(l)), w.cols);
  }
}

void MlpPass::PrepareBackward(const Parameters& net) {
  backward_.resize(static_cast<size_t>(spec_.layers + 1));
  for (int64_t l = 0; l <= spec_.layers; ++l) {
    const nets::Block& w = net.layout[Block(l)];
    backward_[static_cast<size_t>(l)].Set(true, w.cols, w.rows, net.at(Block(l)), w.cols);
  }
}

void MlpPass::Affine(const Parameters& net, int64_t layer, int64_t n, const float* x, float* y) const {
  const int b = Block(layer);
  const nets::Block& w = net.layout[b];
  if (forward_.empty()) {
    GemmBias(n, w.cols, w.rows, x, w.rows, net.at(b), w.cols, net.at(b + 1), y, w.cols);
  } else {
    GemmBias(n, x, w.rows, forward_[static_cast<size_t>(layer)], net.at(b + 1), y, w.cols);
  }
}

void MlpPass::TimesTransposed(const Parameters& net, int64_t layer, int64_t n, const float* d, float* dx) const {
  const nets::Block& w = net.layout[Block(layer)];
  if (backward_.empty()) {
    Gemm(false, true, n, w.rows, w.cols, d, w.cols, net.at(Block(layer)), w.cols, 0.0f, dx, w.rows);
  } else {
    Gemm(n, d, w.cols, backward_[static_cast<size_t>(layer)], 0.0f, dx, w.rows);
  }
}

void MlpPass::BackwardData(const Parameters& net, int64_t first, int64_t n, float* dx) {
  WalkBack(net, first, n, true, dx);
}

void MlpPass::BackwardInput(const Parameters& net, const std::vector<int64_t>& rows, float* dx) {
  const auto pack = [&rows](std::vector<float>* all, int64_t width) {
    for (size_t k = 0; k < rows.size(); ++k) {
      const auto to = static_cast<int64_t>(k);
      if (rows[k] != to) std::copy_n(all->data() + rows[k] * width, width, all->data() + to * width);
    }
  };
  pack(&output_gradient_, spec_.outputs);
  for (auto& h : hidden_) pack(&h, spec_.hidden);
  for (auto& x : normalised_) pack(&x, spec_.hidden);
  for (auto& k : inverse_sd_) pack(&k, 1);
  for (auto& slope : slope_) pack(&slope, spec_.hidden);
  // oneDNN adds up in another order when there are fewer rows, so some more are walked back, and not looked at.
  constexpr int64_t kFewest = 16;
  if (!rows.empty()) WalkBack(net, 0, std::max(static_cast<int64_t>(rows.size()), std::min(kFewest, rows_)), false, dx);
}

void MlpPass::WalkBack(const Parameters& net, int64_t first, int64_t n, bool norms, float* dx) {
  const int64_t width = spec_.hidden;
  const float* d = output_gradient(first);
  for (int64_t l = spec_.layers - 1; l >= 0; --l) {
    const auto s = static_cast<size_t>(l);
    float* dh = hidden_gradient_[s].data() + first * width;
    const float* h = hidden_[s].data() + first * width;
    TimesTransposed(net, l + 1, n, d, dh);
    if (spec_.activation == Activation::kLayerNormRelu) {
      float* sums = norms ? norm_gradient_.data() + l * 2 * width : nullptr;
      LayerNormReluBackward(n, width, h, normalised_[s].data() + first * width, inverse_sd_[s].data() + first,
                            net.at(Block(l) + 2), dh, sums, norms ? sums + width : nullptr);
    } else {
      const bool slopes = spec_.activation == Activation::kSwish;
      ActivateBackward(spec_.activation, n * width, h, slopes ? slope_[s].data() + first * width : nullptr, dh);
    }
    d = dh;
  }
  if (dx != nullptr) TimesTransposed(net, 0, n, d, dx);
}

void MlpPass::BackwardWeights(const Parameters& net, const float* x, int64_t first, int64_t n, float* gradient) {
  const int64_t width = spec_.hidden;
  for (int64_t l = 0; l <= spec_.layers; ++l) {
    const float* in = l == 0 ? x : hidden_[static_cast<size_t>(l - 1)].data() + first * width;
    const int64_t in_width = l == 0 ? spec_.inputs : width;
    const bool last = l == spec_.layers;
    const int64_t out_width = last ? spec_.outputs : width;
    const float* d = last ? output_gradient(first) : hidden_gradient_[static_cast<size_t>(l)].data() + first * width;
    const int b = Block(l);
    Gemm(true, false, in_width, out_width - (last ? spec_.free_outputs : 0), n, in, in_width, d, out_width, 1.0f,
         gradient + net.layout[b].offset, out_width);
    AddColumnSums(n, out_width, d, out_width, gradient + net.layout[b + 1].offset);
    if (!last && spec_.activation == Activation::kLayerNormRelu) {
      float* sums = norm_gradient_.data() + l * 2 * width;
      AddColumnSums(1, width, sums, width, gradient + net.layout[b + 2].offset);
      AddColumnSums(1, width, sums + width, width, gradient + net.layout[b + 3].offset);
      std::fill(sums, sums + 2 * width, 0.0f);
    }
  }
}

}  // namespace equipoise::nets
