// What is drawn anew is what looks otherwise, and the picture is the same as if all of it had been drawn.
#include "ui/gl/damage.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/base/random.h"
#include "tests/ui/headless_imgui.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {
namespace {

constexpr uint32_t kGround = 0xFF101010;

int64_t Pixels(const std::vector<DamageBox>& boxes) {
  int64_t pixels = 0;
  for (const DamageBox& box : boxes)
    pixels += static_cast<int64_t>(box.right - box.left) * static_cast<int64_t>(box.bottom - box.top);
  return pixels;
}
bool Holds(const std::vector<DamageBox>& boxes, float x, float y) {
  for (const DamageBox& box : boxes) {
    if (box.left <= x && x < box.right && box.top <= y && y < box.bottom) return true;
  }
  return false;
}

class DamageTest : public ::testing::Test {
 protected:
  // A ground, a hundred squares, and one whose colour and place are given.
  const std::vector<DamageBox>& Show(ImVec2 at, ImU32 color, uint64_t version = 0) {
    imgui_.Frame([&] {
      Rect({0, 0}, {800, 600}, IM_COL32(30, 30, 30, 255), 0);
      for (int i = 0; i < 100; ++i) {
        const float x = 20.0f + 75.0f * static_cast<float>(i % 10), y = 20.0f + 55.0f * static_cast<float>(i / 10);
        Rect({x, y}, {x + 30, y + 30}, IM_COL32(2 * i, 80, 200, 120), 4);
      }
      Rect(at, {at.x + 20, at.y + 20}, color, 3);
    });
    return damage_.Compare(*ImGui::GetDrawData(), kGround, [version](ImTextureID) { return version; });
  }
  HeadlessImGui imgui_;
  Damage damage_;
};

TEST_F(DamageTest, TheFirstFrameIsDrawnWholeAndTheSameOneNotAtAll) {
  EXPECT_EQ(Pixels(Show({100, 100}, IM_COL32_WHITE)), 800 * 600);
  EXPECT_TRUE(Show({100, 100}, IM_COL32_WHITE).empty());
  damage_.Forget();
  EXPECT_EQ(Pixels(Show({100, 100}, IM_COL32_WHITE)), 800 * 600);
}

TEST_F(DamageTest, ASmallChangeIsASmallBoxAroundIt) {
  Show({100, 100}, IM_COL32_WHITE);
  for (const ImU32 color : {IM_COL32(255, 255, 255, 254), IM_COL32(1, 2, 3, 255)}) {
    const auto& boxes = Show({100, 100}, color);
    EXPECT_TRUE(Holds(boxes, 100, 100));
    EXPECT_TRUE(Holds(boxes, 119, 119));
    EXPECT_LT(Pixels(boxes), 100 * 100);
  }
}

TEST_F(DamageTest, WhatMovesChangesWhereItWasAndWhereItIs) {
  Show({100, 100}, IM_COL32_WHITE);
  const auto& boxes = Show({700, 500}, IM_COL32_WHITE);
  EXPECT_TRUE(Holds(boxes, 110, 110));
  EXPECT_TRUE(Holds(boxes, 710, 510));
  EXPECT_FALSE(Holds(boxes, 400, 300));
  EXPECT_LT(Pixels(boxes), 2 * 100 * 100);
}

TEST_F(DamageTest, ATextureWithAnotherContentIsDrawnAnewThoughNothingMoved) {
  Show({100, 100}, IM_COL32_WHITE, 1);
  EXPECT_TRUE(Show({100, 100}, IM_COL32_WHITE, 1).empty());
  EXPECT_EQ(Pixels(Show({100, 100}, IM_COL32_WHITE, 2)), 800 * 600) << "all of it has the texture of the font";
}

TEST_F(DamageTest, ManyChangesAreAFewBoxesThatDoNotOverlap) {
  Show({100, 100}, IM_COL32_WHITE);
  Stream stream(3, "test.damage");
  for (int i = 0; i < 50; ++i) {
    const auto& boxes =
        Show({static_cast<float>(stream.Uniform(0.0, 780.0)), static_cast<float>(stream.Uniform(0.0, 580.0))},
             IM_COL32_WHITE);
    EXPECT_LE(boxes.size(), 6u);
    for (size_t a = 0; a < boxes.size(); ++a) {
      for (size_t b = a + 1; b < boxes.size(); ++b) {
        const bool apart = boxes[a].right <= boxes[b].left || boxes[b].right <= boxes[a].left ||
                           boxes[a].bottom <= boxes[b].top || boxes[b].bottom <= boxes[a].top;
        EXPECT_TRUE(apart) << "a pixel that is drawn twice is blended twice";
      }
    }
  }
}

}  // namespace
}  // namespace equipoise::ui
