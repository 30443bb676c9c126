// dataset.h: the recorded episodes of a run as a data set that other programs learn from.
//
// Two layouts of the same numbers, in HDF5:
//
//   one file   observations [N, S], next_observations [N, S], actions [N, A], rewards [N], terminals [N], timeouts [N],
//              infos/episode, infos/actor, infos/action_log_probs [N]: D4RL's, N steps of all episodes in order
//   a folder   main_data.hdf5 with episode_0, episode_1, ... (observations [T + 1, S], actions, rewards, terminations,
//              truncations, infos/actor, infos/action_log_probs) and metadata.json: Minari's
//
// An episode ends by its number of steps alone: terminals are false, the last step's timeout is true. infos/actor counts
// in the attribute "actors" who acted; infos/action_log_probs are there where a learner of the run keeps them, NaN
// where not known. Observations are the task's own: distractors, which mean nothing, are left out. Of the file's
// attributes "settings" is the run's JSON.
//
// Thread   any; nothing of the run is changed, and it may be going on
// Errors   a folder that is no run, a damaged replay.bin, a range without episodes, a full disk
#pragma once

#include <climits>
#include <string>

#include "engine/base/result.h"

namespace equipoise::run {

struct DatasetRange {
  int first = INT_MIN, last = INT_MAX;  // numbers of episodes; random ones count up to 0
};

struct DatasetWritten {
  int episodes = 0, distracted = 0;  // of which so many were acted with distractors
  int64_t steps = 0;
};

// A new file, or files in a folder that is there and empty.
Result<DatasetWritten> WriteFlatDataset(const std::string& run, const DatasetRange& range, const std::string& path);
Result<DatasetWritten> WriteMinariDataset(const std::string& run, const DatasetRange& range, const std::string& folder);

}  // namespace equipoise::run
