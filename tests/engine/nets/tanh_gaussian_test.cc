#include <cmath>

#include <gtest/gtest.h>

#include "engine/nets/aten/reference.h"
#include "engine/nets/kernels/kernels.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

// 0: softplus; otherwise the sigmoid form with this ceiling.
class TanhGaussianHead : public ::testing::TestWithParam<float> {
 protected:
  double Sigma(double raw) const {
    return GetParam() > 0 ? GetParam() / (1 + std::exp(-raw)) + 1e-4 : std::log1p(std::exp(raw)) + 1e-3;
  }
};

TEST_P(TanhGaussianHead, DensityIntegratesToOneAndHasTheMeanOfItsSamples) {
  for (double mean : {-0.8, 0.0, 1.5}) {
    for (double spread : {-2.0, 0.0, 1.0}) {
      // Over the noise: a changes with it, and p(a) da must be the normal density of the noise times d eps.
      double mass = 0, first = 0;
      const int n = 20000;
      double previous_a = 0, previous_p = 0;
      for (int i = 0; i <= n; ++i) {
        const auto eps = static_cast<float>(-7.0 + 14.0 * i / n);
        const float raw[2] = {static_cast<float>(mean), static_cast<float>(spread)};
        float a = 0, log_prob = 0;
        TanhGaussian(1, 1, raw, &eps, GetParam(), &a, &log_prob);
        // The action in double: in float32 its neighbours near +-1 would coincide.
        const double exact = std::tanh(mean + Sigma(spread) * eps), p = std::exp(static_cast<double>(log_prob));
        EXPECT_NEAR(a, exact, 1e-6);
        if (i > 0) {
          mass += 0.5 * (p + previous_p) * (exact - previous_a);
          first += 0.25 * (p + previous_p) * (exact * exact - previous_a * previous_a);
        }
        previous_a = exact;
        previous_p = p;
      }
      EXPECT_NEAR(mass, 1.0, 2e-4) << mean << " " << spread;
      double sampled = 0;
      Stream stream(3, "samples");
      for (int i = 0; i < 40000; ++i) sampled += std::tanh(mean + Sigma(spread) * stream.Normal()) / 40000;
      EXPECT_NEAR(first, sampled, 0.015);  // 3 standard errors of 40000 samples in [-1, 1]
    }
  }
}

TEST_P(TanhGaussianHead, LogDensityIsTheNormalOneLessTheLogSlopeOfTanh) {
  const int64_t rows = 200, A = 3;
  const std::vector<float> raw = Normals(rows * 2 * A, "raw", 2.0f), eps = Normals(rows * A, "eps");
  std::vector<float> a(static_cast<size_t>(rows * A)), log_prob(static_cast<size_t>(rows));
  TanhGaussian(rows, A, raw.data(), eps.data(), GetParam(), a.data(), log_prob.data());
  for (int64_t r = 0; r < rows; ++r) {
    double want = 0, size = 1;
    for (int64_t j = 0; j < A; ++j) {
      const double e = eps[static_cast<size_t>(r * A + j)], sigma = Sigma(raw[static_cast<size_t>(r * 2 * A + A + j)]);
      const double u = raw[static_cast<size_t>(r * 2 * A + j)] + sigma * e;
      const double log_slope = -2.0 * std::log(std::cosh(u));  // log(1 - tanh^2)
      want += -0.5 * e * e - std::log(sigma) - 0.5 * std::log(2 * M_PI) - log_slope;
      size += std::fabs(log_slope) + std::fabs(std::log(sigma));
    }
    EXPECT_NEAR(log_prob[static_cast<size_t>(r)], want, 1e-6 * size);
  }
}

