// slurm.h: a sweep as Slurm job arrays: what is written, submitted and asked. Its commands are called; nothing of ours
// schedules or watches hosts, and the run folders remain the truth.
//
//   slurm/array-FIRST.sh   a batch script for the lines from FIRST on: the array index is the manifest's line, less FIRST;
//                          an array reaches as far as the cluster's MaxArraySize
//   slurm/report.sh        runs when every array has ended, failed elements included (afterany)
//   slurm/jobs.jsonl       what was submitted, so that nothing is submitted twice
//
// A run that is asked to stop (time limit, node drained) writes its checkpoint and ends with code 75; the script then
// puts that element back into the queue, at most five times. An element that a lost node takes along is put back by
// Slurm.
//
// Thread   main
// Errors   a command that is absent or fails: with what it said
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sweep/manifest.h"

namespace equipoise::app {

struct SlurmOrder {
  std::string name, folder, program;  // absolute paths
  sweep::SlurmWishes wishes;
  std::vector<size_t> lines;  // rising
  size_t array_size = 1001;   // the cluster's MaxArraySize
};
struct SlurmArray {
  size_t first = 0;           // of the manifest's lines; index 0
  std::vector<size_t> lines;  // rising
  std::string script;         // its text
};
// In arrays that the cluster takes.
Result<std::vector<SlurmArray>> ArraysOf(const SlurmOrder& order);
std::string ReportScript(const SlurmOrder& order);
// "0-3,7,9-10"
std::string RangesOf(const std::vector<size_t>& indices);

// Writes the scripts and submits them; says what it did. Lines that are in the queue are left alone.
Status Submit(SlurmOrder order);
// By line, what the queue says of those that it holds: "queued (Priority)", "running on n1". Empty without Slurm.
std::map<size_t, std::string> Queued(const std::string& folder);
bool HasSlurm();

}  // namespace equipoise::app
