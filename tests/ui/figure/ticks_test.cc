#include "ui/figure/ticks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

TEST(Ticks, AreMultiplesOfOneTwoOrFive) {
  EXPECT_EQ(LinearTicks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(LinearTicks(-3, 12, 3), (std::vector<double>{0, 5, 10}));
  EXPECT_EQ(LinearTicks(0, 1, 10).size(), 11u);
  for (double span : {0.003, 0.7, 19.0, 411.0, 8e5, 3e9}) {
    for (int target = 2; target < 12; ++target) {
      const double step = TickStep(LinearTicks(-span, span, target));
      const double mantissa = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
      EXPECT_TRUE(std::fabs(mantissa - 1) < 1e-6 || std::fabs(mantissa - 2) < 1e-6 || std::fabs(mantissa - 5) < 1e-6)
          << span << " " << target << " " << mantissa;
    }
  }
}

TEST(Ticks, StayInsideTheRangeAndHitZeroExactly) {
  const std::vector<double> ticks = LinearTicks(-0.7, 0.9, 8);
  bool zero = false;
  for (double t : ticks) {
    EXPECT_GE(t, -0.7 - 1e-9);
    EXPECT_LE(t, 0.9 + 1e-9);
    zero = zero || t == 0;
  }
  EXPECT_TRUE(zero);
}

TEST(Ticks, AreAbsentForRangesThatAreEmptyInvertedOrNotFinite) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(LinearTicks(1, 1, 5).empty());
  EXPECT_TRUE(LinearTicks(2, 1, 5).empty());
  EXPECT_TRUE(LinearTicks(0, inf, 5).empty());
  EXPECT_TRUE(LinearTicks(NAN, 1, 5).empty());
  EXPECT_TRUE(LinearTicks(0, 1, 0).empty());
  EXPECT_TRUE(LogTicks(0, 10, 5).empty());
  EXPECT_TRUE(LogTicks(-1, 10, 5).empty());
  EXPECT_TRUE(LogTicks(10, 1, 5).empty());
}

TEST(Ticks, EndForARangeFinerThanADouble) {
  EXPECT_LE(LinearTicks(1e17, 1e17 + 64, 8).size(), 64u);
  EXPECT_LE(LinearTicks(1, std::nextafter(1.0, 2.0), 8).size(), 64u);
}

TEST(LogTicks, ArePowersOfTenThinnedToTheRoom) {
  EXPECT_EQ(LogTicks(0.1, 100, 4), (std::vector<double>{0.1, 1, 10, 100}));
  EXPECT_EQ(LogTicks(0.025, 0.7, 2).size(), 3u);  // 0.03, 0.1, 0.3
  const std::vector<double> few = LogTicks(1e-12, 1e12, 6);
  EXPECT_LE(few.size(), 7u);
  EXPECT_GE(few.size(), 4u);
  const std::vector<double> dense = LogTicks(1, 10, 6);
  ASSERT_EQ(dense.size(), 4u);
  EXPECT_DOUBLE_EQ(dense[1], 2);
  EXPECT_DOUBLE_EQ(dense[2], 5);
  EXPECT_GE(LogTicks(0.52, 0.91, 4).size(), 2u);
}

TEST(TickLabel, WritesThousandsAndMillionsShort) {
  EXPECT_EQ(TickLabel(250000, 50000), "250k");
  EXPECT_EQ(TickLabel(12500, 2500), "12.5k");
  EXPECT_EQ(TickLabel(3e6, 1e6), "3M");
  EXPECT_EQ(TickLabel(1.5e6, 5e5), "1.5M");
  EXPECT_EQ(TickLabel(400, 100), "400");
  EXPECT_EQ(TickLabel(0, 50000), "0");
}

TEST(TickLabel, UsesARealMinusAndOnlyTheDigitsOfItsStep) {
  EXPECT_EQ(TickLabel(-100, 50),
            "\xe2\x88\x92"
            "100");
  EXPECT_EQ(TickLabel(-0.5, 0.5),
            "\xe2\x88\x92"
            "0.5");
  EXPECT_EQ(TickLabel(0.25, 0.05), "0.25");
  EXPECT_EQ(TickLabel(2, 0.5), "2.0");
}

TEST(TickLabel, FitsWhereAllValuesAreTinyOrHuge) {
  EXPECT_EQ(TickLabel(2e-7, 1e-7),
            "2e\xe2\x88\x92"
            "7");
  EXPECT_EQ(TickLabel(-1.5e-6, 5e-7),
            "\xe2\x88\x92"
            "1.5e\xe2\x88\x92"
            "6");
  EXPECT_EQ(TickLabel(1e-6, 5e-7),
            "1e\xe2\x88\x92"
            "6");
  EXPECT_EQ(TickLabel(2.5e12, 5e11), "2.5e12");
  EXPECT_EQ(TickLabel(0.0005, 0.0001), "0.0005") << "short enough as it is";
  EXPECT_EQ(TickLabel(1.00002, 0.00001), "1.00002") << "an exponent would not shorten it";
  const auto width = [](const std::string& text) {  // signs are several bytes
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  };
  for (int exponent = -300; exponent <= 300; ++exponent) {
    for (const double mantissa : {1.0, 2.2, 4.7, 9.9}) {
      const double span = mantissa * std::pow(10.0, exponent);
      for (const auto& [lo, hi] : {std::pair(-span, span), std::pair(-0.1 * span, span), std::pair(0.0, span)}) {
        const std::vector<double> ticks = LinearTicks(lo, hi, 6);
        std::set<std::string> seen;
        for (const double tick : ticks) {
          const std::string label = TickLabel(tick, TickStep(ticks));
          EXPECT_LE(width(label), 9) << label;
          seen.insert(label);
        }
        EXPECT_EQ(seen.size(), ticks.size()) << "two ticks say the same at " << span;
      }
    }
  }
}

