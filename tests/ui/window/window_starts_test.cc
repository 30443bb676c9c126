// Several windows that are started at once on the same folder: one of them writes it, the others say who does.
#include "engine/store/checked_log.h"
#include "engine/store/folder_lock.h"
#include "engine/store/run_description.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class WindowStartsTest : public WindowTest {
 protected:
  static constexpr int kWindows = 3;

  fs::path OutputOf(int i) const { return folder_ / ("output-" + std::to_string(i)); }
  void StartAtOnce(const std::vector<std::string>& more) {
    std::vector<std::string> command = {tests::Program(), "gui"};
    command.insert(command.end(), more.begin(), more.end());
    windows_.clear();
    for (int i = 0; i < kWindows; ++i)
      windows_.push_back(std::make_unique<Process>(
          command,
          std::vector<std::string>{"DISPLAY=" + display_, "WAYLAND_DISPLAY=", "XDG_CONFIG_HOME=" + folder_.string()},
          OutputOf(i)));
  }
  std::string WriterOf() const { return store::FolderLock::Holder(run_.string()); }
  bool GoesOn() const {
    const long before = Episodes();
    return WaitFor([&] { return Episodes() > before + 2; });
  }
  void StopAll() {
    for (const auto& window : windows_)
      if (window->Running()) window->Terminate();
    for (const auto& window : windows_) window->Wait();
    EXPECT_EQ(WriterOf(), "");
  }
  void ExpectAWholeRunOf(size_t lives) const {
    const store::RunPaths paths(run_.string());
    for (const std::string& path : {paths.episodes, paths.events}) {
      const auto log = store::VerifyLog(path);
      ASSERT_TRUE(log.ok());
      EXPECT_FALSE(log.value().damage) << path << ": " << log.value().damage->what;
    }
    const auto description = store::ReadDescription(run_.string());
    ASSERT_TRUE(description.ok()) << description.error().message;
    EXPECT_EQ(description.value().lives.size(), lives);
  }

  std::vector<std::unique_ptr<Process>> windows_;
};

TEST_F(WindowStartsTest, OneOfThemWritesTheFolderAndTheOthersSayWho) {
  run_ = folder_ / "run";
  std::vector<std::string> fresh = {"--out", run_.string()};
  fresh.insert(fresh.end(), kSmall.begin(), kSmall.end());
  StartAtOnce(fresh);
  const auto running = [this] {
    return std::count_if(windows_.begin(), windows_.end(), [](const auto& window) { return window->Running(); });
  };
  ASSERT_TRUE(WaitFor([&] { return running() == 1; })) << running();
  for (int i = 0; i < kWindows; ++i) {
    if (windows_[static_cast<size_t>(i)]->Running()) continue;
    EXPECT_EQ(windows_[static_cast<size_t>(i)]->Wait(), 2);
    const std::string said = ReadText(OutputOf(i));
    EXPECT_TRUE(said.find("is being written by process") != std::string::npos ||
                said.find("exists and is not empty") != std::string::npos)
        << said;
  }
  EXPECT_TRUE(GoesOn());
  StopAll();
  ExpectAWholeRunOf(1);

  // The same of a run that is there: whoever comes too late may look at it.
  StartAtOnce({"--run", run_.string()});
  EXPECT_TRUE(GoesOn());
  EXPECT_NE(WriterOf().find("process "), std::string::npos);
  for (int i = 0; i < kWindows; ++i) {
    if (windows_[static_cast<size_t>(i)]->Running()) continue;
    const std::string said = ReadText(OutputOf(i));
    EXPECT_NE(said.find("is being written by"), std::string::npos) << said;
  }
  EXPECT_GE(running(), 1);
  StopAll();
  ExpectAWholeRunOf(2);
}

// With nobody to manage windows it would reach beyond the screen.
TEST_F(WindowStartsTest, OnASmallScreenAllOfItIsInReach) {
  display_server_.reset();
  display_.clear();
  StartDisplay("1100x720x24");
  ASSERT_FALSE(HasFatalFailure());
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  Box archive;
  ASSERT_TRUE(WaitFor([&] { return Widget("top.evidence", &archive); }));
  EXPECT_LE(archive.x + archive.w, 1100);
  Click("top.evidence");
  EXPECT_TRUE(WaitFor([this] { return Exported("evidence-episode"); }));
}

}  // namespace
}  // namespace equipoise::ui
