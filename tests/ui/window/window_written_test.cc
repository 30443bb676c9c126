// Where an export went: one click away, in the message and in the list; of a run that is only looked at, elsewhere.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class WrittenWindowTest : public WindowTest {
 protected:
  // A file manager that writes down what it was asked to open.
  void SetUp() override {
    WindowTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    fs::create_directories(folder_ / "bin");
    std::ofstream(folder_ / "bin" / "xdg-open")
        << "#!/bin/sh\necho \"$1\" >> " << (folder_ / "opened").string() << "\n";
    fs::permissions(folder_ / "bin" / "xdg-open", fs::perms::owner_all);
    path_ = std::getenv("PATH");
    setenv("PATH", ((folder_ / "bin").string() + ":" + path_).c_str(), 1);
    std::ofstream(folder_ / "user-dirs.dirs") << "XDG_DOCUMENTS_DIR=\"" << (folder_ / "papers").string() << "\"\n";
  }
  void TearDown() override {
    if (!path_.empty()) setenv("PATH", path_.c_str(), 1);
    WindowTest::TearDown();
  }
  std::string Opened() const { return ReadText(folder_ / "opened"); }
  std::string path_;
};

TEST_F(WrittenWindowTest, ItsFolderIsOneClickAwayInTheMessageAndInTheList) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
  ASSERT_TRUE(X("key Escape key F12"));
  ASSERT_TRUE(WaitFor([this] { return Exported("equipoise"); }));
  Click("toast.open");
  const std::string folder = (run_ / "export").string() + "\n";
  ASSERT_TRUE(WaitFor([&] { return Opened() == folder; })) << Opened();
  ASSERT_TRUE(X("key s"));
  Click("written.0.open");
  EXPECT_TRUE(WaitFor([&] { return Opened() == folder + folder; })) << Opened();
  EXPECT_TRUE(program_->Running()) << Output();
}

TEST_F(WrittenWindowTest, OfARunThatIsOnlyLookedAtItGoesToThePersonsDocuments) {
  const fs::path done = folder_ / "done";
  std::vector<std::string> train = {tests::Program(), "train", "--out", done.string()};
  const std::vector<std::string> small = SmallBut({"run.episodes=3"});
  train.insert(train.end(), small.begin(), small.end());
  ASSERT_EQ(Process(train, {}, folder_ / "train").Wait(), 0) << ReadText(folder_ / "train");
  StartCommand({tests::Program(), "gui", "--run", done.string()});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(X("key Escape key F12"));
  const fs::path elsewhere = folder_ / "papers" / "Equipoise" / "done";
  EXPECT_TRUE(WaitFor([&] { return fs::exists(elsewhere) && !fs::is_empty(elsewhere); })) << Output();
  EXPECT_FALSE(fs::exists(done / "export")) << "it is written into";
  Click("toast.open");
  EXPECT_TRUE(WaitFor([&] { return Opened() == elsewhere.string() + "\n"; })) << Opened();
}

}  // namespace
}  // namespace equipoise::ui
