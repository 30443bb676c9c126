#include "ui/panels/check/what_if_panel.h"

#include <gtest/gtest.h>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/headless_imgui.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/check/check_panel.h"

namespace equipoise::ui {
namespace {

using Kind = eps::WhatIfRule::Kind;

TEST(WhatIfPanel, ReadsTheNumberThatWasTypedWithinWhatTheRuleAllows) {
  EXPECT_EQ(ValueFromText(Kind::kLeast, "-2.5"), -2.5);
  EXPECT_EQ(ValueFromText(Kind::kLeast,
                          "\xe2\x88\x92"
                          "3"),
            -3);
  EXPECT_EQ(ValueFromText(Kind::kFewerMasks, "12.7"), 12);
  EXPECT_EQ(ValueFromText(Kind::kFewerMasks, "0"), 1);
  EXPECT_EQ(ValueFromText(Kind::kShare, "90"), 0.9);
  EXPECT_EQ(ValueFromText(Kind::kShare, "400"), 1);
  EXPECT_GT(*ValueFromText(Kind::kSoftLeast, "0"), 0);
  EXPECT_EQ(ValueFromText(Kind::kMean, "many"), std::nullopt);
  EXPECT_EQ(ValueFromText(Kind::kMean, "inf"), std::nullopt);
  EXPECT_EQ(ValueText({Kind::kShare, 0.9}), "90");
}

TEST(WhatIfPanel, SaysWhatBecomesOfTheDecision) {
  eps::Decision d;
  d.checked = true;
  d.masks = d.evaluated = 3;
  d.rollouts = 5;
  test::DeltaOf(&d) = {-1, 4, 6};
  test::ErrorOf(&d) = {1, 1, 1};
  EXPECT_EQ(Answer(d, {Kind::kMean, 0}), "not proved \xe2\x86\x92 proved");
  EXPECT_EQ(Answer(d, {Kind::kLeast, 1}), "not proved \xe2\x86\x92 not proved");
  EXPECT_NE(Answer(d, {Kind::kRollouts, 50}).find("chance of"), std::string::npos);
  d.masks = 50;
  EXPECT_EQ(Answer(d, {Kind::kMean, 0}), "cannot be told: the check stopped after 3 of 50");
}

TEST(WhatIfPanel, CountsPastPicksAndNamesThoseThatWouldDiffer) {
  const run::Snapshot snapshot = SampleSnapshot();
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  UiState state;
  PanelContext context{snapshot, post, state};
  const eps::WhatIfRule mean{Kind::kMean, 0};
  const WhatIfHistory& history = Counted(context, mean);
  int differ = 0, free_picks = 0;
  for (const auto& record : *snapshot.episodes) {
    const eps::SummarisedDecision& d = record->decision;
    if (!d.checked || d.reason == eps::Reason::kForced) continue;
    ++free_picks;
    const bool other = (eps::Summarise(d).mean > 0) != d.proved;
    differ += other;
    EXPECT_EQ(std::binary_search(history.differing.begin(), history.differing.end(), d.episode), other) << d.episode;
  }
  EXPECT_GT(differ, 2);
  EXPECT_EQ(history.count.decisions, free_picks);
  EXPECT_EQ(history.count.differ, differ);
  // The rule in force changes nothing.
  EXPECT_TRUE(Counted(context, {Kind::kLeast, 0}).differing.empty());
}

TEST(WhatIfPanel, IsDrawnForEveryRuleInEverySituation) {
  HeadlessImGui screen({1000, 700});
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  for (int episodes : {0, 1, 213}) {
    SampleOptions options;
    options.episodes = episodes;
    options.evaluated = episodes == 213 ? 14 : 50;
    options.outlier = episodes == 1;
    const run::Snapshot snapshot = SampleSnapshot(options);
    for (int kind = 0; kind < 6; ++kind) {
      UiState state;
      WhatIfChoice& choice = state.memory.OfWindow<WhatIfChoice>();
      choice.on = true;
      choice.kind = kind;
      state.window.compact = kind % 2 == 0;
      PanelContext context{snapshot, post, state};
      screen.Frame([&] {
        ImGui::SetCursorScreenPos({0, 0});
        DrawCheckPanel(context, {700, 262});
      });
      EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 100);
    }
  }
}

TEST(CheckPanel, SaysWhoseDecisionIsShown) {
  const run::Snapshot snapshot = SampleSnapshot();
  UiState state;
  EXPECT_EQ(SelectionTitle(snapshot, state.selection.episode), "");
  state.selection.episode = 143;
  EXPECT_EQ(SelectionTitle(snapshot, state.selection.episode), "episode 143, as logged");
  state.selection.episode = -2;
  EXPECT_EQ(SelectionTitle(snapshot, state.selection.episode), "random episode, as logged");
  state.selection.episode = 4711;
  EXPECT_NE(SelectionTitle(snapshot, state.selection.episode).find("has not been acted"), std::string::npos);
}

TEST(CheckPanel, SaysWhichCellsOfTheStripAreInView) {
  EXPECT_EQ(StripWords(0, 49, 50), "");
  EXPECT_EQ(StripWords(0, 0, 0), "");
  EXPECT_EQ(StripWords(9, 96, 213), "88 of 213, wheel: later");
  EXPECT_EQ(StripWords(125, 212, 213), "last 88 of 213, wheel: earlier");
  EXPECT_EQ(StripWords(0, 87, 213), "first 88 of 213, wheel: later");
}

}  // namespace
}  // namespace equipoise::ui
