// sections.h: the parts of the benchmark program, each in its own file.
#pragma once

#include <string>

namespace equipoise::bench {

struct Options {
  bool cpu_time = false;       // for a machine that does other work
  bool least = false;          // the quickest repetition of each, for the same reason
  bool full = false;           // sizes that take minutes
  bool episodes = false;       // whole episodes by phase
  bool paper = false;          // of the paper presets as well
  bool growth = false;         // what a late episode costs beside an early one
  int growth_episodes = 1000;  // the late one
  bool latency = false;        // how long pause and quit wait
};

// These register benchmarks and rows of the table (table.h).
void AddSgemm();
// The largest rate of a square product on so many cores at once; measured now. Operations a second.
double SgemmPeak(int threads);
void AddNetworks(const Options& options);
void AddAgents();
void AddEarlyExit();
void AddPhysics();

// These print for themselves. They return false when a run failed.
bool RunEpisodes(const Options& options);
bool RunGrowth(const Options& options);
bool RunLatency(const Options& options);

}  // namespace equipoise::bench
