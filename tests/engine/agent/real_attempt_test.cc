// The one stepper behind acting and behind simulating again.
#include "engine/agent/real_attempt.h"

#include <gtest/gtest.h>

#include "tests/engine/agent/diverging_task.h"

namespace equipoise::run {
namespace {

constexpr int kHorizon = 5;

std::unique_ptr<env::Task> Cartpole() { return env::MakeTask("cartpole", env::AliveBonus::kWhileHealthy).value(); }

struct Acted {
  std::shared_ptr<EpisodeTrace> trace;
  std::vector<float> seen;
  bool whole = true;
};

Acted Act(env::Task* task, int attempt, float action, const PushBody* push = nullptr) {
  Acted out;
  out.trace = RoomForEpisode(task->info(), kHorizon);
  RealAttempt now(task, 7, 3, attempt, out.trace.get());
  EXPECT_EQ(now.step(), 0);
  out.seen = now.observation();
  for (int t = 0; t < kHorizon && out.whole; ++t) {
    out.whole = now.Step(&action, t == 2 ? push : nullptr);
    EXPECT_EQ(now.step(), out.whole ? t + 1 : t);
    if (out.whole) out.seen.insert(out.seen.end(), now.observation().begin(), now.observation().end());
  }
  return out;
}

TEST(RealAttempt, IsTheSameAgainToTheBitAndAnotherOneIsNot) {
  const auto task = Cartpole();
  const Acted one = Act(task.get(), 0, 0.3f);
  const Acted again = Act(task.get(), 0, 0.3f);
  EXPECT_EQ(again.seen, one.seen);
  EXPECT_EQ(again.trace->qpos, one.trace->qpos);
  EXPECT_EQ(again.trace->qvel, one.trace->qvel);
  EXPECT_EQ(again.trace->ctrl, one.trace->ctrl);
  EXPECT_EQ(again.trace->reward, one.trace->reward);
  EXPECT_EQ(again.trace->terms, one.trace->terms);
  EXPECT_NE(Act(task.get(), 1, 0.3f).seen, one.seen) << "another attempt starts elsewhere";
  EXPECT_NE(Act(task.get(), 0, 0.4f).seen, one.seen) << "another action";
  PushBody push;
  push.body = 1;
  push.wrench = {5, 0, 0, 0, 0, 0};
  const Acted pushed = Act(task.get(), 0, 0.3f, &push);
  const auto nq = static_cast<std::ptrdiff_t>(one.trace->qpos_size);
  EXPECT_TRUE(std::equal(one.trace->qpos.begin(), one.trace->qpos.begin() + 3 * nq, pushed.trace->qpos.begin()));
  EXPECT_NE(pushed.trace->qpos, one.trace->qpos) << "from the step that was pushed on";
  EXPECT_EQ(Act(task.get(), 0, 0.3f).seen, one.seen) << "a push ends with the attempt";
}

TEST(RealAttempt, IsOverWhenTheSimulationDiverges) {
  using test::Divergence;
  for (const Divergence kind :
       {Divergence::kSaid, Divergence::kObservation, Divergence::kHugeObservation, Divergence::kReward}) {
    SCOPED_TRACE(static_cast<int>(kind));
    test::DivergingTask task(Cartpole(), {2}, kind);
    const Acted cut = Act(&task, 0, 0.3f);
    EXPECT_FALSE(cut.whole);
    const Acted whole = Act(&task, 0, 0.3f);
    EXPECT_TRUE(whole.whole);
    EXPECT_EQ(cut.seen.size(), 3 * whole.seen.size() / (kHorizon + 1)) << "the start and two steps";
    EXPECT_TRUE(std::equal(cut.seen.begin(), cut.seen.end(), whole.seen.begin()));
  }
}

}  // namespace
}  // namespace equipoise::run
