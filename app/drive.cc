#include "app/drive.h"

#include <signal.h>

#include <chrono>
#include <cmath>
#include <future>
#include <iomanip>
#include <map>
#include <sstream>

#include "app/commands.h"
#include "app/dashboard.h"
#include "app/standard_streams.h"
#include "app/stop_signal.h"
#include "app/terminal.h"
#include "engine/base/held_folder.h"

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

}  // namespace

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
  if (!last->stopped_reason.empty()) return Fail(engine->Differs() ? kDiffers : kFailure, last->stopped_reason);
  return last->state == run::RunState::kFinished ? kOk : kAskedToStop;
}

}  // namespace equipoise::app
