// The plan in the scene: which ways are drawn, from where, and what is said of the plan.
#include "ui/panels/scene/planned_ways.h"

#include <gtest/gtest.h>

#include "ui/panels/check/plan_card.h"

namespace equipoise::ui {
namespace {

// A plan of 10 steps made at step 4, of poses of two numbers; one of its three candidates has no finite score.
run::Snapshot Acting(int step) {
  run::Snapshot snapshot;
  auto plan = std::make_shared<plan::PlanTrace>();
  plan->step = 4;
  plan->shape = {5, 1, 2, 10};
  plan->poses.assign(11 * 2, 0.0);
  plan->promised.assign(10, 1.5);
  plan->rounds = {{3, 1, 0.5, 0.4}, {8, 6, 0.5, 0.2}};
  plan->numbers = {{"cem.elite_spread", 0.2}};
  for (const double score : std::vector<double>{8.0, 2.0, -INFINITY}) {
    plan->candidates.emplace_back();
    plan->candidates.back().score = score;
    plan->candidates.back().poses.assign(10 * 2, 0.0);
  }
  snapshot.live.plan = plan;
  snapshot.live.acting = true;
  snapshot.live.step = step;
  return snapshot;
}

Moment MomentOf(const run::Snapshot& snapshot, const double* qpos, bool live = true) {
  Moment moment;
  moment.live = live;
  moment.step = snapshot.live.step;
  moment.qpos = qpos;
  moment.qpos_size = 2;
  return moment;
}

TEST(PlannedWays, AreWhatIsStillToCome) {
  const double qpos[] = {0, 0};
  const run::Snapshot snapshot = Acting(6);
  Scene::Frame frame;
  frame.qpos = qpos;
  AddPlannedWays(snapshot, MomentOf(snapshot, qpos), 0xff0000ffu, &frame);
  ASSERT_EQ(frame.ways.size(), 3u) << "the plan and two candidates";
  EXPECT_TRUE(frame.ways.back().bold) << "the plan lies on top";
  EXPECT_EQ(frame.ways.back().path, snapshot.live.plan->poses.data());
  EXPECT_EQ(frame.ways.back().from, 2);
  EXPECT_EQ(frame.ways.back().to, 10);
  EXPECT_EQ(frame.ways[1].path, snapshot.live.plan->candidates[0].poses.data()) << "the best candidate next to it";
  EXPECT_GT(frame.ways[1].color >> 24, frame.ways[0].color >> 24) << "and plainer than the others";
}

TEST(PlannedWays, AreDrawnOfNothingElse) {
  const double qpos[] = {0, 0};
  const auto drawn = [&](const run::Snapshot& snapshot, bool live, const double* pose) {
    Scene::Frame frame;
    frame.qpos = pose;
    AddPlannedWays(snapshot, MomentOf(snapshot, pose, live), 0xff0000ffu, &frame);
    return frame.ways.size();
  };
  EXPECT_GT(drawn(Acting(6), true, qpos), 0u);
  EXPECT_EQ(drawn(Acting(6), false, qpos), 0u) << "another episode is shown";
  EXPECT_EQ(drawn(Acting(6), true, nullptr), 0u) << "the poses are of another robot";
  EXPECT_EQ(drawn(Acting(2), true, qpos), 0u) << "a plan of the episode before";
  EXPECT_EQ(drawn(Acting(14), true, qpos), 0u) << "it is at its end";
  run::Snapshot none = Acting(6);
  none.live.plan = nullptr;
  EXPECT_EQ(drawn(none, true, qpos), 0u);
}

TEST(PlanCard, SaysWhatThePlanPromisesAndWhatThePlannerTells) {
  const run::Snapshot snapshot = Acting(6);
  const auto rows = PlanRows(*snapshot.live.plan);
  const auto value = [&](const std::string& label) {
    for (const auto& [l, v] : rows)
      if (l == label) return v;
    return std::string("absent");
  };
  EXPECT_EQ(value("Planned at step"), "4");
  EXPECT_EQ(value("Steps ahead"), "10");
  EXPECT_EQ(value("Promised for them"), "15.0");
  EXPECT_EQ(value("Best candidate"), "8.00");
  EXPECT_EQ(value("Elite spread"), "0.20");
}

}  // namespace
}  // namespace equipoise::ui
