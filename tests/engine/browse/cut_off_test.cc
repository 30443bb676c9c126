#include "engine/browse/cut_off.h"

#include <signal.h>

#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

class LastRun : public ProgramTest {
 protected:
  Start Train(const char* name, const char* episodes) const {
    Start start;
    start.arguments = TinyTrain({"--episodes", episodes, "--out", std::string("runs/") + name});
    return start;
  }
};

TEST_F(LastRun, ThatWasKilledIsToldOfByTheNextStart) {
  const std::string runs = folder_ / "runs";
  EXPECT_EQ(run::LastRunCutOff(runs).folder, "") << "there are none";
  {
    Program program(folder_.path(), Train("killed", "100000"));
    ASSERT_TRUE(WaitForEpisodes(&program, runs + "/killed", 4));
    EXPECT_EQ(run::LastRunCutOff(runs).folder, "") << "it is at work";
    program.Signal(SIGKILL);
    (void)program.Wait();
  }
  EXPECT_EQ(run::LastRunCutOff(runs).folder, runs + "/killed");
  EXPECT_EQ(run::LastRunCutOff(runs).what, "was cut off");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // starts are written to the second
  Program next(folder_.path(), Train("next", "1"));
  EXPECT_EQ(next.Wait().code, 0);
  EXPECT_NE(next.Out().find("note: runs/killed was cut off; equipoise resume runs/killed goes on with it"),
            std::string::npos)
      << next.Out();
  EXPECT_EQ(run::LastRunCutOff(runs).folder, "") << "a newer one ended as it should";
}

}  // namespace
}  // namespace equipoise::app
