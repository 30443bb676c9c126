#include "ui/plot/line_chart.h"

#include <chrono>
#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/ui/headless_imgui.h"
#include "ui/plot/legend.h"

namespace equipoise::ui {
namespace {

// A chart of 700 x 300 at (0, 0) over x in [0, 100], y in [-1, 1], with what its last frame returned.
struct ChartOnScreen {
  HeadlessImGui screen;
  std::vector<double> x, y;
  AxisView view_x, view_y;
  ChartSpec spec;
  ChartResult result;
  int clicks = 0;
  double clicked_x = 0;

  ChartOnScreen() {
    for (int i = 0; i <= 100; ++i) {
      x.push_back(i);
      y.push_back(std::sin(0.1 * i));
    }
    spec.x_fit = {0, 100, true};
    spec.y_fit = {-1, 1, true};
  }
  std::function<void()> Draw() {
    return [this] {
      spec.lines = {{&x, &y, ~0u}};
      ImGui::SetCursorScreenPos({0, 0});
      result = DrawLineChart("chart", {700, 300}, spec, &view_x, &view_y);
      clicks += result.clicked;
      if (result.clicked) clicked_x = result.x;
    };
  }
  ImVec2 At(double data_x, double data_y) const {
    return {result.x_axis.ToPixel(data_x), result.y_axis.ToPixel(data_y)};
  }
  void Move(ImVec2 to) {
    screen.mouse = to;
    screen.Frame(Draw());
    screen.Frame(Draw());
  }
};

TEST(LineChart, ReadsWhatLiesUnderTheMouse) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  EXPECT_FALSE(chart.result.hovered);
  chart.Move(chart.At(40, 0.5));
  EXPECT_TRUE(chart.result.hovered);
  EXPECT_NEAR(chart.result.x, 40, 0.16);  // a pixel is 0.15
  EXPECT_NEAR(chart.result.y, 0.5, 0.01);
  chart.Move({5, 100});  // on the labels
  EXPECT_FALSE(chart.result.hovered);
}

TEST(LineChart, TellsAClickFromADrag) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  chart.screen.Click(chart.At(25, 0), chart.Draw());
  EXPECT_EQ(chart.clicks, 1);
  EXPECT_NEAR(chart.clicked_x, 25, 0.2);
  chart.screen.Drag(&chart.screen.left, chart.At(60, 0), chart.At(40, 0), chart.Draw());
  EXPECT_EQ(chart.clicks, 1);
}

TEST(LineChart, PansWithTheMouseAndKeepsTheDataUnderIt) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  const ImVec2 from = chart.At(60, 0), to = chart.At(40, 0);
  chart.screen.Drag(&chart.screen.left, from, to, chart.Draw());
  EXPECT_FALSE(chart.view_x.fit);
  EXPECT_NEAR(chart.result.x_axis.ToPixel(60), to.x, 1.5);
  EXPECT_NEAR(chart.view_x.hi - chart.view_x.lo, 100, 1e-6);
}

TEST(LineChart, ZoomsAtTheCursorAndFitsAgainByADoubleClick) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  const ImVec2 cursor = chart.At(30, 0.25);
  chart.Move(cursor);
  chart.screen.wheel = 1;
  chart.screen.Frame(chart.Draw());
  EXPECT_LT(chart.view_x.hi - chart.view_x.lo, 100);
  EXPECT_TRUE(chart.view_y.fit) << "y follows what is in view";
  EXPECT_NEAR(chart.result.x_axis.ToPixel(30), cursor.x, 1);
  chart.screen.control = true;
  chart.screen.wheel = 1;
  chart.screen.Frame(chart.Draw());
  chart.screen.control = false;
  EXPECT_LT(chart.view_y.hi - chart.view_y.lo, 2);
  EXPECT_NEAR(chart.result.x_axis.ToPixel(30), cursor.x, 1);
  EXPECT_NEAR(chart.result.y_axis.ToPixel(0.25), cursor.y, 1);

  bool fitted = false;
  const auto draw = chart.Draw();
  const std::function<void()> watched = [&] {
    draw();
    fitted = fitted || chart.result.fitted;
  };
  for (bool down : {false, true, false, true, false}) {
    chart.screen.left = down;
    chart.screen.Frame(watched);
  }
  chart.screen.Frame(watched);
  EXPECT_TRUE(fitted);
  EXPECT_TRUE(chart.view_x.fit);
  EXPECT_TRUE(chart.view_y.fit);
  EXPECT_DOUBLE_EQ(chart.view_x.lo, 0);
  EXPECT_DOUBLE_EQ(chart.view_x.hi, 100);
}

