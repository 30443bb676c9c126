// Standard streams that are closed, full or gone.
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

using Streams = ProgramTest;

TEST_F(Streams, ThatAreClosedTakeNoFilesNumber) {
  Start start;
  start.arguments = TinyTrain({"--episodes", "2", "--out", "run"});
  start.closed = {0, 1, 2};
  EXPECT_EQ(RunToEnd(start).code, 0);
  const auto history = run::ReadHistory(folder_ / "run");
  ASSERT_TRUE(history.ok()) << history.error().message;
  EXPECT_EQ(history.value().episodes.size(), 4u);
  EXPECT_TRUE(history.value().events.empty());
  Start resume;
  resume.arguments = {"resume", "run", "--episodes", "3"};
  resume.closed = {0, 1, 2};
  EXPECT_EQ(RunToEnd(resume).code, 0);
  EXPECT_EQ(Episodes(folder_ / "run"), 5u);
}

// Everything that prints: its text is what was asked for.
TEST_F(Streams, ThatTakeNothingAreAnErrorOfEveryCommandThatPrints) {
  Start train;
  train.arguments = TinyTrain({"--episodes", "10", "--out", "run"});
  ASSERT_EQ(RunToEnd(train).code, 0);
  const std::vector<std::vector<std::string>> commands = {
      {"--help"},         {"--version"},
      {"help", "train"},  {"train", "--help"},
      {"config"},         {"settings"},
      {"keys"},           {"settings", "--markdown"},
      {"compare", "run"}, {"replay", "--run", "run", "--episode", "2"},
      {"resume", "run"}};
  for (const std::vector<std::string>& command : commands) {
    std::string words;
    for (const std::string& word : command) words += word + " ";
    Start start;
    start.arguments = command;
    {
      Program well(folder_.path(), start);
      ASSERT_EQ(well.Wait().code, 0) << words << well.Err();
      EXPECT_FALSE(well.Out().empty()) << words;
    }
    start.out_file = "/dev/full";
    Program full(folder_.path(), start);
    EXPECT_EQ(full.Wait().code, 2) << words;
    EXPECT_NE(full.Err().find("cannot write to standard output: No space left"), std::string::npos)
        << words << full.Err();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ::close(ends[0]);
    start.out_file.clear();
    start.out = ends[1];
    Program gone(folder_.path(), start);
    ::close(ends[1]);
    EXPECT_EQ(gone.Wait().code, 2) << words;
    EXPECT_NE(gone.Err().find("cannot write to standard output: Broken pipe"), std::string::npos)
        << words << gone.Err();
  }
}

TEST_F(Streams, AReaderThatGoesAwayDoesNotEndARun) {
  Start start;
  start.arguments = TinyTrain({"--episodes", "3", "--out", "run"});
  start.out_file = "/dev/full";
  Program program(folder_.path(), start);
  EXPECT_EQ(program.Wait().code, 2);
  EXPECT_EQ(ConditionOf(folder_ / "run"), store::RunCondition::kFinished) << program.Err();
}

}  // namespace
}  // namespace equipoise::app
