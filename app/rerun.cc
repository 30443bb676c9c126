// rerun.cc: `equipoise rerun`: a run made again from its settings, seed and events, and whether it is the same.
#include <cstdio>
#include <memory>
#include <utility>

#include "app/commands.h"
#include "app/device.h"
#include "app/drive.h"
#include "app/stop_signal.h"
#include "engine/run/rerun.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {

int Rerun(const std::string& folder, const std::string& out) {
  const auto description = store::ReadDescription(folder);
  if (!description) return Fail(kUsageError, description.error().message);
  if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  CatchStopSignals();
  auto begun = run::BeginRerun(folder, out);
  if (!begun) return Fail(kFailure, begun.error().message);
  std::unique_ptr<run::Engine> engine = std::move(begun).value();
  const int code = Drive(engine.get(), out);
  const bool asked = StopSignal() != 0;
  if (asked || (code != kOk && code != kAskedToStop)) return code;  // a run may end where the other one was stopped
  engine.reset();
  const auto compared = run::CompareRuns(folder, out);
  if (!compared) return Fail(kFailure, compared.error().message);
  std::printf("%s\n", compared.value().sentence.c_str());
  return compared.value().same ? kOk : kDiffers;
}

}  // namespace equipoise::app
