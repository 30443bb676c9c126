#include "engine/nets/guard.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::nets {
namespace {

const float kNan = std::nanf("");

struct Net {
  Net() : adam(2) {
    Layout layout;
    layout.Add("w", 1, 2);
    net = Parameters(layout);
    net.values = {1, -1};
  }
  Parameters net;
  Adam adam;
};

TEST(Guard, ASingleStepThatIsNotFiniteChangesNothingAndIsCounted) {
  Net a;
  Guard guard(&a.net, &a.adam);
  guard.Step(1.0, {0.5f, 0.5f}, 0.1, 0.0);
  const Net before = a;
  EXPECT_FALSE(guard.Step(1.0, {kNan, 0.5f}, 0.1, 0.0).applied);
  EXPECT_FALSE(guard.Step(std::nan(""), {0.5f, 0.5f}, 0.1, 0.0).applied);
  EXPECT_EQ(a.net.values, before.net.values);
  EXPECT_EQ(a.adam.m, before.adam.m);
  EXPECT_EQ(a.adam.v, before.adam.v);
  EXPECT_EQ(a.adam.steps, 1);
  EXPECT_EQ(guard.skipped(), 2);
  EXPECT_FALSE(guard.reloaded());
  EXPECT_EQ(guard.rate(), 1.0);
}

TEST(Guard, TenInARowBringBackTheWeightsAndMomentsOfTheStartAndHalveTheRate) {
  Net a;
  a.adam.Step(a.net.values, {1.0f, 2.0f}, 0.1, 0.0);
  const Net start = a;
  Guard guard(&a.net, &a.adam);
  for (int i = 0; i < 5; ++i) guard.Step(1.0, {0.5f, 0.5f}, 0.1, 0.0);
  const Net trained = a;
  for (int i = 0; i < 9; ++i) guard.Step(1.0, {kNan, 0.0f}, 0.1, 0.0);
  EXPECT_EQ(a.net.values, trained.net.values);
  EXPECT_FALSE(guard.reloaded());
  guard.Step(1.0, {kNan, 0.0f}, 0.1, 0.0);
  EXPECT_TRUE(guard.reloaded());
  EXPECT_EQ(a.net.values, start.net.values);
  EXPECT_EQ(a.adam.m, start.adam.m);
  EXPECT_EQ(a.adam.v, start.adam.v);
  EXPECT_EQ(a.adam.steps, start.adam.steps);
  EXPECT_EQ(guard.rate(), 0.5);
  EXPECT_EQ(guard.skipped(), 10);
  // From here on half a step where a whole one would have been taken.
  Net whole = start;
  whole.adam.Step(whole.net.values, {0.5f, 0.5f}, 0.1, 0.0);
  guard.Step(1.0, {0.5f, 0.5f}, 0.1, 0.0);
  for (size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(a.net.values[i] - start.net.values[i], 0.5 * (whole.net.values[i] - start.net.values[i]), 1e-6);
}

TEST(Guard, AGoodStepBetweenThemStartsTheCountAnew) {
  Net a;
  Guard guard(&a.net, &a.adam);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 9; ++i) guard.Step(1.0, {kNan, 0.0f}, 0.1, 0.0);
    guard.Step(1.0, {0.5f, 0.5f}, 0.1, 0.0);
  }
  EXPECT_EQ(guard.skipped(), 27);
  EXPECT_FALSE(guard.reloaded());
}

// Half a step that is a whole one again in the next episode is no half step.
TEST(Guard, TheHalvedRateLastsThroughTheNextPhasesAndACheckpoint) {
  Net a;
  {
    Guard guard(&a.net, &a.adam);
    for (int i = 0; i < 20; ++i) guard.Step(1.0, {kNan, 0.0f}, 0.1, 0.0);  // twice ten
  }
  EXPECT_EQ(a.adam.rate, 0.25);
  ArchiveWriter out;
  a.adam.Save(out, "adam");
  const ArchiveReader in = ArchiveReader::Parse(out.Finish(), "memory").value();
  Net resumed = a, whole = a;
  resumed.adam.rate = 1.0;
  resumed.adam.Load(in, "adam", 2);
  whole.adam.rate = 1.0;
  const Net start = a;
  for (Net* net : {&a, &resumed, &whole}) {
    Guard next(&net->net, &net->adam);
    next.Step(1.0, {0.5f, 0.5f}, 0.1, 0.0);
  }
  EXPECT_EQ(a.net.values, resumed.net.values);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(a.net.values[i] - start.net.values[i], 0.25 * (whole.net.values[i] - start.net.values[i]), 1e-7);
  }
}

TEST(Guard, ACheckpointOfARunWithoutTripsIsAsBeforeAndReadsAsAWholeStep) {
  Net a;
  a.adam.rate = 0.5;
  ArchiveWriter out;
  Adam(2).Save(out, "adam");
  const ArchiveReader in = ArchiveReader::Parse(out.Finish(), "memory").value();
  EXPECT_FALSE(in.Has("adam.rate"));
  a.adam.Load(in, "adam", 2);
  EXPECT_EQ(a.adam.rate, 1.0);
}

}  // namespace
}  // namespace equipoise::nets
