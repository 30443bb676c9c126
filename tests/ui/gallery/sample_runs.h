// sample_runs.h: a folder of runs in every condition, on disk as a run writes them; gone with the object.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/config_file.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"
#include "tests/engine/temporary_folder.h"
#include "tests/ui/sample_snapshot.h"

namespace equipoise::ui::testing {

class SampleRuns {
 public:
  SampleRuns() {
    using store::RunCondition;
    for (const char* agent : {"unified", "sac", "mbrl"})
      for (int seed = 0; seed < 3; ++seed) Write(agent, seed, 213, RunCondition::kFinished);
    others_ = folders_;
    Write("unified", 3, 96, RunCondition::kStopped, true);
    Write("unified", 4, 31, RunCondition::kCrashed, false, "The simulation is unstable at DOF 3, time 0.41 s.");
    Write("sac", 3, 12, RunCondition::kRunning);  // by nobody: its process died
    running_ = std::make_unique<store::RunFolder>(Create("mbrl", 3, 400));
    Log(running_.get(), 64, 3);
    std::filesystem::create_directories(root_ / "halfcheetah-broken");
    std::ofstream(root_ / "halfcheetah-broken/run.json") << "{";
  }
  std::string folder() const { return root_.path(); }
  // Nine finished ones: three seeds of each agent.
  const std::vector<std::string>& others() const { return others_; }

 private:
  store::RunFolder Create(const std::string& agent, int seed, int episodes) {
    config::Settings settings;
    settings.run.task = "halfcheetah";
    settings.run.agent = agent;
    settings.run.seed = seed;
    settings.run.episodes = episodes;
    store::RunDescription description;
    description.version = "0.1.0";
    description.task = settings.run.task;
    description.agent = agent;
    description.preset = "cpu";
    description.seed = seed;
    description.episodes = episodes;
    description.settings_json = config::ToJson(settings);
    description.device = "CPU, 2 threads";
    folders_.push_back(root_ / ("halfcheetah-" + agent + "-cpu-s" + std::to_string(seed)));
    auto made = store::RunFolder::Create(folders_.back(), description, {run::ProgressColumns({}, {}), false, {}, {}});
    if (!made) std::abort();
    return std::move(made).value();
  }
  static void Log(store::RunFolder* folder, int episodes, int seed) {
    SampleOptions options;
    options.episodes = episodes;
    options.agent = folder->description().agent;
    Stream stream(static_cast<uint64_t>(seed), "sample.runs");
    const run::Snapshot snapshot = SampleSnapshot(options);
    for (const auto& sampled : *snapshot.episodes) {
      run::EpisodeRecord record = *run::Whole(*sampled);
      record.episode_return += 12 * stream.Normal() - 30 * seed * std::max(0, record.episode) / 213.0;
      if (!run::Log(folder, record)) std::abort();
    }
  }
  void Write(const std::string& agent, int seed, int episodes, store::RunCondition condition, bool steered = false,
             const std::string& reason = "") {
    const bool whole = condition == store::RunCondition::kFinished;
    store::RunFolder folder = Create(agent, seed, whole ? episodes : 400);
    Log(&folder, episodes, seed);
    if (!folder.SetCondition(condition, steered, reason)) std::abort();
  }

  testing_support::TemporaryFolder root_;
  std::vector<std::string> folders_, others_;
  std::unique_ptr<store::RunFolder> running_;  // held as by a process that writes it
};

}  // namespace equipoise::ui::testing
