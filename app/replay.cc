// replay.cc: `equipoise recheck`: a stored decision made again, and whether it is the same numbers.
#include <cstdio>

#include "app/commands.h"
#include "app/device.h"
#include "engine/inspect/replayer.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {

int Replay(const DecisionReplayOptions& options) {
  const Result<store::RunDescription> description = store::ReadDescription(options.folder);
  if (description)
    if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  Result<std::unique_ptr<run::Replayer>> replayer = run::Replayer::Open(options.folder);
  if (!replayer) return Fail(kFailure, replayer.error().message);
  const run::Reevaluated result = replayer.value()->Do(run::Reevaluate{options.episode, options.all_masks});
  if (!result.problem.empty()) return Fail(kFailure, result.problem);
  std::printf("%s\n", result.sentence.c_str());
  for (const std::string& line : result.differs) std::printf("  %s\n", line.c_str());
  return result.same || result.same_but_for_rounding ? kOk : kDiffers;
}

}  // namespace equipoise::app
