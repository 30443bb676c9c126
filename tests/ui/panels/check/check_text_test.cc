#include "ui/panels/check/check_text.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/check/bonus_bars.h"

namespace equipoise::ui {
namespace {

eps::Decision Small() {
  eps::Decision d;
  d.episode = 7;
  d.checked = d.proved = true;
  d.masks = d.evaluated = 2;
  d.rollouts = 5;
  d.pairing = "noise";
  d.pick = test::Based();
  d.reason = eps::Reason::kProved;
  test::DeltaOf(&d) = {4, 10};
  test::ErrorOf(&d) = {5, 1};
  test::ReturnsOf(&d, test::Based()) = {110, 120};
  test::ReturnsOf(&d, test::Free()) = {106, 110};
  return d;
}

std::string ValueOf(const std::vector<CheckRow>& rows, const std::string& label) {
  for (const CheckRow& row : rows) {
    if (row.label == label) return row.value;
  }
  return "absent";
}

TEST(CheckRows, ShowTheNumbersWorkedOutByHand) {
  const std::vector<CheckRow> rows = CheckRows(Small(), test::UnifiedParts());
  EXPECT_EQ(ValueOf(rows, "Masks agreeing"), "2 / 2");
  EXPECT_EQ(ValueOf(rows, "Least \xce\x94"), "+4.0");
  EXPECT_EQ(ValueOf(rows, "Mean \xce\x94"), "+7.0");
  EXPECT_EQ(ValueOf(rows, "Spread over masks"), "4.2");  // sqrt(18)
  EXPECT_EQ(ValueOf(rows, "Monte-Carlo error"), "3.0");
  EXPECT_EQ(ValueOf(rows, "J model-based, SAC"), "115, 108");
  EXPECT_EQ(ValueOf(rows, "Within own error"), "1");
  EXPECT_EQ(ValueOf(rows, "Not evaluated"), "absent");
  EXPECT_EQ(PartialNote(Small(), test::UnifiedParts()), "");
}

TEST(CheckRows, SayWhatABonusCountsBesideTheReturns) {
  eps::Decision d = Small();
  EXPECT_EQ(ValueOf(CheckRows(d, test::UnifiedParts()), "Bonus for learning"), "absent");
  EXPECT_TRUE(BonusBars(d).empty());
  d.bonus = 0.5;
  d.policies[0].information = {2, 6};              // SAC
  d.policies[1].information = {10, std::nan("")};  // model-based
  EXPECT_EQ(ValueOf(CheckRows(d, test::UnifiedParts()), "Bonus for learning"), "+5.00, +2.00");
  const std::vector<BonusBar> bars = BonusBars(d);
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[0].policy, test::Based());
  EXPECT_EQ(bars[0].mean_return, 115);
  EXPECT_EQ(bars[0].bonus, 5);
  EXPECT_EQ(bars[1].policy, test::Free());
  EXPECT_EQ(bars[1].bonus, 2);
  const BonusScale scale = ScaleOf(bars);
  EXPECT_EQ(scale.lo, 0);
  EXPECT_EQ(scale.hi, 120);
  EXPECT_FLOAT_EQ(scale.Share(60), 0.5f);
  EXPECT_EQ(ScaleOf({{test::Based(), -30, 10}}).lo, -30);
}

TEST(CheckRows, DoNotRoundASmallDifferenceToZero) {
  eps::Decision d = Small();
  test::DeltaOf(&d) = {-5.6e-7, 3.4e-7};
  test::ErrorOf(&d) = {1e-7, 2e-7};
  const std::vector<CheckRow> rows = CheckRows(d, test::UnifiedParts());
  EXPECT_EQ(ValueOf(rows, "Least \xce\x94"),
            "\xe2\x88\x92"
            "5.6e\xe2\x88\x92"
            "7");
  EXPECT_EQ(ValueOf(rows, "Spread over masks"),
            "6.36e\xe2\x88\x92"
            "7");
}

TEST(CheckRows, SayThatTheyArePartialWhenTheCheckStoppedEarly) {
  eps::Decision d = Small();
  d.masks = 50;
  d.proved = false;
  const std::vector<CheckRow> rows = CheckRows(d, test::UnifiedParts());
  EXPECT_EQ(ValueOf(rows, "Masks agreeing"), "2 / 2");
  EXPECT_EQ(ValueOf(rows, "Not evaluated"), "48");
  EXPECT_EQ(PartialNote(d, test::UnifiedParts()), "numbers of the 2 evaluated masks");
}

TEST(CheckRows, SayWhatOneRolloutAndOneMaskCannotTell) {
  eps::Decision one = Small();
  one.rollouts = 1;
  test::ErrorOf(&one) = {std::nan(""), std::nan("")};
  auto rows = CheckRows(one, test::UnifiedParts());
  EXPECT_EQ(ValueOf(rows, "Monte-Carlo error"), "unknown");
  EXPECT_EQ(ValueOf(rows, "Within own error"), "absent") << "none is known, which is not 0";
  EXPECT_EQ(ValueOf(rows, "Least \xce\x94"), "+4.0");
  for (const CheckRow& row : rows) EXPECT_EQ(row.value.find("not a number"), std::string::npos) << row.label;
  EXPECT_EQ(CheckHint(one, test::UnifiedParts(), false),
            "for episode 7 \xc2\xb7 2 masks, M = 1 \xc2\xb7 one rollout: no error known");
  EXPECT_EQ(CheckHint(one, test::UnifiedParts(), true), "for episode 7 \xc2\xb7 one rollout: no error known");
  one = Small();
  one.masks = one.evaluated = 1;
  for (auto* column : {&test::DeltaOf(&one), &test::ErrorOf(&one), &test::ReturnsOf(&one, test::Based()),
                       &test::ReturnsOf(&one, test::Free())})
    column->resize(1);
  EXPECT_EQ(ValueOf(CheckRows(one, test::UnifiedParts()), "Spread over masks"), "one mask")
      << "which has none, not one of 0";
  test::DeltaOf(&one) = {-INFINITY};
  for (auto* column :
       {&test::ErrorOf(&one), &test::ReturnsOf(&one, test::Based()), &test::ReturnsOf(&one, test::Free())})
    *column = {std::nan("")};
  for (const CheckRow& row : CheckRows(one, test::UnifiedParts()))
    EXPECT_EQ(row.value.find("not a number"), std::string::npos) << row.label;
}

TEST(CheckRows, CountMasksThatAreNotFinite) {
  eps::Decision d = Small();
  test::DeltaOf(&d)[0] = NAN;
  EXPECT_EQ(ValueOf(CheckRows(d, test::UnifiedParts()), "Not finite"), "1");
  EXPECT_EQ(ValueOf(CheckRows(d, test::UnifiedParts()), "Mean \xce\x94"), "+10.0");
}

TEST(CheckHint, StatesHowTheCheckWasMade) {
  EXPECT_EQ(CheckHint(Small(), test::UnifiedParts(), false),
            "for episode 7 \xc2\xb7 2 masks, M = 5 paired rollouts \xc2\xb7 whisker: 1 standard error");
  eps::Decision d = Small();
  d.episode = 0;
  d.checked = false;
  EXPECT_EQ(CheckHint(d, test::UnifiedParts(), false), "before learning")
      << "random episodes have no number of their own";
  d = Small();
  d.pairing = "none";
  d.masks = 50;
  EXPECT_EQ(CheckHint(d, test::UnifiedParts(), false),
            "for episode 7 \xc2\xb7 2 of 50 masks evaluated, M = 5 rollouts each \xc2\xb7 whisker: 1 standard error");
}

TEST(NothingChecked, SaysWhyAndWhatComesNext) {
  run::Snapshot nothing;
  EXPECT_EQ(NothingChecked(nothing, nullptr), "The run has not started yet.");
  SampleOptions options;
  options.episodes = 0;
  EXPECT_NE(NothingChecked(SampleSnapshot(options), nullptr).find("after 5 more random episodes"), std::string::npos);
  options.agent = "sac";
  EXPECT_EQ(NothingChecked(SampleSnapshot(options), nullptr), "This agent has no check: SAC acts in every episode.");
  eps::Decision random;
  random.reason = eps::Reason::kRandom;
  EXPECT_EQ(NothingChecked(SampleSnapshot(options), &random),
            "Random episodes come first, as experience to start from. This agent has no check: SAC acts in every "
            "episode.");
  options.agent = "mbrl";
  EXPECT_EQ(NothingChecked(SampleSnapshot(options), &random).find("both"), std::string::npos);
  EXPECT_NE(NothingChecked(SampleSnapshot(options), &random).find("model-based acts in every"), std::string::npos);
  options.agent = "unified";
  EXPECT_EQ(NothingChecked(SampleSnapshot(options), &random),
            "Random episodes come first: both learners need experience to start from.");
  eps::Decision skipped;
  skipped.reason = eps::Reason::kForced;
  EXPECT_EQ(NothingChecked(SampleSnapshot(options), &skipped), "No mask was evaluated for this episode.");
}

TEST(CheckText, CallsWhatTheModelBelievesByItsName) {
  const nets::PartList members = agent::PartsOf("unified-ensemble"), draws = agent::PartsOf("unified-bayes");
  eps::Decision d = Small();
  EXPECT_EQ(CheckRows(d, members)[0].label, "Members agreeing");
  EXPECT_EQ(CheckHint(d, draws, false).find("mask"), std::string::npos);
  d.masks = 5;
  EXPECT_NE(PartialNote(d, draws).find("evaluated draws"), std::string::npos);
  for (const nets::PartList* parts : {&members, &draws}) {
    EXPECT_EQ(eps::Sentence(d, *parts).find("mask"), std::string::npos) << eps::Sentence(d, *parts);
    for (const CheckRow& row : CheckRows(d, *parts)) EXPECT_EQ(row.label.find("mask"), std::string::npos) << row.label;
  }
  EXPECT_NE(eps::Sentence(d, test::UnifiedParts()).find("mask"), std::string::npos);
  EXPECT_EQ(members.NameOfBelief(6), "member 7");
  EXPECT_EQ(agent::PartsOf("backprop").NameOfBelief(0), "the model") << "one network believes in one thing";
  EXPECT_TRUE(agent::PartsOf("backprop").OneBelief());
  EXPECT_FALSE(agent::PartsOf("sac").OneBelief()) << "it has no model";
}

TEST(NothingChecked, SaysThatWhoHasNoPolicyCanNeitherBeImaginedNorChecked) {
  const nets::PartList parts = agent::PartsOf("alm");
  for (const nets::PartInfo& part : parts.all()) {
    ASSERT_FALSE(part.imaginable());
    SampleOptions options;
    options.agent = "alm";
    eps::Decision alone;
    alone.reason = eps::Reason::kAlone;
    alone.pick = eps::Pick::Of(part.id);
    EXPECT_EQ(NothingChecked(SampleSnapshot(options), &alone),
              "What this agent does follows from more than the state: it can neither be imagined nor checked.");
    // Who has one is told something else.
    options.agent = "sac";
    alone.pick = eps::Pick::Of("sac");
    EXPECT_EQ(NothingChecked(SampleSnapshot(options), &alone),
              "With a single learner there is nothing to compare, so this agent has no check.");
  }
}

TEST(NothingChecked, NamesThePhasesOfAnAgentWhosePartsActInTurn) {
  SampleOptions options;
  options.agent = "mb-mf";
  for (const char* acted : {"mpc", "clone", "ppo"}) {
    eps::Decision alone;
    alone.reason = eps::Reason::kAlone;
    alone.pick = eps::Pick::Of(acted);
    EXPECT_EQ(NothingChecked(SampleSnapshot(options), &alone),
              "Planning, imitation, fine-tuning: who acts goes by the phase of the run, so this agent has no check.");
  }
}

}  // namespace
}  // namespace equipoise::ui
