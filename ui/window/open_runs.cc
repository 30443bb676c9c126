#include "ui/window/open_runs.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "ui/view/facts.h"
#include "ui/window/behind_window.h"

namespace equipoise::ui {
namespace {

bool Ended(run::RunState state) { return state == run::RunState::kFinished || state == run::RunState::kStopped; }

RunTab::Kind KindOf(const OpenRun& run, run::RunState state) {
  switch (state) {
    case run::RunState::kFinished:
      return RunTab::Kind::kFinished;
    case run::RunState::kStopped:
      return RunTab::Kind::kStopped;
    case run::RunState::kPaused:
      return run.watching ? RunTab::Kind::kWatched : RunTab::Kind::kPaused;
    default:
      return run.watching ? RunTab::Kind::kWatched : RunTab::Kind::kTrains;
  }
}

void SayEnd(OpenRun* run, UiState* state) {
  if (run->watching || run->end_known || run->engine == nullptr) return;
  const auto latest = run->Latest();
  if (latest == nullptr || !Ended(latest->state)) return;
  run->end_known = true;
  if (!latest->stopped_reason.empty())
    Complain(*state, RunName(*latest) + ": " + latest->stopped_reason);
  else
    Toast(*state, RunName(*latest) + " has done its episodes.");
}

}  // namespace

std::shared_ptr<const run::Snapshot> OpenRun::Latest() {
  if (engine != nullptr)
    if (auto latest = engine->Latest()) shown = std::move(latest);
  return shown;
}

bool OpenRun::Trains() const {
  if (engine == nullptr || watching) return false;
  const auto latest = engine->Latest();
  return latest != nullptr && !Ended(latest->state);
}

std::string OpenRun::Folder() const {
  const auto latest = engine != nullptr ? engine->Latest() : shown;
  return latest != nullptr && latest->info != nullptr ? latest->info->directory : "";
}

std::string OpenRun::NewRefusal() {
  const size_t count = shown != nullptr ? shown->refused.size() : 0;
  const std::string newest = count > 0 ? shown->refused.back() : "";
  const bool is_new = count > 0 && (count != refusals || newest != newest_refusal);
  refusals = count;
  newest_refusal = newest;
  return is_new ? newest : "";
}

OpenRun* OpenRuns::Find(const std::string& folder) {
  const auto is = [&folder](const OpenRun& run) { return SameFolder(run.Folder(), folder); };
  const auto found = std::find_if(runs_.begin(), runs_.end(), is);
  return found != runs_.end() ? &*found : nullptr;
}

std::shared_ptr<const run::Snapshot> OpenRuns::Latest() { return runs_.empty() ? nullptr : runs_[looked_].Latest(); }

OpenRun* OpenRuns::Add(OpenedRun opened) {
  OpenRun run;
  run.engine = std::move(opened.engine);
  run.watching = opened.watching;
  run.forked_before = opened.forked_before;
  run.inspection = std::make_unique<Inspection>(wake_);
  OpenRun* place = Find(run.Folder());
  if (place == nullptr) {
    runs_.emplace_back();
    place = &runs_.back();
  }
  *place = std::move(run);
  WakeByLooked();
  StartBehindTheWindow(place->engine.get(), opened.paused);
  return place;
}

void OpenRuns::LookAt(const OpenRun* run) {
  looked_ = static_cast<size_t>(run - runs_.data());
  WakeByLooked();
}

void OpenRuns::Release(const std::string& folder) {
  OpenRun* run = Find(folder);
  if (run == nullptr) return;
  run->Latest();
  run->engine = nullptr;
}

void OpenRuns::Close(const OpenRun* run) {
  const auto at = static_cast<size_t>(run - runs_.data());
  runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(at));
  if (looked_ > at || looked_ >= runs_.size()) looked_ = looked_ > 0 ? looked_ - 1 : 0;
  WakeByLooked();
}

void OpenRuns::Clear() {
  for (const OpenRun& run : runs_)
    if (run.engine != nullptr) run.engine->Post(run::Quit{});
  runs_.clear();
  looked_ = 0;
}

// Frames for what nobody sees would take time from it.
void OpenRuns::WakeByLooked() {
  for (size_t i = 0; i < runs_.size(); ++i)
    if (runs_[i].engine != nullptr) runs_[i].engine->OnPublish(i == looked_ ? wake_ : std::function<void()>());
}

std::string RunWords(OpenRun* run) {
  const auto latest = run->Latest();
  if (latest == nullptr) return "Starting";
  const std::string episode = "episode " + std::to_string(latest->episode);
  const std::string of = episode + " of " + std::to_string(SettingsOf(*latest).run.episodes);
  switch (KindOf(*run, latest->state)) {
    case RunTab::Kind::kFinished:
      return "Finished: " + of;
    case RunTab::Kind::kStopped:
      return "Stopped: " + of;
    case RunTab::Kind::kPaused:
      return "Paused: " + of;
    case RunTab::Kind::kWatched:
      return "Another process trains it: " + of;
    case RunTab::Kind::kTrains:
      break;
  }
  if (latest->episode < run->forked_before)
    return "Fork: " + episode + ", the same up to " + std::to_string(run->forked_before);
  return "Trains: " + of;
}

void ShowRuns(OpenRuns* runs, UiState* state) {
  constexpr double kRefreshPeriod = 1;  // the others wake nobody
  state->window.runs.clear();
  state->window.shares.clear();
  int training = 0, threads = 0;
  for (OpenRun& run : runs->all()) {
    const auto latest = run.Latest();
    if (latest == nullptr) continue;
    RunTab tab;
    tab.looked = &run == runs->looked();
    tab.kind = KindOf(run, latest->state);
    tab.folder = run.Folder();
    tab.name = RunName(*latest);
    tab.words = RunWords(&run);
    if (tab.kind == RunTab::Kind::kTrains) ++training, threads += SettingsOf(*latest).run.threads;
    if (!tab.looked && run.Trains()) state->clock.WakeIn(kRefreshPeriod);
    if (tab.looked)
      run.end_known = Ended(latest->state);
    else
      SayEnd(&run, state);
    state->window.runs.push_back(std::move(tab));
  }
  if (training > 1)
    state->window.shares = std::to_string(training) + " trainings, " + std::to_string(threads) + " threads on " +
                           std::to_string(std::max(1u, std::thread::hardware_concurrency())) + " cores";
}

}  // namespace equipoise::ui
