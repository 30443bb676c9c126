#include "ui/plot/swarm_chart.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/eps/two_policies.h"
#include "tests/ui/headless_imgui.h"
#include "ui/figure/axis.h"
#include "ui/figure/beeswarm.h"

namespace equipoise::ui {
namespace {

eps::Decision TwoMasks(double first, double second) {
  eps::Decision d;
  d.checked = true;
  d.masks = d.evaluated = 2;
  test::DeltaOf(&d) = {first, second};
  test::ErrorOf(&d) = {1, 1};
  test::ReturnsOf(&d, test::Based()) = {300 + first, 300 + second};
  test::ReturnsOf(&d, test::Free()) = {300, 300};
  return d;
}

// Sweeps the mouse down the column of a delta until a dot is hit; where the dots lie follows from the axis alone.
std::optional<int> HitAt(HeadlessImGui* screen, SwarmMemory* memory, const eps::Decision& decision, double delta,
                         bool click) {
  const ImVec2 size{600, 200};
  const SwarmAxis axis = FitSwarmAxis(decision.delta(), decision.standard_error());
  const float share = static_cast<float>((delta - axis.lo) / (axis.hi - axis.lo));
  const float x = Px(2) + share * (size.x - Px(6) - Px(2));
  SwarmChartResult result;
  std::optional<int> clicked;
  const std::function<void()> draw = [&] {
    ImGui::SetCursorScreenPos({0, 0});
    result = DrawSwarmChart("swarm", size, decision, test::UnifiedParts(), memory, std::nullopt);
    if (result.clicked) clicked = result.clicked;
  };
  for (float y = 20; y < 180; y += 2) {
    screen->mouse = {x, y};
    screen->Frame(draw);
    screen->Frame(draw);
    if (!result.hovered) continue;
    if (!click) return result.hovered;
    screen->Click({x, y}, draw);
    return clicked;
  }
  return std::nullopt;
}

TEST(SwarmChart, FindsTheMaskUnderTheMouse) {
  HeadlessImGui screen;
  SwarmMemory memory;
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(-10, 10), 10, false), 1);
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(-10, 10), -10, false), 0);
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(-10, 10), 0, false), std::nullopt);
}

TEST(SwarmChart, ReturnsTheMaskThatWasClicked) {
  HeadlessImGui screen;
  SwarmMemory memory;
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(-10, 10), 10, true), 1);
}

TEST(SwarmChart, DrawsAnotherDecisionAfterOneOfTheSameSize) {
  HeadlessImGui screen;
  SwarmMemory memory;
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(-10, 10), 10, false), 1);
  EXPECT_EQ(HitAt(&screen, &memory, TwoMasks(10, -10), 10, false), 0);
}

// Of the newest frame; -1: one of them lies nowhere.
int DrawnVertices() {
  const ImDrawData* data = ImGui::GetDrawData();
  for (int i = 0; i < data->CmdListsCount; ++i)
    for (const ImDrawVert& vertex : data->CmdLists[i]->VtxBuffer)
      if (!std::isfinite(vertex.pos.x) || !std::isfinite(vertex.pos.y)) return -1;
  return data->TotalVtxCount;
}

TEST(SwarmChart, DrawsEveryKindOfDecisionWhereItHasRoom) {
  HeadlessImGui screen;
  SwarmMemory memory;
  screen.Frame([] {});
  const int empty = DrawnVertices();
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  std::vector<double> outliers(40, 5.0), many(3000);
  for (size_t i = 0; i < outliers.size(); ++i) outliers[i] += 0.1 * static_cast<double>(i);
  for (size_t i = 0; i < 6; ++i) outliers[i * 5] = i % 2 == 0 ? 1e9 : -1e9;
  for (size_t i = 0; i < many.size(); ++i) many[i] = std::sin(static_cast<double>(i));
  for (const std::vector<double>& delta :
       {std::vector<double>{}, std::vector<double>{0}, std::vector<double>{nan, inf, -inf},
        std::vector<double>{nan, 3, 4}, std::vector<double>(500, 0.0), outliers, many}) {
    for (bool errors : {false, true}) {
      eps::Decision d;
      d.checked = true;
      test::DeltaOf(&d) = delta;
      d.masks = d.evaluated = static_cast<int>(delta.size());
      if (errors) test::ErrorOf(&d).assign(delta.size(), delta.size() % 2 ? nan : 2.0);
      for (ImVec2 size : {ImVec2(600, 200), ImVec2(200, 60), ImVec2(30, 10)}) {
        screen.Frame([&] { DrawSwarmChart("swarm", size, d, test::UnifiedParts(), &memory, 1); });
        const bool has_room = size.x > 30;
        EXPECT_GE(DrawnVertices(), has_room ? empty + 1 : empty) << delta.size() << " masks, " << size.x << " wide";
        EXPECT_TRUE(has_room || DrawnVertices() == empty);
      }
    }
  }
}

}  // namespace
}  // namespace equipoise::ui
