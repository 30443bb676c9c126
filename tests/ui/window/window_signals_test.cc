// A signal closes the window as a person would: the run ends whole, and the window comes back as it was.
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class WindowSignals : public WindowTest {
 protected:
  std::string State() const { return ReadText(run_ / "run.json"); }
  void ExpectClosed(int signal) {
    program_->Signal(signal);
    ASSERT_TRUE(WaitFor([this] { return !program_->Running(); })) << "signal " << signal << " was not heard";
    const int code = program_->Wait();
    EXPECT_EQ(code, signal == SIGINT ? -1 : 75) << Output();
    EXPECT_EQ(program_->DiedOf(), signal == SIGINT ? SIGINT : 0) << Output();
    EXPECT_NE(State().find("\"state\": \"stopped\""), std::string::npos) << State();
    EXPECT_TRUE(fs::exists(folder_ / "equipoise" / "window.ini")) << "the window's state is kept";
    program_.reset();
    for (const char* name : {"run", "equipoise", "trace"}) fs::remove_all(folder_ / name);
  }
};

TEST_F(WindowSignals, EndTheRunWholeAndKeepTheWindowsState) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    StartProgram(kSmall);
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_TRUE(WaitFor([this] { return Episodes() > 3; })) << Output();
    ExpectClosed(signal);
  }
  // A window that rests draws nothing and is woken by nothing.
  std::vector<std::string> paused = kSmall;
  paused.push_back("--paused");
  StartProgram(paused);
  ASSERT_FALSE(HasFatalFailure());
  ExpectClosed(SIGTERM);
}

}  // namespace
}  // namespace equipoise::ui
