// The arrangement follows what the run has: what an agent has no model or no check for gives its room away.
#include "ui/workspace/run_arrangement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "engine/agent/recipes.h"

namespace equipoise::ui {
namespace {

run::Snapshot Of(const std::string& agent) {
  config::Settings settings;
  settings.run.agent = agent;
  auto info = std::make_shared<run::RunInfo>();
  info->parts = agent::PartsOf(settings);
  run::Snapshot snapshot;
  snapshot.settings = std::make_shared<const config::Settings>(settings);
  snapshot.info = info;
  return snapshot;
}

TEST(ArrangeForRun, GivesTheRoomOfAModelAndOfACheckThatThereIsNotToCurvesAndScene) {
  for (const ImVec2 window : {ImVec2(1280, 800), ImVec2(1600, 1000), ImVec2(1920, 1200)}) {
    for (const bool effects : {false, true}) {
      const Wishes wishes{effects};
      const Arrangement all = ArrangeForRun(Of("unified"), window, 1, {}, wishes);
      EXPECT_GT(all.model.h, 0);
      EXPECT_GT(all.check.h, 200);
      const Arrangement few = ArrangeForRun(Of("sac"), window, 1, {}, wishes);
      EXPECT_EQ(few.model.h, 0);
      EXPECT_EQ(few.curves.y + few.curves.h + 8, few.log.y) << "no hole";
      EXPECT_LT(few.check.h, all.check.h - 60);
      EXPECT_GT(few.scene.h, all.scene.h + 60);
      EXPECT_EQ(few.check.y + few.check.h, all.check.y + all.check.h);
      const float above = few.effects.h > 0 ? few.effects.y + few.effects.h : few.scene.y + few.scene.h;
      EXPECT_EQ(above + 8, few.check.y);
    }
  }
}

TEST(ArrangeForRun, HasNoTabForAModelThatThereIsNot) {
  const auto tabs_of = [](const std::string& agent) {
    const Arrangement a = ArrangeForRun(Of(agent), {1280, 800}, 2, {}, {});
    return a.tabs.at(0).pages;
  };
  const auto has = [](const std::vector<Page>& pages) {
    return std::find(pages.begin(), pages.end(), Page::kModel) != pages.end();
  };
  EXPECT_TRUE(has(tabs_of("unified")));
  EXPECT_FALSE(has(tabs_of("sac")));
}

TEST(ArrangeForRun, ALargeCardTakesThePlaceOfTheOthers) {
  Wishes wishes;
  const Arrangement usual = ArrangeForRun(Of("unified"), {1280, 800}, 1, {}, wishes);
  for (const Page page : {Page::kScene, Page::kCheck, Page::kCurves, Page::kModel, Page::kLog}) {
    wishes.large = page;
    const Arrangement a = ArrangeForRun(Of("unified"), {1280, 800}, 1, {}, wishes);
    int seen = 0;
    for (const Area* area : {&a.scene, &a.check, &a.curves, &a.model, &a.log}) {
      if (area->h <= 0) continue;
      ++seen;
      EXPECT_EQ(area->x, usual.scene.x);
      EXPECT_EQ(area->x + area->w, usual.curves.x + usual.curves.w);
      EXPECT_GT(area->h, usual.scene.h + 200);
    }
    EXPECT_EQ(seen, 1) << Name(page);
    EXPECT_EQ(a.run.h, usual.run.h) << "what can be changed stays";
  }
}

TEST(Arrange, SeveralRunsHaveTabsAndAnAudienceHasOneCard) {
  Wishes wishes;
  wishes.run_tabs = true;
  const Arrangement a = Arrange({1280, 800}, 1, {}, wishes);
  EXPECT_EQ(a.run_tabs.h, kRunTabsHeight);
  EXPECT_EQ(a.top_bar.y, kRunTabsHeight);
  EXPECT_TRUE(a.tabs.empty());
  wishes = {};
  wishes.presents = true;
  for (const ImVec2 window : {ImVec2(1280, 800), ImVec2(1920, 1200)}) {
    const Arrangement one = Arrange(window, 2, {}, wishes);
    EXPECT_TRUE(one.single_pane());
    EXPECT_GT(one.scene.h, 0.6f * window.y) << "what is shown has most of the screen";
  }
}

}  // namespace
}  // namespace equipoise::ui
