#include "ui/kit/mouse_queue.h"

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

TEST(MouseQueue, GivesAPressAndItsReleaseAFrameEachWhereTheyWere) {
  MouseQueue queue;
  EXPECT_FALSE(queue.Next().at.has_value());
  queue.Add(0, true, 10, 20);
  queue.Add(0, false, 10, 20);
  ASSERT_TRUE(queue.waiting());
  const MouseFrame press = queue.Next();
  EXPECT_TRUE(press.held[0]);
  EXPECT_EQ((*press.at)[0], 10);
  const MouseFrame release = queue.Next();
  EXPECT_FALSE(release.held[0]);
  EXPECT_EQ((*release.at)[1], 20);
  EXPECT_FALSE(queue.waiting());
}

TEST(MouseQueue, HoldsAButtonUntilItIsReleased) {
  MouseQueue queue;
  queue.Add(1, true, 1, 1);
  queue.Next();
  for (int i = 0; i < 3; ++i) {
    const MouseFrame frame = queue.Next();
    EXPECT_TRUE(frame.held[1]);
    EXPECT_FALSE(frame.at.has_value()) << "a drag follows the mouse";
  }
  queue.Add(7, true, 1, 1);  // a button that nobody uses
  EXPECT_FALSE(queue.waiting());
}

TEST(MouseQueue, AButtonLetGoElsewhereWasDraggedThere) {
  MouseQueue queue;
  queue.Add(0, true, 10, 20);
  queue.Add(0, false, 70, 20);
  EXPECT_EQ((*queue.Next().at)[0], 10);
  const MouseFrame drag = queue.Next();
  EXPECT_TRUE(drag.held[0]) << "the way to where it was let go is a drag";
  EXPECT_EQ((*drag.at)[0], 70);
  const MouseFrame release = queue.Next();
  EXPECT_FALSE(release.held[0]);
  EXPECT_EQ((*release.at)[0], 70);
  EXPECT_FALSE(queue.waiting());
}

TEST(MouseQueue, KeepsBothClicksOfADoubleClick) {
  MouseQueue queue;
  for (const bool down : {true, false, true, false}) queue.Add(0, down, 5, 5);
  for (const bool down : {true, false, true, false}) EXPECT_EQ(queue.Next().held[0], down);
}

}  // namespace
}  // namespace equipoise::ui
