#include "engine/base/chunked_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace equipoise {
namespace {

ChunkedList<int> UpTo(int n) {
  ChunkedList<int> list;
  for (int i = 0; i < n; ++i) list.push_back(i);
  return list;
}

TEST(ChunkedList, HoldsWhatWasPutInAcrossChunks) {
  const ChunkedList<int> list = UpTo(1500);
  ASSERT_EQ(list.size(), 1500u);
  EXPECT_EQ(list.front(), 0);
  EXPECT_EQ(list.back(), 1499);
  EXPECT_EQ(list[511], 511);
  EXPECT_EQ(list[512], 512);
  EXPECT_EQ(std::accumulate(list.begin(), list.end(), 0), 1499 * 1500 / 2);
  EXPECT_EQ(*std::lower_bound(list.begin(), list.end(), 1024), 1024);
  EXPECT_EQ(*list.rbegin(), 1499);
  EXPECT_EQ(list.rend() - list.rbegin(), 1500);
  EXPECT_EQ(ChunkedList<int>(list.begin() + 2, list.begin() + 4).back(), 3);
}

TEST(ChunkedList, ACopyStaysAsItWasWhileTheOtherGrows) {
  for (const int n : {0, 1, 511, 512, 513, 1024}) {
    ChunkedList<int> first = UpTo(n);
    const ChunkedList<int> kept = first;
    ChunkedList<int> second = first;
    first.push_back(-1);
    second.push_back(-2);
    EXPECT_EQ(kept.size(), static_cast<size_t>(n));
    EXPECT_TRUE(std::equal(kept.begin(), kept.end(), UpTo(n).begin())) << n;
    EXPECT_EQ(first.back(), -1) << n;
    EXPECT_EQ(second.back(), -2) << n;
  }
}

TEST(ChunkedList, CopiesShareAllButTheLastChunk) {
  auto value = std::make_shared<int>(7);
  ChunkedList<std::shared_ptr<int>> list;
  for (int i = 0; i < 1024; ++i) list.push_back(value);
  const long before = value.use_count();
  ChunkedList<std::shared_ptr<int>> copy = list;
  copy.push_back(value);
  EXPECT_EQ(value.use_count(), before + 1) << "the past was not copied";
}

}  // namespace
}  // namespace equipoise
