// run_folder.h: a run as a folder that other tools can read while it is being written.
//
//   run.json        what this run is and how it stands; replaced as a whole
//   episodes.jsonl  one line for each executed episode        events.jsonl  interventions, guards, errors
//   progress.csv    the scalars, for a spreadsheet            events.out.tfevents.*  the same for TensorBoard
//   episodes.index  of a long run: its lines' numbers, quickly read (run/episode_index.h)
//   decisions/      what the newest decisions were made from (decision_files.h)
//   checkpoints/    state.eqps (replaced as a whole), previous.eqps (the one before it), replay.bin (appended),
//                   before-2.eqps: kept (kept_checkpoints.h)
//   cut-1.jsonl     what was cut off a damaged file, or took one's place (set_aside.h)
//   rolled-back-1/  a run folder of what a roll back left behind
//
// episodes.jsonl, events.jsonl and the checkpoints are the truth; the rest is derived from them. Logs only grow, by
// whole lines, of which each carries a check (checked_log.h). A checkpoint remembers how long they were; continuing
// from it verifies them up to there, and cuts off what came after, because the continued run makes those episodes
// again, to the same bits.
//
// The folder is held from Create or Open on: all that is written in it goes to it, and never to another one that took
// its name meanwhile.
//
// Thread   engine thread
// Errors   anything wrong with the disk; the files stay at the end of a record. A damaged log is named by file and
//          line, and by the command that looks after it: equipoise repair. Those of a folder that is open name files as
//          paths() does: Named() says them to people
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/held_folder.h"
#include "engine/store/checked_log.h"
#include "engine/store/derived_file.h"
#include "engine/store/folder_lock.h"
#include "engine/store/run_description.h"
#include "engine/store/tensorboard.h"

namespace equipoise::store {

// Lengths of the files in bytes, the checks of the logs' last lines and the sums of the derived ones; a checkpoint
// stores them. -1: not known, in checkpoints of older versions.
struct LogSizes {
  int64_t episodes = 0, events = 0, progress = 0, tensorboard = 0;
  int64_t episodes_check = -1, events_check = -1, progress_sum = -1, tensorboard_sum = -1;
  std::vector<int64_t> Pack() const;
  static Result<LogSizes> Unpack(const std::vector<int64_t>& packed);
};

using Row = std::map<std::string, std::string>;  // column, cell; a column without a cell stays empty

class RunFolder {
 public:
  // Makes the whole contents of a derived file from the logs of `folder`.
  using Derive = Result<std::string> (*)(const std::string& folder, const std::vector<std::string>& columns);
  struct Options {
    std::vector<std::string> columns;  // of progress.csv, in order
    bool tensorboard = true;
    int states = 3;                               // of the newest that are kept: state.eqps and those before it
    Derive progress = nullptr, events = nullptr;  // null: not made again
    // What a new run needs in its folder before it says that it is one.
    std::function<Status(const std::string& folder)> first = nullptr;
  };
  // Makes the folder and its files. It must not exist, or be empty.
  static Result<RunFolder> Create(const std::string& folder, RunDescription description, const Options& options);
  // What a run of these settings (JSON) says of itself.
  using Describe = Result<RunDescription> (*)(const std::string& settings_json);
  // Takes an existing one to continue it. Changes nothing until CutTo or StartAgain, but that a lost run.json is made
  // again from a checkpoint; those of older versions hold no copy of it but the settings, for `describe`.
  static Result<RunFolder> Open(const std::string& folder, Describe describe = nullptr);
  // For what is made again from here on.
  void SetOptions(const Options& options) { options_ = options; }