TEST(LineChart, ZoomsToABoxDrawnWithTheRightButton) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  chart.screen.Drag(&chart.screen.right, chart.At(80, 0.5), chart.At(20, -0.5), chart.Draw());
  EXPECT_NEAR(chart.view_x.lo, 20, 0.2);
  EXPECT_NEAR(chart.view_x.hi, 80, 0.2);
  EXPECT_NEAR(chart.view_y.lo, -0.5, 0.02);
  EXPECT_NEAR(chart.view_y.hi, 0.5, 0.02);
  EXPECT_EQ(chart.clicks, 0);
}

TEST(LineChart, KeepsAFixedAxisWhateverTheMouseDoes) {
  ChartOnScreen chart;
  chart.spec.y_fixed = true;
  chart.screen.Frame(chart.Draw());
  chart.Move(chart.At(30, 0.25));
  chart.screen.wheel = 3;
  chart.screen.Frame(chart.Draw());
  chart.screen.Drag(&chart.screen.right, chart.At(80, 0.5), chart.At(60, -0.5), chart.Draw());
  EXPECT_DOUBLE_EQ(chart.view_y.lo, -1);
  EXPECT_DOUBLE_EQ(chart.view_y.hi, 1);
  EXPECT_FALSE(chart.view_x.fit);
}

TEST(LineChart, FollowsGrowingDataUntilSomeoneZooms) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  chart.spec.x_fit.hi = 200;
  chart.screen.Frame(chart.Draw());
  EXPECT_DOUBLE_EQ(chart.view_x.hi, 200);
  chart.Move(chart.At(30, 0));
  chart.screen.wheel = 1;
  chart.screen.Frame(chart.Draw());
  const double zoomed = chart.view_x.hi;
  chart.spec.x_fit.hi = 400;
  chart.screen.Frame(chart.Draw());
  EXPECT_DOUBLE_EQ(chart.view_x.hi, zoomed);
}

TEST(LineChart, TellsWhatHappenedUnderTheMouse) {
  ChartOnScreen chart;
  const auto mark = [](double x, MarkKind kind, int number, const char* text) {
    EventMark m;
    m.x = x;
    m.kind = kind;
    m.number = number;
    m.text = text;
    return m;
  };
  const EventMarks flags(
      {mark(30, MarkKind::kIntervention, 1, "first"), mark(70, MarkKind::kIntervention, 2, "second")});
  const EventMarks ticks({mark(50, MarkKind::kForced, 0, "forced")});
  chart.spec.flags = &flags;
  chart.spec.ticks = &ticks;
  chart.spec.flag_heads = true;
  chart.screen.Frame(chart.Draw());
  chart.Move(chart.At(70, 0));
  EXPECT_EQ(chart.result.hovered_events, "2  second");
  chart.Move(chart.At(50, 0));
  EXPECT_EQ(chart.result.hovered_events, "");  // ticks answer on the axis
  chart.Move({chart.At(50, 0).x, chart.result.y_axis.from - 3});
  EXPECT_EQ(chart.result.hovered_events, "forced");
  chart.Move({chart.At(30, 0).x, chart.result.y_axis.to - 10});  // its head stands above the axes
  EXPECT_EQ(chart.result.hovered_events, "1  first");
}

TEST(LineChart, NamesThePhaseWhoseRibbonIsUnderTheMouse) {
  ChartOnScreen chart;
  chart.spec.phases = {{0, 60, {1}, "planning"}, {60, 100, {0}, "imitation"}};
  chart.screen.Frame(chart.Draw());
  const auto along = [&](double x) { return ImVec2{chart.At(x, 0).x, chart.result.y_axis.to + 2}; };
  chart.Move(along(59));
  EXPECT_EQ(chart.result.hovered_events, "Planning.");
  chart.Move(along(61));
  EXPECT_EQ(chart.result.hovered_events, "Imitation.");
  chart.Move(chart.At(61, 0));
  EXPECT_EQ(chart.result.hovered_events, "") << "below the ribbon it is a chart";
}

TEST(LineChart, DrawsNoMoreForManyPointsThanPixelsCanShow) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  chart.x.clear();
  chart.y.clear();
  for (int i = 0; i < 200000; ++i) {
    chart.x.push_back(i);
    chart.y.push_back(std::sin(0.7 * i));
  }
  chart.spec.x_fit = {0, 200000, true};
  chart.screen.Frame(chart.Draw());
  EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 2000);
  EXPECT_LT(ImGui::GetDrawData()->TotalVtxCount, 40000);
}

