#include "ui/window/open_runs.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "ui/view/facts.h"
#include "ui/window/behind_window.h"

namespace equipoise::ui {

bool OpenRun::Trains() const {
  if (engine == nullptr || watching) return false;
  const auto latest = engine->Latest();
  return latest != nullptr && latest->state != run::RunState::kFinished && latest->state != run::RunState::kStopped;
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

OpenRun* OpenRuns::elsewhere() {
  for (size_t i = 0; i < runs_.size(); ++i)
    if (i != looked_ && !runs_[i].watching) return &runs_[i];
  return nullptr;
}

OpenRun* OpenRuns::training() {
  const auto trains = std::find_if(runs_.begin(), runs_.end(), [](const OpenRun& run) { return run.Trains(); });
  return trains != runs_.end() ? &*trains : nullptr;
}

std::shared_ptr<const run::Snapshot> OpenRuns::Latest() {
  OpenRun* run = looked();
  if (run == nullptr) return nullptr;
  if (run->engine != nullptr)
    if (auto latest = run->engine->Latest()) run->shown = std::move(latest);
  return run->shown;
}

void OpenRuns::Add(OpenedRun opened) {
  OpenRun run;
  run.engine = std::move(opened.engine);
  run.watching = opened.watching;
  run.inspection = std::make_unique<Inspection>(wake_);
  std::vector<OpenRun> keep;
  for (size_t i = 0; i < runs_.size(); ++i) {
    // One that has ended while another was looked at stays as well: the person has not seen its end.
    const bool unseen = i != looked_ && !runs_[i].watching;
    if (run.watching && (unseen || runs_[i].Trains())) keep.push_back(std::move(runs_[i]));
  }
  runs_ = std::move(keep);
  runs_.push_back(std::move(run));
  LookAt(runs_.size() - 1);
  StartBehindTheWindow(runs_.back().engine.get(), opened.paused);
}

void OpenRuns::Release(const std::string& folder) {
  for (OpenRun& run : runs_) {
    if (!SameFolder(run.Folder(), folder)) continue;
    run.shown = run.engine != nullptr ? run.engine->Latest() : run.shown;
    run.engine = nullptr;
  }
}

void OpenRuns::Back() {
  const OpenRun* own = elsewhere();
  if (own == nullptr) return;
  std::vector<OpenRun> keep;
  keep.push_back(std::move(runs_[static_cast<size_t>(own - runs_.data())]));
  runs_ = std::move(keep);
  LookAt(0);
}

// Only the run that is looked at wakes the window.
void OpenRuns::LookAt(size_t index) {
  looked_ = index;
  for (size_t i = 0; i < runs_.size(); ++i)
    if (runs_[i].engine != nullptr) runs_[i].engine->OnPublish(i == index ? wake_ : std::function<void()>());
}

std::string ElsewhereWords(const run::Snapshot& snapshot) {
  const std::string name = RunName(snapshot);
  switch (snapshot.state) {
    case run::RunState::kPaused:
      return "Training paused: " + name + ", episode " + std::to_string(snapshot.episode);
    case run::RunState::kFinished:
      return "Training has finished: " + name;
    case run::RunState::kStopped:
      return "Training has stopped: " + name;
    default:
      return "Training goes on: " + name + ", episode " + std::to_string(snapshot.episode);
  }
}

void ShowElsewhere(OpenRuns* runs, UiState* state) {
  constexpr double kRefreshPeriod = 1;  // it wakes nobody
  state->window.elsewhere.reset();
  const OpenRun* run = runs->elsewhere();
  if (run == nullptr || run->engine == nullptr) return;
  state->window.elsewhere = TrainingElsewhere{run->Folder(), ElsewhereWords(*run->engine->Latest())};
  state->clock.WakeIn(kRefreshPeriod);
}

}  // namespace equipoise::ui
