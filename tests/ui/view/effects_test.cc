#include "ui/view/effects.h"
#include "tests/engine/eps/two_policies.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

namespace equipoise::ui {
namespace {

// Returns of 1 before the boundary and of 3 from it on; SAC acts in every second episode after it.
run::Snapshot Steered(int boundary, int episodes) {
  auto records = std::make_shared<run::List<run::EpisodeSummary>>();
  for (int e = -1; e <= episodes; ++e) {
    auto record = std::make_shared<run::EpisodeRecord>();
    record->episode = e;
    record->episode_return = e <= 0 ? 1000 : e < boundary ? 1 : 3;
    const bool free = e >= boundary && e % 2 == 0;
    record->decision.pick = free ? test::Free() : test::Based();
    records->push_back(run::Summarised(*record));
  }
  auto events = std::make_shared<run::List<run::Event>>();
  for (int number : {1, 2}) {
    auto event = std::make_shared<run::Event>();
    event->kind = run::Event::Kind::kIntervention;
    event->number = number;
    event->episode = boundary;
    event->key = number == 1 ? "sac.entropy_auto" : "sac.entropy_bonus";
    events->push_back(event);
  }
  run::Snapshot snapshot;
  auto info = std::make_shared<run::RunInfo>();
  info->parts = test::UnifiedParts();
  snapshot.info = info;
  snapshot.episodes = records;
  snapshot.events = events;
  return snapshot;
}

TEST(MeasureEffects, ComparesTheEpisodesOnBothSidesOfABoundary) {
  const auto all = MeasureEffects(Steered(31, 60), 2);
  ASSERT_EQ(all.size(), 1u) << "two changes at one boundary are one intervention";
  EXPECT_EQ(all[0].numbers, (std::vector<int>{1, 2}));
  EXPECT_EQ(all[0].keys, "tuning of the entropy bonus of SAC, entropy bonus of SAC");
  EXPECT_EQ(all[0].episode_return.values.size(), 2u * kEffectWindow);
  EXPECT_EQ(all[0].episode_return.before, 1);
  EXPECT_EQ(all[0].episode_return.after, 3);
  EXPECT_EQ(all[0].fraction_model_free.before, 0);
  EXPECT_DOUBLE_EQ(all[0].fraction_model_free.after, 0.5);
}

TEST(MeasureEffects, LeavesRandomEpisodesOutAndHoldsWithFewOfThem) {
  const auto all = MeasureEffects(Steered(3, 3), 2);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].episode_return.split, 2);
  EXPECT_EQ(all[0].episode_return.before, 1);
  EXPECT_EQ(all[0].episode_return.after, 3);
  const auto waiting = MeasureEffects(Steered(9, 8), 2);
  EXPECT_TRUE(std::isnan(waiting[0].episode_return.after));
  EXPECT_TRUE(std::isnan(waiting[0].nll.before)) << "never measured";
}

TEST(MeasureEffects, OneWildEpisodeMovesNothing) {
  run::Snapshot snapshot = Steered(31, 60);
  auto wild = std::make_shared<run::List<run::EpisodeSummary>>();
  for (const auto& each : *snapshot.episodes) {
    auto copy = std::make_shared<run::EpisodeSummary>(*each);
    copy->nll = copy->episode == 20 ? 9142 : 3;
    wild->push_back(copy);
  }
  snapshot.episodes = wild;
  const auto measured = MeasureEffects(snapshot, 1);
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_EQ(measured[0].nll.before, 3) << "a mean would be 460";
}

}  // namespace
}  // namespace equipoise::ui
