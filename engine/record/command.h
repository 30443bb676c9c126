// command.h: what a person (or a script) asks of a running engine. Values only; posted from any thread.
//
// Every command is applied at a stated boundary and answered in a later snapshot: applied, pending or refused.
#pragma once

#include <array>
#include <string>
#include <variant>

#include "engine/config/settings.h"

namespace equipoise::run {

struct Pause {};  // at the next gradient, imagination or environment step (within 100 ms)
struct Resume {};
struct Step {  // resume, and pause again after one of these
  enum class Unit { kEnvironmentStep, kGradientStep, kEpisode } unit = Unit::kEpisode;
};
struct SetSpeed {  // of the live scene: environment steps are slowed to factor x real time; 0 is as fast as possible
  double factor = 0;
};
// A setting whose table entry says kEpisode: takes effect before the next episode's learning begins.
// Distractors are injected and removed with key "distractors.active".
struct ChangeSetting {
  std::string key;
  config::Value value;
  std::string why = {};  // the person's reason, in a line; kept with the intervention
};
struct CancelChange {  // of a pending change
  std::string key;
};
// Pushes a body of the robot from the next environment step on, until the next PushBody (all zero: let go) or the end
// of the episode. Only while an episode is being acted. Recorded as one intervention from the first touch to the
// release.
struct PushBody {
  int body = 0;                    // MuJoCo's id, > 0
  std::array<double, 6> wrench{};  // force [N] and torque [N m] on its centre of mass, in the world's frame
};
// Back to a kept checkpoint (Snapshot::kept), at once: the episode being worked on is given up, what came after the
// checkpoint is moved aside into a run folder of its own, and the run goes on from there as if it had not happened.
struct RollBack {
  std::string checkpoint;
  std::string why = {};  // as of ChangeSetting
};
struct Quit {};  // finish at the last completed episode, everything written

using Command = std::variant<Pause, Resume, Step, SetSpeed, ChangeSetting, CancelChange, PushBody, RollBack, Quit>;

}  // namespace equipoise::run
