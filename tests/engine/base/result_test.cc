#include "engine/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace equipoise {
namespace {

// Numbers that say when their owner is destroyed.
class Watched {
 public:
  explicit Watched(bool* alive) : alive_(alive) { *alive_ = true; }
  Watched(Watched&& other) noexcept : alive_(std::exchange(other.alive_, nullptr)) {}
  Watched(const Watched&) = delete;
  ~Watched() {
    if (alive_ != nullptr) *alive_ = false;
  }
  std::vector<int>::const_iterator begin() const { return numbers_.begin(); }
  std::vector<int>::const_iterator end() const { return numbers_.end(); }

 private:
  bool* alive_;
  std::vector<int> numbers_ = {1, 2, 3};
};

Result<Watched> Load(bool* alive) { return Watched(alive); }

TEST(Result, ALoopOverATemporarysValueKeepsItAlive) {
  bool alive = false;
  int sum = 0;
  for (const int x : Load(&alive).value()) {
    EXPECT_TRUE(alive);
    sum += alive ? x : 0;
  }
  EXPECT_EQ(sum, 6);
  EXPECT_FALSE(alive);
  static_assert(std::is_same_v<decltype(std::declval<Result<int>>().value()), int>);
  static_assert(std::is_same_v<decltype(std::declval<const Result<int>&>().value()), const int&>);
}

TEST(Result, GivesUpWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const int* at = result.value().get();
  const std::unique_ptr<int> owned = std::move(result).value();
  EXPECT_EQ(owned.get(), at);
  EXPECT_EQ(*owned, 7);
}

TEST(Result, HoldsAValueOrAnErrorAndSaysWhich) {
  const Result<int> good = 3, bad = Error{"no number"};
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(good.value(), 3);
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "no number");
}

}  // namespace
}  // namespace equipoise
