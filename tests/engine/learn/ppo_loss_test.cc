#include "engine/learn/ppo_loss.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

// r = (1, 0, 2), V = (.5, .4, .3 | .2), gamma = .9, lambda = .8: A_2 = 2 + .18 - .3 = 1.88, A_1 = .27 - .4 + .72 * 1.88,
// A_0 = 1 + .36 - .5 + .72 A_1
TEST(GeneralisedAdvantage, IsThatByHand) {
  const float r[] = {1, 0, 2}, v[] = {0.5f, 0.4f, 0.3f, 0.2f};
  float A[3], R[3];
  GeneralisedAdvantage(3, r, v, 0.9, 0.8, A, R);
  const double want_A[] = {1.740992, 1.2236, 1.88}, want_R[] = {2.240992, 1.6236, 2.18};
  for (int t = 0; t < 3; ++t) {
    EXPECT_NEAR(A[t], want_A[t], 1e-6);
    EXPECT_NEAR(R[t], want_R[t], 1e-6);
  }
}

TEST(GeneralisedAdvantage, AtItsTwoEndsIsTheReturnAndTheOneStepError) {
  const int T = 12;
  const std::vector<float> r = Normals(T, "r"), v = Normals(T + 1, "v");
  std::vector<float> A(T), R(T);
  GeneralisedAdvantage(T, r.data(), v.data(), 0.95, 1.0, A.data(), R.data());
  for (int t = 0; t < T; ++t) {
    double earned = 0;
    for (int k = t; k < T; ++k) earned += std::pow(0.95, k - t) * r[static_cast<size_t>(k)];
    earned += std::pow(0.95, T - t) * v[T];  // the time ran out, the task goes on
    EXPECT_NEAR(A[static_cast<size_t>(t)], earned - v[static_cast<size_t>(t)], 1e-5);
  }
  GeneralisedAdvantage(T, r.data(), v.data(), 0.95, 0.0, A.data(), R.data());
  for (size_t t = 0; t < T; ++t) EXPECT_NEAR(A[t], r[t] + 0.95 * v[t + 1] - v[t], 1e-6);
}

TEST(Standardise, GivesMeanZeroAndSpreadOne) {
  std::vector<float> a = {1, 2, 3, 6};  // mean 3, squares 4 + 1 + 0 + 9 = 14, over 3
  Standardise(4, a.data());
  const double sd = std::sqrt(14.0 / 3);
  EXPECT_NEAR(a[0], -2 / sd, 1e-6);
  EXPECT_NEAR(a[3], 3 / sd, 1e-6);
  std::vector<float> same = {5, 5};
  Standardise(2, same.data());
  EXPECT_EQ(same, (std::vector<float>{0, 0}));
}

// clip = .2: A = 1: rho 1.3 -> 0, rho .7 -> -.7/n;  A = -1: rho .7 -> 0, rho 1.3 -> 1.3/n
TEST(ClippedPolicyLoss, HasItsFourCases) {
  const float log_prob[] = {static_cast<float>(std::log(1.3)), static_cast<float>(std::log(0.7)),
                            static_cast<float>(std::log(0.7)), static_cast<float>(std::log(1.3))};
  const float old[] = {0, 0, 0, 0}, A[] = {1, 1, -1, -1};
  float d[4];
  const PolicyLoss loss = ClippedPolicyLoss(4, log_prob, old, A, 0.2, d);
  EXPECT_EQ(d[0], 0.0f);
  EXPECT_NEAR(d[1], -0.7 / 4, 1e-6);
  EXPECT_EQ(d[2], 0.0f);
  EXPECT_NEAR(d[3], 1.3 / 4, 1e-6);
  EXPECT_NEAR(loss.loss, -(1.2 + 0.7 - 0.8 - 1.3) / 4, 1e-6);
  EXPECT_EQ(loss.clipped, 1.0);
  EXPECT_NEAR(loss.kl, ((0.3 - std::log(1.3)) * 2 + (-0.3 - std::log(0.7)) * 2) / 4, 1e-6);
}

TEST(ClippedPolicyLoss, AgreesWithAutograd) {
  const int64_t n = 200;
  const std::vector<float> lp = Normals(n, "lp", 0.3f), old = Normals(n, "old", 0.1f), A = Normals(n, "A");
  std::vector<float> d(n);
  const PolicyLoss got = ClippedPolicyLoss(n, lp.data(), old.data(), A.data(), 0.2, d.data());
  const auto loss = [&](const at::Tensor& t) {
    const at::Tensor rho = at::exp(t - Double(old)), a = Double(A);
    return -at::minimum(rho * a, at::clamp(rho, 0.8, 1.2) * a).mean();
  };
  EXPECT_NEAR(got.loss, loss(Double(lp)).item<double>(), 1e-9);
  EXPECT_LT(test::RelativeError(d, test::Gradient(Double(lp), loss)), 1e-6);
}

TEST(ClippedValueLoss, AgreesWithAutogradClippedAndFree) {
  const int64_t n = 200;
  const std::vector<float> v = Normals(n, "v"), old = Normals(n, "old"), R = Normals(n, "R");
  std::vector<float> d(n);
  for (const double clip : {0.2, 0.0}) {
    const double got = ClippedValueLoss(n, v.data(), old.data(), R.data(), clip, 0.25, d.data());
    const auto loss = [&](const at::Tensor& t) {
      const at::Tensor held = Double(old) + at::clamp(t - Double(old), -clip, clip);
      const at::Tensor free = (t - Double(R)).square();
      return 0.25 * (clip > 0 ? at::maximum(free, (held - Double(R)).square()) : free).mean();
    };
    EXPECT_NEAR(got, loss(Double(v)).item<double>(), 1e-9);
    EXPECT_LT(test::RelativeError(d, test::Gradient(Double(v), loss)), 1e-6);
  }
}

// Nothing that is not a number becomes one on the way.
TEST(ClippedPolicyLoss, StaysNotANumber) {
  const float lp[] = {std::nanf("")}, old[] = {0}, A[] = {1};
  float d[1];
  EXPECT_TRUE(std::isnan(ClippedPolicyLoss(1, lp, old, A, 0.2, d).loss));
  EXPECT_TRUE(std::isnan(d[0]));
}

}  // namespace
}  // namespace equipoise::learn
