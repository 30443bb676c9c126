// Too little memory ends in a sentence, before the run where that can be known.
#include "tests/engine/app/program.h"

// A sanitizer maps terabytes before anything else.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace equipoise::app {
namespace {

constexpr long kMegabyte = 1'000'000;

class TooLittleMemory : public ProgramTest {};

TEST_F(TooLittleMemory, IsSaidBeforeARunThatCannotFit) {
  for (const long megabytes : {200, 500, 900, 1500}) {
    Start start;
    start.arguments = {"train", "--task", "cartpole", "--set", "model.hidden=2048", "--out", "run"};
    start.most_memory = megabytes * kMegabyte;
    Program program(folder_.path(), start);
    const Ending ending = program.Wait();
    EXPECT_EQ(ending.code, 2) << megabytes << " MB: died of " << ending.signal;
    for (const char* said : {"model.hidden = 2048", "ulimit -v", "with these settings"})
      EXPECT_NE(program.Err().find(said), std::string::npos) << megabytes << " MB: " << program.Err();
    EXPECT_FALSE(std::filesystem::exists(Run())) << "nothing was started";
  }
}

TEST_F(TooLittleMemory, CostsTheRunItsPictureAndNothingElse) {
  for (const long megabytes : {500, 600, 700, 800}) {
    Start start;
    start.arguments = TinyTrain({"--episodes", "2", "--out", "run" + std::to_string(megabytes)});
    start.most_memory = megabytes * kMegabyte;
    Program program(folder_.path(), start);
    const Ending ending = program.Wait();
    EXPECT_EQ(ending.code, 0) << megabytes << " MB: died of " << ending.signal << "; " << program.Err();
    EXPECT_EQ(Episodes(folder_ / ("run" + std::to_string(megabytes))), 4u);
  }
}

TEST_F(TooLittleMemory, ForThreadsIsASentence) {
  Start start;
  start.arguments = TinyTrain({"--episodes", "2", "--out", "run"});
  start.most_memory = 120 * kMegabyte;
  Program program(folder_.path(), start);
  const Ending ending = program.Wait();
  EXPECT_EQ(ending.signal, 0);
  EXPECT_EQ(ending.code, 2) << program.Out();
  EXPECT_NE(program.Err().find("ulimit -v"), std::string::npos) << program.Err();
}

}  // namespace
}  // namespace equipoise::app

#endif
