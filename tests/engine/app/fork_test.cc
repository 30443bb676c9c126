// `equipoise fork` and `equipoise resume --set`, as processes.
#include <filesystem>

#include "engine/base/atomic_file.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class ForkProgram : public ProgramTest {
 protected:
  void MakeRun(int episodes) {
    const Said said = Do(TinyTrain({"--episodes", std::to_string(episodes), "--out", "run"}));
    ASSERT_EQ(said.code, 0) << said.err;
  }
  std::vector<std::string> Records(const std::string& name) const {
    std::vector<std::string> records;
    for (const std::string& line : store::ReadLines(folder_ / (name + "/episodes.jsonl")).value())
      records.push_back(run::WithoutClock(line).value());
    return records;
  }
  std::string EventsOf(const std::string& name) const { return ReadFile(folder_ / (name + "/events.jsonl")).value(); }
};

TEST_F(ForkProgram, GoesItsOwnWayFromItsEpisode) {
  MakeRun(10);
  const Said said =
      Do({"fork", "run", "--episode", "3", "--set", "eps.masks=9", "--episodes", "4", "--out", "forks/a"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("forked from run before episode 3, from its start; all before it is trained again"),
            std::string::npos)
      << said.out;
  EXPECT_NE(said.out.find("note: Forked from run before episode 3: up to there both are the same run."),
            std::string::npos)
      << said.out;
  EXPECT_NE(said.out.find("note: You set eps.masks from 4 to 9; in force from episode 3. Checkpoint before-1 kept."),
            std::string::npos)
      << said.out;
  EXPECT_NE(said.out.find("finished: 4 of 4 episodes"), std::string::npos) << said.out;
  const auto was = Records("run"), is = Records("forks/a");
  ASSERT_EQ(was.size(), 12u);
  ASSERT_EQ(is.size(), 6u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(was[i], is[i]);
  EXPECT_NE(was[4], is[4]);
  // A run like any other.
  EXPECT_EQ(Do({"resume", "forks/a", "--episodes", "10"}).code, 0);
  for (const auto& words : std::vector<std::vector<std::string>>{{"rerun", "forks/a", "--out", "again"},
                                                                 {"repair", "forks/a"},
                                                                 {"audit", "forks/a"},
                                                                 {"compare", "run", "forks/a"}}) {
    const Said then = Do(words);
    EXPECT_EQ(then.code, 0) << words[0] << ": " << then.out << then.err;
  }
}

TEST_F(ForkProgram, OfARunThatGoesOnStopsAndIsResumed) {
  Program run(folder_.path(), Endless());
  ASSERT_TRUE(WaitForEpisodes(&run, Run(), 8)) << run.Err();
  fs::create_directory(folder_ / "there");
  Start start;
  start.arguments = {"fork", "../run", "--episode", "4", "--out", "fork"};
  {
    Program fork(folder_ / "there", start);
    ASSERT_TRUE(WaitForEpisodes(&fork, folder_ / "there/fork", 4)) << fork.Err();  // on its way to episode 4, or there
    fork.Signal(SIGKILL);
    EXPECT_EQ(fork.Wait().signal, SIGKILL);
  }
  ASSERT_EQ(Do({"resume", "there/fork", "--episodes", "6"}).code, 0);
  EXPECT_TRUE(run.Running()) << "it was only read";
  ASSERT_TRUE(WaitForEpisodes(&run, Run(), 8));
  run.Signal(SIGTERM);
  EXPECT_EQ(run.Wait().code, 75);
  auto was = Records("run");
  was.resize(8);
  EXPECT_EQ(Records("there/fork"), was);
}

TEST_F(ForkProgram, SaysWhereTrainingAgainPartsWithCodeThree) {
  MakeRun(4);
  // As if its first episode had been computed elsewhere: its chain of checks is whole.
  std::string text;
  uint32_t check = 0;
  for (const std::string& line : store::ReadLines(Run() + "/episodes.jsonl").value()) {
    std::string body = line.substr(0, line.rfind(",\"check\"")) + "}";
    const size_t at = body.find("\"episode\":1,");
    if (at != std::string::npos) body.insert(body.find("\"episode_return\":") + 17, "1");
    text += store::WithCheck(body, check, &check) + "\n";
  }
  folder_.Write("run/episodes.jsonl", text);
  const Said said = Do({"fork", "run", "--episode", "3", "--out", "fork"});
  EXPECT_EQ(said.code, 3) << said.out << said.err;
  EXPECT_NE(
      said.err.find("equipoise: training again did not give run. episodes.jsonl: record 3 differs in episode_return"),
      std::string::npos)
      << said.err;
  EXPECT_EQ(Do({"resume", "fork"}).code, 3);
}

TEST_F(ForkProgram, RefusesBeforeAnythingIsDone) {
  MakeRun(3);
  const auto refused = [&](std::vector<std::string> words, const std::string& why) {
    const Said said = Do(words);
    EXPECT_EQ(said.code, 1) << said.out;
    EXPECT_NE(said.err.find(why), std::string::npos) << said.err;
    EXPECT_FALSE(fs::exists(folder_ / "fork"));
  };
  const auto with = [](const std::string& set) {
    return std::vector<std::string>{"fork", "run", "--episode", "2", "--set", set, "--out", "fork"};
  };
  refused(with("model.hidden=9"), "model.hidden is fixed for the whole run");
  refused(with("model.hiden=9"), "unknown");
  refused(with("eps.masks"), "write it as section.name=value");
  refused(with("eps.masks=0"), "outside");
  refused(with("run.episodes=9"), "say that with --episodes 9");
  refused({"fork", "run", "--episode", "9", "--out", "fork"}, "run has done 3 episodes");
  refused({"fork", "nothing", "--episode", "1", "--out", "fork"}, "there is no folder nothing");
  refused({"fork", "run", "--episode", "2", "--out", "run"}, "run exists and is not empty");
  refused({"fork", "run", "--out", "fork"}, "--episode");
}

TEST_F(ForkProgram, ResumeGoesOnWithAnotherSetting) {
  MakeRun(3);
  const std::string events = EventsOf("run"), episodes = ReadFile(Run() + "/episodes.jsonl").value(),
                    json = ReadFile(Run() + "/run.json").value();
  for (const auto& [set, why] :
       std::vector<std::pair<std::string, std::string>>{{"model.hidden=9", "model.hidden is fixed for the whole run"},
                                                        {"ppo.batch_steps=500", "this run's agent, unified, has no"},
                                                        {"sac.actor_stp=1", "the nearest known"},
                                                        {"run.episodes=9", "say that with --episodes 9"}}) {
    const Said said = Do({"resume", "run", "--episodes", "5", "--set", set});
    EXPECT_EQ(said.code, 1) << said.out;
    EXPECT_NE(said.err.find(why), std::string::npos) << said.err;
  }
  const Said done = Do({"resume", "run", "--set", "eps.masks=9"});
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("has done its 3 episodes"), std::string::npos) << done.err;
  EXPECT_EQ(EventsOf("run"), events);
  EXPECT_EQ(ReadFile(Run() + "/episodes.jsonl").value(), episodes);
  EXPECT_EQ(ReadFile(Run() + "/run.json").value(), json);

  const Said said = Do({"resume", "run", "--episodes", "5", "--set", "eps.masks=9", "--set", "sac.gamma=0.95"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("note: You set eps.masks from 4 to 9; in force from episode 4."), std::string::npos)
      << said.out;
  EXPECT_EQ(run::ReadEvents(Run()).value().size(), 2u);
  EXPECT_TRUE(store::ReadDescription(Run()).value().steered);
  EXPECT_EQ(Do({"rerun", "run", "--out", "again"}).code, 0);
  const Said again = Do({"resume", "run", "--episodes", "6", "--set", "eps.masks=9"});
  EXPECT_EQ(again.code, 0);
  EXPECT_NE(again.err.find("eps.masks = 9 changes nothing: it is that already"), std::string::npos) << again.err;
}

}  // namespace
}  // namespace equipoise::app
