#include "ui/window/behind_window.h"

#include <exception>
#include <thread>

#include "engine/base/priority.h"

namespace equipoise::ui {
namespace {

constexpr int kNiceness = 5;  // a third of what a thread of the window gets, while both want the processor

}  // namespace

void StandBehindTheWindow() { StandBack(kNiceness); }

void StartBehindTheWindow(run::Engine* engine, bool paused) {
  std::exception_ptr failed;
  std::thread starter([&] {
    StandBehindTheWindow();
    try {
      engine->Start(paused);
    } catch (...) {
      failed = std::current_exception();
    }
  });
  starter.join();
  if (failed) std::rethrow_exception(failed);
}

}  // namespace equipoise::ui
