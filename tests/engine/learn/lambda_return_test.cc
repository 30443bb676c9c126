#include "engine/learn/lambda_return.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kHorizon = 5, kRows = 3;

class LambdaReturns : public ::testing::TestWithParam<std::pair<double, double>> {
 protected:
  double gamma = GetParam().first, lambda = GetParam().second;
  std::vector<float> reward = Normals(kHorizon * kRows, "r"), value = Normals(kHorizon * kRows, "v", 3.0f);

  double R(int64_t k, int64_t i) const { return reward[static_cast<size_t>(k * kRows + i)]; }
  double V(int64_t k, int64_t i) const { return value[static_cast<size_t>((k - 1) * kRows + i)]; }  // V_1 .. V_H
  // The mixture itself: (1 - lambda) sum_n lambda^(n-1) G^(n), the rest on the longest, from n-step returns.
  double Mixture(int64_t k, int64_t i) const {
    double sum = 0, weight = 1, rewards = 0, discount = 1;
    for (int64_t n = 1; k + n <= kHorizon; ++n) {
      rewards += discount * R(k + n - 1, i);
      discount *= gamma;
      const double n_step = rewards + discount * V(k + n, i);
      sum += (k + n == kHorizon ? weight : weight * (1 - lambda)) * n_step;
      weight *= lambda;
    }
    return sum;
  }
};

TEST_P(LambdaReturns, AreTheMixtureOfAllNStepReturns) {
  std::vector<float> g(reward.size());
  LambdaReturn(kHorizon, kRows, reward.data(), value.data(), gamma, lambda, g.data());
  for (int64_t k = 0; k < kHorizon; ++k)
    for (int64_t i = 0; i < kRows; ++i) EXPECT_NEAR(g[static_cast<size_t>(k * kRows + i)], Mixture(k, i), 1e-5);
  // And the reference, which the learners' tests rely on, is no other function.
  const at::Tensor want = ReferenceLambdaReturn(Double(reward.data(), {kHorizon, kRows}),
                                                Double(value.data(), {kHorizon, kRows}), gamma, lambda);
  EXPECT_LT(test::RelativeError(g, want), 1e-6);
}

TEST_P(LambdaReturns, GradientAgreesWithFiniteDifferencesOfTheMixture) {
  std::vector<float> dreward(reward.size()), dvalue(reward.size());
  LambdaReturnGradient(kHorizon, kRows, gamma, lambda, dreward.data(), dvalue.data());
  auto loss = [&] {
    double sum = 0;
    for (int64_t k = 0; k < kHorizon; ++k)
      for (int64_t i = 0; i < kRows; ++i) sum -= std::pow(gamma, k) * Mixture(k, i) / (kHorizon * kRows);
    return sum;
  };
  for (auto* pair : {&reward, &value}) {
    const std::vector<float>& gradient = pair == &reward ? dreward : dvalue;
    for (size_t j = 0; j < pair->size(); ++j) {
      const float kept = (*pair)[j];
      (*pair)[j] = kept + 0.5f;  // the loss is linear, so a long step is exact
      const double up = loss();
      (*pair)[j] = kept - 0.5f;
      const double down = loss();
      const double h = static_cast<double>(kept + 0.5f) - static_cast<double>(kept - 0.5f);
      (*pair)[j] = kept;
      EXPECT_NEAR(gradient[j], (up - down) / h, 1e-7);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Mixing, LambdaReturns,
                         ::testing::Values(std::make_pair(0.99, 0.95), std::make_pair(0.9, 0.0),
                                           std::make_pair(1.0, 1.0), std::make_pair(0.5, 0.5)));

}  // namespace
}  // namespace equipoise::learn
