#include "engine/learn/temperature.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::learn {
namespace {

TEST(Temperature, FallsWhenThereIsMoreEntropyThanAskedForAndRisesWhenThereIsLess) {
  Temperature high(0.5), low(0.5), met(0.5);
  high.Tune(1.0, -1.0, 0.01);
  low.Tune(-2.0, -1.0, 0.01);
  met.Tune(-1.0, -1.0, 0.01);
  EXPECT_NEAR(high.alpha(), 0.5 * std::exp(-0.01), 1e-6);  // Adam's first step is one learning rate on log alpha
  EXPECT_NEAR(low.alpha(), 0.5 * std::exp(0.01), 1e-6);
  EXPECT_NEAR(met.alpha(), 0.5, 1e-7);
}

// A policy whose entropy is log alpha + c settles where log alpha + c = target.
TEST(Temperature, SettlesWhereTheEntropyMeetsItsTarget) {
  const double c = 0.7, target = -1.2;
  Temperature t(1.0);
  for (int i = 0; i < 6000; ++i) t.Tune(std::log(t.alpha()) + c, target, i < 4000 ? 0.003 : 0.0003);
  EXPECT_NEAR(std::log(t.alpha()), target - c, 0.01);
}

TEST(Temperature, KeepsWhatAPersonSetAndForgetsItsMoments) {
  Temperature t(1.0), fresh(0.3);
  for (int i = 0; i < 50; ++i) t.Tune(5.0, 0.0, 0.1);
  t.Set(0.3);
  EXPECT_EQ(t.alpha(), 0.3);
  t.Tune(-1.0, 0.0, 0.01);
  fresh.Tune(-1.0, 0.0, 0.01);
  EXPECT_EQ(t.alpha(), fresh.alpha());
}

TEST(Temperature, MayBeZeroAndIgnoresAnEntropyThatIsNotFinite) {
  Temperature zero(0.0), t(0.5);
  EXPECT_EQ(zero.alpha(), 0.0);
  t.Tune(std::nan(""), 0.0, 0.1);
  EXPECT_EQ(t.alpha(), 0.5);
}

TEST(Temperature, IsReadBackFromAnArchiveToTheBit) {
  Temperature a(1.0), b(2.0);
  a.Tune(1.0, 0.0, 0.1);
  ArchiveWriter out;
  a.Save(out, "t");
  b.Load(ArchiveReader::Parse(out.Finish(), "memory").value(), "t");
  a.Tune(0.5, 0.0, 0.1);
  b.Tune(0.5, 0.0, 0.1);
  EXPECT_EQ(a.alpha(), b.alpha());
}

}  // namespace
}  // namespace equipoise::learn
