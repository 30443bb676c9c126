// numeric.h: what the numerical tests share: random data by name, tensors in double precision, relative errors, the
// gradient that automatic differentiation gives.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/random.h"
#include "engine/nets/parameters.h"

namespace equipoise::test {

inline std::vector<float> Normals(int64_t n, const std::string& name, float scale = 1.0f) {
  Stream stream(7, name);
  std::vector<float> out(static_cast<size_t>(n));
  stream.Normal(out.data(), out.size());
  for (float& x : out) x *= scale;
  return out;
}

// A copy in double precision.
inline at::Tensor Double(const float* data, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<float*>(data), sizes, at::kFloat).to(at::kDouble);
}
inline at::Tensor Double(const std::vector<float>& v) { return Double(v.data(), {static_cast<int64_t>(v.size())}); }

// |got - want| / |want|, Euclidean norms over `count` entries.
inline double RelativeError(const float* got, const at::Tensor& want) {
  const at::Tensor flat = want.detach().contiguous().view({-1});
  const double size = flat.norm().item<double>();
  const double error = (Double(got, {flat.numel()}) - flat).norm().item<double>();
  return size > 0 ? error / size : error;
}
inline double RelativeError(const std::vector<float>& got, const at::Tensor& want) {
  return RelativeError(got.data(), want);
}

// The largest relative error of any block of a flat gradient, so that a small block cannot hide behind a large one.
inline double WorstBlockError(const nets::Layout& layout, const std::vector<float>& got, const at::Tensor& want) {
  double worst = 0;
  for (int i = 0; i < layout.size(); ++i)
    worst = std::max(worst,
                     RelativeError(got.data() + layout[i].offset, want.narrow(0, layout[i].offset, layout[i].size())));
  return worst;
}

// d loss / d x by automatic differentiation.
inline at::Tensor Gradient(const at::Tensor& x, const std::function<at::Tensor(const at::Tensor&)>& loss) {
  at::Tensor leaf = x.detach().clone().requires_grad_(true);
  loss(leaf).backward();
  return leaf.grad();
}

// The derivative of `loss` at x along v by central differences.
inline double DirectionalDifference(const at::Tensor& x, const at::Tensor& v, double h,
                                    const std::function<at::Tensor(const at::Tensor&)>& loss) {
  return (loss(x + h * v).item<double>() - loss(x - h * v).item<double>()) / (2 * h);
}

}  // namespace equipoise::test
