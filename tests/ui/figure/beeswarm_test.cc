#include "ui/figure/beeswarm.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

std::vector<double> Normals(int n, double mean, double sd, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal(mean, sd);
  std::vector<double> out(n);
  for (double& v : out) v = normal(generator);
  return out;
}

SwarmPacking Pack(const std::vector<double>& values, float width, float half_height, float radius, float gap) {
  const SwarmAxis axis = FitSwarmAxis(values, {});
  std::vector<float> x;
  for (size_t i : axis.inside) x.push_back(static_cast<float>((values[i] - axis.lo) / (axis.hi - axis.lo)) * width);
  return PackSwarm(x, axis.inside, half_height, radius, gap);
}

void ExpectNoOverlap(const SwarmPacking& packing, float half_height) {
  const float apart = 2 * packing.radius;
  for (size_t i = 0; i < packing.dots.size(); ++i) {
    EXPECT_LE(std::fabs(packing.dots[i].y) + packing.radius, half_height + 1e-3f);
    for (size_t j = 0; j < i; ++j) {
      const float dx = packing.dots[i].x - packing.dots[j].x, dy = packing.dots[i].y - packing.dots[j].y;
      ASSERT_GE(std::sqrt(dx * dx + dy * dy), apart - 1e-2f) << i << " and " << j;
    }
  }
}

TEST(Beeswarm, NeverPutsOneDotOnAnother) {
  for (int n : {1, 2, 50, 200, 1000}) {
    for (double sd : {0.0, 0.1, 20.0}) {
      const SwarmPacking packing = Pack(Normals(n, 50, sd, 7), 480, 55, 5.5f, 1.5f);
      ExpectNoOverlap(packing, 55);
      EXPECT_TRUE(packing.every > 1 || packing.dots.size() == static_cast<size_t>(n));
    }
  }
}

TEST(Beeswarm, ShrinksDotsOnlyWhenTheyDoNotFit) {
  EXPECT_FLOAT_EQ(Pack(Normals(20, 50, 20, 1), 480, 55, 5.5f, 1.5f).radius, 5.5f);
  const SwarmPacking crowded = Pack(Normals(400, 50, 5, 1), 480, 55, 5.5f, 1.5f);
  EXPECT_LT(crowded.radius, 5.5f);
  EXPECT_EQ(crowded.every, 1);
  EXPECT_EQ(crowded.dots.size(), 400u);
}

TEST(Beeswarm, ShowsAStatedPartWhenEvenTheSmallestDotsDoNotFit) {
  const std::vector<double> values = Normals(40000, 50, 10, 3);
  const SwarmPacking packing = Pack(values, 300, 30, 5.5f, 1.5f);
  EXPECT_GT(packing.every, 1);
  ExpectNoOverlap(packing, 30);
  EXPECT_GE(packing.dots.size() * packing.every, 39000u);
  EXPECT_EQ(packing.dots.front().index, FitSwarmAxis(values, {}).inside.front()) << "the least alone decides";
}

TEST(Beeswarm, SpreadsEvenlyToBothSidesOfTheMiddle) {
  float sum = 0;
  const SwarmPacking packing = Pack(Normals(100, 50, 3, 5), 480, 60, 4, 1);
  for (const SwarmDot& dot : packing.dots) sum += dot.y;
  EXPECT_LT(std::fabs(sum / 100), 10);
}

TEST(SwarmAxis, KeepsZeroInSightWithRoomOnBothSides) {
  for (double mean : {1e-6, 50.0, 4000.0, -50.0}) {
    const SwarmAxis axis = FitSwarmAxis(Normals(50, mean, std::fabs(mean) * 0.1, 2), {});
    const double width = axis.hi - axis.lo;
    EXPECT_GE((0 - axis.lo) / width, 1.0 / 6 - 1e-9);
    EXPECT_GE(axis.hi / width, 1.0 / 6 - 1e-9);
  }
}

TEST(SwarmAxis, TreatsBothSidesOfZeroAlike) {
  std::vector<double> values = Normals(50, 30, 12, 9), mirrored = values;
  for (double& v : mirrored) v = -v;
  const SwarmAxis a = FitSwarmAxis(values, {}), b = FitSwarmAxis(mirrored, {});
  EXPECT_NEAR(a.lo, -b.hi, 1e-9);
  EXPECT_NEAR(a.hi, -b.lo, 1e-9);
}

TEST(SwarmAxis, PutsOutliersAtTheEdgeInsteadOfSqueezingTheRest) {
  std::vector<double> values = Normals(50, 30, 10, 4);
  values[7] = 9000;
  values[8] = 12000;
  values[21] = -5000;
  const SwarmAxis axis = FitSwarmAxis(values, {});
  EXPECT_EQ(axis.above, (std::vector<size_t>{8, 7}));
  EXPECT_EQ(axis.below, (std::vector<size_t>{21}));
  EXPECT_EQ(axis.inside.size(), 47u);
  EXPECT_LT(axis.hi, 100);
  EXPECT_GT(axis.lo, -100);
}

TEST(SwarmAxis, ShowsWhiskersWholeAndValuesThatAreNotFiniteApart) {
  const SwarmAxis axis = FitSwarmAxis({10, NAN, 12, -INFINITY}, {4, 1, 2, 1});
  EXPECT_LE(axis.lo, 0);
  EXPECT_GE(axis.hi, 14);
  EXPECT_EQ(axis.not_finite, (std::vector<size_t>{1, 3}));
  EXPECT_EQ(axis.inside, (std::vector<size_t>{0, 2}));
}

TEST(SwarmAxis, DoesNotLetOneHugeErrorSqueezeTheDots) {
  std::vector<double> errors(10, 1.0);
  errors[3] = 1e6;
  EXPECT_LT(FitSwarmAxis({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, errors).hi, 30);
}

TEST(SwarmAxis, IsUsableForZerosOneValueAndNone) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, std::vector<double>{0}, std::vector<double>(50, 0.0), std::vector<double>{-3}}) {
    const SwarmAxis axis = FitSwarmAxis(values, {});
    EXPECT_LT(axis.lo, 0);
    EXPECT_GT(axis.hi, 0);
  }
}

}  // namespace
}  // namespace equipoise::ui
