#include "ui/view/reason.h"

#include <gtest/gtest.h>

#include "engine/record/push.h"

namespace equipoise::ui {
namespace {

using run::ChangeSetting;
using run::Command;

std::string WhyOf(const std::vector<Command>& commands) {
  EXPECT_EQ(commands.size(), 1u);
  if (const auto* change = std::get_if<ChangeSetting>(&commands.front())) return change->why;
  return std::get<run::RollBack>(commands.front()).why;
}

TEST(Reason, GoesWithEverythingOfOneMomentAndWithNothingAfterIt) {
  Reason reason{"too greedy"};
  EXPECT_EQ(WhyOf(WithReason(ChangeSetting{"mb.entropy_bonus", 0.5}, &reason)), "too greedy");
  EXPECT_EQ(WhyOf(WithReason(ChangeSetting{"distractors.active", true}, &reason)), "too greedy");
  ForgetUsed(&reason);
  EXPECT_EQ(WhyOf(WithReason(ChangeSetting{"mb.entropy_bonus", 0.25}, &reason)), "");
  reason.text = "worse than before";
  EXPECT_EQ(WhyOf(WithReason(run::RollBack{"before-1"}, &reason)), "worse than before");
}

TEST(Reason, WaitsForWhatTakesOneAndYieldsToItsOwn) {
  Reason reason{"later"};
  EXPECT_EQ(WithReason(run::Pause{}, &reason).size(), 1u);
  ForgetUsed(&reason);
  EXPECT_EQ(reason.text, "later");
  EXPECT_EQ(WhyOf(WithReason(ChangeSetting{"mb.entropy_bonus", 0.5, "its own"}, &reason)), "its own");
}

TEST(Reason, OfATouchIsToldOnceBeforeItAndLastsUntilTheHandLetsGo) {
  Reason reason{"will it fall"};
  const run::PushBody push{1, {5, 0, 0, 0, 0, 0}};
  (void)WithReason(run::PushBody{}, &reason);
  ForgetUsed(&reason);
  EXPECT_EQ(reason.text, "will it fall") << "nobody has pushed";
  const std::vector<Command> first = WithReason(push, &reason);
  ASSERT_EQ(first.size(), 2u);
  const auto& told = std::get<ChangeSetting>(first[0]);
  EXPECT_EQ(told.key, run::kPushKey);
  EXPECT_EQ(told.why, "will it fall");
  EXPECT_TRUE(std::holds_alternative<run::PushBody>(first[1]));
  ForgetUsed(&reason);
  EXPECT_EQ(WithReason(push, &reason).size(), 1u);
  ForgetUsed(&reason);
  EXPECT_EQ(reason.text, "will it fall");
  EXPECT_EQ(WithReason(run::PushBody{}, &reason).size(), 1u);
  ForgetUsed(&reason);
  EXPECT_EQ(WithReason(push, &reason).size(), 1u) << "the next touch has its own";
}

}  // namespace
}  // namespace equipoise::ui
