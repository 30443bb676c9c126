// run_writer.h: the files of a run that goes on: its logs, its replay file, what it keeps of decisions, its index, what
// was accepted, and its checkpoint. A run that has no folder writes nothing, and everything here succeeds.
//
// What goes where is the folder's (store/run_folder.h); what a checkpoint consists of is the engine's.
//
// Thread   engine thread
// Size     23 public members: every file of a run is written through here, and they are one folder's
// Errors   anything wrong with the disk; a folder that is no longer where it was, or no longer ours
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/record/episode_index.h"
#include "engine/record/episode_lines.h"
#include "engine/record/snapshot.h"
#include "engine/store/accepted_log.h"
#include "engine/store/decision_files.h"
#include "engine/store/replay_file.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

struct RunFiles {
  std::optional<store::RunFolder> folder;  // none: nothing is written
  std::optional<store::ReplayFile> replay;
  std::optional<store::DecisionFiles> decisions;
  store::AcceptedLog accepted;
};

// Those of a run, without the ones after `last_episode`.
Result<store::DecisionFiles> OpenDecisions(const config::Settings& settings, const std::string& directory,
                                           int last_episode);

class RunWriter {
 public:
  explicit RunWriter(RunFiles files);

  const store::RunFolder* folder() const { return files_.folder ? &*files_.folder : nullptr; }  // null: none
  // A text that names files as the folder's paths do, for people.
  std::string Named(const std::string& text) const;
  // Is it still where it was, and ours?
  Status Stays();
  // The file that real episodes are appended to.
  Status CreateReplay(int64_t block_bytes);
  // From here on this life works on the run, which is meant to be so long.
  Status GoOn(const store::RunLife& life, int episodes);
  Status SetLength(int episodes, bool steered);
  Status SetCondition(store::RunCondition condition, bool steered, const std::string& reason = "");

  // Of an episode that was logged: what the replay file keeps of it, and then its record, which comes back as it is to
  // be remembered (the numbers of a long run's masks need not stay in memory once they are in the log).
  Status AppendBlock(const std::string& block);
  Result<Shared<EpisodeSummary>> Append(EpisodeRecord record);
  Status Append(const Event& event);
  void UpdateIndex(const List<EpisodeSummary>& episodes);
  bool keeps_decisions() const { return files_.decisions && files_.decisions->keeps(); }
  Status WriteDecision(int episode, const std::string& bytes);
  bool DropOldestDecision();  // false: none can go
  // A line of what was accepted: it outlives the process; `for_good`, also the machine.
  Status Note(const std::string& line, bool for_good);

  // What somebody else removed or changed is written again where that can be. A sentence for each.
  Result<std::vector<std::string>> LookAfter();

  Status SyncReplay();
  // What was accepted before it is in it.
  Status WriteCheckpoint(const std::string& bytes);
  Status WriteKept(const std::string& name, const std::string& bytes);

  // A roll back, in this order: the logs are cut (a sentence for each thing that was amiss), then the other files, then
  // it is recorded that the episodes from `next` on are made again.
  Result<std::vector<std::string>> CutLogs(const store::LogSizes& sizes);
  Status CutFiles(const config::Settings& settings, int64_t block_bytes, int64_t blocks, int picked);
  Status RecordRollBack(int next, bool steered);

 private:
  RunFiles files_;
  std::shared_ptr<const EpisodeLines> lines_;  // of the folder, by its name: what was published outlives this
  std::unique_ptr<IndexWriter> index_;
};

}  // namespace equipoise::run
