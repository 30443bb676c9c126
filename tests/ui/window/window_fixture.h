// window_fixture.h: the real program on a virtual display, driven by a real mouse and keyboard (xdotool); what it did
// is read from the run folder. Nothing here waits for a fixed time: every step waits for its effect.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/record/snapshot.h"
#include "tests/paths.h"

namespace equipoise::ui {

namespace fs = std::filesystem;

// The slowest machine that the tests must pass on runs them beside other work.
constexpr double kPatience = 120;

inline std::string ReadText(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline bool WaitFor(const std::function<bool()>& happened, double seconds = kPatience) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (happened()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return happened();
}

// A child process with its output in a file.
class Process {
 public:
  Process(const std::vector<std::string>& command, const std::vector<std::string>& environment,
          const fs::path& output) {
    pid_ = fork();
    if (pid_ != 0) return;
    for (const std::string& entry : environment) {
      const size_t equals = entry.find('=');
      setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
    }
    const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(file, 1);
    dup2(file, 2);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  // Asked first: a display server that is killed leaves its number taken.
  ~Process() {
    if (Running()) kill(pid_, SIGTERM);
    if (!WaitFor([this] { return !Running(); }, 10)) kill(pid_, SIGKILL);
    Wait();
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool Running() {
    if (ended_) return false;
    ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    return !ended_;
  }
  int Wait() {
    if (!ended_) waitpid(pid_, &status_, 0);
    ended_ = true;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }
  void Terminate() { kill(pid_, SIGTERM); }
  void Signal(int signal) { kill(pid_, signal); }
  int DiedOf() const { return ended_ && WIFSIGNALED(status_) ? WTERMSIG(status_) : 0; }  // after Wait

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

inline bool HasProgram(const char* name) {
  return std::system((std::string("command -v ") + name + " >/dev/null").c_str()) == 0;
}

class WindowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasProgram("xdotool")) GTEST_SKIP() << "needs xdotool (package xdotool)";
    if (!HasProgram("Xvfb")) GTEST_SKIP() << "needs Xvfb (package xvfb)";
    ASSERT_TRUE(fs::exists(tests::Program())) << "build the target equipoise first";
    static int number = 0;  // a failed test leaves its folder to be looked at
    folder_ =
        fs::temp_directory_path() / ("equipoise-window-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    fs::create_directories(folder_);
    StartDisplay();
  }
  void TearDown() override {
    program_.reset();
    display_server_.reset();
    if (!folder_.empty() && !HasFailure()) fs::remove_all(folder_);
  }

  // Whether a server has this display, and not only had it: what a dead one left behind is cleared away.
  static bool DisplayTaken(int number) {
    const fs::path lock = "/tmp/.X" + std::to_string(number) + "-lock";
    std::error_code error;
    if (!fs::exists(lock, error)) return false;
    const int owner = std::atoi(ReadText(lock).c_str());
    if (owner <= 0 || kill(owner, 0) == 0 || errno != ESRCH) return true;
    fs::remove(lock, error);
    fs::remove("/tmp/.X11-unix/X" + std::to_string(number), error);
    return fs::exists(lock, error);
  }

  // A display of our own even where there is one: nobody's windows must be clicked.
  void StartDisplay(const std::string& screen = "1700x1100x24") {
    for (int number = 90; number < 200 && display_.empty(); ++number) {
      const std::string name = ":" + std::to_string(number);
      if (DisplayTaken(number)) continue;
      display_server_ =
          std::make_unique<Process>(std::vector<std::string>{"Xvfb", name, "-screen", "0", screen, "-nolisten", "tcp"},
                                    std::vector<std::string>{}, folder_ / "xvfb.log");
      const fs::path socket = "/tmp/.X11-unix/X" + std::to_string(number);
      if (WaitFor([&] { return fs::exists(socket) || !display_server_->Running(); }) && display_server_->Running()) {
        display_ = name;
      }
    }
    ASSERT_FALSE(display_.empty()) << "no virtual display could be started";
  }

  void StartProgram(const std::vector<std::string>& more) {
    run_ = folder_ / "run";
    std::vector<std::string> command = {tests::Program(), "gui", "--out", run_.string()};
    command.insert(command.end(), more.begin(), more.end());
    StartCommand(command);
  }
  void StartCommand(const std::vector<std::string>& command) {
    program_ = std::make_unique<Process>(command,
                                         std::vector<std::string>{"DISPLAY=" + display_, "WAYLAND_DISPLAY=",
                                                                  "EQUIPOISE_UI_TRACE=" + (folder_ / "trace").string(),
                                                                  "XDG_CONFIG_HOME=" + folder_.string()},
                                         folder_ / "output");
    ASSERT_TRUE(WaitFor([this] { return Widget("top.runs", nullptr); })) << Output();
    ASSERT_TRUE(X("search --sync --onlyvisible --name Equipoise windowmove 0 0 windowfocus")) << Output();
  }

  std::string Output() const { return ReadText(folder_ / "output"); }

  bool X(const std::string& arguments) const {
    return std::system(("DISPLAY=" + display_ + " xdotool " + arguments + " >/dev/null 2>&1").c_str()) == 0;
  }

  struct Box {
    int x = 0, y = 0, w = 0, h = 0;
  };
  bool Widget(const std::string& name, Box* box) const {
    std::istringstream lines(ReadText(folder_ / "trace"));
    std::string line;
    bool found = false;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      std::string here;
      Box b;
      if (!(words >> here >> b.x >> b.y >> b.w >> b.h) || here != name) continue;
      found = true;
      if (box != nullptr) *box = b;
    }
    return found;
  }

  // A number that the window says of itself (timings.h, "frame"), of its newest frame; -1: not yet.
  int Said(const std::string& name) const {
    Box box;
    return Widget(name, &box) ? box.w : -1;
  }
  bool Shows(run::RunState state) const { return Said("run.state") == static_cast<int>(state); }

  // What was done last is on the screen in two frames. The window draws a few in a second even when it rests.
  void WaitForFrames() const {
    const int before = Said("frame");
    EXPECT_TRUE(WaitFor([&] { return Said("frame") >= before + 2; })) << "the window draws nothing";
  }

  void Click(const std::string& name) {
    Box box;
    WaitForFrames();
    // What has just opened may still move to its place.
    ASSERT_TRUE(WaitFor([&] {
      Box before;
      if (!Widget(name, &before)) return false;
      WaitForFrames();
      return Widget(name, &box) && before.x == box.x && before.y == box.y && before.w == box.w;
    })) << name
        << " was never drawn, or never stood still";
    Move(box.x + box.w / 2, box.y + box.h / 2);
    ASSERT_TRUE(X("click 1"));
  }

  // The mouse is there, and the window has seen it.
  void Move(int x, int y) const {
    EXPECT_TRUE(X("mousemove " + std::to_string(x) + " " + std::to_string(y)));
    WaitForFrames();
  }
  // `input` for xdotool, and the window has seen it: for what must not fall into one frame with what comes next.
  void Do(const std::string& input) const {
    EXPECT_TRUE(X(input));
    WaitForFrames();
  }

  // The newest box of a widget that moves.
  std::pair<int, int> Middle(const std::string& name) const {
    Box box;
    EXPECT_TRUE(Widget(name, &box)) << name << " was never drawn";
    return {box.x + box.w / 2, box.y + box.h / 2};
  }

  // What was taken away: whole files and folders alone, since what is still being written goes by a temporary name.
  std::vector<fs::path> TakenAway() const {
    std::vector<fs::path> found;
    std::error_code absent;
    for (fs::directory_iterator it(run_ / "export", absent), end; !absent && it != end; it.increment(absent))
      if (it->path().filename().string().find(".equipoise-part-") == std::string::npos) found.push_back(it->path());
    return found;
  }
  // Whether a file or folder with that in its name was taken away.
  bool Exported(const std::string& part) const {
    for (const fs::path& path : TakenAway())
      if (path.filename().string().find(part) != std::string::npos) return true;
    return false;
  }

  std::string Events() const { return ReadText(run_ / "events.jsonl"); }
  long Episodes() const {
    const std::string text = ReadText(run_ / "episodes.jsonl");
    return std::count(text.begin(), text.end(), '\n');
  }

  // Waits until the run that is shown stands still; how many episodes there are then.
  long WaitUntilPaused() const {
    EXPECT_TRUE(WaitFor([this] { return Shows(run::RunState::kPaused); })) << "the run does not stand still";
    return Episodes();
  }

  fs::path folder_, run_;
  std::string display_;
  std::unique_ptr<Process> display_server_, program_;
};

// Episodes of a fraction of a second, and enough of them.
inline const std::vector<std::string> kSmall = {"--config", tests::SourceFolder() + "/configs/quickstart.toml",
                                                "--set",    "run.episodes=100000",
                                                "--set",    "run.random_episodes=2",
                                                "--set",    "env.horizon=20",
                                                "--set",    "model.hidden=8",
                                                "--set",    "model.steps=2",
                                                "--set",    "mb.hidden=8",
                                                "--set",    "mb.steps=1",
                                                "--set",    "mb.trajectories=2",
                                                "--set",    "sac.hidden=8",
                                                "--set",    "sac.batch=8",
                                                "--set",    "sac.updates_per_step=0.1",
                                                "--set",    "eps.masks=2",
                                                "--set",    "eps.rollouts=2",
                                                "--set",    "log.holdout_masks=2"};

// The same with other values for these settings, or with more of them.
inline std::vector<std::string> SmallBut(const std::vector<std::string>& settings) {
  std::vector<std::string> words = kSmall;
  for (const std::string& setting : settings) {
    const std::string key = setting.substr(0, setting.find('=') + 1);
    const auto is_of_key = [&key](const std::string& word) { return word.compare(0, key.size(), key) == 0; };
    const auto found = std::find_if(words.begin(), words.end(), is_of_key);
    if (found != words.end())
      *found = setting;
    else
      words.insert(words.end(), {"--set", setting});
  }
  return words;
}

}  // namespace equipoise::ui
