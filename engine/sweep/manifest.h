// manifest.h: a sweep as a folder.
//
//   manifest.jsonl   one run a line; only grows, and a line never changes: its number is a job's for good
//   sweep.toml       the file that was asked for last, as it was
//   wanted.json      the lines that it asks for
//   configs/N.toml   every setting of run N as resolved when its line was written: what a job starts from, whatever
//                    happens to the configurations meanwhile
//   tasks/NAME       copies of the task files that runs are about, as run.task names them
//   runs/N           run folders; the truth of how far each is
//   log/N.txt        what its processes printed
//
// A run goes on under its line as long as it is asked for with the settings that its line was written with (more
// episodes excepted: a new line, the same folder). With others it is another run: a new line and a new folder, N-v2.
//
// Thread   any; Plan by one process at a time: whoever calls it holds the folder's lock (store/folder_lock.h)
// Errors   the disk; a line or a configuration that is not as written
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sweep/sweep_file.h"

namespace equipoise::sweep {

struct SweepPaths {
  explicit SweepPaths(const std::string& folder);
  std::string folder, manifest, sweep_toml, wanted, configs, tasks, runs, log, slurm, report;
  std::string Config(const std::string& name) const { return configs + "/" + name + ".toml"; }
  std::string Task(const std::string& task) const { return tasks + "/" + task; }
  std::string Run(const std::string& name) const { return runs + "/" + name; }
  std::string Log(const std::string& name) const { return log + "/" + name + ".txt"; }
};

struct ManifestLine {
  size_t line = 0;
  std::string name;                                   // of its folder in runs/
  std::string task, agent, preset, setting, failure;  // task: as run.task has it
  int64_t seed = 0;
  int episodes = 0;
  // "sac, small": what the seeds of a cell have in common, the task apart.
  std::string Cell() const { return agent + (setting.empty() ? "" : ", " + setting); }
};

struct Manifest {
  std::vector<ManifestLine> lines;
  std::vector<size_t> wanted;      // rising
  size_t added = 0;                // by Plan
  std::vector<size_t> superseded;  // lines that Plan found asked for with other settings than before
};

// Is there a sweep in this folder?
bool HoldsSweep(const std::string& folder);
Result<Manifest> ReadManifest(const std::string& folder);
// Adds what is new and says what is wanted now. `dry`: changes nothing.
Result<Manifest> Plan(const SweepFile& file, const std::string& folder, bool dry);

}  // namespace equipoise::sweep
