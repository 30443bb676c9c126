#include "ui/panels/curves/fork_marks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "tests/engine/temporary_folder.h"

namespace equipoise::ui {
namespace {

// Episodes -1 to 4 with these returns.
CurveData Curves(const std::vector<double>& returns) {
  EpisodeList episodes;
  for (size_t i = 0; i < returns.size(); ++i) {
    auto episode = std::make_shared<run::EpisodeSummary>();
    episode->episode = static_cast<int>(i) - 1;
    episode->episode_return = returns[i];
    episodes.push_back(std::move(episode));
  }
  return BuildCurves(episodes, {});
}

TEST(ForkMarks, StandBeforeTheFirstEpisodeThatCameOutInAnotherWay) {
  const CurveData own = Curves({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(FirstDiffering(own, Curves({1, 2, 3, 4, 5, 6})), std::nullopt);
  EXPECT_EQ(FirstDiffering(own, Curves({1, 2, 3})), std::nullopt) << "as far as it has come";
  EXPECT_EQ(FirstDiffering(own, Curves({1, 2, 3, 4, std::nextafter(5.0, 6.0), 6})), 3) << "one bit is another run";
  EXPECT_EQ(FirstDiffering(Curves({1, NAN, 3}), Curves({1, NAN, 4})), 1);
  const EventMark mark = PartingMark(own, 3, "b");
  EXPECT_DOUBLE_EQ(mark.x, 2.5);
  EXPECT_EQ(mark.text, "Episode 3 is the first with another return in b.");
  const EventMarks marks({mark});
  MarkGroup group;
  group.end = 1;
  group.leading = MarkKind::kParting;
  EXPECT_EQ(FlagText(marks, group), "fork");
}

TEST(ForkMarks, AreOfRunsThatWereOneOnce) {
  const testing_support::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "run");
  std::filesystem::create_directory(folder / "fork");
  const Relation run{folder / "run", {}}, fork{folder / "fork", store::ForkedFrom{folder / "run", 3}};
  EXPECT_TRUE(AreForks(run, fork));
  EXPECT_TRUE(AreForks(fork, run));
  EXPECT_TRUE(AreForks(fork, {folder / "second", store::ForkedFrom{folder / "run", 5}}));
  EXPECT_FALSE(AreForks(run, {folder / "fork", {}}));
  EXPECT_FALSE(AreForks(run, {folder / "fork", store::ForkedFrom{folder / "other", 3}}));
}

}  // namespace
}  // namespace equipoise::ui
