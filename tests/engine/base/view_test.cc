#include "engine/base/view.h"

#include <numeric>
#include <string>

#include <gtest/gtest.h>

namespace equipoise {
namespace {

TEST(View, LooksAtWhatSomebodyElseOwns) {
  std::vector<double> owner = {1, 2, 3, 4};
  const View view(owner);
  EXPECT_EQ(view.size(), 4);
  view[1] = 20;
  EXPECT_EQ(owner[1], 20);
  owner[2] = 30;
  EXPECT_EQ(view[2], 30);
  EXPECT_EQ(std::accumulate(view.begin(), view.end(), 0.0), 55);
  const View<double> part = view.Part(1, 2);
  EXPECT_EQ(part.size(), 2);
  EXPECT_EQ(part[1], 30);
  EXPECT_EQ(view.Part(4, 0).size(), 0);
}

TEST(View, OfWhatIsConstantCannotWrite) {
  const std::vector<float> owner = {1, 2};
  const View view(owner);
  static_assert(std::is_same_v<decltype(view[0]), const float&>);
  std::vector<float> other = {3};
  const View<const float> of_another(other);
  EXPECT_EQ(view[1] + of_another[0], 5);
}

TEST(View, RoomIsAsMuchAsTheShapesSay) {
  std::vector<std::string> words = {"kept"};
  const View<std::string> room = Room(words, 3);
  EXPECT_EQ(words.size(), 3u);
  EXPECT_EQ(room[0], "kept");
  EXPECT_EQ(room.size(), 3);
}

#ifndef NDEBUG
TEST(View, FindsAnIndexOutside) {
  std::vector<int> owner(3);
  const View view(owner);
  EXPECT_THROW(view[3], InternalError);
  EXPECT_THROW(view[-1], InternalError);
  EXPECT_THROW(view.Part(2, 2), InternalError);
}
#endif

}  // namespace
}  // namespace equipoise