TEST(LineChart, DrawsAMillionPointsByTheirPyramid) {
  ChartOnScreen chart;
  chart.screen.Frame(chart.Draw());
  const size_t n = 1000000;
  chart.x.resize(n);
  chart.y.resize(n);
  std::vector<Actor> actor(n, Actor{1});
  for (size_t i = 0; i < n; ++i) {
    chart.x[i] = static_cast<double>(i);
    chart.y[i] = std::sin(0.7 * static_cast<double>(i));
  }
  MinMaxPyramid levels;
  levels.Extend(chart.y);
  chart.spec.x_fit = {0, static_cast<double>(n), true};
  ChartMarks marks;
  marks.x = &chart.x;
  marks.y = &chart.y;
  marks.actor = &actor;
  marks.strokes = {{&chart.x, &chart.y, &levels, ~0u}};
  ChartLine line{&chart.x, &chart.y, ~0u};
  line.levels = &levels;
  const auto draw = [&] {
    chart.spec.lines = {line};
    chart.spec.marks = {marks};
    chart.spec.bands = {{&chart.x, &chart.y, &chart.y, ~0u, &levels, &levels}};
    ImGui::SetCursorScreenPos({0, 0});
    chart.result = DrawLineChart("chart", {700, 300}, chart.spec, &chart.view_x, &chart.view_y);
  };
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) chart.screen.Frame(draw);
  const std::chrono::duration<double, std::milli> all = std::chrono::steady_clock::now() - start;
  RecordProperty("milliseconds_per_frame", std::to_string(all.count() / 20));
  std::printf("a million points: %.2f ms a frame\n", all.count() / 20);
  EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 2000);
  EXPECT_LT(ImGui::GetDrawData()->TotalVtxCount, 40000);
}

TEST(LineChart, LivesWithNothingOnePointAndValuesThatAreNone) {
  ChartOnScreen chart;
  std::vector<Actor> actor(101, Actor{0, true});
  chart.spec.marks = {{&chart.x, &chart.y, &actor, {}}};
  chart.spec.bands = {{&chart.x, &chart.y, &chart.y, ~0u}};
  for (double value : {std::nan(""), double(INFINITY), -double(INFINITY), 1e300, -1e300}) {
    for (double& v : chart.y) v = value;
    chart.screen.Frame(chart.Draw());
    for (size_t i = 0; i < chart.y.size(); i += 2) chart.y[i] = 0;
    chart.screen.Frame(chart.Draw());
  }
  for (size_t n : {1, 0}) {
    chart.x.resize(n);
    chart.y.assign(n, 0);
    actor.resize(n);
    chart.screen.Frame(chart.Draw());
  }
  chart.spec.nothing = "No episode yet.";
  chart.screen.Frame(chart.Draw());
  EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 0);
}

TEST(LineChart, IsSkippedWhereItHasNoRoom) {
  ChartOnScreen chart;
  const auto drawn = [&chart](const std::function<void()>& draw) {
    chart.screen.Frame(draw);
    return ImGui::GetDrawData()->TotalVtxCount;
  };
  const int empty = drawn([] {});
  EXPECT_GT(drawn(chart.Draw()), empty) << "where it has room, it is there";
  for (ImVec2 size : {ImVec2(10, 300), ImVec2(300, 5), ImVec2(61, 30)}) {
    const auto draw = [&] {
      const ChartResult result = DrawLineChart("chart", size, chart.spec, &chart.view_x, &chart.view_y);
      EXPECT_FALSE(result.hovered);
      EXPECT_EQ(ImGui::GetItemRectSize().x, size.x) << "what comes next stays where it belongs";
      EXPECT_EQ(ImGui::GetItemRectSize().y, size.y);
    };
    EXPECT_EQ(drawn(draw), empty) << size.x << " x " << size.y;
  }
}

TEST(Legend, HidesAndShowsByClicks) {
  HeadlessImGui screen;
  uint32_t hidden = 0;
  const std::vector<LegendEntry> entries = {{LegendEntry::Sign::kLine, "first", 3, Actor{}, ~0u},
                                            {LegendEntry::Sign::kActor, "second", 5, Actor{0, true}}};
  const std::function<void()> draw = [&] { DrawLegend("legend", {400, 50}, 0, entries, &hidden); };
  screen.Click({390, 55}, draw);  // the last entry ends at the right
  EXPECT_FALSE(Shown(hidden, 5));
  EXPECT_TRUE(Shown(hidden, 3));
  screen.Click({390, 55}, draw);
  EXPECT_EQ(hidden, 0u);
  screen.Click({300, 300}, draw);
  EXPECT_EQ(hidden, 0u);
}

}  // namespace
}  // namespace equipoise::ui
