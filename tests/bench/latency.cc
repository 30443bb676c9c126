// How long a click waits: from Pause or Quit being posted to the engine standing still, in every phase of an episode.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/clock.h"
#include "engine/config/config_file.h"
#include "engine/run/engine.h"
#include "tests/bench/sections.h"
#include "tests/paths.h"

namespace equipoise::bench {
namespace {

using run::RunState;

// Waits for the state and returns the seconds it took; polling costs up to a tenth of a millisecond.
double SecondsUntil(const run::Engine& engine, RunState state) {
  const double start = MonotonicSeconds();
  while (engine.Latest()->state != state && engine.Latest()->state != RunState::kStopped)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  return MonotonicSeconds() - start;
}

std::string PhasesOf(const run::Snapshot& s) {
  std::string names;
  for (const run::StageProgress& stage : s.stages)
    if (stage.active) names += (names.empty() ? "" : " + ") + stage.title;
  return names.empty() ? "between phases" : names;
}

bool Latencies(const std::string& task, const std::string& preset, int pauses, double every_seconds) {
  auto settings = config::LoadFile(tests::SourceFolder() + "/configs/" + task + ".toml", preset, {});
  if (!settings.ok()) {
    std::fprintf(stderr, "equipoise_bench: %s\n", settings.error().message.c_str());
    return false;
  }
  auto engine = run::Engine::Create(settings.value(), "");
  if (!engine.ok()) {
    std::fprintf(stderr, "equipoise_bench: %s\n", engine.error().message.c_str());
    return false;
  }
  run::Engine& running = *engine.value();
  running.Start(false);
  std::map<std::string, std::vector<double>> by_phase;
  for (int i = 0; i < pauses; ++i) {
    std::this_thread::sleep_for(std::chrono::duration<double>(every_seconds * (0.5 + (i * 7 % 10) / 10.0)));
    running.Post(run::Pause{});
    const double waited = SecondsUntil(running, RunState::kPaused);
    by_phase[PhasesOf(*running.Latest())].push_back(waited);
    running.Post(run::Resume{});
    SecondsUntil(running, RunState::kRunning);
  }
  running.Post(run::Quit{});
  const double start = MonotonicSeconds();
  running.Wait();
  const double quit = MonotonicSeconds() - start;
  for (auto& [phase, seconds] : by_phase) {
    std::sort(seconds.begin(), seconds.end());
    std::printf("| %s %s | pause | %s | %zu | %.1f | %.1f |\n", task.c_str(), preset.c_str(), phase.c_str(),
                seconds.size(), 1e3 * seconds[seconds.size() / 2], 1e3 * seconds.back());
  }
  std::printf("| %s %s | quit | any | 1 | %.1f | %.1f |\n", task.c_str(), preset.c_str(), 1e3 * quit, 1e3 * quit);
  std::fflush(stdout);
  return true;
}

}  // namespace

bool RunLatency(const Options& options) {
  std::printf("\n| run | asked | during | times | median, ms | longest, ms |\n|---|---|---|---|---|---|\n");
  bool ok = Latencies("cartpole", "cpu", 60, 0.3) && Latencies("halfcheetah", "cpu", 60, 0.4);
  if (ok && options.paper) ok = Latencies("halfcheetah", "paper", 40, 2.0) && Latencies("hopper", "paper", 40, 4.0);
  return ok;
}

}  // namespace equipoise::bench
