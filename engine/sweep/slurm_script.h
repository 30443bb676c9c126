// slurm_script.h: the batch scripts of a sweep: job arrays whose index is the manifest's line, less an offset.
//
// An array reaches as far as the cluster's MaxArraySize: one that is too long is refused whole. A run that is asked to stop
// (time limit, node drained) writes its checkpoint and ends with code 75; the script then puts that element back into the
// queue, at most five times. What a lost node takes along is put back by Slurm. The report waits for all, failed ones too.
//
// Thread   any; no state
// Errors   a folder's name that cannot stand in a script
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/sweep/sweep_file.h"

namespace equipoise::sweep {

struct SlurmOrder {
  std::string name, folder, program;  // absolute paths
  SlurmWishes wishes;
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

std::string ShellWord(const std::string& text);  // quoted: one word, whatever it holds

}  // namespace equipoise::sweep
