// What the commands without pictures write for a user, and where they read: the program as a process.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "engine/base/json.h"
#include "engine/store/run_folder.h"
#include "tests/shell.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;
using testing_support::Shell;
using testing_support::ShellOutcome;

class Output : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(tests::Program())) GTEST_SKIP() << "the program is not part of this build";
  }
  std::string Text(const std::string& name) const { return Shell::Text(shell_.folder() / name); }
  Shell shell_;
};

constexpr char kStart[] = R"({"type":"start","traj":"a","set_qpos":[0,0.1],"set_qvel":[0,0]})";

TEST_F(Output, EnvReplayFollowsTheRuleOfEveryFile) {
  shell_.folder().Write("in.jsonl", std::string(kStart) + "\n");
  shell_.folder().Write("mine.jsonl", "mine\n");
  const std::string replay = "equipoise env-replay --task cartpole --in in.jsonl --out ";
  const ShellOutcome refused = shell_.Run(replay + "mine.jsonl");
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err, "equipoise: mine.jsonl exists; name another file, or add --overwrite\n");
  EXPECT_EQ(Text("mine.jsonl"), "mine\n");
  EXPECT_EQ(shell_.Run(replay + "mine.jsonl --overwrite").code, 0);
  const std::string line = Text("mine.jsonl");
  EXPECT_EQ(line.rfind(R"({"type":"start")", 0), 0u) << line;
  EXPECT_NE(shell_.Run(replay + "steps.txt").err.find("one of .jsonl, .ndjson"), std::string::npos);
  EXPECT_EQ(shell_.Run(replay + "''").code, 1);
  EXPECT_EQ(shell_.Run(replay + "-").out, line);
  EXPECT_EQ(shell_.Run(replay + ">(cat >piped); wait $!").code, 0);
  EXPECT_EQ(Text("piped"), line);
  EXPECT_EQ(shell_.Run("equipoise env-replay --task cartpole --in - --out - <in.jsonl").out, line);
  EXPECT_EQ(shell_.Run("equipoise env-replay --task cartpole --in <(cat in.jsonl) --out /dev/stdout | cat").out, line);
  EXPECT_EQ(shell_.Run("equipoise train --episodes 1 --out run" + std::string(testing_support::kTinyRun)).code, 0);
  const std::string truth = Text("run/episodes.jsonl");
  EXPECT_NE(shell_.Run(replay + "run/episodes.jsonl --overwrite").err.find("belongs to the run in"), std::string::npos);
  EXPECT_EQ(Text("run/episodes.jsonl"), truth);
}

TEST_F(Output, AConfigurationComesThroughPipesToo) {
  shell_.folder().Write("c.toml", "[run]\ntask = \"hopper\"\nseed = 7\n");
  const std::string expected = shell_.Run("equipoise config --config ./c.toml").out;
  ASSERT_NE(expected.find("seed = 7"), std::string::npos);
  for (const char* way :
       {"--config <(cat c.toml)", "--config /dev/stdin <c.toml", "--config - <c.toml", "--config /dev/fd/9 9<c.toml"})
    EXPECT_EQ(shell_.Run(std::string("equipoise config ") + way).out, expected) << way;
  const ShellOutcome wrong = shell_.Run("echo 'x = 1' | equipoise config --config /dev/stdin");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("/dev/stdin:1: unknown setting x"), std::string::npos) << wrong.err;
  EXPECT_EQ(shell_.Run("equipoise config --config .").code, 1) << "a folder is no configuration";
}

TEST_F(Output, ComparePicturesFollowTheRuleOfEveryFile) {
  for (const char* seed : {"1", "2"})
    ASSERT_EQ(shell_
                  .Run("equipoise train --episodes 10 --seed " + std::string(seed) + " --out 'run " + seed + "'" +
                       testing_support::kTinyRun)
                  .code,
              0);
  const std::string compare = "equipoise compare 'run 1' 'run 2' ";
  shell_.folder().Write("c.svg", "mine");
  const ShellOutcome refused = shell_.Run(compare + "--svg c.svg");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("c.svg exists"), std::string::npos) << refused.err;
  EXPECT_EQ(Text("c.svg"), "mine");
  EXPECT_EQ(shell_.Run(compare + "--svg c.svg --overwrite --title 'A & B <x> \"q\"'").code, 0);
  const std::string svg = Text("c.svg");
  EXPECT_NE(svg.find(">A &amp; B &lt;x&gt; &quot;q&quot;<"), std::string::npos) << svg.substr(0, 600);
  EXPECT_NE(shell_.Run(compare + "--svg c.pdf").err.find("here it must be .svg"), std::string::npos);
  EXPECT_EQ(shell_.Run("ln -s c.svg link.svg; " + compare + "--svg link.svg --overwrite").code, 0);
  EXPECT_TRUE(fs::is_symlink(shell_.folder() / "link.svg"));
  const ShellOutcome piped = shell_.Run(compare + "--svg -");
  EXPECT_EQ(piped.out.rfind("<svg", 0), 0u) << "the picture alone";
  EXPECT_NE(piped.err.find("| agent |"), std::string::npos) << "the table beside it";
  EXPECT_EQ(shell_.Run(compare + "--svg /dev/full").code, 2);
  EXPECT_EQ(shell_.Run(compare + "--svg /dev/null").code, 0);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

// The labels of an SVG's texts that end at x = 53: left of the axes.
std::vector<std::string> RowLabels(const std::string& svg) {
  std::vector<std::string> labels;
  for (size_t at = 0; (at = svg.find("<text x=\"53.00\" ", at)) != std::string::npos; ++at) {
    const size_t from = svg.find('>', at) + 1;
    labels.push_back(svg.substr(from, svg.find('<', from) - from));
  }
  return labels;
}

TEST_F(Output, AComparisonOfSmallReturnsHasADifferentLabelAtEveryTick) {
  const std::string tiny = testing_support::kTinyRun, horizon = "env.horizon=";
  const size_t at = tiny.find(horizon) + horizon.size();  // two steps earn next to nothing
  ASSERT_EQ(shell_
                .Run("equipoise train --episodes 10 --agent sac --out run" + tiny.substr(0, at) + "2" +
                     tiny.substr(tiny.find(' ', at)))
                .code,
            0);
  const ShellOutcome compared = shell_.Run("equipoise compare run --svg -");
  ASSERT_EQ(compared.code, 0) << compared.err;
  const std::vector<std::string> labels = RowLabels(compared.out);
  EXPECT_GE(labels.size(), 5u) << compared.out;
  EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), labels.size()) << compared.out;
}

TEST_F(Output, MissingNumbersOfAnEpisodeAreNull) {
  ASSERT_EQ(shell_.Run("equipoise train --episodes 1 --out run" + std::string(testing_support::kTinyRun)).code, 0);
  const std::string lines = Text("run/episodes.jsonl");
  EXPECT_NE(lines.find("\"nll\":null"), std::string::npos) << "of random episodes, before there was a model";
  EXPECT_EQ(lines.find("NaN"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::app
