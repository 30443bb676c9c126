#include "ui/view/moment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/view/facts.h"

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
  EXPECT_EQ(m.pick, test::Based());
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

// A run of which the newest episode was acted by `reason`, while it is acted or while the learners train for the next.
std::shared_ptr<run::Snapshot> Acted(eps::Reason reason, bool acting) {
  SnapshotOptions options;
  options.phase = "act";
  auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot(options));
  const bool random = reason == eps::Reason::kRandom;
  auto trace = std::make_shared<run::EpisodeTrace>(*snapshot->trace);
  trace->episode = random ? 0 : 213;
  trace->reason = reason;
  trace->pick = random ? eps::Pick() : reason == eps::Reason::kProved ? test::Based() : test::Free();
  auto decision = std::make_shared<eps::Decision>(*snapshot->decision);
  decision->episode = 213;
  decision->pick = trace->pick;
  decision->reason = reason;
  auto record = std::make_shared<run::EpisodeRecord>(*run::Whole(*snapshot->episodes->back()));
  record->episode = trace->episode;
  record->decision = *decision;
  auto episodes = std::make_shared<run::List<run::EpisodeSummary>>();
  for (const auto& earlier : *snapshot->episodes)
    if (earlier->episode < trace->episode) episodes->push_back(earlier);
  auto settings = std::make_shared<config::Settings>(*snapshot->settings);
  snapshot->random_done = settings->run.random_episodes - (random && acting ? 1 : 0);
  snapshot->episode = random ? (acting ? 0 : 1) : 213;
  snapshot->decision = random ? nullptr : decision;
  snapshot->live.trace = trace;
  if (!acting) {
    episodes->push_back(run::Summarised(*record));
    snapshot->trace = trace;
    snapshot->live.acting = false;
    snapshot->live.step = trace->steps();
    snapshot->live.episode_return = std::accumulate(trace->reward.begin(), trace->reward.end(), 0.0);
    snapshot->episode = random ? 1 : 214;  // the learners are on their way to it
  }
  snapshot->episodes = episodes;
  return snapshot;
}

TEST(LiveMoment, IsOfTheBodyThatIsShownWhoeverActsAndWhateverComesNext) {
  for (const eps::Reason reason :
       {eps::Reason::kRandom, eps::Reason::kForced, eps::Reason::kProved, eps::Reason::kNotProved}) {
    for (const bool acting : {true, false}) {
      const auto snapshot = Acted(reason, acting);
      const Moment m = LiveMoment(*snapshot);
      const std::string where = std::to_string(static_cast<int>(reason)) + (acting ? ", acting" : ", training");
      EXPECT_TRUE(m.live && m.any) << where;
      EXPECT_EQ(m.episode, reason == eps::Reason::kRandom ? 0 : 213) << where;
      EXPECT_EQ(m.pick, snapshot->live.trace->pick) << where;
      EXPECT_EQ(m.reason, reason) << where;
      EXPECT_EQ(m.return_so_far, snapshot->live.episode_return) << where;
      EXPECT_EQ(m.why.find("random episode") != std::string::npos, reason == eps::Reason::kRandom) << where << m.why;
      EXPECT_FALSE(m.why.empty()) << where;
    }
  }
}

TEST(LiveMoment, KeepsTheReasonOfTheEpisodeThatWasActedWhenTheNextIsDecided) {
  const auto snapshot = Acted(eps::Reason::kNotProved, false);
  const std::string why = LiveMoment(*snapshot).why;
  auto next = std::make_shared<eps::Decision>(*snapshot->decision);
  next->episode = 214;
  next->pick = test::Based();
  next->reason = eps::Reason::kProved;
  snapshot->decision = next;
  EXPECT_EQ(LiveMoment(*snapshot).why, why);
  EXPECT_EQ(LiveMoment(*snapshot).pick, test::Free());
}

TEST(LiveMoment, HasEveryRewardUpToWhereActingIsHoweverFewFramesWereDrawn) {
  const auto snapshot = Acted(eps::Reason::kProved, true);
  const run::LiveStep& live = snapshot->live;
  const Moment m = LiveMoment(*snapshot);
  EXPECT_EQ(m.step, 47);
  ASSERT_EQ(m.known, 47);
  for (int i = 0; i < m.known; ++i) EXPECT_EQ(m.reward[i], live.trace->reward[static_cast<size_t>(i)]);
  EXPECT_EQ(m.steps, live.trace->steps()) << "the ruler is as long as the episode";
  EXPECT_EQ(m.terms, &live.trace->terms[46]);
  EXPECT_EQ(m.qpos, live.trace->qpos.data() + static_cast<size_t>(47) * static_cast<size_t>(live.trace->qpos_size));
}

TEST(LiveMoment, ShowsNoEpisodeBeforeTheFirst) {
  auto snapshot = std::make_shared<run::Snapshot>(*BuildSnapshot({}));
  snapshot->live = {};
  const Moment m = LiveMoment(*snapshot);
  EXPECT_FALSE(m.any);
  EXPECT_EQ(m.known, 0);
  EXPECT_EQ(m.steps, snapshot->info->horizon);
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
  options.phase = "model";  // 12 of 40, with SAC at 30 of 100 beside it
  const auto snapshot = BuildSnapshot(options);
  ASSERT_NE(WaitingFor(*snapshot), nullptr);
  auto ahead = std::make_shared<run::Snapshot>(*snapshot);
  for (run::StageProgress& stage : ahead->stages)
    if (stage.id == "model") stage.done = 39;
  EXPECT_EQ(WaitingFor(*ahead)->id, "sac");
}

TEST(Facts, MeasureTheLengthOfAnEpisodeOverTheLastFive) {
  const auto snapshot = BuildSnapshot({});  // 9 s of wall clock an episode
  EXPECT_NEAR(SecondsPerEpisode(*snapshot), 9, 1e-9);
  EXPECT_TRUE(std::isnan(SecondsPerEpisode(run::Snapshot())));
}

}  // namespace
}  // namespace equipoise::ui
