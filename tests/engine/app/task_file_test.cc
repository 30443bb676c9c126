// A run with a task from a file: its folder is all that is needed, whatever becomes of the original.
#include <filesystem>

#include "engine/base/atomic_file.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class TaskFileRun : public ProgramTest {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "my");
    for (const char* name : {"reacher.xml", "reacher.toml"})
      fs::copy_file(tests::SourceFolder() + "/assets/tasks/" + name, folder_ / ("my/" + std::string(name)));
    fs::copy_file(tests::SourceFolder() + "/assets/look.xml", folder_ / "look.xml");
  }
  static std::vector<std::string> Tiny(const std::vector<std::string>& more) {
    std::vector<std::string> words = TinyTrain(more);
    words[2] = "my/reacher.toml";
    return words;
  }
  void MustTrain(const std::vector<std::string>& more) {
    const Said said = Do(Tiny(more));
    ASSERT_EQ(said.code, 0) << said.err;
  }
  void Edit(const std::string& name, const std::string& from, const std::string& to) {
    std::string text = ReadFile(folder_ / name).value();
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    folder_.Write(name, text.replace(at, from.size(), to));
  }
  // The records without what depends on the clock, and what was learnt.
  void ExpectSame(const std::string& a, const std::string& b) {
    const Said said = Do({"rerun", a, "--out", b + "-again"});
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    const auto lines = [&](const std::string& run) {
      std::string all;
      for (const std::string& line : store::ReadLines(folder_ / (run + "/episodes.jsonl")).value())
        all += line.substr(0, line.find("\"clock\"")) + "\n";
      return all;
    };
    EXPECT_EQ(lines(a), lines(b));
    EXPECT_FALSE(lines(a).empty());
  }
};

TEST_F(TaskFileRun, GoesOnToTheSameBytesWhenTheOriginalIsGone) {
  MustTrain({"--episodes", "4", "--out", "whole"});
  MustTrain({"--episodes", "2", "--out", "halves"});
  EXPECT_TRUE(fs::exists(folder_ / "halves/task/my/reacher.xml"));
  EXPECT_TRUE(fs::exists(folder_ / "halves/task/look.xml"));
  fs::remove_all(folder_ / "my");
  fs::remove(folder_ / "look.xml");
  fs::rename(folder_ / "halves", folder_ / "moved");
  const Said went_on = Do({"resume", "moved", "--episodes", "4"});
  ASSERT_EQ(went_on.code, 0) << went_on.err;
  ExpectSame("whole", "moved");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"recheck", "--run", "moved", "--episode", "3"},
        {"audit", "moved"},
        {"repair", "moved", "--dry-run"},
        {"export", "--run", "moved", "--of", "curves", "--csv", "curves.csv"}}) {
    const Said said = Do(command);
    EXPECT_EQ(said.code, 0) << command[0] << ": " << said.out << said.err;
  }
}

TEST_F(TaskFileRun, IsTheSameWithAnyNumberOfThreads) {
  MustTrain({"--episodes", "3", "--out", "one", "--set", "run.threads=1"});
  MustTrain({"--episodes", "3", "--out", "three", "--set", "run.threads=3"});
  ExpectSame("one", "three");
}

TEST_F(TaskFileRun, NeverTakesAnOriginalThatWasChangedSince) {
  MustTrain({"--episodes", "2", "--out", "run"});
  MustTrain({"--episodes", "4", "--out", "whole"});
  Edit("my/reacher.toml", "-0.02 * sumsq(action)", "-2 * sumsq(action)");
  const Said refused = Do(Tiny({"--episodes", "4", "--out", "run", "--resume"}));
  EXPECT_EQ(refused.code, 1) << refused.out;
  EXPECT_NE(refused.err.find("run.task = reacher@"), std::string::npos) << refused.err;
  const Said went_on = Do({"resume", "run", "--episodes", "4"});
  ASSERT_EQ(went_on.code, 0) << went_on.err;
  ExpectSame("whole", "run");
}

TEST_F(TaskFileRun, SaysThatItsCopyWasChanged) {
  MustTrain({"--episodes", "1", "--out", "run"});
  Edit("run/task/my/reacher.xml", "0.05", "0.06");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"resume", "run", "--episodes", "2"}, {"audit", "run"}}) {
    const Said said = Do(command);
    EXPECT_NE(said.code, 0);
    EXPECT_NE(said.err.find("run/task/my/reacher.xml was changed since the run began"), std::string::npos) << said.err;
  }
  Edit("run/task/my/reacher.xml", "0.06", "0.05");
  EXPECT_EQ(Do({"resume", "run", "--episodes", "2"}).code, 0);
  fs::remove_all(folder_ / "run/task");
  const Said said = Do({"resume", "run", "--episodes", "3"});
  EXPECT_NE(said.err.find("run/task is not there"), std::string::npos) << said.err;
}

TEST_F(TaskFileRun, StopsAndSaysWhichTermIsNoNumber) {
  Edit("my/reacher.toml", "-0.02 * sumsq(action)", "ln(0.3 - time)");
  const Said checked = Do({"task", "check", "my/reacher.toml"});
  EXPECT_EQ(checked.code, 2);
  EXPECT_NE(checked.err.find("the term \"control\" of its reward"), std::string::npos) << checked.err;
  const Said said = Do(Tiny({"--episodes", "1", "--out", "run"}));
  EXPECT_EQ(said.code, 2);
  EXPECT_NE((said.out + said.err).find("the term \"control\" of its reward"), std::string::npos)
      << said.out << said.err;
}

TEST_F(TaskFileRun, IsCheckedInTheTerminal) {
  const Said said = Do({"task", "check", "my/reacher.toml", "--episodes", "2"});
  ASSERT_EQ(said.code, 0) << said.err;
  for (const char* part : {"shoulder cos", "qpos[shoulder, elbow]", "near", "zero", "random", "held",
                           "the observation says the whole pose"})
    EXPECT_NE(said.out.find(part), std::string::npos) << part << "\n" << said.out;
  EXPECT_EQ(Do({"task", "check", "pendulum"}).code, 0);
  EXPECT_EQ(Do({"task", "check", "halfcheetah", "--episodes", "1"}).code, 0);
  Edit("my/reacher.toml", "site[tip]", "site[tipp]");
  const Said wrong = Do({"task", "check", "my/reacher.toml"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("my/reacher.toml:"), std::string::npos) << wrong.err;
  EXPECT_NE(wrong.err.find("nearest one is tip"), std::string::npos) << wrong.err;
  const Said absent = Do({"train", "--task", "my/recher.toml"});
  EXPECT_EQ(absent.code, 1);
  EXPECT_NE(absent.err.find("my/recher.toml"), std::string::npos) << absent.err;
}

}  // namespace
}  // namespace equipoise::app
