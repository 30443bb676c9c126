// Anything done to a run in any order; tests/long/random_commands.cc is the long version, for every agent.
#include "tests/engine/run/random_user.h"

#include <cstdio>

#include "tests/engine/agent/tiny_agent.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class AnybodyWhoDoesAnything : public RunTest {};

TEST_F(AnybodyWhoDoesAnything, LeavesARunThatIsWhole) {
  for (const char* agent : {"unified", "pets"}) {
    test::RandomUse use;
    use.settings = test::TinyAgent(agent);
    use.settings.distractors.groups = 2;
    use.settings.run.episodes = 1000;
    use.folder = Path(agent);
    use.seed = 1;
    use.commands = 600;
    use.stop_seconds = 20;  // of a machine that may be busy; the long version measures
    const test::RandomUseReport report = test::UseAtRandom(use, {});
    std::printf("%s: %s\n", agent, test::ToText(report).c_str());
    for (const std::string& fault : report.faults) ADD_FAILURE() << agent << ": " << fault;
    EXPECT_GT(report.lives, 5);
    EXPECT_GT(report.interventions, 0);
    EXPECT_GT(report.snapshots, 100);
  }
}

}  // namespace
}  // namespace equipoise::run
