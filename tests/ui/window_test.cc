#include "ui/window.h"

#include "tests/ui/window_fixture.h"

namespace equipoise::ui {
namespace {

TEST_F(WindowTest, SteersARunByMouseAndKeysAndLeavesItOnDisk) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();

  // An entropy bonus, typed into its field.
  Click("setting.mb.entropy_bonus");
  ASSERT_TRUE(WaitFor([this] { return Widget("edit", nullptr); })) << "the field did not open";
  ASSERT_TRUE(X("type 0.75"));
  ASSERT_TRUE(X("key Return"));
  EXPECT_TRUE(WaitFor([this] { return Events().find("mb.entropy_bonus") != std::string::npos; })) << Events();
  EXPECT_NE(Events().find("0.75"), std::string::npos) << Events();

  // Distractors, by their button.
  EXPECT_EQ(Events().find("distractors.active"), std::string::npos);
  Click("experiment.distractors");
  EXPECT_TRUE(WaitFor([this] { return Events().find("distractors.active") != std::string::npos; })) << Events();

  // A picture of the window.
  ASSERT_TRUE(X("key F12"));
  EXPECT_TRUE(WaitFor([this] { return fs::exists(run_ / "export") && !fs::is_empty(run_ / "export"); })) << Output();

  // Space pauses; the run then stands still, and goes on with the next Space.
  ASSERT_TRUE(X("key space"));
  long before = -1;
  ASSERT_TRUE(WaitFor([&] {
    const long now = Episodes();
    const bool still = now == before;
    before = now;
    std::this_thread::sleep_for(std::chrono::seconds(3));
    return still && Episodes() == now;
  })) << "the run did not pause";
  ASSERT_TRUE(X("key space"));
  EXPECT_TRUE(WaitFor([&] { return Episodes() > before + 1; })) << "the run did not resume";
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WindowTest, EndsWithCodeTwoAndASentenceWhenTheDisplayCannotBeOpened) {
  const std::vector<std::string> command = {EQUIPOISE_BINARY, "gui", "--out", (folder_ / "none").string()};
  Process program(command, {"DISPLAY=:4711", "WAYLAND_DISPLAY="}, folder_ / "output");
  EXPECT_EQ(program.Wait(), 2);
  EXPECT_NE(Output().find("no display"), std::string::npos) << Output();
}

}  // namespace
}  // namespace equipoise::ui
