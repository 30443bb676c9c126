#include <filesystem>

#include "app/commands.h"
#include "app/device.h"
#include "app/drive.h"
#include "app/resolve.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/base/interrupt.h"
#include "engine/browse/cut_off.h"
#include "engine/config/config_file.h"
#include "engine/run/engine.h"
#include "engine/run/new_run.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {
namespace {

// Throws Interrupted where a signal asks for that: large networks take seconds to be made and written for the first time.
template <class Make>
auto UnlessStopped(Make make) {
  const ScopedInterruptHandler handler([] {
    if (StopSignal() != 0) throw Interrupted{};
  });
  return make();
}

bool HoldsARun(const std::string& folder) {
  std::error_code absent;
  const store::RunPaths paths(folder);
  return std::filesystem::exists(paths.run_json, absent) || std::filesystem::exists(paths.checkpoints, absent);
}

// `train --resume` where there is a run already.
int GoOn(const std::string& folder, const config::Settings& wanted) {
  int episodes = 0;
  if (const Result<store::RunDescription> begun = store::ReadDescription(folder); begun) {
    if (const std::string sentence = Contradiction(wanted, begun.value(), folder); !sentence.empty())
      return Fail(kUsageError, sentence);
    const Result<config::Settings> before = config::FromJson(begun.value().settings_json);
    if (before && before.value().run.episodes != wanted.run.episodes) episodes = wanted.run.episodes;
  }
  return Resume({folder, episodes, {}});
}

}  // namespace

int Train(const RunOptions& options) try {
  Result<config::Settings> settings = Resolve(options);
  if (!settings) return Fail(kUsageError, settings.error().message);
  if (Status device = UseDevice(settings.value().run.device); !device) return Fail(kFailure, device.error().message);
  std::string folder = options.out;
  if (options.resume) {
    if (folder.empty()) folder = run::FirstRunFolder("runs", settings.value());
    if (HoldsARun(folder)) return GoOn(folder, settings.value());
  }
  CatchStopSignals();  // before there is anything to leave half done
  const run::CutOff last = run::LastRunCutOff("runs");
  Result<run::BegunRun> begun = UnlessStopped([&] { return run::BeginRun(settings.value(), folder, "runs"); });
  if (!begun) return Fail(kFailure, begun.error().message);
  if (!last.folder.empty())
    PrintNow("note: " + last.folder + " " + last.what + "; equipoise resume " + last.folder + " goes on with it\n");
  TerminalReport().Header(settings.value(), begun.value().folder);
  return Drive(begun.value().engine.get(), begun.value().folder);
} catch (const Interrupted&) {
  Warn("asked to stop before the run began");
  return kAskedToStop;
}

int Resume(const ResumeOptions& options) try {
  const std::string& folder = options.folder;
  const Result<std::vector<run::ChangeSetting>> changes = ChangesOf(options.set);
  if (!changes) return Fail(kUsageError, changes.error().message);
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  // One whose run.json is lost makes it again from its checkpoint.
  if (!description && !HoldsARun(folder)) return Fail(kUsageError, description.error().message);
  if (description)
    if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  CatchStopSignals();
  Result<std::unique_ptr<run::Engine>> engine =
      UnlessStopped([&] { return run::Engine::Open(folder, options.episodes); });
  if (!engine) return Fail(kFailure, engine.error().message);
  if (!changes.value().empty()) {
    if (Status asked = engine.value()->Change(changes.value()); !asked) return Fail(kUsageError, asked.error().message);
    WarnOfIdle(changes.value(), engine.value()->Latest()->pending);
  }
  TerminalReport().Header(*engine.value()->Latest()->settings, folder);
  for (const std::string& note : engine.value()->Notes()) PrintNow("note: " + note + "\n");
  return Drive(engine.value().get(), folder);
} catch (const Interrupted&) {
  Warn("asked to stop before the run went on");
  return kAskedToStop;
}

}  // namespace equipoise::app
