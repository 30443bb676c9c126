// rerun.cc: `equipoise rerun`: a run made again from its settings, seed and events, and whether it is the same.
#include <cstdio>

#include "app/commands.h"
#include "app/device.h"
#include "engine/run/rerun.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {

int Rerun(const std::string& folder, const std::string& out) {
  const auto description = store::ReadDescription(folder);
  if (!description) return Fail(kUsageError, description.error().message);
  if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  auto engine = run::BeginRerun(folder, out);
  if (!engine) return Fail(kFailure, engine.error().message);
  engine.value()->Start(/*paused=*/false);
  engine.value()->Wait();
  const std::string reason = engine.value()->Latest()->stopped_reason;
  if (!reason.empty()) return Fail(kFailure, reason);
  const auto compared = run::CompareRuns(folder, out);
  if (!compared) return Fail(kFailure, compared.error().message);
  std::printf("%s\n", compared.value().sentence.c_str());
  return compared.value().same ? kOk : kDiffers;
}

}  // namespace equipoise::app
