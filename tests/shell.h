// shell.h: the built program as a person uses it, from bash, in an empty folder of its own.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tests/engine/temporary_folder.h"
#include "tests/paths.h"

namespace equipoise::testing_support {

struct ShellOutcome {
  int code = -1;         // 128 + the signal when it was killed
  std::string out, err;  // standard output and standard error
};

class Shell {
 public:
  // `equipoise` in the script is the built program. No display; standard input is empty.
  ShellOutcome Run(const std::string& script) const {
    logs_.Write("script", "cd '" + folder_.path() + "'\nequipoise() { '" + tests::Program() +
                              "' \"$@\"; }\nunset DISPLAY WAYLAND_DISPLAY\n" + script + "\n");
    const std::string command =
        "bash '" + (logs_ / "script") + "' >'" + (logs_ / "out") + "' 2>'" + (logs_ / "err") + "' </dev/null";
    const int status = std::system(command.c_str());
    ShellOutcome outcome;
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = Text(logs_ / "out");
    outcome.err = Text(logs_ / "err");
    return outcome;
  }
  const TemporaryFolder& folder() const { return folder_; }
  static std::string Text(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

 private:
  TemporaryFolder folder_, logs_;  // what the shell itself needs lies elsewhere
};

// Options of `train` for a run that takes a second.
inline constexpr char kTinyRun[] =
    " --task cartpole --set env.horizon=40 --set run.random_episodes=2 --set model.steps=4 --set model.hidden=8"
    " --set mb.steps=2 --set mb.hidden=8 --set sac.hidden=8 --set eps.masks=4 --set eps.rollouts=2 ";

}  // namespace equipoise::testing_support
