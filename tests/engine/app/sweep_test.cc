// `equipoise sweep` and `equipoise report` from outside.
#include <algorithm>
#include <sstream>

#include "engine/sweep/manifest.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class Sweeping : public ProgramTest {
 protected:
  // As TinyTrain, as a file.
  void WriteSweep(const std::string& runs, const std::string& more = "") const {
    folder_.Write("tiny.toml",
                  "[set]\n\"run.threads\" = 1\n\"run.random_episodes\" = 2\n\"env.horizon\" = 40\n\"model.steps\" = 4\n"
                  "\"model.hidden\" = 8\n\"mb.steps\" = 2\n\"mb.hidden\" = 8\n\"sac.hidden\" = 8\n\"eps.masks\" = 4\n"
                  "\"eps.rollouts\" = 2\n\"eps.force_every\" = 3\n" +
                      more + runs);
  }
  static std::string Block(const std::string& agents, const std::string& seeds, int episodes,
                           const std::string& more = "") {
    return "[[runs]]\ntasks = \"cartpole\"\nagents = " + agents + "\nseeds = " + seeds +
           "\nepisodes = " + std::to_string(episodes) + "\n" + more;
  }
  Ending Do(const std::vector<std::string>& arguments) {
    Start start;
    start.arguments = arguments;
    Program program(folder_.path(), start);
    const Ending ending = program.Wait();
    out_ = program.Out();
    err_ = program.Err();
    return ending;
  }
  std::string RunOf(const std::string& name) const { return folder_ / ("sweeps/tiny/runs/" + name); }
  bool Exists(const std::string& path) const { return fs::exists(folder_ / path); }
  std::string out_, err_;
};

TEST_F(Sweeping, RunsWhatIsMissingAndNothingElse) {
  WriteSweep(Block("[\"unified\", \"sac\"]", "1", 6));
  EXPECT_EQ(Do({"sweep", "tiny.toml", "--jobs", "2"}).code, 0) << out_ << err_;
  EXPECT_NE(out_.find("2 runs: 2 finished"), std::string::npos) << out_;
  const auto before = fs::last_write_time(RunOf("cartpole-sac-cpu-s0") + "/episodes.jsonl");

  WriteSweep(Block("[\"unified\", \"sac\"]", "1", 6) + Block("\"sac\"", "[1]", 6));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  EXPECT_EQ(out_.find("begun: cartpole-sac-cpu-s0"), std::string::npos) << out_;
  EXPECT_NE(out_.find("begun: cartpole-sac-cpu-s1"), std::string::npos) << out_;
  EXPECT_EQ(fs::last_write_time(RunOf("cartpole-sac-cpu-s0") + "/episodes.jsonl"), before);

  EXPECT_EQ(Do({"sweep", "sweeps/tiny"}).code, 0) << "its folder says what was asked for last";
  EXPECT_EQ(out_.find("begun"), std::string::npos) << out_;
}

// A task file lies where the sweep's does; the sweep keeps a copy of it and goes on with that.
TEST_F(Sweeping, OfATaskFileGoesOnWithItsCopy) {
  fs::create_directories(folder_ / "my");
  for (const char* name : {"pendulum.toml", "pendulum.xml"})
    fs::copy_file(tests::SourceFolder() + "/assets/tasks/" + name, folder_ / ("my/" + std::string(name)));
  fs::copy_file(tests::SourceFolder() + "/assets/look.xml", folder_ / "look.xml");
  const auto block = [](const std::string& seeds) {
    return "[[runs]]\ntasks = [\"my/pendulum.toml\", \"cartpole\"]\nagents = \"sac\"\nseeds = " + seeds +
           "\nepisodes = 4\n";
  };
  WriteSweep(block("1"));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << out_ << err_;
  EXPECT_NE(out_.find("2 runs: 2 finished"), std::string::npos) << out_;
  EXPECT_TRUE(Exists("sweeps/tiny/runs/pendulum-sac-cpu-s0/task/my/pendulum.toml"));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  EXPECT_EQ(out_.find("begun"), std::string::npos) << out_;

  fs::remove_all(folder_ / "my");
  EXPECT_EQ(Do({"sweep", "sweeps/tiny"}).code, 0) << err_;
  EXPECT_EQ(out_.find("begun"), std::string::npos) << "the copy is the same task: " << out_;
  fs::remove_all(folder_ / "sweeps/tiny/runs/pendulum-sac-cpu-s0");
  EXPECT_EQ(Do({"sweep", "sweeps/tiny"}).code, 0) << err_;
  EXPECT_NE(out_.find("begun: pendulum-sac-cpu-s0"), std::string::npos) << out_;
  EXPECT_EQ(Do({"report", "sweeps/tiny"}).code, 0) << err_;
  EXPECT_NE(out_.find("pendulum"), std::string::npos) << out_;
  EXPECT_EQ(out_.find("pendulum@"), std::string::npos) << out_;

  EXPECT_EQ(Do({"sweep", "tiny.toml", "--out", "other"}).code, 1);
  EXPECT_NE(err_.find("my/pendulum.toml"), std::string::npos) << err_;
}

