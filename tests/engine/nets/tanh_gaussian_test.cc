#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/nets/aten/reference.h"
#include "engine/nets/kernels/kernels.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

struct Head {
  const char* name;
  Spread spread;
};

class TanhGaussianHead : public ::testing::TestWithParam<Head> {
 protected:
  const Spread spread_ = GetParam().spread;
  double Sigma(double raw) const {
    switch (spread_.kind) {
      case Spread::Kind::kSoftplus:
        return std::log1p(std::exp(raw)) + 1e-3;
      case Spread::Kind::kSigmoid:
        return spread_.most / (1 + std::exp(-raw)) + 1e-4;
      case Spread::Kind::kLogClamp:
        return std::exp(std::clamp(raw, -20.0, 2.0));
      case Spread::Kind::kNone:
        break;
    }
    return 0;
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
        TanhGaussian(1, 1, raw, &eps, spread_, &a, &log_prob);
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
  TanhGaussian(rows, A, raw.data(), eps.data(), spread_, a.data(), log_prob.data());
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
  TanhGaussian(rows, A, raw.data(), eps.data(), spread_, a.data(), log_prob.data());
  TanhGaussianBackward(rows, A, raw.data(), eps.data(), spread_, a.data(), da.data(), dlog_prob.data(), draw.data());
  const at::Tensor te = Double(eps.data(), {rows, A}), tda = Double(da.data(), {rows, A}), tdl = Double(dlog_prob);
  auto loss = [&](const at::Tensor& t) {
    const ReferenceSample sample = ReferenceTanhGaussian(t, te, spread_);
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
    TanhGaussian(1, 1, raw, eps, spread_, &a, &log_prob);
    TanhGaussianBackward(1, 1, raw, eps, spread_, &a, da, dlog_prob, draw);
    const double sigma = Sigma(1.0), u = mean + sigma * 0.5;
    EXPECT_NEAR(log_prob, -0.125 - std::log(sigma) - 0.5 * std::log(2 * M_PI) - 2 * (std::log(2.0) - std::fabs(u)),
                1e-4);
    EXPECT_NEAR(draw[0], mean > 0 ? 2.0 : -2.0, 1e-5);  // d log pi / du = 2 tanh(u)
    EXPECT_TRUE(std::isfinite(draw[1]));
  }
}

// The density of latents that are given: the same number as when they were drawn, and its own derivatives.
TEST_P(TanhGaussianHead, DensityOfTheLatentsThatWereDrawnIsThatOfTheSample) {
  const int64_t rows = 100, A = 3;
  const std::vector<float> raw = Normals(rows * 2 * A, "raw", 1.5f), eps = Normals(rows * A, "eps");
  std::vector<float> a(static_cast<size_t>(rows * A)), u(a.size()), drawn(static_cast<size_t>(rows)), given(drawn);
  TanhGaussian(rows, A, raw.data(), eps.data(), spread_, a.data(), drawn.data());
  Latents(rows, A, raw.data(), eps.data(), spread_, u.data());
  LogDensity(rows, A, raw.data(), u.data(), spread_, given.data());
  for (size_t i = 0; i < u.size(); ++i) EXPECT_NEAR(std::tanh(u[i]), a[i], 1e-6);
  // eps is had back from u - m, which loses digits where the spread is small beside them.
  for (size_t i = 0; i < drawn.size(); ++i) EXPECT_NEAR(given[i], drawn[i], 1e-4 * (1 + std::fabs(drawn[i])));
}

TEST_P(TanhGaussianHead, ScoreAgreesWithAutograd) {
  const int64_t rows = 40, A = 3;
  const std::vector<float> raw = Normals(rows * 2 * A, "raw", 1.0f), u = Normals(rows * A, "u"),
                           dlog_prob = Normals(rows, "dlog_prob");
  std::vector<float> log_prob(static_cast<size_t>(rows)), draw(raw.size());
  LogDensity(rows, A, raw.data(), u.data(), spread_, log_prob.data());
  LogDensityBackward(rows, A, raw.data(), u.data(), spread_, dlog_prob.data(), draw.data());
  const at::Tensor traw = Double(raw.data(), {rows, 2 * A}), tu = Double(u.data(), {rows, A});
  EXPECT_LT(test::RelativeError(log_prob, ReferenceLogDensity(traw, tu, spread_)), 2e-6);
  const at::Tensor want = test::Gradient(
      traw, [&](const at::Tensor& t) { return (ReferenceLogDensity(t, tu, spread_) * Double(dlog_prob)).sum(); });
  EXPECT_LT(test::RelativeError(draw, want), 2e-6);
}

INSTANTIATE_TEST_SUITE_P(Spreads, TanhGaussianHead,
                         ::testing::Values(Head{"Softplus", Spread::Below(0)},
                                           Head{"SigmoidBelowOneTenth", Spread::Below(0.1)},
                                           Head{"SigmoidBelowOne", Spread::Below(1)},
                                           Head{"LogClamp", {Spread::Kind::kLogClamp, 0}}),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

// u = .3, m = .1, s = .5: log pi = -.217110; d/dm = (u - m) / s^2 = .8; d/ds = ((u - m)^2 / s^2 - 1) / s = -1.68
TEST(LogDensityOfLatents, AndItsScoreAreThoseByHand) {
  const float raw[2] = {0.1f, std::log(0.5f)}, u[1] = {0.3f}, one[1] = {1.0f};
  const Spread spread{Spread::Kind::kLogClamp, 0};
  float log_prob = 0, draw[2];
  LogDensity(1, 1, raw, u, spread, &log_prob);
  LogDensityBackward(1, 1, raw, u, spread, one, draw);
  EXPECT_NEAR(log_prob, -0.217110, 1e-6);
  EXPECT_NEAR(draw[0], 0.8, 1e-6);
  EXPECT_NEAR(draw[1], -1.68 * 0.5, 1e-6);  // by log s
}

TEST(LogClamp, KeepsTheStandardDeviationBetweenTwoNumbersAndIsFlatBeyondThem) {
  const Spread spread{Spread::Kind::kLogClamp, 0};
  const float raw[4] = {0.0f, 0.0f, -50.0f, 50.0f}, eps[2] = {1.0f, 1.0f}, zero[2] = {0.0f, 0.0f}, one[1] = {1.0f};
  float u[2], a[2], log_prob = 0, draw[4];
  Latents(1, 2, raw, eps, spread, u);
  EXPECT_NEAR(u[0], 2.06115e-9, 1e-13);
  EXPECT_NEAR(u[1], 7.389056, 1e-5);
  TanhGaussian(1, 2, raw, eps, spread, a, &log_prob);
  TanhGaussianBackward(1, 2, raw, eps, spread, a, zero, one, draw);
  EXPECT_EQ(draw[2], 0.0f);
  EXPECT_EQ(draw[3], 0.0f);
}

TEST(Deterministic, ActsByItsMeanWhateverTheNoiseAndHasNoSpreadToLearn) {
  const int64_t rows = 20, A = 3;
  const std::vector<float> raw = Normals(rows * 2 * A, "raw", 1.5f), da = Normals(rows * A, "da"),
                           dlog_prob = Normals(rows, "dlog_prob");
  const std::vector<float> noise(static_cast<size_t>(rows * A), NAN);
  std::vector<float> a(static_cast<size_t>(rows * A)), log_prob(static_cast<size_t>(rows), 1.0f), draw(raw.size());
  TanhGaussian(rows, A, raw.data(), noise.data(), Spread::None(), a.data(), log_prob.data());
  TanhGaussianBackward(rows, A, raw.data(), noise.data(), Spread::None(), a.data(), da.data(), dlog_prob.data(),
                       draw.data());
  const at::Tensor traw = Double(raw.data(), {rows, 2 * A});
  auto act = [&](const at::Tensor& t) { return ReferenceTanhGaussian(t, at::Tensor(), Spread::None()).action; };
  EXPECT_LT(test::RelativeError(a, act(traw)), 1e-6);
  EXPECT_EQ(log_prob, std::vector<float>(static_cast<size_t>(rows), 0.0f));
  EXPECT_LT(test::RelativeError(draw, test::Gradient(traw,
                                                     [&](const at::Tensor& t) {
                                                       return (act(t) * Double(da.data(), {rows, A})).sum();
                                                     })),
            1e-6);
}

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
      TanhGaussian(1, 1, raw, &eps, Spread(), &a, &log_prob);
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
      TanhGaussian(1, 1, raw, &e, Spread(), &a, &log_prob);
      entropy -= log_prob / static_cast<double>(eps.size());
    }
    EXPECT_LT(entropy, std::log(2.0) + 0.01) << spread;
  }
}

}  // namespace
}  // namespace equipoise::nets
