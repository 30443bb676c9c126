// Figures of several charts, read back from their SVG.
#include "ui/figure/chart_svg.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace equipoise::ui {
namespace {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};
// What the charts are cut off at, in their order.
std::vector<Box> Axes(const std::string& svg) {
  static const std::regex kClip(
      "<clipPath id=\"[^\"]*\"><rect x=\"([\\d.]+)\" y=\"([\\d.]+)\" width=\"([\\d.]+)\" height=\"([\\d.]+)\"/>");
  std::vector<Box> boxes;
  for (std::sregex_iterator it(svg.begin(), svg.end(), kClip), end; it != end; ++it)
    boxes.push_back({std::stod((*it)[1]), std::stod((*it)[2]), std::stod((*it)[3]), std::stod((*it)[4])});
  return boxes;
}
size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class FigureTest : public ::testing::Test {
 protected:
  FigureTest() { UseColors(MakePalette(true, false)); }
  FigureChart Chart(const std::string& title, double height) {
    FigureChart chart;
    chart.x = {0, 4};
    chart.y = {0, 10};
    chart.title = title;
    chart.height = height;
    chart.spec.lines.push_back({&x_, &y_, Colors().text});
    return chart;
  }
  const std::vector<double> x_ = {1, 2, 3}, y_ = {4, 6, 5};
};

TEST_F(FigureTest, StandsItsChartsBelowEachOtherOverAllOfItsWidth) {
  SvgOptions options;
  options.title = "cartpole";
  const std::string svg = FigureSvg({Chart("Return", 250), Chart("Fraction", 80)}, options);
  const std::vector<Box> axes = Axes(svg);
  ASSERT_EQ(axes.size(), 2u) << svg;
  EXPECT_EQ(axes[0].x, axes[1].x);
  EXPECT_EQ(axes[0].width, axes[1].width);
  EXPECT_NEAR(axes[0].height, 250, 8);
  EXPECT_NEAR(axes[1].height, 80, 8);
  EXPECT_GT(axes[1].y, axes[0].y + axes[0].height + 18) << "its labels have room";
  std::smatch size;
  ASSERT_TRUE(std::regex_search(svg, size, std::regex("viewBox=\"0 0 720 (\\d+)\"")));
  EXPECT_GT(std::stod(size[1]), axes[1].y + axes[1].height + 34) << "and the name of the axis";
  for (const char* text : {">cartpole<", ">Return<", ">Fraction<"}) EXPECT_EQ(Count(svg, text), 1u) << text;
}

TEST_F(FigureTest, ItsLegendStandsOnceAndPushesTheChartsDown) {
  const std::vector<Box> without = Axes(FigureSvg({Chart("", 100)}, {}));
  FigureChart chart = Chart("", 100);
  LegendEntry entry{LegendEntry::Sign::kDots, "SAC alone (3)", 0};
  entry.color = Colors().text;
  chart.spec.legend = {entry};
  const std::string svg = FigureSvg({chart, Chart("", 100)}, {});
  EXPECT_EQ(Count(svg, ">SAC alone (3)<"), 1u);
  EXPECT_GT(Axes(svg)[0].y, without[0].y);
}

TEST_F(FigureTest, ALineKeepsItsDashesAndSaysItsName) {
  FigureChart chart = Chart("", 100);
  EXPECT_EQ(Count(FigureSvg({chart}, {}), "stroke-dasharray"), 0u);
  chart.spec.lines[0].dashed = true;
  chart.spec.lines.push_back(Chart("", 100).spec.lines[0]);
  chart.spec.lines[1].dotted = true;
  chart.spec.lines[1].name = "SAC & others";
  const std::string svg = FigureSvg({chart}, {});
  EXPECT_EQ(Count(svg, "stroke-dasharray=\"6 4\""), 1u);
  EXPECT_EQ(Count(svg, "stroke-dasharray=\"2 3\""), 1u);
  EXPECT_EQ(Count(svg, "<title>SAC &amp; others</title>"), 1u);
}

TEST_F(FigureTest, PhasesAreARibbonAlongItsUpperEdge) {
  FigureChart chart = Chart("Return", 250);
  chart.spec.phases = {{-5, 1, {1}, "planning"}, {1, 2, {0}, "imitation"}, {9, 12, {2}, "fine-tuning"}};
  const std::string svg = FigureSvg({chart}, {});
  EXPECT_EQ(Count(svg, "class=\"phase\""), 2u) << "the third is not in view";
  const std::vector<Box> axes = Axes(svg);
  ASSERT_EQ(axes.size(), 1u);
  static const std::regex kRibbon("<title>(\\w+)</title><line x1=\"([\\d.]+)\" y1=\"([\\d.]+)\" x2=\"([\\d.]+)\"");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(svg, found, kRibbon));
  EXPECT_EQ(found[1], "planning");
  EXPECT_NEAR(std::stod(found[2]), axes[0].x, 0.1) << "what lies left of the axes is cut off";
  EXPECT_NEAR(std::stod(found[4]), axes[0].x + axes[0].width / 4, 0.1);
  EXPECT_NEAR(std::stod(found[3]), axes[0].y + 4.5, 0.1);
}

TEST_F(FigureTest, AChartAloneIsAsLargeAsWasAskedFor) {
  SvgOptions options;
  options.width = 600;
  options.height = 300;
  const FigureChart chart = Chart("", 0);
  EXPECT_NE(ChartSvg(chart.spec, chart.x, chart.y, options).find("viewBox=\"0 0 600 300\""), std::string::npos);
}

}  // namespace
}  // namespace equipoise::ui
