#include "ui/window/forks_beside.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "ui/view/facts.h"
#include "ui/window/behind_window.h"

namespace equipoise::ui {

std::string ForkWords(const run::Snapshot& snapshot, int episode) {
  const std::string now = "Fork " + RunName(snapshot) + ": episode " + std::to_string(snapshot.episode);
  if (snapshot.episode < episode) return now + ", the same up to " + std::to_string(episode);
  return now + " of " + std::to_string(SettingsOf(snapshot).run.episodes);
}

void ForksBeside::Start(const run::ForkRequest& request) {
  Beside fork;
  fork.folder = request.out;
  fork.episode = request.episode;
  fork.made = std::async(std::launch::async, [request, wake = wake_]() -> Result<Made> {
    struct Waker {
      const std::function<void()>& wake;
      ~Waker() {
        if (wake) wake();
      }
    } waker{wake};
    StandBehindTheWindow();
    try {
      const auto planned = run::Fork::Plan(request);
      if (!planned) return planned.error();
      auto engine = planned.value().Begin();
      if (!engine) return engine.error();
      return Made{std::move(engine).value(), planned.value().beginning()};
    } catch (const std::exception& error) {
      return Error{error.what()};
    }
  });
  forks_.push_back(std::move(fork));
}

// It has come to its end, or could not be had; that is said.
bool ForksBeside::Ended(Beside* fork, UiState* state) {
  if (fork->made.valid()) {
    if (fork->made.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    Result<Made> made = fork->made.get();
    if (!made) {
      Complain(*state, "No fork: " + made.error().message);
      return true;
    }
    Made begun = std::move(made).value();
    fork->engine = std::move(begun.engine);
    StartBehindTheWindow(fork->engine.get(), /*paused=*/false);
    std::vector<std::string>& others = state->view.curves.others;
    if (std::find(others.begin(), others.end(), fork->folder) == others.end()) others.push_back(fork->folder);
    Toast(*state, "The fork begins " + begun.beginning + ".");
  }
  const auto latest = fork->engine->Latest();
  if (latest->state != run::RunState::kFinished && latest->state != run::RunState::kStopped) return false;
  if (!latest->stopped_reason.empty())
    Complain(*state, latest->stopped_reason);
  else
    Toast(*state, "The fork " + RunName(*latest) + " has done its episodes.");
  return true;
}

void ForksBeside::Show(UiState* state) {
  constexpr double kRefreshPeriod = 1;  // they wake nobody
  forks_.erase(std::remove_if(forks_.begin(), forks_.end(), [&](Beside& fork) { return Ended(&fork, state); }),
               forks_.end());
  state->window.fork.clear();
  if (forks_.empty()) return;
  state->clock.WakeIn(kRefreshPeriod);
  const Beside& newest = forks_.back();
  state->window.fork =
      newest.engine != nullptr ? ForkWords(*newest.engine->Latest(), newest.episode) : "Making the fork";
}

void ForksBeside::Clear() { forks_.clear(); }

}  // namespace equipoise::ui
