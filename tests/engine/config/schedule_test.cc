// What a schedule says, whom it is for, and what cannot be one.
#include "engine/config/schedule.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/config/section.h"

namespace equipoise::config {
namespace {

TEST(Schedule, IsReadInTheOrderOfItsEpisodes) {
  const auto changes = ReadSchedule(" 200 eps.force_every = 5,30 sac.gamma=0.95 , 30 sac.entropy_auto=false, ");
  ASSERT_TRUE(changes.ok()) << changes.error().message;
  ASSERT_EQ(changes.value().size(), 3u);
  EXPECT_EQ(changes.value()[0].episode, 30);
  EXPECT_EQ(changes.value()[0].key, "sac.gamma");
  EXPECT_EQ(changes.value()[0].value, Value(0.95));
  EXPECT_EQ(changes.value()[1].key, "sac.entropy_auto");
  EXPECT_EQ(changes.value()[1].value, Value(false));
  EXPECT_EQ(changes.value()[2].episode, 200);
  EXPECT_EQ(changes.value()[2].value, Value(5));
}

TEST(Schedule, ThatIsEmptyChangesNothing) {
  for (const char* text : {"", " ", ",", " , "}) {
    const auto changes = ReadSchedule(text);
    ASSERT_TRUE(changes.ok()) << '"' << text << '"';
    EXPECT_TRUE(changes.value().empty());
  }
}

TEST(Schedule, IsRefusedWithWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"sac.gamma=0.9", "should be an episode and a change"},
      {"100", "should be an episode and a change"},
      {"100 sac.gamma", "should be an episode and a change"},
      {"x sac.gamma=0.9", "should begin with the number of an episode"},
      {"0 sac.gamma=0.9", "should begin with the number of an episode"},
      {"99999999999 sac.gamma=0.9", "should begin with the number of an episode"},
      {"5 sac.gama=0.9", "nearest known one is sac.gamma"},
      {"5 sac.hidden=64", "sac.hidden is fixed for the whole run"},
      {"5 run.episodes=100", "how long the run is to be is said once"},
      {"5 sac.gamma=1.5", "sac.gamma = 1.5 is outside [0, 0.99999]"},
      {"5 sac.gamma=much", "should be a number"},
      {"5 eps.masks=20, 7", "should be an episode and a change"},
  };
  for (const auto& [text, says] : cases) {
    const auto changes = ReadSchedule(text);
    ASSERT_FALSE(changes.ok()) << text;
    EXPECT_NE(changes.error().message.find(says), std::string::npos) << text << ": " << changes.error().message;
    EXPECT_NE(changes.error().message.find("run.schedule"), std::string::npos) << changes.error().message;
  }
}

TEST(Schedule, IsPassedOverWhereTheAgentHasNoPartForIt) {
  Settings s = DefaultsOf("sac");
  s.run.schedule = "10 eps.masks=30, 10 sac.gamma=0.9, 20 sac.gamma=0.95";
  EXPECT_TRUE(CheckSchedule(s).ok());
  const auto at10 = ScheduledFor(s, 10);
  ASSERT_EQ(at10.size(), 1u);
  EXPECT_EQ(at10[0].key, "sac.gamma");
  EXPECT_EQ(at10[0].value, Value(0.9));
  EXPECT_EQ(ScheduledFor(s, 20).size(), 1u);
  EXPECT_TRUE(ScheduledFor(s, 11).empty());
  s.run.agent = "unified";
  EXPECT_EQ(ScheduledFor(s, 10).size(), 2u);
}

// A relation between settings that only holds before the change.
TEST(Schedule, IsRefusedWhereItsChangesDoNotGoTogether) {
  Settings s = DefaultsOf("sac");
  s.run.schedule = "10 sac.entropy_bonus=0";
  ASSERT_TRUE(Set(s, "sac.entropy_auto", true).ok());
  const Status valid = Validate(s);
  ASSERT_FALSE(valid.ok());
  EXPECT_NE(valid.error().message.find("run.schedule, from episode 10 on"), std::string::npos) << valid.error().message;
  s.run.schedule = "9 sac.entropy_auto=false, 10 sac.entropy_bonus=0";
  EXPECT_TRUE(Validate(s).ok());
}

}  // namespace
}  // namespace equipoise::config
