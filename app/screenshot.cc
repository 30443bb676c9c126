#include <cstdio>

#include "app/commands.h"
#include "app/dashboard.h"
#include "engine/base/output_file.h"
#include "engine/browse/watch.h"

namespace equipoise::app {

int Screenshot(const ScreenshotOptions& options) {
  const Result<std::shared_ptr<const run::Snapshot>> snapshot = run::ReadSnapshot(options.folder);
  if (!snapshot) return Fail(kUsageError, snapshot.error().message);
  const Status drawn =
      WriteDashboard(*snapshot.value(), options.output, options.width, options.height, options.overwrite);
  if (!drawn) return Fail(kFailure, drawn.error().message);
  if (!IsStandardOutput(options.output)) std::printf("%s\n", options.output.c_str());
  return kOk;
}

}  // namespace equipoise::app
