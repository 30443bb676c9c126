#include "engine/record/snapshot.h"

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

const StageProgress* Snapshot::StageOf(const std::string& id) const {
  for (const StageProgress& stage : stages)
    if (stage.id == id) return &stage;
  return nullptr;
}

}  // namespace equipoise::run
