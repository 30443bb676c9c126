// forks_beside.h: forks on their way: planned and made on a thread of their own, then one of the window's runs.
//
// Thread   window thread
#pragma once

#include <functional>
#include <future>
#include <string>
#include <vector>

#include "engine/run/fork.h"
#include "ui/window/open_runs.h"

namespace equipoise::ui {

class ForksBeside {
 public:
  // `wake` is called from another thread when a fork has been made.
  explicit ForksBeside(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Start(const run::ForkRequest& request);
  // Once a frame: starts what has been made in a tab of its own, which is not looked at, and draws it in the curves;
  // says what could not be had.
  void Show(OpenRuns* runs, UiState* state);
  void Clear() { forks_.clear(); }  // waits for what is being made

 private:
  struct Made {
    std::unique_ptr<run::Engine> engine;
    std::string beginning;
  };
  struct Making {
    run::ForkRequest request;
    std::future<Result<Made>> made;
  };
  bool Taken(Making* fork, OpenRuns* runs, UiState* state);

  std::vector<Making> forks_;
  std::function<void()> wake_;
};

}  // namespace equipoise::ui
