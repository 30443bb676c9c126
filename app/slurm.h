// slurm.h: a sweep as Slurm job arrays: what is written, submitted and asked. Its commands are called; nothing of ours
// schedules or watches hosts, and the run folders remain the truth.
//
//   slurm/array-FIRST.sh   a batch script for the lines from FIRST on (sweep/slurm_script.h)
//   slurm/report.sh        runs when every array has ended, failed elements included (afterany)
//   slurm/jobs.jsonl       what was submitted, so that nothing is submitted twice
//
// Thread   main
// Errors   a command that is absent or fails: with what it said
#pragma once

#include <map>
#include <string>

#include "engine/base/result.h"
#include "engine/sweep/slurm_script.h"

namespace equipoise::app {

// Writes the scripts and submits them; says what it did. Lines that are in the queue are left alone.
Status Submit(sweep::SlurmOrder order);
// By line, what the queue says of those that it holds: "queued (Priority)", "running on n1". Empty without Slurm.
std::map<size_t, std::string> Queued(const std::string& folder);
bool HasSlurm();

}  // namespace equipoise::app
