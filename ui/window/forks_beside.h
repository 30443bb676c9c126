// forks_beside.h: the forks that train in this window beside the run that is looked at, which goes on.
//
// A fork that has come to its end lets its folder go. Letting all of this go ends them at their last whole episode with
// everything written, and waits for that; they can be continued.
//
// Thread   window thread; a fork is planned and made on a thread of its own
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "engine/run/engine.h"
#include "engine/run/fork.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

class ForksBeside {
 public:
  // `wake` is called from another thread when a fork has been made.
  explicit ForksBeside(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Start(const run::ForkRequest& request);
  // Once a frame: starts what has been made and draws it in the curves; says what has ended, and how far the rest is.
  void Show(UiState* state);
  void Clear();

 private:
  struct Made {
    std::unique_ptr<run::Engine> engine;
    std::string beginning;
  };
  struct Beside {
    std::string folder;
    int episode = 0;
    std::future<Result<Made>> made;       // until it is there
    std::unique_ptr<run::Engine> engine;  // from then on
  };
  bool Ended(Beside* fork, UiState* state);

  std::vector<Beside> forks_;
  std::function<void()> wake_;
};

// "Fork b: episode 12, the same up to 30", then "Fork b: episode 31 of 60".
std::string ForkWords(const run::Snapshot& snapshot, int episode);

}  // namespace equipoise::ui
