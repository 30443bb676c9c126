#include "ui/moment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/ui/snapshot_builder.h"
#include "ui/facts.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;

TEST(PlaybackMoment, ShowsThePoseAfterTheStepsThatItCounts) {
  const auto snapshot = BuildSnapshot({});
  const run::EpisodeTrace& trace = *snapshot->trace;
  Playback playback;
  playback.Offer(snapshot->trace);
  playback.Seek(63);
  const Moment m = PlaybackMoment(*snapshot, playback);
  EXPECT_FALSE(m.live);
  EXPECT_EQ(m.episode, 213);
  EXPECT_EQ(m.pick, eps::Pick::kModelBased);
  EXPECT_EQ(m.qpos, trace.qpos.data() + 63 * trace.qpos_size);
  EXPECT_DOUBLE_EQ(m.reward_now, trace.reward[62]);
  EXPECT_NEAR(m.return_so_far, std::accumulate(trace.reward.begin(), trace.reward.begin() + 63, 0.0), 1e-9);
  EXPECT_EQ(m.terms, &trace.terms[62]);
  EXPECT_EQ(m.why, "All 50 masks favour model-based: proved.");
}

TEST(PlaybackMoment, HasNoRewardBeforeTheFirstStep) {
  const auto snapshot = BuildSnapshot({});
  Playback playback;
  playback.Offer(snapshot->trace);
  const Moment m = PlaybackMoment(*snapshot, playback);
  EXPECT_EQ(m.step, 0);
  EXPECT_EQ(m.terms, nullptr);
  EXPECT_EQ(m.return_so_far, 0);
}

TEST(PlaybackMoment, IsEmptyBeforeAnybodyActed) {
  const run::Snapshot snapshot;
  EXPECT_FALSE(PlaybackMoment(snapshot, Playback()).any);
}

TEST(LiveMoment, TakesItsReasonFromTheDecisionOfThatEpisodeOnly) {
  SnapshotOptions options;
  options.phase = run::Phase::kAct;
  options.proved = false;
  auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot(options));
  LiveTrail trail;
  Follow(*snapshot, &trail);
  const Moment m = LiveMoment(*snapshot, trail);
  EXPECT_TRUE(m.live);
  EXPECT_EQ(m.pick, eps::Pick::kModelFree);
  EXPECT_EQ(m.why.find("not proved") != std::string::npos, true) << m.why;
  EXPECT_EQ(m.step, 47);
  snapshot->episode += 1;  // the decision is now that of an earlier episode
  EXPECT_EQ(LiveMoment(*snapshot, trail).why, "");
}

TEST(LiveTrail, KeepsTheRewardsThatWereSeenAndMarksTheOthers) {
  SnapshotOptions options;
  options.phase = run::Phase::kAct;
  auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot(options));
  LiveTrail trail;
  snapshot->live.step = 1;
  snapshot->live.reward = 5;
  Follow(*snapshot, &trail);
  snapshot->live.step = 3;
  snapshot->live.reward = 7;
  Follow(*snapshot, &trail);
  ASSERT_EQ(trail.reward.size(), 3u);
  EXPECT_EQ(trail.reward[0], 5);
  EXPECT_TRUE(std::isnan(trail.reward[1]));
  EXPECT_EQ(trail.reward[2], 7);
  snapshot->episode += 1;
  snapshot->live.step = 1;
  Follow(*snapshot, &trail);
  EXPECT_EQ(trail.reward.size(), 1u) << "a new episode starts a new trail";
}

TEST(Facts, CountRandomEpisodesUpToZero) {
  run::Snapshot snapshot;
  auto settings = std::make_shared<config::Settings>();
  settings->run.random_episodes = 5;
  snapshot.settings = settings;
  snapshot.random_done = 0;
  EXPECT_EQ(ActedEpisode(snapshot), -4);
  snapshot.random_done = 4;
  EXPECT_EQ(ActedEpisode(snapshot), 0);
  snapshot.random_done = 5;
  snapshot.episode = 7;
  EXPECT_EQ(ActedEpisode(snapshot), 7);
}

TEST(Facts, KnowWhatASettingWasBeforeAnybodyTouchedIt) {
  SnapshotOptions options;
  options.steered = true;
  const auto snapshot = BuildSnapshot(options);
  EXPECT_EQ(std::get<double>(Untouched(*snapshot, "sac.entropy_bonus")), 0.2);
  EXPECT_EQ(std::get<double>(config::Get(*snapshot->settings, "sac.entropy_bonus")), 10);
  EXPECT_EQ(std::get<int>(Untouched(*snapshot, "eps.masks")), 50);
  EXPECT_EQ(Interventions(*snapshot), 2);
}

TEST(Facts, WaitForTheLeastAdvancedOfTwoPhasesBesideEachOther) {
  SnapshotOptions options;
  options.phase = run::Phase::kModelFit;  // 12 of 40, with SAC at 30 of 100 beside it
  const auto snapshot = BuildSnapshot(options);
  ASSERT_TRUE(WaitingFor(*snapshot).has_value());
  auto ahead = std::make_shared<run::Snapshot>(*snapshot);
  ahead->phases[static_cast<size_t>(run::Phase::kModelFit)].done = 39;
  EXPECT_EQ(*WaitingFor(*ahead), run::Phase::kSac);
}

TEST(Facts, MeasureTheLengthOfAnEpisodeOverTheLastFive) {
  const auto snapshot = BuildSnapshot({});  // 9 s of wall clock an episode
  EXPECT_NEAR(SecondsPerEpisode(*snapshot), 9, 1e-9);
  EXPECT_TRUE(std::isnan(SecondsPerEpisode(run::Snapshot())));
}

}  // namespace
}  // namespace equipoise::ui
