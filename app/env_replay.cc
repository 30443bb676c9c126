#include "app/commands.h"

#if __has_include("engine/env/env_replay.h")
#include "engine/env/env_replay.h"

int equipoise::app::EnvReplay(const ReplayOptions& options) {
  env::EnvReplayOptions replay;
  replay.task = options.task;
  replay.input = options.input;
  replay.output = options.output;
  replay.rollout = options.rollout;
  replay.overwrite = options.overwrite;
  const Status status = env::EnvReplay(replay);
  return status.ok() ? kOk : Fail(kFailure, status.error().message);
}
#else
int equipoise::app::EnvReplay(const ReplayOptions&) { return Fail(kFailure, "env-replay is not part of this build"); }
#endif
