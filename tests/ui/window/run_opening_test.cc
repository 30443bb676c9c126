// A run on its way into the window.
#include "ui/window/run_opening.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace equipoise::ui {
namespace {

using namespace std::chrono_literals;

TEST(RunOpening, IsReadyOnlyWhenTheRunIsAndWakesTheWindowThen) {
  std::promise<void> read;
  std::atomic<int> woken{0};
  RunOpening opening(
      "Reading.",
      [go = read.get_future().share()]() -> Result<OpenedRun> {
        go.wait();
        OpenedRun opened;
        opened.watching = true;
        return opened;
      },
      [&woken] { ++woken; });
  EXPECT_FALSE(opening.Ready());
  EXPECT_EQ(woken, 0);
  read.set_value();
  ASSERT_TRUE(opening.Ready(60s));
  EXPECT_EQ(woken, 1);
  const Result<OpenedRun> opened = opening.Take();
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(opened.value().watching);
}

TEST(RunOpening, GivesErrorsOnAndMakesErrorsOfExceptions) {
  RunOpening refused(
      "", []() -> Result<OpenedRun> { return Error{"no such run"}; }, nullptr);
  ASSERT_TRUE(refused.Ready(60s));
  EXPECT_EQ(refused.Failure(), "no such run");
  EXPECT_EQ(refused.Take().error().message, "no such run");
  RunOpening thrown(
      "", []() -> Result<OpenedRun> { throw std::runtime_error("out of memory"); }, nullptr);
  EXPECT_EQ(thrown.Take().error().message, "out of memory");
}

TEST(RunOpening, SaysHowMuchThereIsToRead) {
  const auto folder = std::filesystem::temp_directory_path() / ("equipoise-opening-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  EXPECT_EQ(OpeningWords(folder.string()), "Making " + folder.string() + ".");
  std::ofstream(folder / "episodes.jsonl") << std::string(2'340'000, 'x');
  EXPECT_EQ(OpeningWords(folder.string()), "Reading " + folder.string() + ": 2.3 MB of episodes.");
  std::filesystem::remove_all(folder);
}

TEST(RunOpening, AFolderThatIsNoRunIsAnErrorThatNamesIt) {
  RunRequest request;
  request.folder = "/nowhere/at/all";
  for (const bool same : {false, true}) {
    const Result<OpenedRun> opened = OpeningOf(request, same)();
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().message.find("/nowhere/at/all"), std::string::npos) << opened.error().message;
  }
}

}  // namespace
}  // namespace equipoise::ui
