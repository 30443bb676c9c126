// A run's time: what counts and what does not.
#include "engine/run/run_clock.h"

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

TEST(RunClock, StandsStillInAPauseAndGoesOnFromWhereItWas) {
  RunClock clock;
  clock.StartFrom(100);
  EXPECT_EQ(clock.Seconds(7), 100) << "it does not go yet";
  clock.Go(10);
  EXPECT_EQ(clock.Seconds(14), 104);
  clock.Go(12);  // it does already
  EXPECT_EQ(clock.Seconds(14), 104);
  clock.Stop(15);
  clock.Stop(16);
  EXPECT_EQ(clock.Seconds(40), 105);
  clock.Go(50);
  EXPECT_EQ(clock.Seconds(52), 107);
}

TEST(EpisodePace, IsTheMeanOfTheNewestTenAndUnknownBefore) {
  EpisodePace pace;
  EXPECT_TRUE(std::isnan(pace.SecondsAnEpisode()));
  pace.Add(1000);
  EXPECT_TRUE(std::isnan(pace.SecondsAnEpisode())) << "when it began is not known";
  pace.Add(1003);
  EXPECT_EQ(pace.SecondsAnEpisode(), 3);
  for (int i = 1; i <= 10; ++i) pace.Add(1003 + 5 * i);
  EXPECT_EQ(pace.SecondsAnEpisode(), 5) << "the slow start is forgotten";
  pace.Forget();
  EXPECT_TRUE(std::isnan(pace.SecondsAnEpisode()));
}

TEST(StepPacer, KeepsThePeriodAndDoesNotHurryAfterWhatWasMissed) {
  StepPacer pacer;
  pacer.Next(10, 0.5);
  EXPECT_EQ(pacer.next(), 10.5) << "the first step counts from now";
  pacer.Next(10.5, 0.5);
  EXPECT_EQ(pacer.next(), 11);
  pacer.Next(11.25, 0.5);
  EXPECT_EQ(pacer.next(), 11.5) << "a little late: the beat is kept";
  pacer.Next(20, 0.5);
  EXPECT_EQ(pacer.next(), 20.5) << "far behind: a new beat";
  pacer.Restart();
  EXPECT_LT(pacer.next(), 20);
  pacer.Next(21, 2);
  EXPECT_EQ(pacer.next(), 23);
}

}  // namespace
}  // namespace equipoise::run
