#include "ui/scene/ghost_framing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace equipoise::ui {
namespace {

TEST(GhostFraming, LeavesTheCameraAloneWhileTheBodiesAreTogether) {
  const GhostFraming framing = FrameGhosts(-0.1, 0.1, 3);
  EXPECT_EQ(framing.factor, 1);
  EXPECT_EQ(framing.aside, 0);
}

TEST(GhostFraming, StepsBackUntilAGhostThatFellBehindIsSeen) {
  const double visible = 3, lo = -2.5;
  const GhostFraming framing = FrameGhosts(lo, 0, visible);
  const double half = 0.5 * framing.factor * visible;
  EXPECT_LT(std::fabs(lo - framing.aside), half);
  EXPECT_LT(std::fabs(0 - framing.aside), half);
}

TEST(GhostFraming, KeepsTheRealBodyInThePictureHoweverFarTheOthersAre) {
  for (const double far : {10.0, 1e3, 1e9}) {
    const GhostFraming framing = FrameGhosts(-far, 0, 3);
    EXPECT_LE(framing.factor, 2.2);
    EXPECT_LT(std::fabs(framing.aside), 0.5 * framing.factor * 3);
  }
}

TEST(GhostFraming, IgnoresWhatIsNoNumber) {
  EXPECT_EQ(FrameGhosts(NAN, NAN, 3).factor, 1);
  EXPECT_EQ(FrameGhosts(-1, 1, 0).factor, 1);
}

}  // namespace
}  // namespace equipoise::ui
