// program.h: the real program as a process of its own, started in whatever state a test wants and waited for with a
// deadline.
//
// Thread   one; a child process is always ended and reaped
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/record/records.h"
#include "engine/store/run_folder.h"
#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::app {

// How a process is started. Without a word it has no display, nothing on its standard input, and its output in files.
struct Start {
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  // an empty value takes the variable away
  std::vector<int> ignored;                                      // signals
  std::vector<int> closed;                                       // descriptors
  int out = -1, err = -1;                                        // descriptors to use as 1 and 2
  std::string out_file;                                          // to open as 1 instead
  long most_bytes = -1;                                          // of any file it writes (ulimit -f)
  long most_memory = -1;                                         // bytes of addresses (ulimit -v)
};

struct Ending {
  int code = -1;      // of exit, or -1
  int signal = 0;     // that it died of, or 0
  bool late = false;  // it had to be killed
};

// A slow machine with other work on it.
constexpr double kPatience = 120;

inline bool WaitUntil(const std::function<bool()>& happened) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(kPatience);
  while (!happened()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

class Program {
 public:
  // In the folder `where`, with its output in <where>/stdout and <where>/stderr.
  Program(const std::string& where, const Start& start) : where_(where) {
    for (const char* name : {"/stdout", "/stderr"}) ::unlink((where + name).c_str());  // of the one before it
    pid_ = ::fork();
    if (pid_ == 0) Become(start);
  }
  ~Program() {
    if (!ended_ && pid_ > 0) ::kill(pid_, SIGKILL);
    (void)Wait();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const { ::kill(pid_, signal); }
  // Until it stands still: a signal is not there at once. SIGCONT goes on.
  void Stop() const {
    ::kill(pid_, SIGSTOP);
    int status = 0;
    (void)::waitpid(pid_, &status, WUNTRACED);
  }
  bool Running() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return !ended_;
  }
  Ending Wait() {
    Ending ending;
    if (!WaitUntil([this] { return !Running(); })) {
      ending.late = true;
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status_, 0);
      ended_ = true;
    }
    if (WIFEXITED(status_)) ending.code = WEXITSTATUS(status_);
    if (WIFSIGNALED(status_)) ending.signal = WTERMSIG(status_);
    return ending;
  }
  std::string Out() const { return Text("/stdout"); }
  std::string Err() const { return Text("/stderr"); }

 private:
  std::string Text(const char* name) const {
    std::ifstream file(where_ + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  [[noreturn]] void Become(const Start& start) const {
    const auto put = [](int fd, int as) {
      if (fd != as) ::dup2(fd, as), ::close(fd);
    };
    if (::chdir(where_.c_str()) != 0) ::_exit(126);
    const std::string out = start.out_file.empty() ? where_ + "/stdout" : start.out_file;
    put(::open("/dev/null", O_RDONLY), 0);
    ::dup2(start.out >= 0 ? start.out : ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
    ::dup2(start.err >= 0 ? start.err : ::open((where_ + "/stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    for (int fd = 3; fd < 256; ++fd) ::close(fd);
    for (const int fd : start.closed) ::close(fd);
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY"}) ::unsetenv(variable);
    for (const auto& [name, value] : start.environment)
      value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_DFL);
    for (const int signal : start.ignored) ::signal(signal, SIG_IGN);
    for (const auto& [resource, most] : {std::pair(RLIMIT_FSIZE, start.most_bytes), {RLIMIT_AS, start.most_memory}}) {
      const rlimit limit{static_cast<rlim_t>(most), static_cast<rlim_t>(most)};
      if (most >= 0) ::setrlimit(resource, &limit);
    }
    std::vector<char*> words{const_cast<char*>(tests::Program().c_str())};
    for (const std::string& word : start.arguments) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    ::_exit(127);
  }

  std::string where_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

// Tests of the program in an empty folder.
class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(tests::Program())) GTEST_SKIP() << "the program is not part of this build";
  }
  // The arguments of `train` for a run so small that an episode takes a few hundredths of a second.
  static std::vector<std::string> TinyTrain(const std::vector<std::string>& more) {
    std::vector<std::string> words{"train", "--task", "cartpole"};
    for (const char* setting : {"env.horizon=40", "run.random_episodes=2", "model.steps=4", "model.hidden=8",
                                "mb.steps=2", "mb.hidden=8", "sac.hidden=8", "eps.masks=4", "eps.rollouts=2"})
      words.insert(words.end(), {"--set", setting});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // The program with these arguments, to its end.
  struct Said {
    int code = -1;
    std::string out, err;
  };
  Said Do(const std::vector<std::string>& arguments) {
    Start start;
    start.arguments = arguments;
    Program program(folder_.path(), start);
    Said said;
    said.code = program.Wait().code;
    said.out = program.Out();
    said.err = program.Err();
    return said;
  }
  Ending RunToEnd(const Start& start) { return Program(folder_.path(), start).Wait(); }
  static size_t Episodes(const std::string& run) {
    const auto lines = store::ReadLines(run + "/episodes.jsonl");
    return lines.ok() ? lines.value().size() : 0;
  }
  // Waits until a run has so many executed episodes, or its process has ended.
  static bool WaitForEpisodes(Program* program, const std::string& run, size_t count) {
    return WaitUntil([&] { return Episodes(run) >= count || !program->Running(); }) && Episodes(run) >= count;
  }
  // A run in the folder "run" that goes on until it is stopped.
  std::string Run() const { return folder_ / "run"; }
  Start Endless() const {
    Start start;
    start.arguments = TinyTrain({"--episodes", "100000", "--out", "run"});
    return start;
  }
  static store::RunCondition ConditionOf(const std::string& run) {
    const auto description = store::ReadDescription(run);
    EXPECT_TRUE(description.ok());
    return description.ok() ? description.value().condition : store::RunCondition::kCrashed;
  }

  testing_support::TemporaryFolder folder_;
};

}  // namespace equipoise::app
