#include "engine/run/snapshot.h"

namespace equipoise::run {

const char* Name(RunState state) {
  switch (state) {
    case RunState::kStarting:
      return "starting";
    case RunState::kRunning:
      return "running";
    case RunState::kPaused:
      return "paused";
    case RunState::kFinished:
      return "finished";
    case RunState::kStopped:
      return "stopped";
  }
  return "?";
}

const char* Name(Phase phase) {
  switch (phase) {
    case Phase::kRandom:
      return "random episodes";
    case Phase::kModelFit:
      return "model fit";
    case Phase::kModelPolicy:
      return "model-based policy";
    case Phase::kSac:
      return "SAC";
    case Phase::kCheck:
      return "check";
    case Phase::kAct:
      return "acting";
    case Phase::kCount:
      break;
  }
  return "?";
}

}  // namespace equipoise::run
