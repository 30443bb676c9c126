#include "engine/base/quantile.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace equipoise {
namespace {

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.0), 1);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 1.0), 4);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.25), 1.75);  // numpy.quantile([1, 2, 3, 4], 0.25)
  EXPECT_DOUBLE_EQ(Quantile({9}, 0.3), 9);
}

TEST(Quantile, SkipsWhatIsNotFiniteAndIsNotANumberForNothing) {
  EXPECT_DOUBLE_EQ(Quantile({NAN, 5, INFINITY, 7}, 0.5), 6);
  EXPECT_TRUE(std::isnan(Quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(Quantile({NAN}, 0.5)));
}

}  // namespace
}  // namespace equipoise
