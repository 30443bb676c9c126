// run_folder.h: a run as a folder that other tools can read while it is being written.
//
//   run.json        what this run is and how it stands; replaced as a whole
//   episodes.jsonl  one line for each executed episode        events.jsonl  interventions, guards, errors
//   progress.csv    the scalars, for a spreadsheet            events.out.tfevents.*  the same for TensorBoard
//   decisions/      what the newest decisions were made from (decision_files.h)
//   checkpoints/    state.eqps (replaced as a whole), replay.bin (appended), before-2.eqps: kept (kept_checkpoints.h)
//   rolled-back-1/  a run folder of what a roll back left behind
//
// Logs only grow, by whole lines. A checkpoint remembers how long they were; continuing from it cuts off what came
// after, because the continued run makes those episodes again, to the same bits.
//
// Thread   engine thread
// Errors   anything wrong with the disk; the files stay at the end of a record
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/store/folder_lock.h"
#include "engine/store/tensorboard.h"

namespace equipoise::store {

struct RunPaths {
  explicit RunPaths(const std::string& folder);
  std::string folder, run_json, episodes, events, progress, checkpoints, state, replay, dashboard;
};

enum class RunCondition { kRunning, kStopped, kFinished, kCrashed };
const char* Name(RunCondition condition);  // "running", "stopped", "finished", "crashed"

// The contents of run.json. A run whose process died still says "running", but nobody holds its lock
// (FolderLock::Holder).
struct RunDescription {
  std::string name;  // the folder's last part; set by Create
  std::string version;
  std::string task, agent, preset;
  int64_t seed = 0;
  std::string settings_json;                    // every setting as resolved at the start (config::ToJson)
  int64_t episodes = 0;                         // picked ones to run, as in force; 0: as the settings say
  std::map<std::string, std::string> versions;  // {"LibTorch", "1.13.1"}, ...
  std::string device;
  std::string host, started;  // set by Create; UTC
  std::vector<std::string> resumed;
  RunCondition condition = RunCondition::kRunning;
  bool steered = false;  // touched by hand at any time; a clean run is one that was not
  std::string reason;    // why it crashed
};

std::string ToJsonText(const RunDescription& description);
Result<RunDescription> DescriptionFromJson(const std::string& text, const std::string& origin);

// Lengths of the logs in bytes; a checkpoint stores them.
struct LogSizes {
  int64_t episodes = 0, events = 0, progress = 0, tensorboard = 0;
  std::vector<int64_t> Pack() const { return {episodes, events, progress, tensorboard}; }
  static Result<LogSizes> Unpack(const std::vector<int64_t>& packed);
};

using Row = std::map<std::string, std::string>;  // column, cell; a column without a cell stays empty

class RunFolder {
 public:
  struct Options {
    std::vector<std::string> columns;  // of progress.csv, in order
    bool tensorboard = true;
  };
  // Makes the folder and its files. It must not exist, or be empty.
  static Result<RunFolder> Create(const std::string& folder, RunDescription description, const Options& options);
  // Takes an existing one to continue it: nothing is changed until CutTo.
  static Result<RunFolder> Open(const std::string& folder);
  // Cuts the logs back to what a checkpoint knows. Afterwards they go on from there.
  Status CutTo(const LogSizes& sizes);
  // Notes the time in run.json: the run really goes on. Whoever only looks at one must not call it.
  Status RecordResumption();

  const RunPaths& paths() const { return paths_; }
  const RunDescription& description() const { return description_; }
  LogSizes sizes() const;

  Status AppendEpisode(const std::string& json_line);  // without a line break
  Status AppendEvent(const std::string& json_line);
  Status AppendProgress(const Row& row);
  Status AppendScalars(int64_t step, const std::map<std::string, double>& scalars);

  // How long the run is meant to be from now on; written with what is written next.
  void SetEpisodes(int64_t episodes) { description_.episodes = episodes; }
  Status SetCondition(RunCondition condition, bool steered, const std::string& reason = "");

  // Logs reach the disk first, so that no checkpoint ever knows of more than is there.
  Status WriteCheckpoint(const std::string& bytes);
  Result<std::string> ReadCheckpoint() const;

 private:
  explicit RunFolder(const std::string& folder) : paths_(folder) {}
  Status WriteDescription();

  RunPaths paths_;
  RunDescription description_;
  FolderLock lock_;
  std::vector<std::string> columns_;
  AppendFile episodes_, events_, progress_;
  bool has_tensorboard_ = false;
  TensorBoardFile tensorboard_;
};

// Reading a folder that somebody else may be writing.
Result<RunDescription> ReadDescription(const std::string& folder);
// The whole lines of a log; a last one that is still being written is left out. An absent file has none.
Result<std::vector<std::string>> ReadLines(const std::string& path);

}  // namespace equipoise::store
