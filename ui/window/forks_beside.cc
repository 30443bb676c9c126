#include "ui/window/forks_beside.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "ui/window/behind_window.h"

namespace equipoise::ui {

void ForksBeside::Start(const run::ForkRequest& request) {
  Making fork;
  fork.request = request;
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

// It is one of the runs now, or could not be had; that is said.
bool ForksBeside::Taken(Making* fork, OpenRuns* runs, UiState* state) {
  if (fork->made.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
  Result<Made> made = fork->made.get();
  if (!made) {
    Complain(*state, "No fork: " + made.error().message);
    return true;
  }
  Made begun = std::move(made).value();
  OpenedRun opened;
  opened.engine = std::move(begun.engine);
  opened.forked_before = fork->request.episode;
  runs->Add(std::move(opened));
  // Behind the curves of the run that it comes from, which may be in another tab by now.
  const std::string& folder = fork->request.out;
  const auto draw = [&folder](std::vector<std::string>* others) {
    if (std::find(others->begin(), others->end(), folder) == others->end()) others->push_back(folder);
  };
  OpenRun* source = runs->Find(fork->request.from);
  if (source != nullptr && source == runs->looked()) draw(&state->view.curves.others);
  if (source != nullptr && source->look) draw(&source->look->curves.others);
  Toast(*state, "The fork begins " + begun.beginning + ".");
  return true;
}

void ForksBeside::Show(OpenRuns* runs, UiState* state) {
  forks_.erase(std::remove_if(forks_.begin(), forks_.end(), [&](Making& fork) { return Taken(&fork, runs, state); }),
               forks_.end());
  state->window.making = forks_.empty() ? "" : "Making " + forks_.back().request.out;
}

}  // namespace equipoise::ui
