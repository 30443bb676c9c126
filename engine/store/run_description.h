// run_description.h: run.json: what a run is, how it stands, and who computed it.
//
// Replaced as a whole; every checkpoint holds a copy, from which a lost one is made again. A run's name is its
// folder's: whoever renames or copies the folder renames the run.
//
// Errors   reading: no run, or a file that is not as written; says what to do
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::store {

// Of the folder as a whole. 1: folders without the number, by versions before it was written; those are read as they
// are. A folder of a newer format is refused by name, and left as it is.
inline constexpr int64_t kRunFormat = 2;

struct RunPaths {
  explicit RunPaths(const std::string& folder);
  std::string folder, run_json, episodes, events, progress, checkpoints, state, previous, replay, dashboard;
};

enum class RunCondition { kRunning, kStopped, kFinished, kCrashed };
const char* Name(RunCondition condition);  // "running", "stopped", "finished", "crashed"

// One process's work for a run, from its start or resumption to its end. Two lives on unlike processors, kernels or
// libraries need not agree to the bit.
struct RunLife {
  std::string host, processor, kernels;         // "" in folders of older versions: not known
  std::string version, build;                   // "0.1.0", "Release, 1a2b3c4"
  std::map<std::string, std::string> versions;  // of the libraries
  std::string started, ended;                   // UTC; `ended` is "" while it lasts, and when it was killed
  std::string end;                              // "stopped", ...; "forked": what follows is the fork's own work;
                                                // "killed": nothing says how
  int64_t first_episode = 0;                    // that it made; random ones count up to 0
};

// The run whose episodes before this one are this run's too.
struct ForkedFrom {
  std::string folder;  // an absolute path, as it was then
  int64_t episode = 0;
};

// A run whose process died still says "running", but nobody holds its lock (FolderLock::Holder).
struct RunDescription {
  std::string name;  // the folder's; set by whoever reads or makes it
  std::string version;
  std::string task, agent, preset;
  int64_t seed = 0;
  std::string settings_json;                    // every setting as resolved at the start (config::ToJson)
  int64_t episodes = 0;                         // picked ones to run, as in force; 0: as the settings say
  std::map<std::string, std::string> versions;  // {"LibTorch", "1.13.1"}, ... at the start
  std::string device;
  std::string host, started;  // of the start; set by Create; UTC
  std::vector<std::string> resumed;
  std::vector<RunLife> lives;  // oldest first
  std::string tensorboard;     // the event file that is ours; "": none, or an older version's
  RunCondition condition = RunCondition::kRunning;
  bool steered = false;  // touched by hand at any time; a clean run is one that was not
  std::string reason;    // why it crashed
  std::optional<ForkedFrom> forked;
};

std::string ToJsonText(const RunDescription& description);
Result<RunDescription> DescriptionFromJson(const std::string& text, const std::string& origin);
// Is this the run.json of a newer format? Then the sentence that refuses it.
Status RefuseNewerFormat(const std::string& text, const std::string& origin);
// The life that made an episode; null in folders of older versions.
const RunLife* LifeOf(const RunDescription& description, int64_t episode);

// "hopper-unified-cpu-s3"; for the copy that a roll back left in it "hopper-unified-cpu-s3-rolled-back-1".
std::string RunName(const std::string& folder);
// Reading a folder that somebody else may be writing.
Result<RunDescription> ReadDescription(const std::string& folder);

}  // namespace equipoise::store
