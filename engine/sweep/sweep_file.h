// sweep_file.h: a TOML file that names runs by what they have in common, read into single runs.
//
//   preset = "cpu"                       of configs/TASK.toml; also presets = ["cpu", "paper"]
//   seeds = [0, 1, 2]                    or seeds = 3: 0, 1 and 2
//   agents = ["unified", "sac"]
//
//   [set]                                settings of every run
//   "run.threads" = 1
//
//   [[runs]]                             one or more; whatever stands above is what they have unless they say otherwise
//   tasks = ["cartpole"]                 or a task file: "my/robot.toml", from where this file lies or from here
//   episodes = 150                       default: the preset's
//   set = { "eps.masks" = 10 }           on top of those above
//   settings = [{ name = "small", set = { "sac.hidden" = 32 } }, { name = "large", set = { "sac.hidden" = 256 } }]
//   failure = "Distractors"              these are of Figure 4: they are no rows of the tables
//
//   [slurm]                              cpus, mem, time, partition, at_once, options: slurm.h of app/
//
// Every run is resolved as `equipoise train` would: a mistake in any is found before one starts. Runs that two blocks
// name alike are one run; two that have a name and not their settings in common are an error.
//
// Thread   any
// Errors   file, line and what is allowed
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/settings.h"

namespace equipoise::sweep {

struct PlannedRun {
  std::string task, agent, preset, setting;  // task: as run.task has it; `setting` "": it has no name
  std::string failure;                       // "": none
  int64_t seed = 0;
  int episodes = 0;
  config::Settings settings;
};
// "cartpole-unified-large-cpu-s3"
std::string NameOf(const PlannedRun& run);

struct SlurmWishes {
  int cpus = 1, at_once = 0;  // at_once 0: as many as the cluster gives
  std::string mem = "2G", time = "24:00:00", partition;
  std::vector<std::string> options;  // further lines for sbatch: "--account=lab"
};

struct SweepFile {
  std::string name;  // the file's, without folder and ending
  std::string text;  // as read
  std::vector<PlannedRun> runs;
  SlurmWishes slurm;
};
Result<SweepFile> ReadSweepFile(const std::string& path);

}  // namespace equipoise::sweep