TEST_F(Sweeping, OneThatFailsIsToldAndTheOthersGoOn) {
  WriteSweep(Block("\"sac\"", "3", 5));
  EXPECT_EQ(Do({"sweep", "tiny.toml", "--dry-run"}).code, 0) << err_;
  EXPECT_FALSE(Exists("sweeps"));
  fs::create_directories(folder_ / "sweeps/tiny/runs");
  folder_.Write("sweeps/tiny/runs/cartpole-sac-cpu-s1", "in the way");
  EXPECT_EQ(Do({"sweep", "tiny.toml", "--jobs", "1"}).code, 2) << out_;
  EXPECT_NE(err_.find("failed: cartpole-sac-cpu-s1: ended with exit code 2: equipoise: "), std::string::npos) << err_;
  EXPECT_NE(err_.find("sweeps/tiny/log/cartpole-sac-cpu-s1.txt"), std::string::npos) << err_;
  EXPECT_NE(out_.find("3 runs: 2 finished, 1 failed"), std::string::npos) << out_;
  EXPECT_EQ(Do({"sweep", "sweeps/tiny", "--status"}).code, 0);
  EXPECT_NE(out_.find("3 runs: 2 finished, 1 failed"), std::string::npos) << out_;

  fs::remove(folder_ / "sweeps/tiny/runs/cartpole-sac-cpu-s1");
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  EXPECT_NE(out_.find("3 runs: 3 finished"), std::string::npos) << out_;
}

TEST_F(Sweeping, ASignalEndsAllOfThemAndTheSameCommandGoesOn) {
  WriteSweep(Block("\"sac\"", "2", 100000));
  Start start;
  start.arguments = {"sweep", "tiny.toml", "--jobs", "2"};
  for (const int signal : {SIGTERM, SIGINT}) {
    const size_t had = Episodes(RunOf("cartpole-sac-cpu-s1"));
    Program program(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&program, RunOf("cartpole-sac-cpu-s0"), had + 4)) << program.Err();
    ASSERT_TRUE(WaitForEpisodes(&program, RunOf("cartpole-sac-cpu-s1"), had + 4)) << program.Err();
    program.Signal(signal);
    const Ending ending = program.Wait();
    EXPECT_EQ(signal == SIGTERM ? ending.code : ending.signal, signal == SIGTERM ? 75 : SIGINT);
    for (const char* name : {"cartpole-sac-cpu-s0", "cartpole-sac-cpu-s1"}) {
      EXPECT_EQ(ConditionOf(RunOf(name)), store::RunCondition::kStopped) << "no child is left behind";
      EXPECT_EQ(store::FolderLock::Holder(RunOf(name)), "");
    }
    EXPECT_NE(program.Out().find("go on with: equipoise sweep tiny.toml"), std::string::npos) << program.Out();
    EXPECT_EQ(program.Err().find("failed"), std::string::npos) << program.Err();
  }
}

TEST_F(Sweeping, ARunThatSomebodyElseRunsIsLeftAlone) {
  WriteSweep(Block("\"sac\"", "1", 100000));
  Start start;
  start.arguments = {"sweep", "tiny.toml"};
  {
    Program program(folder_.path(), start);
    ASSERT_TRUE(WaitForEpisodes(&program, RunOf("cartpole-sac-cpu-s0"), 3)) << program.Err();
    EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 2) << "one sweep of a folder at a time";
    program.Signal(SIGTERM);
    EXPECT_EQ(program.Wait().code, 75);
  }
  Start by_hand;
  by_hand.arguments = {"resume", RunOf("cartpole-sac-cpu-s0")};
  Program other(folder_.path(), by_hand);
  const size_t had = Episodes(RunOf("cartpole-sac-cpu-s0"));
  ASSERT_TRUE(WaitForEpisodes(&other, RunOf("cartpole-sac-cpu-s0"), had + 1)) << other.Err();
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 2);
  EXPECT_NE(err_.find("cartpole-sac-cpu-s0 is being run by another process; it is left alone"), std::string::npos)
      << err_;
  EXPECT_TRUE(other.Running());
}

