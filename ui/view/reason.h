// reason.h: why a person intervenes, in their words. Typed before it is done (in the card of the experiments) and kept with
// what they do next: the changes of one moment, one touch of the robot, or a roll back.
//
// Thread   window thread
#pragma once

#include <string>
#include <vector>

#include "engine/record/command.h"

namespace equipoise::ui {

inline constexpr size_t kLongestReason = 500;  // bytes, as the engine takes it

struct Reason {
  std::string text;   // one line; "": none was given
  bool used = false;  // it went with something; the next thing has its own
  bool told = false;  // of a touch that goes on
};

// The command with the reason, where it is one that takes a reason and has none. Of a push it is told before it.
std::vector<run::Command> WithReason(run::Command command, Reason* reason);
// At the end of a frame, in which one click may have asked for several changes.
void ForgetUsed(Reason* reason);

}  // namespace equipoise::ui
