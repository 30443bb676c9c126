// Colours that carry a meaning stay apart, also for those who see fewer of them.
//
// Seen by       Machado, Oliveira and Fernandes 2009, severity 1: a matrix on linear RGB
// How far apart CIE 1976, in CIELAB: 2.3 is just noticeable, 10 is another colour at a glance
#include "ui/figure/palette.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace equipoise::ui {
namespace {

using Three = std::array<double, 3>;

struct Sight {
  const char* name;
  double matrix[3][3];
};
constexpr Sight kSights[] = {
    {"all colours", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia",
     {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {"tritanopia",
     {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};

double Linear(unsigned channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Three Lab(Rgba color, const Sight& sight) {
  const Three seen{Linear(color & 255u), Linear(color >> 8 & 255u), Linear(color >> 16 & 255u)};
  Three c{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) c[i] += sight.matrix[i][j] * seen[j];
    c[i] = std::clamp(c[i], 0.0, 1.0);
  }
  const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  const double x = f((0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047);
  const double y = f(0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2]);
  const double z = f((0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double Apart(Rgba a, Rgba b, const Sight& sight) {
  const Three p = Lab(a, sight), q = Lab(b, sight);
  return std::sqrt(std::pow(p[0] - q[0], 2) + std::pow(p[1] - q[1], 2) + std::pow(p[2] - q[2], 2));
}

double LeastApart(const std::vector<Rgba>& colors, const Sight& sight) {
  double least = 1e9;
  for (size_t i = 0; i < colors.size(); ++i)
    for (size_t j = i + 1; j < colors.size(); ++j) least = std::min(least, Apart(colors[i], colors[j], sight));
  return least;
}

// The first `count` learners and random actions.
std::vector<Rgba> Actors(const Palette& p, size_t count) {
  std::vector<Rgba> colors(p.learner.begin(), p.learner.begin() + static_cast<std::ptrdiff_t>(count));
  colors.push_back(p.random);
  return colors;
}

TEST(Palette, TwoLearnersAreApartForEverybodyWithoutAnySetting) {
  for (const bool light : {false, true})
    for (const Sight& sight : kSights)
      EXPECT_GT(LeastApart(Actors(MakePalette(light, false), 2), sight), 19) << sight.name;
}

TEST(Palette, TheSafeColoursStayApartForEverybody) {
  for (const bool light : {false, true}) {
    const Palette p = MakePalette(light, true);
    for (const Sight& sight : kSights) {
      const std::string where = std::string(sight.name) + (light ? ", light" : ", dark");
      EXPECT_GT(LeastApart(Actors(p, 4), sight), 18) << where;
      EXPECT_GT(LeastApart(Actors(p, nets::kSlots), sight), 14) << where;
      EXPECT_GT(Apart(p.mask_a, p.mask_b, sight), 15) << where;
      EXPECT_GT(Apart(p.good, p.bad, sight), 20) << where;
    }
  }
}

// The simulation confuses what the blind confuse: red and green of one lightness.
TEST(Palette, TheTestItselfSeesWhatTheColourBlindConfuse) {
  const Rgba red = Rgb(0xA0522D), green = Rgb(0x6B6B00);
  EXPECT_GT(Apart(red, green, kSights[0]), 35);
  EXPECT_LT(Apart(red, green, kSights[2]), 15);
}

}  // namespace
}  // namespace equipoise::ui
