// A fork from the window: the run that is looked at goes on, the other one trains beside it, and both are drawn.
#include "engine/record/records.h"
#include "tests/ui/window/window_fixture.h"

namespace equipoise::ui {
namespace {

class ForkWindowTest : public WindowTest {
 protected:
  static long Lines(const fs::path& file) {
    const std::string text = ReadText(file);
    return std::count(text.begin(), text.end(), '\n');
  }
  static std::vector<std::string> Records(const fs::path& run) {
    std::vector<std::string> records;
    std::istringstream lines(ReadText(run / "episodes.jsonl"));
    for (std::string line; std::getline(lines, line) && !lines.eof();)
      records.push_back(run::WithoutClock(line).value());
    return records;
  }
  // Into a field that is empty or whose text is chosen when it opens.
  void Type(const std::string& field, const std::string& text) {
    Click(field);
    WaitForFrames();
    WaitForFrames();
    Do("key ctrl+a");
    Do("type " + text);
    Do("key Return");
  }
};

TEST_F(ForkWindowTest, AForkTrainsBesideTheRunThatIsLookedAtUntilTheWindowCloses) {
  StartProgram(kSmall);
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(WaitFor([this] { return Episodes() > 6; })) << Output();
  ASSERT_TRUE(X("key Escape key space"));  // the hint of the first start
  const long episodes = WaitUntilPaused();
  Click("strip.last");
  Click("check.fork");
  const std::string folder = run_.string() + "-fork";
  Type("fork.search", "eps.masks");
  Type("setting.eps.masks", "3");
  ASSERT_TRUE(WaitFor([this] { return Widget("fork.undo.eps.masks", nullptr) || Widget("fork.start", nullptr); }));
  Click("fork.start");
  ASSERT_TRUE(WaitFor([&] { return Lines(fs::path(folder) / "episodes.jsonl") > episodes + 1; })) << Output();
  EXPECT_EQ(Events().find("intervention"), std::string::npos) << "this run is not steered by it";
  ASSERT_TRUE(WaitFor([&] { return Widget("run.tab." + folder, nullptr); })) << "how far it is, is not said";
  ASSERT_TRUE(X("key space"));
  EXPECT_TRUE(WaitFor([&] { return Episodes() > episodes + 3; })) << "the run that is looked at does not go on";
  const std::string events = ReadText(fs::path(folder) / "events.jsonl");
  EXPECT_NE(events.find("You set eps.masks from 2 to 3"), std::string::npos) << events;
  const std::string json = ReadText(fs::path(folder) / "run.json");
  const size_t at = json.find("\"episode\": ", json.find("\"forked\""));
  const auto own = static_cast<size_t>(std::atoi(json.c_str() + at + 11) + 2 - 1);  // after two random ones
  ASSERT_GT(own, 3u);
  const auto was = Records(run_), is = Records(folder);
  ASSERT_GT(is.size(), own);
  for (size_t i = 0; i < own; ++i) EXPECT_EQ(was[i], is[i]) << i;
  EXPECT_NE(was[own], is[own]);
  program_->Terminate();
  program_->Wait();
  for (const fs::path& run : {run_, fs::path(folder)})
    EXPECT_NE(ReadText(run / "run.json").find("\"state\": \"stopped\""), std::string::npos) << run;
}

}  // namespace
}  // namespace equipoise::ui