  // Could CutTo(sizes) do it? Changes nothing. Fails when a line before that was damaged beyond restoring.
  Status Stands(const LogSizes& sizes) const;
  // Cuts the logs back to what a checkpoint knows. Afterwards they go on from there.
  Status CutTo(const LogSizes& sizes);
  // No checkpoint and not one episode: it ended before its first one. Then everything is made anew.
  bool IsBlank() const;
  Status StartAgain(const RunLife& life);
  // Takes the copy of run.json that the checkpoint holds where the file says something else of what the run is.
  Status Agree(const std::string& copy, const std::string& origin);
  // Notes in run.json that the run really goes on. Whoever only looks at one must not call it.
  Status RecordResumption(const RunLife& life);
  // A roll back: this life makes the episodes from `episode` on again.
  void RecordRollBack(int64_t episode);

  // For whoever writes, and looks at what was written, while this object lives: of the folder that is held.
  const RunPaths& paths() const { return paths_; }
  // As it was given, for whoever reads on their own, and for people.
  const std::string& name() const { return held_.name(); }
  // A text that names files as paths() does, for people.
  std::string Named(const std::string& text) const { return held_.Named(text); }
  const RunDescription& description() const { return description_; }
  LogSizes sizes() const;

  Status AppendEpisode(const std::string& json_line);  // an object, without a line break and a check
  Status AppendEvent(const std::string& json_line);
  Status AppendProgress(const Row& row);
  // `wall_seconds` since the start.
  Status AppendScalars(int64_t step, double wall_seconds, const std::map<std::string, double>& scalars);
  // Before something is appended to a file of a run that goes on: is each still the one that is being written? One that
  // was removed or replaced is written again; an error when a log was changed under its name.
  Status LookAfterFiles();
  // Is the folder still where it was, and ours? From the first no on, nothing is written to it any more: not into files
  // that were moved or removed, nor into what took their place.
  Status Stays();
  // Writes in checkpoints/, as long as the folder stays. When somebody removed checkpoints/, even while this writes, it
  // is made again.
  Status WriteInCheckpoints(const std::function<Status()>& write);
  // What was found wrong and what was done about it since the last call, a sentence each.
  std::vector<std::string> TakeNotes();
  void AddNote(const std::string& note) { notes_.push_back(Named(note)); }

  // How long the run is meant to be from now on; written with what is written next.
  void SetEpisodes(int64_t episodes) { description_.episodes = episodes; }
  Status SetCondition(RunCondition condition, bool steered, const std::string& reason = "");

  // Logs reach the disk first, so that no checkpoint ever knows of more than is there. The one before it is kept.
  Status WriteCheckpoint(const std::string& bytes);
  Result<std::string> ReadCheckpoint() const;

 private:
  explicit RunFolder(HeldFolder held) : held_(std::move(held)), paths_(held_.path()) {}
  Status TakeUp(Describe describe);  // the rest of Open
  Status WriteDescription();
  Status MakeCheckpointsFolder();
  Status MakeFiles();
  // run_folder_repair.cc
  Result<LogMark> Restore(const std::string& path, int64_t bytes, int64_t check);
  Status KeepBehind(const std::string& path, const LogMark& mark);
  Status OpenProgress(const LogSizes& sizes, bool grew);
  Status OpenTensorBoard(const LogSizes& sizes, bool grew);
  Status MakeProgress(const std::string& why);
  Status MakeTensorBoard(const std::string& why);
  Status LookAfter(CheckedLog* log, const std::string& path);

  HeldFolder held_;
  RunPaths paths_;
  RunDescription description_;
  FolderLock lock_;
  std::string lost_;  // why the folder is no longer this run's to write; "": it is
  Options options_;
  std::vector<std::string> columns_, notes_;
  CheckedLog episodes_, events_;
  DerivedFile progress_, tensorboard_;
  bool has_tensorboard_ = false;
};

// The whole lines of a log; a last one that is still being written is left out. An absent file has none.
Result<std::vector<std::string>> ReadLines(const std::string& path);
// A table's first line for these columns, and one row of it.
std::string CsvHeader(const std::vector<std::string>& columns);
std::string CsvRow(const std::vector<std::string>& columns, const Row& row);

}  // namespace equipoise::store
