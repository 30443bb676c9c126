// A figure as a picture: what its values say is in the pixels, at any scale.
#include "ui/offscreen/figure_picture.h"

#include <gtest/gtest.h>

#include "ui/figure/palette.h"

namespace equipoise::ui {
namespace {

struct Lines {
  std::vector<double> x{0, 1, 2, 3}, y{0, 2, 1, 3}, lo{0, 1, 0, 2}, hi{1, 3, 2, 4};
  Rgba color = Rgb(0xB3256B);
  std::vector<FigureChart> Charts(bool with_data) const {
    FigureChart chart;
    chart.title = "cartpole";
    chart.x = {0, 3};
    chart.y = {0, 4};
    chart.height = 100;
    LegendEntry entry{LegendEntry::Sign::kDots, "an agent", 0};
    entry.color = Colors().text;
    chart.spec.legend = {entry};
    if (with_data) {
      chart.spec.bands.push_back({&x, &lo, &hi, WithAlpha(color, 0.2f)});
      chart.spec.lines.push_back({&x, &y, color, 3});
    }
    return {chart, chart};
  }
  int PixelsOf(const Picture& picture) const {
    int count = 0;
    for (size_t i = 0; i + 2 < picture.rgb.size(); i += 3)
      if (picture.rgb[i] == (color & 255u) && picture.rgb[i + 1] == ((color >> 8) & 255u) &&
          picture.rgb[i + 2] == ((color >> 16) & 255u))
        ++count;
    return count;
  }
};

TEST(FigurePicture, HoldsTheLinesOfEveryChart) {
  auto studio = FigureStudio::Open(/*light=*/true);
  if (!studio) GTEST_SKIP() << studio.error().message;
  UseColors(MakePalette(true, false));
  const Lines lines;
  SvgOptions options;
  options.width = 400;
  options.title = "Learning curves";
  const auto with = studio.value()->Take(lines.Charts(true), options, 1);
  const auto without = studio.value()->Take(lines.Charts(false), options, 1);
  const auto large = studio.value()->Take(lines.Charts(true), options, 2);
  ASSERT_TRUE(with.ok() && without.ok() && large.ok());
  EXPECT_EQ(with.value().width, 400);
  EXPECT_GT(with.value().height, 2 * 100);
  EXPECT_EQ(large.value().width, 800);
  EXPECT_NEAR(large.value().height, 2 * with.value().height, 20);
  EXPECT_EQ(lines.PixelsOf(without.value()), 0);
  const int seen = lines.PixelsOf(with.value());
  EXPECT_GT(seen, 2 * 350) << "two lines over nearly the whole width, three pixels wide";
  const auto one = studio.value()->Take({lines.Charts(true).front()}, options, 1);
  EXPECT_NEAR(lines.PixelsOf(one.value()), seen / 2.0, 0.1 * seen) << "each in a chart of its own";
}

}  // namespace
}  // namespace equipoise::ui
