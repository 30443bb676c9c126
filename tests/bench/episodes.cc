// Whole runs through the engine, as a user has them: seconds of an episode by phase, and what a late episode costs
// beside an early one (time, and memory against the bytes that were recorded).
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "engine/config/config_file.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/run/engine.h"
#include "tests/bench/flop.h"
#include "tests/bench/sections.h"
#include "tests/paths.h"

namespace equipoise::bench {
namespace {

namespace fs = std::filesystem;

// A run folder of its own, removed at the end.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("equipoise-bench-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::shared_ptr<const run::Snapshot> Finish(const config::Settings& s, const std::string& folder,
                                            const std::function<void(const run::Snapshot&)>& watch) {
  auto engine = run::Engine::Create(s, folder);
  if (!engine.ok()) {
    std::fprintf(stderr, "equipoise_bench: %s\n", engine.error().message.c_str());
    return nullptr;
  }
  run::Engine* running = engine.value().get();
  if (watch) running->OnPublish([running, &watch] { watch(*running->Latest()); });
  running->Start(false);
  running->Wait();
  auto last = running->Latest();
  if (last->state == run::RunState::kFinished) return last;
  std::fprintf(stderr, "equipoise_bench: %s\n", last->stopped_reason.c_str());
  return nullptr;
}

// `peak`: operations a second of all threads together.
bool Preset(const std::string& task, const std::string& preset, int episodes, double peak) {
  auto settings = config::LoadFile(tests::SourceFolder() + "/configs/" + task + ".toml", preset, {});
  if (!settings.ok()) {
    std::fprintf(stderr, "equipoise_bench: %s\n", settings.error().message.c_str());
    return false;
  }
  config::Settings s = settings.value();
  s.run.episodes = episodes;
  const Folder folder;
  const auto last = Finish(s, folder.path(), nullptr);
  if (last == nullptr) return false;
  // The first picked episode has the long first fit; it is shown apart.
  const env::TaskInfo& info = last->info->task;
  const double flop = EpisodeFlop(s, last->info->horizon, {info.observation_size, info.action_size});
  auto line = [&](const char* which, size_t from, size_t to) {
    std::map<std::string, double> phases;
    double wall = 0;
    for (size_t i = from; i < to; ++i) {
      const run::EpisodeSummary& record = *(*last->episodes)[i];
      for (const auto& [phase, seconds] : record.seconds.ToMap())
        phases[phase] += seconds / static_cast<double>(to - from);
      wall += (record.wall_seconds - (*last->episodes)[i - 1]->wall_seconds) / static_cast<double>(to - from);
    }
    std::printf("| %s %s, %s | %.2f |", task.c_str(), preset.c_str(), which, wall);
    for (const char* phase : {"model", "mb", "sac", "check", "act", run::kExamineSeconds})
      std::printf(" %.2f |", phases.count(phase) ? phases[phase] : 0.0);
    if (from == static_cast<size_t>(s.run.random_episodes)) {
      std::printf(" | |\n");
    } else {
      std::printf(" %.2f s | %.0f %% |\n", flop / peak, 100 * flop / peak / wall);
    }
    std::fflush(stdout);
  };
  const size_t random = static_cast<size_t>(s.run.random_episodes), all = last->episodes->size();
  line("first", random, random + 1);
  if (all > random + 1) line("later, mean", random + 1, all);
  return true;
}

double ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  double total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

bool RunEpisodes(const Options& options) {
  std::printf("\nSeconds of one episode, by phase; with two threads SAC works beside the model's side.\n\n");
  const int threads = config::Settings().run.threads;
  const double peak = SgemmPeak(threads);
  std::printf(
      "The last columns: the time that the matrix products of a later episode would take at this machine's own\n"
      "sgemm peak (%.0f GFLOP/s on %d threads), and its share of the wall time.\n\n",
      peak / 1e9, threads);
  std::printf(
      "| run | wall | model fit | policy | SAC | check | act | examine | products at peak | of wall |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n");
  bool good = Preset("cartpole", "cpu", 4, peak) && Preset("halfcheetah", "cpu", 4, peak);
  if (options.paper) good = good && Preset("halfcheetah", "paper", 2, peak) && Preset("hopper", "paper", 2, peak);
  return good;
}

bool RunGrowth(const Options& options) {
  config::Settings s;
  auto& sac = s.Of<learn::SacSettings>();
  auto& lstm = s.Of<model::DropoutLstmSettings>();
  auto& mb = s.Of<learn::ModelBasedSettings>();
  auto& eps = s.Of<eps::CheckSettings>();
  s.run.task = "halfcheetah";
  s.run.threads = 1;
  const int late = std::max(options.growth_episodes, 300), early = 100, window = 20;
  s.run.episodes = late + window / 2;
  lstm.hidden = mb.hidden = sac.hidden = 8;
  lstm.steps = mb.steps = 1;
  lstm.batch = mb.trajectories = 2;
  sac.batch = 8;
  sac.updates_per_step = 0.02;
  eps.masks = 2;
  eps.rollouts = 1;
  s.log.holdout_masks = 2;
  std::map<size_t, double> resident;
  const auto watch = [&resident](const run::Snapshot& snapshot) {
    const size_t episodes = snapshot.episodes->size();
    if (resident.count(episodes) == 0) resident[episodes] = ResidentBytes();
  };
  const Folder folder;
  const auto last = Finish(s, folder.path(), watch);
  if (last == nullptr) return false;
  const auto& episodes = *last->episodes;
  const int random = s.run.random_episodes;
  auto wall = [&](int picked) { return episodes[static_cast<size_t>(random + picked - 1)]->wall_seconds; };
  auto around = [&](int picked) { return (wall(picked + window / 2) - wall(picked - window / 2)) / window; };
  const env::TaskInfo& task = last->info->task;
  const double recorded = sizeof(float) * ((last->info->horizon + 1.0) * task.observation_size +
                                           last->info->horizon * (task.action_size + 1.0));
  const auto at = static_cast<size_t>(random + early), end = static_cast<size_t>(random + late);
  const double growth = (resident[end] - resident[at]) / static_cast<double>(end - at);
  std::printf(
      "\nA late episode beside an early one (HalfCheetah, learning all but switched off, run folder written):\n");
  std::printf("| episode | seconds | resident memory |\n|---|---|---|\n");
  std::printf("| %d | %.4f | %.1f MB |\n| %d | %.4f | %.1f MB |\n", early, around(early), resident[at] / 1e6, late,
              around(late), resident[end] / 1e6);
  std::printf(
      "ratio of times %.2f; memory grows by %.1f kB an episode, of which states, actions and rewards are %.1f kB\n",
      around(late) / around(early), growth / 1e3, recorded / 1e3);
  std::uintmax_t logs = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
    if (entry.is_regular_file()) logs += entry.file_size();
  std::printf("the run folder holds %.1f kB an episode\n",
              static_cast<double>(logs) / 1e3 / static_cast<double>(episodes.size()));
  std::fflush(stdout);
  return true;
}

}  // namespace equipoise::bench
