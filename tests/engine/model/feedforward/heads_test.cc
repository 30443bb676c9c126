// Heads of feed-forward models: the numbers of a softly bounded log-variance, and every derivative against automatic
// ones in double precision.
#include "engine/model/feedforward/heads.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/aten/reference.h"
#include "engine/nets/kernels/kernels.h"
#include "tests/engine/numeric.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t S = 3, D = S + 1, kRows = 37;

// One output, one row: high .5, low -10.
struct One {
  double term = 0, dmean = 0, draw = 0, dhigh = 0, dlow = 0, log_variance = 0;
};
One At(float raw, float error) {
  const float low = -10, high = 0.5f, out[2] = {0, raw};
  One one;
  float dout[2], dlow, dhigh, sd;
  nets::BoundedNll(1, 1, out, &error, &low, &high, 1.0f, &one.term, dout, &dlow, &dhigh);
  nets::BoundedSd(1, 1, out, &low, &high, &sd);
  return {one.term, dout[0], dout[1], dhigh, dlow, 2 * std::log(static_cast<double>(sd))};
}

TEST(Heads, BoundedLogVarianceHasTheNumbersOfItsEquations) {
  const One one = At(-1.0f, 0.3f);
  EXPECT_NEAR(one.log_variance, -1.201262, 2e-6);
  EXPECT_NEAR(one.term, -0.902074, 2e-6);
  EXPECT_NEAR(one.dmean, -1.994586, 3e-6);
  EXPECT_NEAR(one.draw, 0.572880, 2e-6);
  EXPECT_NEAR(one.dhigh, 0.127827, 1e-6);
  EXPECT_NEAR(one.dlow, 1.0577e-4, 1e-8);
  for (const auto& [raw, log_variance] :
       {std::pair{2.0f, 0.298620}, {0.0f, -0.474004}, {-3.0f, -3.028811}, {-12.0f, -9.873072}})
    EXPECT_NEAR(At(raw, 0.0f).log_variance, log_variance, 1e-5) << raw;
}

TEST(Heads, NoRawLogVarianceLeavesTheBounds) {
  for (float raw : {-1e6f, -30.0f, 30.0f, 1e6f}) {
    const One one = At(raw, 0.1f);
    EXPECT_GE(one.log_variance, -10.0001) << raw;
    EXPECT_LE(one.log_variance, 0.5001) << raw;
    EXPECT_TRUE(std::isfinite(one.term) && std::isfinite(one.draw)) << raw;
  }
}

class EveryHead : public ::testing::TestWithParam<HeadKind> {
 protected:
  EveryHead() {
    heads.kind = GetParam();
    heads.states = S;
    if (bounded()) heads.low = low.data(), heads.high = high.data();
  }
  bool bounded() const { return GetParam() == HeadKind::kBounded; }
  // The heads of a network of no layers: out is what they are given.
  ReferenceHeads Reference(const at::Tensor& raw, const at::Tensor& l, const at::Tensor& h) const {
    if (!bounded()) return {raw, at::zeros_like(raw)};
    const std::vector<at::Tensor> halves = at::chunk(raw, 2, 1);
    const at::Tensor upper = h - at::softplus(h - halves[1]);
    return {halves[0], at::exp(0.5 * (l + at::softplus(upper - l)))};
  }

  Heads heads;
  int64_t W = HeadWidth(GetParam(), S);
  std::vector<float> low = {-4, -3, -10, -2}, high = {0.5f, 1.0f, 0.2f, 0.7f};
  std::vector<float> out = Normals(kRows * W, "out", 1.5f), y = Normals(kRows * D, "y");
  RolloutUnits units{
      S,
      1,
      {{0.1f, -0.2f, 0.3f, 0.0f}, {0.5f, 2.0f, 1.5f, 0.6f}, {0.01f, 0.02f, -0.03f, 0.5f}, {0.2f, 0.7f, 0.4f, 1.0f}}};
};

TEST_P(EveryHead, LossAndItsDerivativesAgreeWithAutograd) {
  std::vector<double> sums(D, 0.0);
  std::vector<float> dout(out.size()), dlow(D), dhigh(D);
  heads.Sums(kRows, out.data(), y.data(), sums.data(), dout.data(), dlow.data(), dhigh.data());
  const at::Tensor target = Double(y.data(), {kRows, D});
  const auto terms = [&](const at::Tensor& raw, const at::Tensor& l, const at::Tensor& h) {
    const ReferenceHeads r = Reference(raw, l, h);
    const at::Tensor square = (target - r.mean).square();
    return bounded() ? square / r.sd.square() + 2 * at::log(r.sd) : square;
  };
  const double share = bounded() ? 1.0 : 0.5;
  const at::Tensor raw = Double(out.data(), {kRows, W}), l = Double(low), h = Double(high);
  EXPECT_LT(test::RelativeError(std::vector<float>(sums.begin(), sums.end()), terms(raw, l, h).sum(0)), 1e-6);
  EXPECT_LT(test::RelativeError(dout, test::Gradient(raw, [&](auto& x) { return share * terms(x, l, h).mean(); })),
            1e-6);
  if (!bounded()) return;
  EXPECT_LT(test::RelativeError(dlow, test::Gradient(l, [&](auto& x) { return terms(raw, x, h).mean(); })), 1e-6);
  EXPECT_LT(test::RelativeError(dhigh, test::Gradient(h, [&](auto& x) { return terms(raw, l, x).mean(); })), 1e-6);
}

