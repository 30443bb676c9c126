// equipoise_bench: how fast each part is, against the plain way of doing the same and against the machine's own peak.
//
//   equipoise_bench                                  every part, one table (some minutes)
//   equipoise_bench --benchmark_filter='^sac|sgemm'  some of it; any option of Google Benchmark
//   equipoise_bench --cpu                            processor time of one thread: on a machine that does other work
//   equipoise_bench --least                          the quickest repetition instead of the median: likewise
//   equipoise_bench --full                           the check at K = 50 (tens of seconds a repetition)
//   equipoise_bench --episodes [--paper]             whole episodes by phase (--paper takes some ten minutes)
//   equipoise_bench --growth[=EPISODES]              what episode 1000 costs beside episode 100
//   equipoise_bench --latency [--paper]              how long pause and quit wait, by phase
//
// Repetitions (5 of each, --benchmark_repetitions) are interleaved at random and medians are shown, so that a change of
// the processor's clock does not favour one side. On a machine that does other work the times are noise.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "engine/learn/aten/backend.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"

namespace equipoise::bench {
namespace {

// Takes our own options out of the command line.
Options Parse(int* argc, char** argv) {
  Options options;
  int kept = 1;
  for (int i = 1; i < *argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--cpu") {
      options.cpu_time = true;
    } else if (arg == "--least") {
      options.least = true;
    } else if (arg == "--full") {
      options.full = true;
    } else if (arg == "--episodes") {
      options.episodes = true;
    } else if (arg == "--paper") {
      options.paper = true;
    } else if (arg == "--latency") {
      options.latency = true;
    } else if (arg.rfind("--growth", 0) == 0 && (arg.size() == 8 || arg[8] == '=')) {
      options.growth = true;
      if (arg.size() > 9) options.growth_episodes = std::atoi(arg.c_str() + 9);
    } else {
      argv[kept++] = argv[i];
    }
  }
  *argc = kept;
  // The paper's presets belong to both; alone the word means whole episodes.
  if (options.paper && !options.latency) options.episodes = true;
  return options;
}

int Main(int argc, char** argv) {
  const Options options = Parse(&argc, argv);
  learn::RegisterAtenBackends();
  std::vector<char*> arguments(argv, argv + argc);
  // Before the caller's, which may say otherwise.
  std::string interleaved = "--benchmark_enable_random_interleaving=true", repetitions = "--benchmark_repetitions=5";
  arguments.insert(arguments.begin() + 1, {interleaved.data(), repetitions.data()});
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  if (options.episodes || options.growth || options.latency) {
    std::printf("%s\n", MachineLine().c_str());
    bool good = true;
    if (options.episodes) good = RunEpisodes(options) && good;
    if (options.growth) good = RunGrowth(options) && good;
    if (options.latency) good = RunLatency(options) && good;
    return good ? 0 : 2;
  }
  AddSgemm();
  AddNetworks(options);
  AddAgents();
  AddEarlyExit();
  AddPhysics();
  Table table(options.cpu_time, options.least);
  benchmark::RunSpecifiedBenchmarks(&table);
  table.Print();
  return 0;
}

}  // namespace
}  // namespace equipoise::bench

int main(int argc, char** argv) { return equipoise::bench::Main(argc, argv); }
