// The two controllers that know no model: what they draw, and from which streams.
#include <gtest/gtest.h>

#include "engine/agent/agent.h"
#include "tests/engine/agent/stub_learner.h"
#include "tests/engine/eps/linear_world.h"

namespace equipoise::agent {
namespace {

constexpr int64_t kStates = 3, kActions = 2;
constexpr int kSteps = 4;

EpisodeStart StartOf(uint64_t seed, int64_t index, int attempt) {
  return {seed, index, attempt, kSteps, kStates, kActions};
}

std::vector<float> ActionsOf(Controller* controller, const EpisodeStart& start) {
  const std::vector<float> observation = {0.3f, -1.0f, 2.0f};
  std::vector<float> all;
  controller->Begin(start);
  for (int t = 0; t < kSteps; ++t) {
    const ActResult did = controller->Act({t, observation.data()});
    EXPECT_EQ(did.action.size(), static_cast<size_t>(kActions));
    all.insert(all.end(), did.action.begin(), did.action.end());
  }
  return all;
}

test::StubLearner Gaussian(const char* id) {
  Stream init(1, "test.policy");
  return {id, nets::Policy(kStates, kActions, 8, 1, 1.0, init)};
}

TEST(Controllers, DrawTheSameForTheSameAttemptAndOthersForAnyOther) {
  const test::StubLearner learner = Gaussian("sac");
  PolicyController policy(learner);
  UniformRandom uniform;
  for (Controller* controller : {static_cast<Controller*>(&policy), static_cast<Controller*>(&uniform)}) {
    SCOPED_TRACE(controller->id());
    const std::vector<float> actions = ActionsOf(controller, StartOf(7, 2, 0));
    EXPECT_EQ(ActionsOf(controller, StartOf(7, 2, 0)), actions);
    EXPECT_NE(ActionsOf(controller, StartOf(7, 2, 1)), actions) << "another attempt";
    EXPECT_NE(ActionsOf(controller, StartOf(7, 3, 0)), actions) << "another episode";
    EXPECT_NE(ActionsOf(controller, StartOf(8, 2, 0)), actions) << "another seed";
  }
}

TEST(Controllers, UniformRandomHoldsAnActionAsLongAsItIsTold) {
  UniformRandom uniform;
  EpisodeStart start = StartOf(7, 2, 0);
  const std::vector<float> free = ActionsOf(&uniform, start);
  config::Settings settings;
  start.settings = &settings;
  EXPECT_EQ(ActionsOf(&uniform, start), free);
  settings.env.random_hold = 3;  // 0 0 0 1
  const std::vector<float> held = ActionsOf(&uniform, start);
  for (size_t i = 0; i < held.size(); ++i) {
    const size_t step = i / kActions, action = i % kActions;
    EXPECT_EQ(held[i], free[step / 3 * kActions + action]);
  }
  EXPECT_NE(held, free);
}

TEST(Controllers, UniformRandomIsUniformAndCannotBeImagined) {
  UniformRandom uniform;
  EXPECT_EQ(PickOf(&uniform), eps::Pick());
  EXPECT_EQ(uniform.policy(), nullptr);
  double sum = 0, square = 0;
  int count = 0;
  for (int64_t index = 0; index < 1000; ++index) {
    for (float a : ActionsOf(&uniform, StartOf(7, index, 0))) {
      ASSERT_LE(std::abs(a), 1.0f);
      sum += a;
      square += a * a;
      ++count;
    }
  }
  // Of 8000 draws: four standard errors of mean 0 and of second moment 1/3.
  EXPECT_NEAR(sum / count, 0, 0.026);
  EXPECT_NEAR(square / count, 1.0 / 3, 0.0134);
}

TEST(Controllers, APolicyActsAsItStoodWhenTheEpisodeBegan) {
  test::StubLearner learner = Gaussian("sac");
  PolicyController controller(learner);
  EXPECT_EQ(controller.id(), "sac");
  EXPECT_EQ(controller.policy(), &learner.policy());
  learner.is_finite = false;
  EXPECT_FALSE(controller.finite());
  learner.is_finite = true;
  const EpisodeStart start = StartOf(7, 2, 0);
  // The same by hand: one normal number for every action.
  nets::Policy policy = learner.policy();
  Stream noise(7, "act", 2, 0);
  const std::vector<float> observation = {0.3f, -1.0f, 2.0f};
  std::vector<float> expected, eps(kActions), action(kActions);
  for (int t = 0; t < kSteps; ++t) {
    noise.Normal(eps.data(), eps.size());
    policy.Act(observation.data(), eps.data(), action.data());
    expected.insert(expected.end(), action.begin(), action.end());
  }
  EXPECT_EQ(ActionsOf(&controller, start), expected);
  // Inputs that were appended meanwhile are acted on from the next episode.
  replay::Normaliser inserted;
  inserted.x_sd = {1.0f};
  learner.EditStates(1, inserted);
  EXPECT_EQ(controller.policy()->states(), kStates + 1);
  const std::vector<float> wider = {0.3f, -1.0f, 2.0f, 5.0f};
  controller.Begin({7, 2, 0, kSteps, kStates + 1, kActions});
  EXPECT_EQ(controller.Act({0, wider.data()}).action,
            std::vector<float>(expected.begin(), expected.begin() + kActions));
}

}  // namespace
}  // namespace equipoise::agent
