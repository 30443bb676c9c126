#include "ui/view/arrangement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace equipoise::ui {
namespace {

std::vector<std::pair<std::string, Area>> Cards(const Arrangement& a) {
  return {{"run", a.run},
          {"settings", a.settings},
          {"experiments", a.experiments},
          {"scene", a.scene},
          {"check", a.check},
          {"curves", a.curves},
          {"model", a.model},
          {"log", a.log}};
}

// Everything that is seen at one time, tabs included.
std::vector<std::pair<std::string, Area>> Seen(const Arrangement& a) {
  auto areas = Cards(a);
  areas.emplace_back("top bar", a.top_bar);
  areas.emplace_back("phases", a.phase_row);
  areas.emplace_back("status", a.status);
  areas.emplace_back("effects", a.effects);
  for (const Tabs& tabs : a.tabs) areas.emplace_back("tabs", tabs.area);
  areas.erase(std::remove_if(areas.begin(), areas.end(), [](const auto& area) { return area.second.h <= 0; }),
              areas.end());
  return areas;
}

void ExpectApart(const Arrangement& a, ImVec2 window, float scale) {
  const auto areas = Seen(a);
  for (size_t i = 0; i < areas.size(); ++i) {
    const auto& [name, p] = areas[i];
    EXPECT_GT(p.w, 0) << name;
    EXPECT_GE(p.x, 0) << name;
    EXPECT_LE(p.x + p.w, window.x + 0.01f) << name << " at " << window.x << "x" << window.y << " scale " << scale;
    EXPECT_LE(p.y + p.h, window.y + 0.01f) << name << " at " << window.x << "x" << window.y << " scale " << scale;
    for (size_t k = i + 1; k < areas.size(); ++k) {
      const auto& [other, q] = areas[k];
      const bool apart = p.x + p.w <= q.x || q.x + q.w <= p.x || p.y + p.h <= q.y || q.y + q.h <= p.y;
      EXPECT_TRUE(apart) << name << " overlaps " << other << " at " << window.x << "x" << window.y << " scale "
                         << scale;
    }
  }
}

// Three columns: every card at once.
void ExpectSound(ImVec2 window, float scale, const PaneSizes& panes, bool effects = false) {
  const Arrangement a = Arrange(window, scale, panes, {effects});
  EXPECT_TRUE(a.tabs.empty());
  for (const auto& [name, area] : Cards(a)) EXPECT_GT(area.h, 0) << name;
  ExpectApart(a, window, scale);
}

TEST(Arrangement, KeepsEveryCardInsideAndApartAtAllSizes) {
  for (float scale : {1.0f, 1.25f, 1.5f, 2.0f}) {
    for (ImVec2 size :
         {ImVec2(1100, 700), ImVec2(1280, 800), ImVec2(1399, 899), ImVec2(1600, 1000), ImVec2(2560, 1440)}) {
      ExpectSound({size.x * scale, size.y * scale}, scale, {});
      ExpectSound({size.x * scale, size.y * scale}, scale, {}, true);
    }
  }
}

TEST(Arrangement, SurvivesPaneSizesFromALargerScreen) {
  PaneSizes huge;
  huge.left = huge.right = huge.check = huge.log = huge.model = huge.settings = 5000;
  PaneSizes tiny;
  tiny.left = tiny.right = tiny.check = tiny.log = tiny.model = tiny.settings = 1;
  for (const PaneSizes& panes : {huge, tiny}) {
    ExpectSound({1100, 700}, 1, panes);
    ExpectSound({1600, 1000}, 1, panes);
    ExpectSound({1600, 1000}, 1, panes, true);
    ExpectSound({1920, 1200}, 1.5f, panes);
  }
}

TEST(Arrangement, GivesADraggedPaneTheSizeThatWasChosen) {
  PaneSizes panes;
  panes.left = 330;
  panes.check = 300;
  const Arrangement a = Arrange({1600, 1000}, 1, panes);
  EXPECT_EQ(a.run.w, 330);
  EXPECT_EQ(a.check.h, 300);
}

TEST(Arrangement, GivesRoomToBeforeAndAfterOnlyWhereThereIsEnough) {
  EXPECT_GT(Arrange({1600, 1000}, 1, {}, {true}).effects.h, 0);
  EXPECT_EQ(Arrange({1600, 1000}, 1, {}, {false}).effects.h, 0);
  EXPECT_EQ(Arrange({1280, 800}, 1, {}, {true}).effects.h, 0);
}

TEST(Arrangement, WhatHasNoRoomIsBehindATab) {
  struct Case {
    ImVec2 window;
    float scale;
    size_t panes;
  };
  for (const Case& c : {Case{{1280, 800}, 2, 1},
                        {{1600, 1000}, 2, 1},
                        {{1920, 1200}, 2, 2},
                        {{1280, 800}, 1.5f, 2},
                        {{1280, 800}, 1.25f, 2},
                        {{1100, 700}, 2, 1},
                        {{640, 480}, 1, 1},
                        {{2560, 600}, 1, 2},
                        {{600, 1400}, 1, 1}}) {
    std::set<std::string> reached;
    for (int first = 0; first < static_cast<int>(Page::kCount); ++first) {
      for (int second = 0; second < static_cast<int>(Page::kCount); ++second) {
        const PageChoice choice{static_cast<Page>(first), static_cast<Page>(second)};
        const Arrangement a = Arrange(c.window, c.scale, {}, {true, choice});
        ASSERT_FALSE(a.tabs.empty());
        ExpectApart(a, c.window, c.scale);
        for (const Tabs& tabs : a.tabs) {
          EXPECT_NE(std::find(tabs.pages.begin(), tabs.pages.end(), tabs.shown), tabs.pages.end());
          const Page wanted = tabs.second ? choice.second : choice.first;
          const bool known = std::find(tabs.pages.begin(), tabs.pages.end(), wanted) != tabs.pages.end();
          EXPECT_TRUE(!known || tabs.shown == wanted) << "a tab that is there and chosen is shown";
        }
        const bool one = a.tabs.size() == 1 && !a.tabs[0].second;
        EXPECT_EQ(one ? 1u : 2u, c.panes) << c.window.x << "x" << c.window.y << " scale " << c.scale;
        for (const auto& [name, area] : Seen(a)) {
          reached.insert(name);
          const bool card = name != "tabs" && name != "status" && name != "phases";
          EXPECT_GE(area.h, card ? 46 * c.scale : 1) << name << " at " << c.window.x << "x" << c.window.y;
        }
      }
    }
    for (const auto& [name, area] : Cards({})) EXPECT_EQ(reached.count(name), 1u) << name << " cannot be reached";
    EXPECT_EQ(reached.count("phases"), 1u);
  }
}

TEST(Arrangement, PlacesStayWhereTheyAreWhenAnotherTabIsChosen) {
  for (const float scale : {2.0f, 1.5f}) {
    const Arrangement before = Arrange({1280, 800}, scale, {}, {false, {Page::kScene, Page::kCurves}});
    const Arrangement after = Arrange({1280, 800}, scale, {}, {false, {Page::kCheck, Page::kLog}});
    ASSERT_EQ(before.tabs.size(), after.tabs.size());
    for (size_t i = 0; i < before.tabs.size(); ++i) {
      EXPECT_EQ(before.tabs[i].area.x, after.tabs[i].area.x);
      EXPECT_EQ(before.tabs[i].area.y, after.tabs[i].area.y);
      EXPECT_EQ(before.tabs[i].pages, after.tabs[i].pages);
    }
  }
}

TEST(FittingScale, GivesEveryZoomThatTabsCanHold) {
  for (const ImVec2 window : {ImVec2(1280, 800), ImVec2(1600, 1000), ImVec2(1920, 1200), ImVec2(1100, 700)})
    for (const float zoom : {0.75f, 1.0f, 1.25f, 1.5f, 1.75f, 2.0f}) EXPECT_FLOAT_EQ(FittingScale(window, zoom), zoom);
  EXPECT_FLOAT_EQ(FittingScale({825, 525}, 2), 1.5f);
}

TEST(FittingScale, NeverMakesTheInterfaceLargerThanTheWindowHolds) {
  EXPECT_FLOAT_EQ(FittingScale({1600, 1000}, 1), 1);
  EXPECT_FLOAT_EQ(FittingScale({1920, 1200}, 1.5f), 1.5f);
  // 1600 / 550 = 2.909 and 1000 / 350 = 2.857: rounded down in steps of 0.05.
  EXPECT_FLOAT_EQ(FittingScale({1600, 1000}, 4), 2.85f);
  EXPECT_FLOAT_EQ(FittingScale({260, 160}, 1), 0.5f);
}

TEST(WholeScale, LeavesNothingOfAPictureBehindATab) {
  // 1600 / 1100 = 1.4545 and 1000 / 700 = 1.43: rounded down in steps of 0.05.
  EXPECT_FLOAT_EQ(WholeScale({1600, 1000}, 1.5f), 1.4f);
  EXPECT_TRUE(Arrange({1600, 1000}, WholeScale({1600, 1000}, 2), {}).tabs.empty());
}

}  // namespace
}  // namespace equipoise::ui