// All labels of an axis, as charts write them.
std::vector<std::string> Labels(const std::vector<double>& ticks, bool logarithmic, bool percent) {
  std::vector<std::string> labels;
  for (const double tick : ticks) labels.push_back(LabelAmong(ticks, tick, logarithmic, percent));
  return labels;
}

TEST(TickLabel, TellsNeighboursApartOnEveryKindOfAxis) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Labels(LinearTicks(0, 2, 4), false, false), (Texts{"0", "0.5", "1.0", "1.5", "2.0"}));
  EXPECT_EQ(Labels(LinearTicks(0, 1, 4), false, true), (Texts{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"}));
  EXPECT_EQ(Labels(LinearTicks(0, 0.02, 4), false, true), (Texts{"0 %", "0.5 %", "1.0 %", "1.5 %", "2.0 %"}));
  EXPECT_EQ(Labels(LogTicks(0.1, 100, 4), true, false), (Texts{"0.1", "1", "10", "100"}));
  EXPECT_EQ(Labels(LogTicks(10.1, 10.9, 4), true, false), (Texts{"10.2", "10.4", "10.6", "10.8"}));
  EXPECT_EQ(WholeTicks({0, 0.5, 1, 1.5, 2}), (std::vector<double>{0, 1, 2}));
  for (int exponent = -12; exponent <= 12; ++exponent) {
    for (const double mantissa : {1.0, 1.7, 3.1, 4.9, 7.3}) {
      const double lo = mantissa * std::pow(10.0, exponent);
      for (const double factor : {1.05, 1.3, 2.4, 9.0, 80.0, 1e5}) {
        const std::vector<double> ticks = LogTicks(lo, factor * lo, 5);
        const Texts labels = Labels(ticks, true, false);
        EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), ticks.size()) << lo << " " << factor;
      }
      for (const double span : {1e-3, 0.03, 0.4, 3.0, 5.0}) {
        const std::vector<double> ticks = LinearTicks(0.3 * span, 1.3 * span, 5);
        const Texts labels = Labels(ticks, false, true);
        EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), ticks.size()) << span;
      }
    }
  }
}

TEST(Numbers, DoNotRoundToNothing) {
  EXPECT_EQ(Brief(1.234e-6),
            "1.23e\xe2\x88\x92"
            "6");
  EXPECT_EQ(SignedBrief(2e-9),
            "+2e\xe2\x88\x92"
            "9");
  EXPECT_EQ(SignedBrief(-2e-9),
            "\xe2\x88\x92"
            "2e\xe2\x88\x92"
            "9");
  EXPECT_EQ(Brief(3e15), "3e15");
}

TEST(Numbers, KeepNoMoreDigitsThanMeanSomething) {
  EXPECT_EQ(Brief(388.4), "388");
  EXPECT_EQ(Brief(35.62), "35.6");
  EXPECT_EQ(Brief(0.5899), "0.59");
  EXPECT_EQ(Brief(0.0431), "0.043");
  EXPECT_EQ(Brief(-0.588),
            "\xe2\x88\x92"
            "0.59");
  EXPECT_EQ(Brief(99.97), "100");
  EXPECT_EQ(Brief(9.998), "10.0");
  EXPECT_EQ(Brief(0), "0.00");
  EXPECT_EQ(SignedBrief(4.31), "+4.31");
  EXPECT_EQ(SignedFixed(-8.3, 1),
            "\xe2\x88\x92"
            "8.3");
  EXPECT_EQ(SignedFixed(0.001, 1), "0.0");
  EXPECT_EQ(SignedFixed(-0.001, 1), "0.0");
}

TEST(Numbers, SayInWordsThatTheyAreNone) {
  EXPECT_EQ(Brief(NAN), "not a number");
  EXPECT_EQ(SignedFixed(INFINITY, 1), "infinite");
  EXPECT_EQ(Fixed(-INFINITY, 1), "\xe2\x88\x92infinite");
}

TEST(Numbers, WriteSharesInPercent) {
  EXPECT_EQ(Percent(0.75), "75 %");
  EXPECT_EQ(Percent(NAN), "not a number");
}

TEST(WithError, HasNoDigitThatTheErrorMakesMeaningless) {
  const std::string pm = " \xc2\xb1 ", minus = "\xe2\x88\x92";
  EXPECT_EQ(WithError(1.205, 11), "1" + pm + "11");
  EXPECT_EQ(WithError(82.34, 1.44), "82.3" + pm + "1.4");
  EXPECT_EQ(WithError(82.34, 9.8), "82" + pm + "10");
  EXPECT_EQ(WithError(-1234.5, 340), minus + "1200" + pm + "300");
  EXPECT_EQ(WithError(0.00123, 0.0005), "0.0012" + pm + "0.0005");
  EXPECT_EQ(WithError(3.5, NAN), "3.50");
  EXPECT_EQ(WithError(3.5, 0), "3.50");
  EXPECT_EQ(SignedWithError(8.2, 3.1), "+8" + pm + "3");
  EXPECT_EQ(SignedWithError(0.2, 11), "0" + pm + "11");
}

}  // namespace
}  // namespace equipoise::ui
