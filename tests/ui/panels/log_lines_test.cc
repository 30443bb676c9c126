#include "ui/panels/log_lines.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

run::EpisodeSummary Record(eps::Pick pick, eps::Reason reason) {
  run::EpisodeSummary r;
  r.episode = 213;
  r.episode_return = 388.4;
  r.decision.pick = pick;
  r.decision.reason = reason;
  r.decision.force_every = 10;
  return r;
}

TEST(EpisodeSentence, SaysWhoActedWhyAndWithWhatReturn) {
  run::EpisodeSummary r = Record(test::Based(), eps::Reason::kProved);
  r.predicted_lo = 361;
  r.predicted_hi = 412;
  EXPECT_EQ(EpisodeSentence(r, test::UnifiedParts()),
            "Episode 213: model-based acted, return 388. Masks said 361 to 412.");
  EXPECT_EQ(EpisodeSentence(Record(test::Free(), eps::Reason::kNotProved), test::UnifiedParts()),
            "Episode 213: SAC acted, return 388. Not proved.");
  EXPECT_EQ(EpisodeSentence(Record(test::Free(), eps::Reason::kForced), test::UnifiedParts()),
            "Episode 213: SAC forced, none in the last 9. Return 388.");
  EXPECT_EQ(EpisodeSentence(Record(test::Free(), eps::Reason::kAlone), test::UnifiedParts()),
            "Episode 213: SAC acted, return 388.");
  EXPECT_EQ(EpisodeSentence(Record(eps::Pick(), eps::Reason::kRandom), test::UnifiedParts()),
            "Random episode, return 388.");
}

TEST(EpisodeSentence, SaysInWordsThatAReturnIsNoNumber) {
  run::EpisodeSummary r = Record(test::Free(), eps::Reason::kUndecidable);
  r.episode_return = NAN;
  r.guard_tripped = true;
  EXPECT_EQ(EpisodeSentence(r, test::UnifiedParts()),
            "Episode 213: SAC acted, return not a number. Undecidable. A guard tripped.");
}

TEST(EventSentence, FallsBackToTheChangeItself) {
  run::Event event;
  event.key = "eps.rollouts";
  event.from = "5";
  event.to = "10";
  EXPECT_EQ(EventSentence(event), "You set the rollouts of the check from 5 to 10.");
  event.text = "You asked for ten rollouts.";
  EXPECT_EQ(EventSentence(event), "You asked for ten rollouts.");
}

TEST(Log, HoldsEveryEpisodeItsCheckAndItsModelInTheOrderOfTime) {
  SampleOptions options;
  options.episodes = 30;
  options.distractors = true;
  const run::Snapshot snapshot = SampleSnapshot(options);
  const std::vector<LogLine> all = BuildLog(snapshot, LogFilter::kEverything);
  // 35 episodes, 30 checks, 29 measured models, one event.
  EXPECT_EQ(all.size(), 35u + 30u + 29u + 1u);
  for (size_t i = 1; i < all.size(); ++i) EXPECT_LE(all[i - 1].wall_seconds, all[i].wall_seconds);
  for (const LogLine& line : all) EXPECT_FALSE(Text(line, snapshot).empty());
}

TEST(Log, ACheckHasItsOwnTimeBeforeActingAndMeasuring) {
  run::Snapshot snapshot = SampleSnapshot();
  const size_t last = snapshot.episodes->size() - 1;
  auto record = std::make_shared<run::EpisodeRecord>(*run::Whole(*(*snapshot.episodes)[last]));
  const double before = (*snapshot.episodes)[last - 1]->wall_seconds;
  ASSERT_TRUE(record->decision.checked);
  record->wall_seconds = before + 10;
  record->seconds = {{"check", 1}, {"act", 3}, {run::kExamineSeconds, 2}};
  const auto with_record = [&] {
    auto episodes = std::make_shared<run::List<run::EpisodeSummary>>();
    for (size_t i = 0; i < last; ++i) episodes->push_back((*snapshot.episodes)[i]);
    episodes->push_back(run::Summarised(*record));
    snapshot.episodes = episodes;
  };
  with_record();
  const auto time_of = [&](LogLine::Kind kind) {
    const auto lines = BuildLog(snapshot, LogFilter::kEverything);
    for (auto line = lines.rbegin(); line != lines.rend(); ++line)
      if (line->kind == kind && line->episode == record->episode) return line->wall_seconds;
    return -1.0;
  };
  EXPECT_DOUBLE_EQ(time_of(LogLine::Kind::kCheck), before + 5);
  EXPECT_DOUBLE_EQ(time_of(LogLine::Kind::kEpisode), before + 10);
  record->seconds["act"] = 1000;  // an older run, paused while acting
  with_record();
  EXPECT_DOUBLE_EQ(time_of(LogLine::Kind::kCheck), before);
}

TEST(Log, IsFilteredAsAsked) {
  SampleOptions options;
  options.episodes = 30;
  options.distractors = true;
  const run::Snapshot snapshot = SampleSnapshot(options);
  EXPECT_EQ(BuildLog(snapshot, LogFilter::kEpisodes).size(), 35u);
  const std::vector<LogLine> by_hand = BuildLog(snapshot, LogFilter::kInterventions);
  ASSERT_EQ(by_hand.size(), 1u);
  EXPECT_EQ(Text(by_hand[0], snapshot), "You injected 50 distractors.");
  EXPECT_TRUE(BuildLog(snapshot, LogFilter::kProblems).empty());
  options.holes = true;
  EXPECT_FALSE(BuildLog(SampleSnapshot(options), LogFilter::kProblems).empty());
}

TEST(Log, IsEmptyForARunWithoutLists) { EXPECT_TRUE(BuildLog(run::Snapshot(), LogFilter::kEverything).empty()); }

}  // namespace
}  // namespace equipoise::ui
