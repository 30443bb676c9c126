#include "ui/arrangement.h"

#include <gtest/gtest.h>

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

void ExpectSound(ImVec2 window, float scale, const PaneSizes& panes, bool effects = false) {
  const Arrangement a = Arrange(window, scale, panes, effects);
  auto areas = Cards(a);
  areas.emplace_back("top bar", a.top_bar);
  areas.emplace_back("phases", a.phase_row);
  areas.emplace_back("status", a.status);
  if (a.effects.h > 0) areas.emplace_back("effects", a.effects);
  for (size_t i = 0; i < areas.size(); ++i) {
    const auto& [name, p] = areas[i];
    EXPECT_GT(p.w, 0) << name;
    EXPECT_GT(p.h, 0) << name;
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
  EXPECT_GT(Arrange({1600, 1000}, 1, {}, true).effects.h, 0);
  EXPECT_EQ(Arrange({1600, 1000}, 1, {}, false).effects.h, 0);
  EXPECT_EQ(Arrange({1280, 800}, 1, {}, true).effects.h, 0);
}

TEST(FittingScale, NeverMakesTheInterfaceLargerThanTheWindowHolds) {
  EXPECT_FLOAT_EQ(FittingScale({1600, 1000}, 1), 1);
  EXPECT_FLOAT_EQ(FittingScale({1920, 1200}, 1.5f), 1.5f);
  // 1600 / 1100 = 1.4545 and 1000 / 700 = 1.43: rounded down in steps of 0.05.
  EXPECT_FLOAT_EQ(FittingScale({1600, 1000}, 1.5f), 1.4f);
  EXPECT_FLOAT_EQ(FittingScale({300, 200}, 1), 0.5f);
}

}  // namespace
}  // namespace equipoise::ui
