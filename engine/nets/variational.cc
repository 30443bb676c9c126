#include "engine/nets/variational.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/quantile.h"
#include "engine/nets/activation.h"
#include "engine/nets/kernels/gemm.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {
namespace {

// Of means, and as many rhos.
int64_t Half(const Parameters& net) { return net.layout.total() / 2; }

std::vector<float> Spreads(const Parameters& net) {
  const int64_t half = Half(net);
  std::vector<float> s(static_cast<size_t>(half));
  SoftplusSd(half, net.values.data() + half, 0.0f, std::numeric_limits<float>::max(), s.data());
  return s;
}

}  // namespace

Parameters MakeVariational(const MlpSpec& spec, double rho, Stream& stream) {
  EQ_CHECK(spec.activation != Activation::kLayerNormRelu && spec.free_outputs == 0, "such weights have no spread here");
  const Parameters means = MakeMlp(spec, stream);
  Layout layout = means.layout;
  for (int i = 0; i < means.layout.size(); ++i)
    layout.Add("rho." + means.layout[i].name, means.layout[i].rows, means.layout[i].cols);
  Parameters net(layout);
  std::fill(net.values.begin(), net.values.end(), static_cast<float>(rho));
  std::copy(means.values.begin(), means.values.end(), net.values.begin());
  return net;
}

Parameters DrawWeights(const Parameters& net, Stream& stream) {
  Layout layout;
  for (int i = 0; i < net.layout.size() / 2; ++i)
    layout.Add(net.layout[i].name, net.layout[i].rows, net.layout[i].cols);
  Parameters drawn(layout);
  stream.Normal(drawn.values.data(), drawn.values.size());
  const std::vector<float> s = Spreads(net);
  for (size_t i = 0; i < s.size(); ++i) drawn.values[i] = net.values[i] + s[i] * drawn.values[i];
  return drawn;
}

int64_t NoiseSize(const MlpSpec& spec, int64_t rows) { return rows * (spec.layers * spec.hidden + spec.outputs); }

double Divergence(const Parameters& net, double prior_sd, float share, float* gradient) {
  const int64_t half = Half(net);
  return NormalKl(half, net.values.data(), net.values.data() + half, static_cast<float>(prior_sd), share, gradient,
                  gradient != nullptr ? gradient + half : nullptr);
}

double SpreadOf(float rho) {
  return std::max<double>(rho, 0) + std::log1p(std::exp(-std::fabs(static_cast<double>(rho))));
}

float RhoOf(double s) { return static_cast<float>(s > 30 ? s : std::log(std::expm1(s))); }

Certainty CertaintyOf(const Parameters& net) {
  const std::vector<float> s = Spreads(net);
  std::vector<double> ratios;
  double logs = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    ratios.push_back(std::fabs(static_cast<double>(net.values[i])) / s[i]);
    logs += std::log(static_cast<double>(s[i])) / static_cast<double>(s.size());
  }
  return {std::exp(logs), Quantile(std::move(ratios), 0.5)};
}

int VariationalMlp::Rho(const Parameters& net, int64_t layer) const {
  return net.layout.size() / 2 + static_cast<int>(2 * layer);
}

void VariationalMlp::Resize(const MlpSpec& spec, int64_t rows) {
  spec_ = spec;
  rows_ = rows;
  const auto layers = static_cast<size_t>(spec.layers + 1);
  for (auto* of : {&activation_, &root_, &gradient_, &slope_, &square_, &variance_, &bias_variance_})
    of->resize(layers);
  int64_t in = spec.inputs, widest = 0;
  for (size_t l = 0; l < layers; ++l) {
    const int64_t out = Width(static_cast<int64_t>(l));
    for (auto* of : {&activation_, &root_, &gradient_, &slope_}) (*of)[l].resize(static_cast<size_t>(rows * out));
    square_[l].resize(static_cast<size_t>(rows * in));
    variance_[l].resize(static_cast<size_t>(in * out));
    bias_variance_[l].resize(static_cast<size_t>(out));
    widest = std::max({widest, in, out});
    in = out;
  }
  dvariance_.resize(static_cast<size_t>(rows * widest));
  dsquare_.resize(dvariance_.size());
  dweights_.resize(static_cast<size_t>(widest * widest));
}

void VariationalMlp::Forward(const Parameters& net, const float* x, const float* noise) {
  x_ = x;
  noise_ = noise;
  const float* in = x;
  int64_t in_width = spec_.inputs;
  for (int64_t l = 0; l <= spec_.layers; ++l) {
    const auto s = static_cast<size_t>(l);
    const int64_t width = Width(l), count = rows_ * width;
    const int mean = static_cast<int>(2 * l), rho = Rho(net, l);
    float *act = activation_[s].data(), *variance = dvariance_.data();
    GemmBias(rows_, width, in_width, in, in_width, net.at(mean), width, net.at(mean + 1), act, width);
    Squares(rows_ * in_width, in, square_[s].data());
    Variances(in_width * width, net.at(rho), variance_[s].data());
    Variances(width, net.at(rho + 1), bias_variance_[s].data());
    GemmBias(rows_, width, in_width, square_[s].data(), in_width, variance_[s].data(), width, bias_variance_[s].data(),
             variance, width);
    AddNoise(count, variance, noise, root_[s].data(), act);
    if (l < spec_.layers) Activate(spec_.activation, count, act, slope_[s].data());
    noise += count;
    in = act;
    in_width = width;
  }
}

void VariationalMlp::Backward(const Parameters& net, float* gradient, float* dx) {
  const float* eps = noise_ + NoiseSize(spec_, rows_);
  for (int64_t l = spec_.layers; l >= 0; --l) {
    const auto s = static_cast<size_t>(l);
    const int64_t width = Width(l), in_width = l == 0 ? spec_.inputs : spec_.hidden, count = rows_ * width;
    const int mean = static_cast<int>(2 * l), rho = Rho(net, l);
    const float* in = l == 0 ? x_ : activation_[s - 1].data();
    float* d = gradient_[s].data();
    eps -= count;
    if (l < spec_.layers) ActivateBackward(spec_.activation, count, activation_[s].data(), slope_[s].data(), d);
    NoiseBackward(count, root_[s].data(), eps, d, dvariance_.data());
    if (gradient != nullptr) {
      Gemm(true, false, in_width, width, rows_, in, in_width, d, width, 1.0f, gradient + net.layout[mean].offset,
           width);
      AddColumnSums(rows_, width, d, width, gradient + net.layout[mean + 1].offset);
      Gemm(true, false, in_width, width, rows_, square_[s].data(), in_width, dvariance_.data(), width, 0.0f,
           dweights_.data(), width);
      VariancesBackward(in_width * width, net.at(rho), dweights_.data(), gradient + net.layout[rho].offset);
      std::fill_n(dweights_.data(), width, 0.0f);
      AddColumnSums(rows_, width, dvariance_.data(), width, dweights_.data());
      VariancesBackward(width, net.at(rho + 1), dweights_.data(), gradient + net.layout[rho + 1].offset);
    }
    float* din = l == 0 ? dx : gradient_[s - 1].data();
    if (din == nullptr) return;
    Gemm(false, true, rows_, in_width, width, d, width, net.at(mean), width, 0.0f, din, in_width);
    Gemm(false, true, rows_, in_width, width, dvariance_.data(), width, variance_[s].data(), width, 0.0f,
         dsquare_.data(), in_width);
    SquaresBackward(rows_ * in_width, in, dsquare_.data(), din);
  }
}

}  // namespace equipoise::nets