// Whoever holds the pool may be killed outright: nothing goes on unseen.
TEST_F(Sweeping, WithoutItsParentARunStops) {
  WriteSweep(Block("\"sac\"", "1", 100000));
  Start start;
  start.arguments = {"sweep", "tiny.toml"};
  Program program(folder_.path(), start);
  ASSERT_TRUE(WaitForEpisodes(&program, RunOf("cartpole-sac-cpu-s0"), 4)) << program.Err();
  program.Signal(SIGKILL);
  EXPECT_EQ(program.Wait().signal, SIGKILL);
  EXPECT_TRUE(WaitUntil([&] { return store::FolderLock::Holder(RunOf("cartpole-sac-cpu-s0")).empty(); }));
  EXPECT_EQ(ConditionOf(RunOf("cartpole-sac-cpu-s0")), store::RunCondition::kStopped);
}

TEST_F(Sweeping, OtherSettingsAreOtherFoldersAndMoreEpisodesAreNot) {
  WriteSweep(Block("\"sac\"", "1", 4));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  WriteSweep(Block("\"sac\"", "1", 7));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  EXPECT_EQ(Episodes(RunOf("cartpole-sac-cpu-s0")), 9u) << "gone on with; two are random";
  WriteSweep(Block("\"sac\"", "1", 4, "set = { \"sac.batch\" = 16 }\n"));
  EXPECT_EQ(Do({"sweep", "tiny.toml"}).code, 0) << err_;
  EXPECT_NE(err_.find("cartpole-sac-cpu-s0 was begun with other settings"), std::string::npos) << err_;
  EXPECT_EQ(Episodes(RunOf("cartpole-sac-cpu-s0")), 9u);
  EXPECT_EQ(Episodes(RunOf("cartpole-sac-cpu-s0-v2")), 6u);
  EXPECT_EQ(Do({"report", "sweeps/tiny"}).code, 0) << err_;
  EXPECT_NE(out_.find("does not ask for any more"), std::string::npos) << "and never mixed: " << out_;
  EXPECT_NE(out_.find("(1)"), std::string::npos) << out_;
}

TEST_F(Sweeping, TheReportIsAFolderWithAPage) {
  WriteSweep(
      Block("[\"unified\", \"sac\"]", "2", 12) +
      Block("[\"unified\", \"sac\"]", "1", 12,
            "failure = \"Distractors from episode 6\"\nsettings = [{ name = \"inject\", set = { \"run.schedule\" = "
            "\"6 distractors.active=true\" } }]\n"));
  EXPECT_EQ(Do({"sweep", "tiny.toml", "--jobs", "2"}).code, 0) << err_;
  EXPECT_EQ(Do({"report", "sweeps/tiny"}).code, 0) << err_;
  EXPECT_NE(out_.find("6 of 6 runs counted."), std::string::npos) << "a planned change is no steering: " << out_;
  EXPECT_NE(out_.find("| unified |"), std::string::npos) << out_;
  EXPECT_NE(out_.find("| agent | cartpole: Distractors from episode 6 |"), std::string::npos) << out_;
  for (const char* file :
       {"report.md", "table1.md", "table1.csv", "failures.csv", "runs.csv", "figure2.svg", "figure3.svg", "figure4.svg",
        "figure2.csv", "aggregates.csv", "improvement.csv", "profiles.svg"})
    EXPECT_TRUE(Exists(std::string("sweeps/tiny/report/") + file)) << file;
  std::ostringstream page;
  page << std::ifstream(folder_ / "sweeps/tiny/report/report.html").rdbuf();
  const std::string html = page.str();
  EXPECT_NE(html.find("<svg"), std::string::npos);
  EXPECT_EQ(html.find("src="), std::string::npos) << "all in one file";
  EXPECT_EQ(html.find("href="), std::string::npos);
  std::ostringstream csv;
  csv << std::ifstream(folder_ / "sweeps/tiny/report/runs.csv").rdbuf();
  const std::string text = csv.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7);

  EXPECT_EQ(Do({"report", "sweeps/tiny"}).code, 2) << "what exists is not replaced unasked";
  EXPECT_EQ(Do({"report", "sweeps/tiny", "--overwrite"}).code, 0) << err_;
  EXPECT_EQ(Do({"report", "nowhere"}).code, 1);
}

TEST_F(Sweeping, TheCommandLineSaysWhatIsWrong) {
  EXPECT_EQ(Do({"sweep", "absent.toml"}).code, 1);
  folder_.Write("bad.toml", "[[runs]]\ntasks = \"cartpole\"\nseeds = 1\n");
  EXPECT_EQ(Do({"sweep", "bad.toml"}).code, 1);
  EXPECT_NE(err_.find("bad.toml:1: these runs have no agents"), std::string::npos) << err_;
  EXPECT_FALSE(Exists("sweeps"));
  EXPECT_EQ(Do({"sweep", "bad.toml", "--line", "0"}).code, 1);
  EXPECT_EQ(Do({"sweep", "bad.toml", "--slurm", "--jobs", "2"}).code, 1);
}

}  // namespace
}  // namespace equipoise::app
