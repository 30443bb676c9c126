#include "engine/nets/kernels/kernels.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;
using test::RelativeError;

// Points from -range to range, denser near 0, 0 itself left out.
std::vector<float> Grid(double range) {
  std::vector<float> x;
  for (double e = -20; e <= 0; e += 0.01)
    for (double sign : {-1.0, 1.0}) x.push_back(static_cast<float>(sign * range * std::exp(e)));
  return x;
}

double WorstRelative(const std::vector<float>& x, const std::vector<float>& y, double (*f)(double)) {
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double want = f(x[i]);
    worst = std::max(worst, std::fabs(y[i] - want) / std::fabs(want));
  }
  return worst;
}

double SoftplusOf(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double SigmoidOf(double x) { return 1.0 / (1.0 + std::exp(-x)); }
double TanhOf(double x) { return std::tanh(x); }

// A few units in the last place of float32 (6e-8).
constexpr double kFewUlp = 5e-7;

TEST(Kernels, TanhKeepsItsRelativeAccuracyFromTinyToHugeArguments) {
  const std::vector<float> x = Grid(100.0);
  std::vector<float> y = x;
  TanhInPlace(static_cast<int64_t>(y.size()), y.data());
  EXPECT_LT(WorstRelative(x, y, TanhOf), kFewUlp);
  std::vector<float> zero = {0.0f, 1e30f, -1e30f};
  TanhInPlace(3, zero.data());
  EXPECT_EQ(zero, (std::vector<float>{0.0f, 1.0f, -1.0f}));
}

double SwishOf(double x) { return x / (1.0 + std::exp(-x)); }
double EluOf(double x) { return x > 0 ? x : std::expm1(x); }

TEST(Kernels, SwishAndEluKeepTheirRelativeAccuracy) {
  const std::vector<float> x = Grid(80.0);
  std::vector<float> swish = x, elu = x, slope(x.size());
  SwishInPlace(static_cast<int64_t>(x.size()), swish.data(), slope.data());
  EluInPlace(static_cast<int64_t>(x.size()), elu.data());
  EXPECT_LT(WorstRelative(x, swish, SwishOf), kFewUlp);
  EXPECT_LT(WorstRelative(x, elu, EluOf), kFewUlp);
  std::vector<float> without = x;
  SwishInPlace(static_cast<int64_t>(x.size()), without.data(), nullptr);
  EXPECT_EQ(without, swish);
}

// y = x s(x), y' = s(x) (1 + x (1 - s(x))); elu' = 1 or y + 1; s(1) = .731059, s(-2) = .119203
TEST(Kernels, SlopesOfSwishAndEluAreThoseByHand) {
  std::vector<float> x = {1.0f, -2.0f, 0.0f}, slope(3), d = {1.0f, 1.0f, 2.0f};
  SwishInPlace(3, x.data(), slope.data());
  SwishBackward(3, slope.data(), d.data());
  EXPECT_NEAR(x[0], 0.731059, 1e-6);
  EXPECT_NEAR(x[1], -0.238406, 1e-6);
  EXPECT_NEAR(d[0], 0.927671, 1e-6);
  EXPECT_NEAR(d[1], -0.090784, 1e-6);
  EXPECT_NEAR(d[2], 1.0, 1e-6);
  std::vector<float> y = {1.0f, -2.0f}, e = {3.0f, 3.0f};
  EluInPlace(2, y.data());
  EluBackward(2, y.data(), e.data());
  EXPECT_NEAR(y[1], -0.864665, 1e-6);
  EXPECT_NEAR(e[0], 3.0, 1e-6);
  EXPECT_NEAR(e[1], 0.406006, 1e-6);
}

TEST(Kernels, SigmoidAndSoftplusKeepTheirRelativeAccuracyIntoTheTails) {
  const std::vector<float> x = Grid(80.0);
  const auto n = static_cast<int64_t>(x.size());
  // The input gate's activation is a plain sigmoid.
  std::vector<float> gates(4 * x.size(), 0.0f), c_prev(x.size(), 0.0f), c(x.size()), h(x.size());
  std::copy(x.begin(), x.end(), gates.begin());
  LstmForward(1, n, gates.data(), c_prev.data(), c.data(), h.data());
  gates.resize(x.size());
  EXPECT_LT(WorstRelative(x, gates, SigmoidOf), kFewUlp);
  // With mean 0 and noise 1 a head step is a plain softplus of the raw sd.
  std::vector<float> out(4 * x.size(), 0.0f), zero(x.size(), 0.0f), one(x.size(), 1.0f), y(x.size()), reward(1);
  std::copy(x.begin(), x.end(), out.begin() + n + 1);
  out.resize(static_cast<size_t>(2 * (n + 1)));
  const float infinity = std::numeric_limits<float>::infinity();
  HeadStep(1, n, out.data(), zero.data(), one.data(), zero.data(), one.data(), 0.0f, infinity, infinity, y.data(),
           reward.data());
  EXPECT_LT(WorstRelative(x, y, SoftplusOf), kFewUlp);
}

TEST(Kernels, LogarithmOfTheStandardDeviationIsRightOverItsWholeRange) {
  for (double sd = 1e-6; sd < 100; sd *= 1.01) {
    // raw sd whose softplus vanishes, so that sd is the floor itself
    const float out[2] = {0.0f, -87.0f}, y[1] = {0.0f};
    const auto floor = static_cast<float>(sd);
    double counted = 0, other = 0;
    GaussianNll(1, 1, out, y, floor, 1000.0f, 1.0f, 0, &counted, &other, nullptr);
    EXPECT_NEAR(counted, std::log(static_cast<double>(floor)) + 0.91893853320467274, 2e-6);
  }
}

TEST(Kernels, AdamStepFollowsTheFormulaForAHundredSteps) {
  const int64_t n = 37;
  std::vector<float> p = Normals(n, "p"), m(n, 0.0f), v(n, 0.0f);
  std::vector<double> want(p.begin(), p.end()), first(n, 0.0), second(n, 0.0);
  const double lr = 0.01, scale = 0.7, b1 = 0.9, b2 = 0.999, eps = 1e-8;
  for (int t = 1; t <= 100; ++t) {
    const std::vector<float> g = Normals(n, "g" + std::to_string(t));
    const double c1 = 1 - std::pow(b1, t), c2 = 1 - std::pow(b2, t);
    AdamStep(n, p.data(), g.data(), m.data(), v.data(), static_cast<float>(scale), static_cast<float>(lr),
             static_cast<float>(b1), static_cast<float>(b2), static_cast<float>(eps), c1, c2);
    for (size_t i = 0; i < want.size(); ++i) {
      const double grad = scale * g[i];
      first[i] = b1 * first[i] + (1 - b1) * grad;
      second[i] = b2 * second[i] + (1 - b2) * grad * grad;
      want[i] -= lr * (first[i] / c1) / (std::sqrt(second[i] / c2) + eps);
    }
  }
  // 1 - beta2 in float32 is off by 1.3e-5 relative: a step by half of that, a hundred steps of 0.01 by less than 1e-5.
  for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(p[i], want[i], 1e-5);
}

TEST(Kernels, LayerNormAndItsGradientAgreeWithAutogradInDouble) {
  const int64_t rows = 6, cols = 9;
  std::vector<float> x = Normals(rows * cols, "x", 3.0f), gain = Normals(cols, "gain"), bias = Normals(cols, "bias");
  const std::vector<float> weight = Normals(rows * cols, "w");
  const at::Tensor tx = Double(x.data(), {rows, cols}), tg = Double(gain), tb = Double(bias);
  auto forward = [&](const at::Tensor& in, const at::Tensor& g, const at::Tensor& b) {
    return at::relu(at::layer_norm(in, {cols}, g, b, 1e-5));
  };
  std::vector<float> hat(x.size()), inverse_sd(rows), y(x.size());
  LayerNormRelu(rows, cols, x.data(), gain.data(), bias.data(), hat.data(), cols, inverse_sd.data(), y.data());
  EXPECT_LT(RelativeError(y, forward(tx, tg, tb)), 1e-6);
  std::vector<float> d = weight, dgain(cols, 0.0f), dbias(cols, 0.0f);
  LayerNormReluBackward(rows, cols, y.data(), hat.data(), inverse_sd.data(), gain.data(), d.data(), dgain.data(),
                        dbias.data());
  const at::Tensor w = Double(weight.data(), {rows, cols});
  EXPECT_LT(RelativeError(d, test::Gradient(tx, [&](auto& t) { return (forward(t, tg, tb) * w).sum(); })), 1e-5);
  EXPECT_LT(RelativeError(dgain, test::Gradient(tg, [&](auto& t) { return (forward(tx, t, tb) * w).sum(); })), 1e-5);
  EXPECT_LT(RelativeError(dbias, test::Gradient(tb, [&](auto& t) { return (forward(tx, tg, t) * w).sum(); })), 1e-5);
}

TEST(Kernels, NotANumberPassesThroughEveryActivation) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (int64_t width : {1, 3, 40}) {  // scalar remainder and full vectors
    std::vector<float> x(static_cast<size_t>(width), nan);
    ReluInPlace(width, x.data());
    for (float v : x) EXPECT_TRUE(std::isnan(v));
    TanhInPlace(width, x.data());
    for (float v : x) EXPECT_TRUE(std::isnan(v));
    EluInPlace(width, x.data());
    for (float v : x) EXPECT_TRUE(std::isnan(v));
    std::vector<float> slope(x.size());
    SwishInPlace(width, x.data(), slope.data());
    for (float v : x) EXPECT_TRUE(std::isnan(v));
    for (float v : slope) EXPECT_TRUE(std::isnan(v));
    const std::vector<float> zero(x.size(), 0.0f), one(x.size(), 1.0f);
    ReluMask(1, width, x.data(), width, zero.data(), 1, width);  // even where the mask drops the unit
    for (float v : x) EXPECT_TRUE(std::isnan(v));
    std::vector<float> hat(x.size()), sd(1), y(x.size());
    LayerNormRelu(1, width, x.data(), one.data(), zero.data(), hat.data(), width, sd.data(), y.data());
    for (float v : y) EXPECT_TRUE(std::isnan(v));
  }
  double counted = 0, other = 0;
  const float out[2] = {0.0f, nan}, target[1] = {0.0f};
  GaussianNll(1, 1, out, target, 1e-3f, 5.0f, 1.0f, 1, &counted, &other, nullptr);
  EXPECT_TRUE(std::isnan(counted));
  const float raw[2] = {0.0f, nan}, eps[1] = {0.0f};
  float action = 0, log_prob = 0;
  TanhGaussian(1, 1, raw, eps, Spread(), &action, &log_prob);
  EXPECT_TRUE(std::isnan(action));
  EXPECT_TRUE(std::isnan(log_prob));
}