TEST_P(TanhGaussianHead, GradientAgreesWithAutogradAndFiniteDifferences) {
  const int64_t rows = 40, A = 3;
  const std::vector<float> raw = Normals(rows * 2 * A, "raw", 1.5f), eps = Normals(rows * A, "eps");
  const std::vector<float> da = Normals(rows * A, "da"), dlog_prob = Normals(rows, "dlog_prob");
  std::vector<float> a(static_cast<size_t>(rows * A)), log_prob(static_cast<size_t>(rows)), draw(raw.size());
  TanhGaussian(rows, A, raw.data(), eps.data(), GetParam(), a.data(), log_prob.data());
  TanhGaussianBackward(rows, A, raw.data(), eps.data(), GetParam(), a.data(), da.data(), dlog_prob.data(), draw.data());
  const at::Tensor te = Double(eps.data(), {rows, A}), tda = Double(da.data(), {rows, A}), tdl = Double(dlog_prob);
  auto loss = [&](const at::Tensor& t) {
    const ReferenceSample sample = ReferenceTanhGaussian(t, te, GetParam());
    return (sample.action * tda).sum() + (sample.log_prob * tdl).sum();
  };
  const at::Tensor traw = Double(raw.data(), {rows, 2 * A});
  EXPECT_LT(test::RelativeError(draw, test::Gradient(traw, loss)), 2e-6);
  const at::Tensor v = Double(Normals(rows * 2 * A, "v").data(), {rows, 2 * A});
  const double want = test::DirectionalDifference(traw, v, 1e-6, loss);
  EXPECT_NEAR((Double(draw.data(), {rows, 2 * A}) * v).sum().item<double>(), want, 1e-5 * std::fabs(want) + 1e-5);
}

TEST_P(TanhGaussianHead, StaysFiniteWhereTheActionSaturates) {
  for (float mean : {-60.0f, 60.0f}) {
    const float raw[2] = {mean, 1.0f}, eps[1] = {0.5f}, da[1] = {1.0f}, dlog_prob[1] = {1.0f};
    float a = 0, log_prob = 0, draw[2];
    TanhGaussian(1, 1, raw, eps, GetParam(), &a, &log_prob);
    TanhGaussianBackward(1, 1, raw, eps, GetParam(), &a, da, dlog_prob, draw);
    const double sigma = Sigma(1.0), u = mean + sigma * 0.5;
    EXPECT_NEAR(log_prob, -0.125 - std::log(sigma) - 0.5 * std::log(2 * M_PI) - 2 * (std::log(2.0) - std::fabs(u)),
                1e-4);
    EXPECT_NEAR(draw[0], mean > 0 ? 2.0 : -2.0, 1e-5);  // d log pi / du = 2 tanh(u)
    EXPECT_TRUE(std::isfinite(draw[1]));
  }
}

INSTANTIATE_TEST_SUITE_P(Sigma, TanhGaussianHead, ::testing::Values(0.0f, 0.1f, 1.0f), [](const auto& param_info) {
  return std::string(param_info.param == 0.0f   ? "Softplus"
                     : param_info.param == 0.1f ? "SigmoidBelowOneTenth"
                                                : "SigmoidBelowOne");
});

// H = H(normal) + E[log(1 - tanh(u)^2)]: a quadrature over the noise against the mean of -log pi.
TEST(TanhGaussianEntropy, AgreesWithQuadrature) {
  for (double spread : {-1.0, 0.0, 2.0}) {
    const double sigma = std::log1p(std::exp(spread)) + 1e-3;
    double want = 0.5 * std::log(2 * M_PI * std::exp(1.0)) + std::log(sigma), got = 0;
    const int n = 4000;
    for (int i = 0; i <= n; ++i) {
      const auto eps = static_cast<float>(-8.0 + 16.0 * i / n);
      const double weight = std::exp(-0.5 * eps * static_cast<double>(eps)) / std::sqrt(2 * M_PI) * 16.0 / n;
      want += weight * -2.0 * std::log(std::cosh(sigma * eps));
      const float raw[2] = {0.0f, static_cast<float>(spread)};
      float a = 0, log_prob = 0;
      TanhGaussian(1, 1, raw, &eps, 0.0f, &a, &log_prob);
      got -= weight * log_prob;
    }
    EXPECT_NEAR(got, want, 1e-5);
  }
}

// A wide normal squashed by tanh is far from uniform: its entropy must stay below log 2, that of the uniform law.
TEST(TanhGaussianEntropy, NeverExceedsThatOfTheUniformDistribution) {
  const std::vector<float> eps = Normals(100000, "eps");
  for (float spread : {-2.0f, 0.0f, 0.6f, 3.0f}) {
    double entropy = 0;
    for (float e : eps) {
      const float raw[2] = {0.0f, spread};
      float a = 0, log_prob = 0;
      TanhGaussian(1, 1, raw, &e, 0.0f, &a, &log_prob);
      entropy -= log_prob / static_cast<double>(eps.size());
    }
    EXPECT_LT(entropy, std::log(2.0) + 0.01) << spread;
  }
}

}  // namespace
}  // namespace equipoise::nets