// var^beta [(y - mean)^2 / var + log var], where the factor is no part of the derivative.
TEST_P(EveryHead, AnOutputMayCountForAPowerOfItsVariance) {
  if (!bounded()) return;
  for (const double beta : {0.5, 1.0}) {
    std::vector<double> sums(D, 0.0);
    std::vector<float> dout(out.size()), dlow(D), dhigh(D);
    heads.Sums(kRows, out.data(), y.data(), sums.data(), dout.data(), dlow.data(), dhigh.data());
    heads.WeighByVariance(kRows, out.data(), beta, dout.data());
    const at::Tensor target = Double(y.data(), {kRows, D}), l = Double(low), h = Double(high);
    const at::Tensor want = test::Gradient(Double(out.data(), {kRows, W}), [&](auto& x) {
      const ReferenceHeads r = Reference(x, l, h);
      const at::Tensor variance = r.sd.square();
      return (at::pow(variance.detach(), beta) * ((target - r.mean).square() / variance + at::log(variance))).mean();
    });
    EXPECT_LT(test::RelativeError(dout, want), 1e-6) << beta;
  }
}

TEST_P(EveryHead, StepAndItsDerivativesAgreeWithAutograd) {
  out[0] = 12.0f;  // a mean beyond the limit
  std::vector<float> z = Normals(kRows * S, "z"), noise = Normals(kRows * S, "noise"), next(z.size()), reward(kRows),
                     dnext = Normals(kRows * S, "dnext"), dreward = Normals(kRows, "dreward"), dout(out.size());
  z[4] = 9.99f;  // a state that is clamped
  out[static_cast<size_t>(W) + 1] = 8.0f;
  const int64_t clamped = heads.Step(kRows, out.data(), z.data(), noise.data(), units, next.data(), reward.data());
  EXPECT_EQ(clamped, 1);
  const at::Tensor shift = Double(units.delta_shift), scale = Double(units.delta_scale),
                   eps = Double(noise.data(), {kRows, S});
  const auto step = [&](const at::Tensor& raw, const at::Tensor& from) {
    const ReferenceHeads r = Reference(raw, Double(low), Double(high));
    const at::Tensor delta = at::clamp(r.mean.narrow(1, 0, S), -10, 10) + r.sd.narrow(1, 0, S) * eps;
    return std::pair(at::clamp(from + shift + scale * delta, -10, 10), r.mean.select(1, S));
  };
  const at::Tensor raw = Double(out.data(), {kRows, W}), from = Double(z.data(), {kRows, S});
  const auto [want, mean] = step(raw, from);
  EXPECT_LT(test::RelativeError(next, want), 1e-6);
  EXPECT_LT(test::RelativeError(reward, mean), 1e-6);
  std::vector<float> dz = dnext;
  heads.StepBackward(kRows, out.data(), next.data(), noise.data(), units, dreward.data(), dz.data(), dout.data());
  const auto loss = [&](const at::Tensor& r, const at::Tensor& s) {
    const auto [n, m] = step(r, s);
    return (n * Double(dnext.data(), {kRows, S})).sum() + (m * Double(dreward)).sum();
  };
  EXPECT_LT(test::RelativeError(dout, test::Gradient(raw, [&](auto& x) { return loss(x, from); })), 1e-6);
  EXPECT_LT(test::RelativeError(dz, test::Gradient(from, [&](auto& x) { return loss(raw, x); })), 1e-6);
}

TEST_P(EveryHead, WhatIsNotANumberStaysSo) {
  out[0] = std::nanf("");
  std::vector<float> z(kRows * S, 0.0f), noise(kRows * S, 0.1f), next(z.size()), reward(kRows);
  std::vector<double> sums(D, 0.0);
  const int64_t clamped = heads.Step(kRows, out.data(), z.data(), noise.data(), units, next.data(), reward.data());
  EXPECT_TRUE(std::isnan(next[0]));
  EXPECT_EQ(clamped, 0);
  heads.Sums(kRows, out.data(), y.data(), sums.data());
  EXPECT_TRUE(std::isnan(sums[0]));
  EXPECT_FALSE(std::isnan(sums[1]));
}

TEST_P(EveryHead, TellsTheSpreadOfTheReward) {
  std::vector<float> sd(kRows);
  heads.RewardSd(kRows, out.data(), sd.data());
  const at::Tensor want = Reference(Double(out.data(), {kRows, W}), Double(low), Double(high)).sd.select(1, S);
  EXPECT_LT((Double(sd) - want).abs().max().item<double>(), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Heads, EveryHead, ::testing::Values(HeadKind::kMeans, HeadKind::kBounded),
                         [](const auto& named) { return named.param == HeadKind::kMeans ? "Means" : "Bounded"; });

}  // namespace
}  // namespace equipoise::model
