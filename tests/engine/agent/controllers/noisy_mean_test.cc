#include "engine/agent/controllers/noisy_mean.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/check.h"
#include "tests/engine/agent/stub_learner.h"

namespace equipoise::agent {
namespace {

constexpr int64_t kStates = 3, kActions = 2;

nets::Policy PolicyOf(nets::Spread spread) {
  Stream init(1, "test.policy");
  return nets::Policy({kStates, kActions, 8, 1, nets::Activation::kRelu, spread, false}, init);
}
test::StubLearner Learner() { return {"td3", PolicyOf(nets::Spread::None())}; }

EpisodeStart StartOf(int64_t index, int attempt = 0) { return {7, index, attempt, 10, kStates, kActions}; }

std::vector<float> ActionsOf(Controller* controller, const EpisodeStart& start, int steps) {
  const std::vector<float> observation = {0.3f, -1.0f, 2.0f};
  std::vector<float> all;
  controller->Begin(start);
  for (int t = 0; t < steps; ++t) {
    const ActResult did = controller->Act({t, observation.data()});
    all.insert(all.end(), did.action.begin(), did.action.end());
  }
  return all;
}

TEST(NoisyMean, IsThePolicysActionWithNoiseOnItBetweenTheBounds) {
  const test::StubLearner learner = Learner();
  ExplorationNoise noise{0.4, 1.0};
  NoisyMean controller(learner, [&noise] { return noise; });
  EXPECT_EQ(controller.id(), "td3");
  EXPECT_EQ(controller.policy(), &learner.policy()) << "what is imagined is the mean";
  nets::Policy policy = learner.policy();
  const std::vector<float> observation = {0.3f, -1.0f, 2.0f};
  std::vector<float> mean(kActions);
  policy.Act(observation.data(), nullptr, mean.data());
  Stream explore(7, "explore", 2, 0);
  const std::vector<float> acted = ActionsOf(&controller, StartOf(2), 50);
  int bounded = 0;
  for (size_t i = 0; i < acted.size(); ++i) {
    const double a = mean[i % kActions] + 0.4 * explore.Normal();
    EXPECT_NEAR(acted[i], std::fmax(-1, std::fmin(1, a)), 1e-6);
    bounded += std::fabs(acted[i]) == 1.0f;
  }
  EXPECT_GT(bounded, 0) << "no draw was clamped, so nothing is shown about it";
  // Without noise, the mean alone; a change counts from the next episode on.
  noise.sd = 0;
  const std::vector<float> quiet = ActionsOf(&controller, StartOf(3), 4);
  for (size_t i = 0; i < quiet.size(); ++i) EXPECT_EQ(quiet[i], mean[i % kActions]);
}

TEST(NoisyMean, DrawsTheSameForTheSameAttemptAndOthersForAnyOther) {
  const test::StubLearner learner = Learner();
  NoisyMean controller(learner, [] { return ExplorationNoise{0.1, 0.15}; });
  const std::vector<float> actions = ActionsOf(&controller, StartOf(2), 5);
  EXPECT_EQ(ActionsOf(&controller, StartOf(2), 5), actions);
  EXPECT_NE(ActionsOf(&controller, StartOf(3), 5), actions);
  EXPECT_NE(ActionsOf(&controller, StartOf(2, 1), 5), actions);
}

// theta .15 and sd .2: stationary variance .04 / (1 - .85^2) = .14414, correlation of neighbours .85.
TEST(NoisyMean, AnOrnsteinUhlenbeckProcessHasItsStationaryVariance) {
  nets::Policy zero = PolicyOf(nets::Spread::None());
  zero.net.values.assign(zero.net.values.size(), 0.0f);
  const test::StubLearner learner{"td3", zero};
  NoisyMean controller(learner, [] { return ExplorationNoise{0.2, 0.15}; });
  double square = 0, neighbours = 0;
  int count = 0;
  for (int64_t index = 0; index < 400; ++index) {
    const std::vector<float> n = ActionsOf(&controller, StartOf(index), 250);
    EXPECT_LT(std::fabs(n[0]), 0.2 * 5) << "it begins at 0";
    for (size_t i = 2 * 50; i + kActions < n.size(); ++i) {  // 50 steps in, 3e-4 of the start is left
      square += n[i] * n[i];
      neighbours += n[i] * n[i + kActions];
      ++count;
    }
  }
  // 160,000 values of correlation .85 are worth 13,000 (their squares .7225: 26,000); the bounds at 2.6 sd take 1.5 %.
  EXPECT_NEAR(square / count, 0.14414, 0.004);
  EXPECT_NEAR(neighbours / square, 0.85, 0.01);
}

TEST(NoisyMean, IsRefusedToAPolicyThatHasASpreadOfItsOwn) {
  const test::StubLearner learner{"td3", PolicyOf(nets::Spread())};
  EXPECT_THROW(NoisyMean(learner, [] { return ExplorationNoise{}; }), InternalError);
}

}  // namespace
}  // namespace equipoise::agent
