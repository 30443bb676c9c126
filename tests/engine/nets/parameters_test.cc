#include "engine/nets/parameters.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

// Block "a" [2, 3] = 1..6 and block "b" [1, 2] = 7, 8.
Parameters Counted() {
  Layout layout;
  layout.Add("a", 2, 3);
  layout.Add("b", 1, 2);
  Parameters net(layout);
  for (size_t i = 0; i < net.values.size(); ++i) net.values[i] = static_cast<float>(i + 1);
  return net;
}

Adam Moments() {
  Adam adam(8);
  for (size_t i = 0; i < 8; ++i) {
    adam.m[i] = 10.0f * static_cast<float>(i + 1);
    adam.v[i] = 100.0f * static_cast<float>(i + 1);
  }
  adam.steps = 42;
  return adam;
}

TEST(Edits, InsertRowsAndPadTheMomentsSoThatTheFirstStepIsOfOrdinaryLength) {
  Parameters net = Counted();
  Adam adam = Moments();
  ApplyEdits({{"a", 0, 1, 2, 0.5f}}, &net, &adam);
  EXPECT_EQ(net.values, (std::vector<float>{1, 2, 3, .5f, .5f, .5f, .5f, .5f, .5f, 4, 5, 6, 7, 8}));
  EXPECT_EQ(adam.m, (std::vector<float>{10, 20, 30, 0, 0, 0, 0, 0, 0, 40, 50, 60, 70, 80}));
  // Means over the two old rows of each column.
  EXPECT_EQ(adam.v, (std::vector<float>{100, 200, 300, 250, 350, 450, 250, 350, 450, 400, 500, 600, 700, 800}));
  EXPECT_EQ(adam.steps, 42);
  EXPECT_EQ(net.layout[0].rows, 4);
  EXPECT_EQ(net.layout[1].offset, 12);
}

TEST(Edits, InsertColumnsAtTheEndAndInTheMiddle) {
  Parameters net = Counted();
  Adam adam = Moments();
  ApplyEdits({{"a", 1, 2, 1, 0.0f}, {"b", 1, 2, 1, 9.0f}}, &net, &adam);
  EXPECT_EQ(net.values, (std::vector<float>{1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 9}));
  EXPECT_EQ(adam.m, (std::vector<float>{10, 20, 0, 30, 40, 50, 0, 60, 70, 80, 0}));
  EXPECT_EQ(adam.v, (std::vector<float>{100, 200, 200, 300, 400, 500, 500, 600, 700, 800, 750}));
}

TEST(Edits, RemovalUndoesInsertionToTheBit) {
  for (int axis : {0, 1}) {
    Parameters net = Counted();
    Adam adam = Moments();
    ApplyEdits({{"a", axis, 1, 5, 3.0f}}, &net, &adam);
    EXPECT_NE(net.values, Counted().values);
    ApplyEdits({{"a", axis, 1, -5, 0.0f}}, &net, &adam);
    EXPECT_EQ(net.values, Counted().values);
    EXPECT_EQ(adam.m, Moments().m);
    EXPECT_EQ(adam.v, Moments().v);
    EXPECT_EQ(net.layout[1].offset, 6);
  }
}

TEST(Edits, OfAnUnknownBlockAreAnError) {
  Parameters net = Counted();
  EXPECT_THROW(ApplyEdits({{"c", 0, 0, 1, 0.0f}}, &net, nullptr), std::logic_error);
}

TEST(Adam, FirstStepIsOneLearningRateAgainstTheSignOfTheGradient) {
  std::vector<float> p = {1, 1, 1};
  Adam adam(3);
  const auto outcome = adam.Step(p, {5.0f, -0.001f, 0.0f}, 0.1, 0.0);
  EXPECT_TRUE(outcome.applied);
  EXPECT_FALSE(outcome.clipped);
  EXPECT_NEAR(p[0], 0.9, 1e-5);
  EXPECT_NEAR(p[1], 1.1, 1e-5);
  EXPECT_EQ(p[2], 1.0f);
}

TEST(Adam, ClipsTheNormOfTheWholeGradient) {
  std::vector<float> p = {0, 0};
  Adam adam(2);
  const auto outcome = adam.Step(p, {3.0f, 4.0f}, 0.1, 2.0);
  EXPECT_NEAR(outcome.norm, 5.0, 1e-12);
  EXPECT_TRUE(outcome.clipped);
  EXPECT_NEAR(adam.m[0], 0.1 * 3 * 2.0 / 5, 1e-6);
  EXPECT_NEAR(adam.m[1], 0.1 * 4 * 2.0 / 5, 1e-6);
  EXPECT_FALSE(adam.Step(p, {0.3f, 0.4f}, 0.1, 2.0).clipped);
}

TEST(Adam, RefusesGradientsThatAreNotFiniteOrWhoseSquareIsNot) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e25f}) {
    std::vector<float> p = {1, 2};
    Adam adam(2);
    adam.Step(p, {0.1f, 0.2f}, 0.1, 0.0);
    const std::vector<float> before = p, m = adam.m, v = adam.v;
    EXPECT_FALSE(adam.Step(p, {0.1f, bad}, 0.1, 0.0).applied);
    EXPECT_EQ(p, before);
    EXPECT_EQ(adam.m, m);
    EXPECT_EQ(adam.v, v);
    EXPECT_EQ(adam.steps, 1);
  }
  std::vector<float> p = {1, 2};
  EXPECT_TRUE(Adam(2).Step(p, {0.1f, 1e25f}, 0.1, 1.0).applied);  // clipped to norm 1, it is a step like any other
}

TEST(Adam, ContinuesFromASavedStateToTheBit) {
  std::vector<float> p = {1, 2}, q;
  Adam adam(2);
  adam.Step(p, {0.1f, -0.2f}, 0.1, 0.0);
  ArchiveWriter out;
  adam.Save(out, "adam");
  q = p;
  Adam copy;
  copy.Load(ArchiveReader::Parse(out.Finish(), "memory").value(), "adam", 2);
  adam.Step(p, {0.3f, 0.4f}, 0.1, 0.0);
  copy.Step(q, {0.3f, 0.4f}, 0.1, 0.0);
  EXPECT_EQ(p, q);
}

}  // namespace
}  // namespace equipoise::nets
