#include "ui/window/pacing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace equipoise::ui {
namespace {

TEST(Pacer, DrawsThirtyFramesAfterInputAndTwoWhenNothingHappens) {
  Pacer pacer(true);
  pacer.OnFrame(10);
  EXPECT_NEAR(pacer.Due({}), 10.5, 1e-9);
  pacer.OnInput(10.2);
  EXPECT_NEAR(pacer.Due({}), 10 + 1.0 / 30, 1e-9);
  pacer.OnFrame(10.95);
  EXPECT_NEAR(pacer.Due({}), 11.45, 1e-9) << "0.7 s after the input";
}

TEST(Pacer, TakesFiveFramesASecondFromTrainingWhenTheProcessorDraws) {
  Pacer::Load load;
  load.published = true;
  Pacer software(true), hardware(false);
  software.OnFrame(10);
  hardware.OnFrame(10);
  EXPECT_NEAR(software.Due(load), 10.2, 1e-9);
  EXPECT_NEAR(hardware.Due(load), 10 + 1.0 / 30, 1e-9);
}

TEST(Pacer, WaitsForThePoseThatIsDue) {
  Pacer pacer(false);
  pacer.OnFrame(10);
  Pacer::Load load;
  load.next_frame_in = 0.2;
  EXPECT_NEAR(pacer.Due(load), 10.2, 1e-9);
  load.next_frame_in = 0.001;
  EXPECT_NEAR(pacer.Due(load), 10 + 1.0 / 30, 1e-9);
}

TEST(Pacer, DrawsNothingWhileIconified) {
  Pacer pacer(false);
  Pacer::Load load;
  load.iconified = load.published = true;
  EXPECT_TRUE(std::isinf(pacer.Due(load)));
}

}  // namespace
}  // namespace equipoise::ui
