#include "ui/view/playback.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace equipoise::ui {
namespace {

constexpr double kDt = 0.05;

run::Shared<run::EpisodeTrace> TraceOf(int episode, int steps) {
  auto trace = std::make_shared<run::EpisodeTrace>();
  trace->episode = episode;
  trace->qpos_size = 1;
  trace->qpos.resize(static_cast<size_t>(steps) + 1);
  trace->reward.resize(static_cast<size_t>(steps));
  return trace;
}

TEST(Playback, AdvancesAtRealTime) {
  Playback playback;
  playback.Offer(TraceOf(1, 100));
  playback.Advance(1.0, kDt);
  EXPECT_EQ(playback.step(), 20);
}

TEST(Playback, PlaysALoopToItsEndBeforeItTurnsToANewerEpisode) {
  Playback playback;
  playback.Offer(TraceOf(1, 20));
  playback.Advance(0.5, kDt);
  playback.Offer(TraceOf(2, 20));
  EXPECT_EQ(playback.trace()->episode, 1);
  EXPECT_TRUE(playback.newer_waits());
  playback.Advance(0.6, kDt);
  EXPECT_EQ(playback.step(), 20) << "the last pose is held for a moment";
  playback.Advance(0.6, kDt);
  EXPECT_EQ(playback.trace()->episode, 2);
  EXPECT_EQ(playback.step(), 0);
}

TEST(Playback, ShowsAChosenEpisodeAtOnceAndThenGoesOnWhereItWas) {
  Playback playback;
  playback.Offer(TraceOf(8, 20));
  playback.Seek(7);
  const auto chosen = TraceOf(3, 10);
  playback.Pin(chosen);
  EXPECT_TRUE(playback.pinned());
  EXPECT_EQ(playback.trace()->episode, 3);
  EXPECT_EQ(playback.step(), 0);
  playback.Offer(TraceOf(9, 20));
  EXPECT_FALSE(playback.newer_waits()) << "it stays until another is chosen";
  playback.TogglePlaying();
  for (int i = 0; i < 40; ++i) playback.Advance(0.1, kDt);
  EXPECT_EQ(playback.trace()->episode, 3) << "round and round";
  playback.Pin(TraceOf(4, 10));
  EXPECT_EQ(playback.trace()->episode, 4);
  playback.Pin(nullptr);
  EXPECT_EQ(playback.trace()->episode, 8);
  EXPECT_EQ(playback.step(), 7);
}

TEST(Playback, StartsAgainWhenThereIsNothingNewer) {
  Playback playback;
  playback.Offer(TraceOf(1, 10));
  for (int i = 0; i < 30 && (i < 10 || playback.step() != 0); ++i) playback.Advance(0.1, kDt);
  EXPECT_EQ(playback.step(), 0);
  EXPECT_EQ(playback.trace()->episode, 1);
}

TEST(Playback, StaysAtTheEndWithoutLoop) {
  Playback playback;
  playback.ToggleLoop();
  playback.Offer(TraceOf(1, 10));
  for (int i = 0; i < 40; ++i) playback.Advance(0.1, kDt);
  EXPECT_EQ(playback.step(), 10);
  EXPECT_TRUE(std::isinf(playback.NextIn(kDt)));
}

TEST(Playback, HoldsAMomentThatWasChosenByHand) {
  Playback playback;
  playback.Offer(TraceOf(1, 100));
  playback.Seek(63);
  playback.Offer(TraceOf(2, 100));
  playback.Advance(10, kDt);
  EXPECT_EQ(playback.trace()->episode, 1);
  EXPECT_EQ(playback.step(), 63);
  playback.StepBy(-1);
  EXPECT_EQ(playback.step(), 62);
  playback.StepBy(1000);
  EXPECT_EQ(playback.step(), 100);
  EXPECT_TRUE(std::isinf(playback.NextIn(kDt)));
}

TEST(Playback, SaysWhenTheNextPoseIsDue) {
  Playback playback;
  EXPECT_TRUE(std::isinf(playback.NextIn(kDt)));
  playback.Offer(TraceOf(1, 100));
  EXPECT_NEAR(playback.NextIn(kDt), kDt, 1e-9);
  playback.Advance(0.02, kDt);
  EXPECT_NEAR(playback.NextIn(kDt), 0.03, 1e-9);
}

}  // namespace
}  // namespace equipoise::ui
