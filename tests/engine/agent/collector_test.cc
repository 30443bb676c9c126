// What a controller is told of an episode, in which order, and what is kept of what it did.
#include "engine/agent/collector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/engine/agent/diverging_task.h"
#include "tests/engine/agent/recording_controller.h"

namespace equipoise::run {
namespace {

using test::RecordingController;

constexpr int kHorizon = 3;
constexpr uint64_t kSeed = 7;

Collector Make(std::vector<int> diverges = {}) {
  auto task = env::MakeTask("cartpole", env::AliveBonus::kWhileHealthy);
  EXPECT_TRUE(task.ok());
  return {std::make_unique<test::DivergingTask>(std::move(task).value(), std::move(diverges)), kHorizon, kSeed};
}

Collector::Outcome Act(Collector* collector, agent::Controller* controller, int64_t index = 5,
                       const env::Distractors* distractors = nullptr) {
  return collector->Act({index, 4, eps::Pick::Of(controller->id()), eps::Reason::kAlone}, controller, distractors,
                        [](const LiveStep&) {}, {});
}

TEST(Collector, BeginsEveryAttemptAndTellsEveryStepThatWasMade) {
  struct Case {
    const char* what;
    std::vector<int> diverges;
    const char* calls;
    int restarts;  // -1: given up
  };
  const Case cases[] = {
      {"never", {}, "B0AOAOAO", 0},
      {"in the first step", {0}, "B0AB1AOAOAO", 1},
      {"in the last step", {2}, "B0AOAOAB1AOAOAO", 1},
      {"three times", {1, 0, 2}, "B0AOAB1AB2AOAOAB3AOAOAO", 3},
      {"always", {1, 0, 0, 0}, "B0AOAB1AB2AB3A", -1},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Collector collector = Make(c.diverges);
    RecordingController controller("mpc");
    if (c.restarts < 0) {
      EXPECT_THROW(Act(&collector, &controller), std::runtime_error);
    } else {
      const Collector::Outcome out = Act(&collector, &controller);
      EXPECT_EQ(out.restarts, c.restarts);
      EXPECT_EQ(out.episode.rewards.size(), static_cast<size_t>(kHorizon));  // nothing of what diverged
    }
    EXPECT_EQ(controller.calls, c.calls);
  }
}

TEST(Collector, TellsWhatItRecordsAndRecordsWhatWasDone) {
  Collector collector = Make();
  RecordingController controller("mpc");
  const Collector::Outcome out = Act(&collector, &controller);
  ASSERT_EQ(controller.starts.size(), 1u);
  const agent::EpisodeStart& start = controller.starts[0];
  EXPECT_EQ(start.seed, kSeed);
  EXPECT_EQ(start.index, 5);
  EXPECT_EQ(start.horizon, kHorizon);
  EXPECT_EQ(start.states, collector.task().info().observation_size);
  EXPECT_EQ(start.actions, collector.task().info().action_size);
  EXPECT_EQ(controller.steps, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(controller.acted_on, controller.before);
  const auto states = static_cast<size_t>(start.states);
  double sum = 0;
  for (size_t t = 0; t < kHorizon; ++t) {
    const auto row = [&](size_t at) {
      const auto from = out.episode.states.begin() + static_cast<std::ptrdiff_t>(at * states);
      return std::vector<float>(from, from + static_cast<std::ptrdiff_t>(states));
    };
    EXPECT_EQ(controller.before[t], row(t));
    EXPECT_EQ(controller.after[t], row(t + 1));
    EXPECT_EQ(controller.actions[t], controller.Action(static_cast<int>(t)));
    EXPECT_EQ(out.episode.actions[t], controller.Action(static_cast<int>(t)));
    EXPECT_EQ(out.episode.rewards[t], static_cast<float>(controller.rewards[t]));
    EXPECT_EQ(out.trace->reward[t], controller.rewards[t]);
    sum += controller.rewards[t];
  }
  EXPECT_EQ(out.episode_return, sum);
}

TEST(Collector, ShowsDistractorsLast) {
  Collector collector = Make();
  RecordingController controller("mpc");
  const env::Distractors distractors(env::DistractorSpec{2, 3, 1.0, 5, 20});
  const Collector::Outcome out = Act(&collector, &controller, 5, &distractors);
  const int64_t physics = collector.task().info().observation_size;
  EXPECT_EQ(controller.starts[0].states, physics + distractors.size());
  ASSERT_EQ(out.episode.states.size(), static_cast<size_t>((kHorizon + 1) * physics))
      << "they are kept by their phases";
  std::vector<float> values(static_cast<size_t>(distractors.size()));
  for (int t = 0; t < kHorizon; ++t) {
    distractors.Values(out.episode.phases.data(), t, values.data());
    const std::vector<float>& seen = controller.acted_on[static_cast<size_t>(t)];
    EXPECT_EQ(std::vector<float>(seen.begin() + physics, seen.end()), values);
  }
}

TEST(Collector, KeepsNoMoreMemoryThanAnEpisodeHas) {
  Collector collector = Make();
  RecordingController controller("mpc");
  const Collector::Outcome out = Act(&collector, &controller);
  const replay::Episode& episode = out.episode;
  EXPECT_EQ(episode.states.capacity(), episode.states.size());
  EXPECT_EQ(episode.actions.capacity(), episode.actions.size());
  EXPECT_EQ(episode.rewards.capacity(), episode.rewards.size());
}

TEST(Collector, RefusesActionsThatAreNoNumbersAndSaysWhose) {
  for (const float action : {NAN, -INFINITY}) {
    Collector collector = Make();
    RecordingController controller("mpc", action);
    try {
      Act(&collector, &controller);
      FAIL() << action;
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(std::string(error.what()).rfind("\"mpc\" acts with numbers that are not finite.", 0), 0u)
          << error.what();
    }
  }
}

TEST(Collector, RefusesActionsOfAnotherNumber) {
  class Short : public RecordingController {
   public:
    using RecordingController::RecordingController;
    agent::ActResult Act(const agent::ActInputs&) override { return {}; }
  };
  Collector collector = Make();
  Short controller("mpc");
  EXPECT_ANY_THROW(Act(&collector, &controller));
}

}  // namespace
}  // namespace equipoise::run
