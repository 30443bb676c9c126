// replay.cc: `equipoise replay`: a stored decision made again, and whether it is the same numbers.
#include <cstdio>

#include "app/commands.h"
#include "engine/run/replayer.h"

namespace equipoise::app {

int Replay(const DecisionReplayOptions& options) {
  Result<std::unique_ptr<run::Replayer>> replayer = run::Replayer::Open(options.folder);
  if (!replayer) return Fail(kFailure, replayer.error().message);
  const run::Reevaluated result = replayer.value()->Do(run::Reevaluate{options.episode, options.all_masks});
  if (!result.problem.empty()) return Fail(kFailure, result.problem);
  std::printf("%s\n", result.sentence.c_str());
  for (const std::string& line : result.differs) std::printf("  %s\n", line.c_str());
  return result.same ? kOk : kDiffers;
}

}  // namespace equipoise::app
