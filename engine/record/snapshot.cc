#include "engine/record/snapshot.h"

#include "engine/base/check.h"

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

Phase PhaseOf(const std::string& stage) {
  static const std::map<std::string, Phase> phases = {{"random", Phase::kRandom},  {"model", Phase::kModelFit},
                                                      {"mb", Phase::kModelPolicy}, {"sac", Phase::kSac},
                                                      {"check", Phase::kCheck},    {"act", Phase::kAct}};
  const auto found = phases.find(stage);
  EQ_CHECK(found != phases.end(), "no phase is called " + stage);
  return found->second;
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
