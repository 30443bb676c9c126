#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <future>
#include <iomanip>
#include <sstream>

#include "app/commands.h"
#include "app/dashboard.h"
#include "app/device.h"
#include "app/resolve.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/base/held_folder.h"
#include "engine/config/config_file.h"
#include "engine/run/engine.h"
#include "engine/run/new_run.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kRefresh = 100ms;
constexpr int kDashboardWidth = 1600, kDashboardHeight = 1000;

// `ours`: the folder is still this run's to go on with.
void PrintSummary(const run::Snapshot& last, const std::string& folder, bool ours) {
  constexpr int kNewest = 10;
  int picked = 0, counted = 0;
  std::map<eps::Pick, int> acted;
  double sum = 0;
  for (auto it = last.episodes->rbegin(); it != last.episodes->rend(); ++it) {
    const run::EpisodeSummary& record = **it;
    if (record.episode <= 0) continue;
    ++picked;
    ++acted[record.decision.pick];
    if (counted < kNewest && std::isfinite(record.episode_return)) {
      sum += record.episode_return;
      ++counted;
    }
  }
  const int total = last.settings->run.episodes;
  std::ostringstream text;
  text << (picked >= total ? "finished: " : "stopped: ") << picked << " of " << total << " episodes, "
       << last.environment_steps << " environment steps, " << Duration(last.wall_seconds) << "\n";
  text << std::fixed << std::setprecision(2);
  if (counted > 0) text << "mean return of the last " << counted << ": " << sum / counted << "; ";
  if (picked > 0) {
    const char* before = "";
    for (const nets::PartInfo& part : last.info->parts.all()) {
      if (!part.acts()) continue;
      text << before << part.name << (*before == 0 ? " acted in " : " in ") << acted[eps::Pick::Of(part.id)];
      before = ", ";
    }
    text << "\n";
  }
  if (picked < total && ours) text << "go on with: equipoise resume " << folder << "\n";
  PrintNow(text.str());
}

// Shows a running engine until it ends, then draws the picture. Returns the exit code.
int Drive(run::Engine* engine, const std::string& folder) {
  TerminalReport report;
  report.Skip(*engine->Latest());
  engine->Start(/*paused=*/false);
  std::future<void> ended = std::async(std::launch::async, [engine] { engine->Wait(); });
  bool asked = false;
  while (ended.wait_for(kRefresh) != std::future_status::ready) {
    report.Show(*engine->Latest());
    if (StopSignal() != 0 && !asked) {
      asked = true;
      report.ClearProgress();
      const char* again = StopSignal() == SIGINT ? " (again: at once)" : "";
      Warn(std::string("asked to stop; ending at the last complete episode") + again);
      engine->Post(run::Quit{});
    }
  }
  ended.get();
  const std::shared_ptr<const run::Snapshot> last = engine->Latest();
  report.Show(*last);
  report.ClearProgress();
  // A folder that was moved, or that another process took, is no longer this run's to draw in or to go on with.
  const std::optional<std::string> ours = engine->FolderToWrite();
  PrintSummary(*last, folder, ours.has_value());
  if (CanDraw() && ours) {
    const Status drawn = WriteDashboard(*last, *ours + "/dashboard.png", kDashboardWidth, kDashboardHeight);
    if (drawn)
      PrintNow("picture: " + folder + "/dashboard.png\n");
    else
      Warn("no picture: " + WithFolder(drawn.error().message, *ours, folder));
  }
  if (!last->stopped_reason.empty()) return Fail(kFailure, last->stopped_reason);
  return last->state == run::RunState::kFinished ? kOk : kAskedToStop;
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
  return Resume(folder, episodes);
}

}  // namespace

int Train(const RunOptions& options) {
  Result<config::Settings> settings = Resolve(options);
  if (!settings) return Fail(kUsageError, settings.error().message);
  if (Status device = UseDevice(settings.value().run.device); !device) return Fail(kFailure, device.error().message);
  std::string folder = options.out;
  if (options.resume) {
    if (folder.empty()) folder = run::FirstRunFolder("runs", settings.value());
    if (HoldsARun(folder)) return GoOn(folder, settings.value());
  }
  CatchStopSignals();  // before there is anything to leave half done
  Result<run::BegunRun> begun = run::BeginRun(settings.value(), folder, "runs");
  if (!begun) return Fail(kFailure, begun.error().message);
  TerminalReport().Header(settings.value(), begun.value().folder);
  return Drive(begun.value().engine.get(), begun.value().folder);
}

int Resume(const std::string& folder, int episodes) {
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  // One whose run.json is lost makes it again from its checkpoint.
  if (!description && !HoldsARun(folder)) return Fail(kUsageError, description.error().message);
  if (description)
    if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  CatchStopSignals();
  Result<std::unique_ptr<run::Engine>> engine = run::Engine::Open(folder, episodes);
  if (!engine) return Fail(kFailure, engine.error().message);
  TerminalReport().Header(*engine.value()->Latest()->settings, folder);
  for (const std::string& note : engine.value()->Notes()) PrintNow("note: " + note + "\n");
  return Drive(engine.value().get(), folder);
}

}  // namespace equipoise::app
