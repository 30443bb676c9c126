// fork.cc: `equipoise fork`: a second run that is another one up to an episode and goes on with other settings.
#include <memory>
#include <utility>

#include "app/commands.h"
#include "app/device.h"
#include "app/drive.h"
#include "app/resolve.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/run/fork.h"
#include "engine/store/run_description.h"

namespace equipoise::app {

int Fork(const ForkOptions& options) {
  const auto changes = ChangesOf(options.set);
  if (!changes) return Fail(kUsageError, changes.error().message);
  const auto description = store::ReadDescription(options.folder);
  if (!description) return Fail(kUsageError, description.error().message);
  if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  const auto fork = run::Fork::Plan({options.folder, options.out, options.episode, changes.value(), options.episodes});
  if (!fork) return Fail(kUsageError, fork.error().message);
  WarnOfIdle(changes.value(), fork.value().plan().changes);
  CatchStopSignals();
  auto begun = fork.value().Begin();
  if (!begun) return Fail(kFailure, begun.error().message);
  const std::unique_ptr<run::Engine> engine = std::move(begun).value();
  TerminalReport().Header(*engine->Latest()->settings, options.out);
  PrintNow("forked from " + options.folder + " before episode " + std::to_string(options.episode) + ", " +
           fork.value().beginning() + "\n");
  return Drive(engine.get(), options.out);
}

}  // namespace equipoise::app