TEST(Kernels, SmallOnesDoWhatTheirNamesSay) {
  const std::vector<float> x = Normals(6, "x");  // [2, 3]
  const float scale[3] = {2, 3, 4}, shift[3] = {-1, 0, 1};
  std::vector<float> y(6, 0.0f);
  Affine(2, 3, x.data(), 3, scale, shift, y.data(), 3);
  for (size_t i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(y[i], x[i] * scale[i % 3] + shift[i % 3]);
  AddScaled(2, 3, x.data(), 3, scale, y.data(), 3);
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(y[i], 2 * x[i] * scale[i % 3] + shift[i % 3], 1e-6);
  std::vector<float> sums = {10, 20, 30};
  AddColumnSums(2, 3, x.data(), 3, sums.data());
  for (size_t j = 0; j < 3; ++j) EXPECT_NEAR(sums[j], 10.0f * static_cast<float>(j + 1) + x[j] + x[3 + j], 1e-5);
  double square = 0;
  for (float v : x) square += static_cast<double>(v) * v;
  EXPECT_NEAR(SumOfSquares(6, x.data()), square, 1e-12);
  std::vector<float> target(6, 1.0f);
  Lerp(6, 0.25f, x.data(), target.data());
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(target[i], 0.75f + 0.25f * x[i], 1e-6);
}

}  // namespace
}  // namespace equipoise::nets
