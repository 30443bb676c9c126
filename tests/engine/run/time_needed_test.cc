// How long a run of large settings takes is tried out and said before it starts.
#include "engine/run/time_needed.h"

#include "engine/run/memory_needed.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class TimeIsSaid : public RunTest {
 protected:
  // As many steps as may be asked for: minutes on any machine.
  static config::Settings Long() {
    config::Settings s = TinySettings();
    test::Put(&s, "model.steps", 100000);
    test::Put(&s, "model.hidden", 256);
    return s;
  }
};

TEST_F(TimeIsSaid, InWordsOfAPerson) {
  EXPECT_EQ(RoughTime(20), "1 min");
  EXPECT_EQ(RoughTime(25 * 60), "25 min");
  EXPECT_EQ(RoughTime(3 * 3600), "3 h");
  EXPECT_EQ(RoughTime(5.2 * 86400), "5 days");
  EXPECT_EQ(RoughTime(400.0 * 86400), "1 year");
  EXPECT_EQ(RoughTime(1e15), "more than a thousand years");
}

TEST_F(TimeIsSaid, OfSettingsThatAreLargeWithWhatTakesItAndWhichTheyAre) {
  const auto needed = FindTimeNeeded(Long());
  ASSERT_TRUE(needed.ok()) << needed.error().message;
  ASSERT_TRUE(needed.value().has_value());
  EXPECT_GE(needed.value()->seconds, 60);
  const std::string said = needed.value()->Sentence();
  for (const char* part : {"The first episode takes", "gradient steps", "model.steps = 100000 (100 by default)"})
    EXPECT_NE(said.find(part), std::string::npos) << part << " is not in: " << said;
}

TEST_F(TimeIsSaid, OfUsualOnesAndOfQuickOnesNothing) {
  const auto usual = FindTimeNeeded(TinySettings());
  ASSERT_TRUE(usual.ok());
  EXPECT_FALSE(usual.value().has_value());
  config::Settings quick = TinySettings();  // large, and done in no time
  test::Put(&quick, "eps.masks", 400);
  ASSERT_NE(LargeSettings(quick), "");
  const auto needed = FindTimeNeeded(quick);
  ASSERT_TRUE(needed.ok());
  EXPECT_FALSE(needed.value().has_value()) << needed.value()->Sentence();
}

TEST_F(TimeIsSaid, ByTheRunUntilItsFirstEpisodeIsThere) {
  auto engine = MustCreate(Long(), "");
  const auto first = engine->Latest();
  ASSERT_FALSE(first->health.empty());
  EXPECT_EQ(first->health.front().id, "run.long");
}

// The first step of a phase may take minutes: that it is under way is known before it is done.
TEST_F(TimeIsSaid, APhaseIsShownFromItsBeginningOn) {
  auto engine = MustCreate(Long(), "");
  engine->Start(false);
  EXPECT_TRUE(WaitFor(*engine, [](const Snapshot& now) {
    const StageProgress* fit = now.StageOf("model");
    return fit != nullptr && fit->active && fit->done < fit->total && fit->seconds > 0.3;
  })) << "and its clock runs while nothing is reported";
  engine->Post(Quit{});
  engine->Wait();
}

}  // namespace
}  // namespace equipoise::run
