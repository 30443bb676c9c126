// The program as it is installed: by cmake into a folder of its own, away from the source tree.
#include <regex>
#include <set>

#include "engine/base/atomic_file.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class Installed : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    const std::string build = fs::path(tests::Program()).parent_path().string();
    const std::string install = "cmake --install " + build + " --component equipoise --prefix " + folder_ / "usr";
    ASSERT_EQ(std::system((install + " > " + folder_ / "install.log" + " 2>&1").c_str()), 0)
        << ReadFile(folder_ / "install.log").value();
  }
  // The exit code of the installed program, and what it printed.
  Said Call(const std::string& words) {
    const std::string line = "cd " + folder_.path() + " && env -u EQUIPOISE_ASSETS -u DISPLAY usr/bin/equipoise " +
                             words + " >out 2>err </dev/null";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadFile(folder_ / "out").value(),
            ReadFile(folder_ / "err").value()};
  }
  std::vector<std::string> Commands() {
    const std::string help = Call("--help").out;
    std::vector<std::string> names;
    const std::regex kName("^  ([a-z-]+)(, [a-z-]+)?  +[A-Z].*");
    std::istringstream in(help.substr(help.find("ubcommands")));
    for (std::string line; std::getline(in, line);)
      if (std::smatch match; std::regex_match(line, match, kName)) names.push_back(match[1]);
    return names;
  }
};

TEST_F(Installed, RunsByTheFilesThatCameAlong) {
  const Said ran = Call(
      "train --task cartpole --episodes 1 --set env.horizon=20 --set run.random_episodes=1 "
      "--agent sac --out run");
  EXPECT_EQ(ran.code, 0) << ran.err;
  // By these files and no others: one that is spoilt is named.
  const fs::path data = fs::path(folder_ / "usr") / "share/equipoise";
  ASSERT_TRUE(WriteFileAtomically((data / "configs/cartpole.toml").string(), "spoilt\n").ok());
  const Said spoilt = Call("config --task cartpole");
  EXPECT_NE(spoilt.code, 0);
  EXPECT_NE(spoilt.err.find((data / "configs/cartpole.toml").string()), std::string::npos) << spoilt.err;
  ASSERT_TRUE(WriteFileAtomically((data / "assets/hopper.xml").string(), "<mujoco><spoilt/></mujoco>\n").ok());
  const Said model = Call("train --task hopper --episodes 1 --out hopper");
  EXPECT_NE(model.code, 0);
  EXPECT_NE(model.err.find("spoilt"), std::string::npos) << model.err;
  // Whatever the folder is called, and wherever it is moved to.
  fs::rename(folder_ / "usr", folder_ / "moved");
  Start start;
  start.arguments = {"unused"};
  EXPECT_EQ(std::system((folder_ / "moved/bin/equipoise config --task pendulum >" + folder_ / "out").c_str()), 0);
}

TEST_F(Installed, HasAManualPageForEveryCommandWithoutAWarning) {
  const std::vector<std::string> commands = Commands();
  ASSERT_GT(commands.size(), 20u);
  const fs::path pages = fs::path(folder_ / "usr") / "share/man/man1";
  std::set<std::string> expected = {"equipoise.1.gz"};
  for (const std::string& command : commands) expected.insert("equipoise-" + command + ".1.gz");
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(pages)) found.insert(entry.path().filename().string());
  EXPECT_EQ(found, expected);
  if (std::system("command -v man >/dev/null") != 0) GTEST_SKIP() << "man-db is not installed: pages are not read";
  for (const std::string& page : found) {
    const std::string read = "LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 " +
                             (pages / page).string() + " >" + folder_ / "page" + " 2>" + folder_ / "warnings";
    EXPECT_EQ(std::system(read.c_str()), 0) << page;
    EXPECT_EQ(ReadFile(folder_ / "warnings").value(), "") << page;
  }
  // A page says what the help says.
  const std::string text = "LC_ALL=C.UTF-8 MANWIDTH=400 man -l -Tutf8 " + (pages / "equipoise-fork.1.gz").string() +
                           " 2>/dev/null | col -b >" + folder_ / "page";
  ASSERT_EQ(std::system(text.c_str()), 0);
  const std::string page = ReadFile(folder_ / "page").value();
  for (const char* words : {"--episode", "Then it goes on with the settings of --set.", "--out forks/more-masks"})
    EXPECT_NE(page.find(words), std::string::npos) << words << " in " << page;
}

TEST_F(Installed, BashCompletesCommandsOptionsAndNames) {
  if (std::system("command -v bash >/dev/null") != 0) GTEST_SKIP() << "bash is not installed";
  const std::string script = folder_ / "usr/share/bash-completion/completions/equipoise";
  const auto completed = [&](const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += " '" + word + "'";
    const std::string asked = "source " + script + "; COMP_WORDS=(" + line +
                              "); COMP_CWORD=" + std::to_string(words.size() - 1) +
                              "; _equipoise; printf '%s\\n' \"${COMPREPLY[@]}\"";
    EXPECT_TRUE(WriteFileAtomically(folder_ / "asked", asked).ok());
    EXPECT_EQ(std::system(("bash " + folder_ / "asked" + " >" + folder_ / "said" + " 2>&1").c_str()), 0);
    std::istringstream in(ReadFile(folder_ / "said").value());
    std::vector<std::string> all;
    for (std::string word; std::getline(in, word);)
      if (!word.empty()) all.push_back(word);
    return all;
  };
  using Words = std::vector<std::string>;
  std::vector<std::string> commands = completed({"equipoise", ""});
  for (const std::string& command : Commands())
    EXPECT_EQ(std::count(commands.begin(), commands.end(), command), 1) << command;
  EXPECT_EQ(completed({"equipoise", "tra"}), Words{"train"});
  EXPECT_EQ(completed({"equipoise", "export", "--fram"}), Words{"--frames"});
  EXPECT_EQ(completed({"equipoise", "train", "--task", "hop"}), Words{"hopper"});
  EXPECT_EQ(completed({"equipoise", "train", "--set", "eps.mas"}), Words{"eps.masks="});
  EXPECT_EQ(completed({"equipoise", "task", "che"}), Words{"check"});
  EXPECT_EQ(completed({"equipoise", "export", "run"}), Words{}) << "folders are bash's own to complete";
}

}  // namespace
}  // namespace equipoise::app
