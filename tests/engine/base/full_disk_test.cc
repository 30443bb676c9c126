// A write that finds no room is made again as it was, for as long as the thread's handler wants.
#include "engine/base/full_disk.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

namespace equipoise {
namespace {

class Patient : public FullDiskHandler {
 public:
  explicit Patient(int tries) : tries_(tries) {}
  bool NoRoom(const Error& error) override {
    heard.push_back(error.message);
    return tries_-- > 0;
  }
  void RoomAgain() override { ++over; }
  std::vector<std::string> heard;
  int over = 0;

 private:
  int tries_;
};

// Fails so often with `error`, then succeeds.
std::function<int()> Failing(int times, int error) {
  return [times, error]() mutable { return times-- > 0 ? error : 0; };
}

TEST(WithRoom, AWriteIsMadeAgainUntilThereIsRoom) {
  Patient handler(5);
  const ScopedFullDiskHandler here(&handler);
  for (const int error : {ENOSPC, EDQUOT}) EXPECT_EQ(WithRoom("a/log", Failing(2, error)), 0);
  ASSERT_EQ(handler.heard.size(), 4u);
  EXPECT_EQ(handler.over, 2) << "once for each write";
  EXPECT_NE(handler.heard[0].find("cannot write a/log: "), std::string::npos) << handler.heard[0];
}

TEST(WithRoom, AWriteIsGivenUpWhenTheHandlerDoes) {
  Patient handler(1);
  const ScopedFullDiskHandler here(&handler);
  EXPECT_EQ(WithRoom("a", Failing(9, ENOSPC)), ENOSPC);
  EXPECT_EQ(handler.over, 0);
}

TEST(WithRoom, OtherErrorsAndThreadsWithoutAHandlerDoNotWait) {
  EXPECT_EQ(WithRoom("a", Failing(1, ENOSPC)), ENOSPC);
  Patient handler(5);
  const ScopedFullDiskHandler here(&handler);
  EXPECT_EQ(WithRoom("a", Failing(1, EIO)), EIO);
  {
    const ScopedFullDiskHandler none(nullptr);
    EXPECT_EQ(WithRoom("a", Failing(1, ENOSPC)), ENOSPC);
  }
  EXPECT_TRUE(handler.heard.empty());
  EXPECT_EQ(WithRoom("a", Failing(1, ENOSPC)), 0) << "the outer one counts again";
}

}  // namespace
}  // namespace equipoise
