#include "engine/store/run_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <tuple>

#include "engine/base/archive.h"
#include "engine/base/large_file.h"
#include "engine/base/output_file.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/set_aside.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

constexpr char kLockName[] = ".lock";

// But for a lock, and what a start that was killed at once left behind.
bool IsEmpty(const std::string& folder, std::error_code& error) {
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name != kLockName && name.rfind("run.json.tmp-", 0) != 0) return false;
  }
  return true;
}

// As RFC 4180 wants it: quoted only where needed, quotes doubled.
std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

void RemoveLeftovers(const RunPaths& paths) {
  for (const std::string& folder : {paths.folder, paths.checkpoints, paths.folder + "/decisions"})
    RemoveLeftTemporaries(folder);
  for (const std::string& folder : {paths.folder, paths.folder + "/export"}) RemoveUnfinished(folder);
  std::error_code error;
  for (fs::directory_iterator it(paths.folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;  // the unfinished copy of a roll back: see kept_checkpoints.cc
    if (name.rfind(".rolled-back-", 0) == 0 && it->path().extension() == ".tmp") fs::remove_all(it->path(), ignored);
  }
}

// run.json as the newest checkpoint knew it.
Result<RunDescription> DescriptionInCheckpoint(const RunPaths& paths, RunFolder::Describe describe) {
  std::vector<std::string> states = PreviousPaths(paths);
  states.insert(states.begin(), paths.state);
  for (const std::string& path : states) {
    Result<std::string> bytes = ReadFile(path);
    if (!bytes) continue;
    const Result<ArchiveReader> in = ArchiveReader::Parse(std::move(bytes).value(), path);
    if (!in) continue;
    if (in.value().Has("engine.description")) {
      Result<RunDescription> description = DescriptionFromJson(in.value().Text("engine.description"), path);
      if (description) return description;
    }
    if (describe != nullptr && in.value().Has("settings")) return describe(in.value().Text("settings"));
  }
  return Error{"no checkpoint holds a copy of run.json"};
}

}  // namespace

std::string CsvHeader(const std::vector<std::string>& columns) {
  std::string out;
  for (size_t i = 0; i < columns.size(); ++i) out += (i > 0 ? "," : "") + CsvCell(columns[i]);
  return out + "\n";
}

std::string CsvRow(const std::vector<std::string>& columns, const Row& row) {
  std::vector<std::string> cells;
  for (const std::string& column : columns) {
    const auto it = row.find(column);
    cells.push_back(it == row.end() ? "" : it->second);
  }
  return CsvHeader(cells);
}

std::vector<int64_t> LogSizes::Pack() const {
  return {episodes, events, progress, tensorboard, episodes_check, events_check, progress_sum, tensorboard_sum};
}

Result<LogSizes> LogSizes::Unpack(const std::vector<int64_t>& packed) {
  if (packed.size() == 4) return LogSizes{packed[0], packed[1], packed[2], packed[3]};  // older versions
  if (packed.size() != 8) return Error{"the checkpoint names " + std::to_string(packed.size()) + " log sizes, not 8"};
  return LogSizes{packed[0], packed[1], packed[2], packed[3], packed[4], packed[5], packed[6], packed[7]};
}

Result<RunFolder> RunFolder::Create(const std::string& folder, RunDescription description, const Options& options) {
  const std::string name = RunPaths(folder).folder;
  const Error taken{name + " exists and is not empty; choose another folder with --out, or continue the run in it: " +
                    "equipoise resume " + name};
  std::error_code error;
  fs::create_directories(name, error);
  if (error)
    return Error{"cannot make the folder " + name + ": " + error.message() + "; choose another one with --out"};
  Result<HeldFolder> held = HeldFolder::Open(name);
  if (!held) return held.error();
  RunFolder run(std::move(held).value());
  const std::string& path = run.paths_.folder;
  if (!IsEmpty(path, error)) return taken;
  if (error) return Error{"cannot read the folder " + name + ": " + error.message()};
  Result<FolderLock> lock = FolderLock::Take(path);
  if (!lock) return Error{run.Named(lock.error().message)};
  run.lock_ = std::move(lock).value();
  if (!IsEmpty(path, error)) return taken;  // somebody was quicker
  RemoveLeftovers(run.paths_);

  description.name = RunName(name);
  description.host = HostName();
  description.started = UtcNow();
  for (RunLife& life : description.lives) {
    life.host = description.host;
    life.started = description.started;
  }
  run.description_ = std::move(description);
  run.options_ = options;
  if (options.first)
    if (Status status = options.first(path); !status) return Error{run.Named(status.error().message)};
  if (Status status = run.MakeFiles(); !status) return Error{run.Named(status.error().message)};
  return run;
}

// run.json comes first: from then on the folder says what it is, and can be started again whenever this is cut off.
Status RunFolder::MakeFiles() {
  if (options_.tensorboard) description_.tensorboard = TensorBoardFileName();
  if (Status status = WriteDescription(); !status) return status;
  std::error_code error;
  fs::create_directory(paths_.checkpoints, error);
  if (error) return Error{"cannot make the folder " + paths_.checkpoints + ": " + error.message()};
  for (const auto& [log, path] : {std::pair(&episodes_, &paths_.episodes), {&events_, &paths_.events}}) {
    Result<CheckedLog> opened = CheckedLog::Open(*path, {});
    if (!opened) return opened.error();
    *log = std::move(opened).value();
  }
  columns_ = options_.columns;
  Result<DerivedFile> progress = DerivedFile::Make(paths_.progress, CsvHeader(columns_));
  if (!progress) return progress.error();
  progress_ = std::move(progress).value();
  has_tensorboard_ = options_.tensorboard;
  if (!has_tensorboard_) return {};
  Result<DerivedFile> events = DerivedFile::Make(paths_.folder + "/" + description_.tensorboard,
                                                 TensorBoardHead(WallTimeOf(description_.started)));
  if (!events) return events.error();
  tensorboard_ = std::move(events).value();
  return {};
}

Result<RunFolder> RunFolder::Open(const std::string& folder, Describe describe) {
  Result<HeldFolder> held = HeldFolder::Open(RunPaths(folder).folder);
  if (!held) return held.error();
  RunFolder run(std::move(held).value());
  if (Status status = run.TakeUp(describe); !status) return Error{run.Named(status.error().message)};
  return run;
}

Status RunFolder::TakeUp(Describe describe) {
  Result<RunDescription> description = ReadDescription(paths_.folder);
  std::error_code error;
  std::string why;
  if (!description) {
    why = description.error().message;
    if (const Result<std::string> text = ReadFile(paths_.run_json); text)
      if (Status known = RefuseNewerFormat(text.value(), paths_.run_json); !known) return known.error();
    (void)fs::exists(paths_.run_json, error);
    if (error || !fs::exists(paths_.checkpoints, error)) return description.error();
    Result<RunDescription> copy = DescriptionInCheckpoint(paths_, describe);
    if (!copy) return description.error();
    description = std::move(copy).value();
  }
  Result<FolderLock> lock = FolderLock::Take(paths_.folder);
  if (!lock) return lock.error();
  lock_ = std::move(lock).value();
  description_ = std::move(description).value();
  description_.name = RunName(name());
  RemoveLeftovers(paths_);
  if (why.empty()) return {};
  const bool there = fs::exists(paths_.run_json, error);
  std::string kept;
  if (there) {
    Result<std::string> bytes = ReadFile(paths_.run_json);
    if (!bytes) return bytes.error();
    Result<std::string> cut = KeepBytes(paths_.folder, paths_.run_json, bytes.value());
    if (!cut) return cut.error();
    kept = "; the damaged one lies in " + cut.value();
  }
  description_.condition = RunCondition::kStopped;
  if (Status status = WriteDescription(); !status) return status;
  AddNote(std::string("run.json ") + (there ? "could not be read" : "was not there") +
          ": it was made again from the checkpoint's copy" + kept + ".");
  return {};
}

bool RunFolder::IsBlank() const {
  const auto unknown = [](const std::error_code& error) {
    return error && error != std::errc::no_such_file_or_directory;
  };
  std::error_code error;
  for (fs::directory_iterator it(paths_.checkpoints, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".eqps") return false;
  if (unknown(error)) return false;  // whoever cannot look must not say that nothing is there
  for (const std::string* log : {&paths_.episodes, &paths_.events}) {
    const auto size = fs::file_size(*log, error);
    if (error ? unknown(error) : size > 0) return false;
  }
  return true;
}

Status RunFolder::StartAgain(const RunLife& life) {
  description_.lives = {life};
  description_.lives.back().host = description_.host = HostName();
  description_.lives.back().started = description_.started = UtcNow();
  description_.condition = RunCondition::kRunning;
  description_.reason.clear();
  std::error_code error;
  if (!description_.tensorboard.empty()) fs::remove(paths_.folder + "/" + description_.tensorboard, error);
  return MakeFiles();
}

Status RunFolder::Agree(const std::string& copy_text, const std::string& origin) {
  Result<RunDescription> read = DescriptionFromJson(copy_text, origin);
  if (!read) return read.error();
  RunDescription copy = std::move(read).value();
  const auto what = [](const RunDescription& d) {
    return std::tie(d.task, d.agent, d.preset, d.seed, d.settings_json, d.started, d.tensorboard);
  };
  if (what(copy) == what(description_)) return {};
  Result<std::string> bytes = ReadFile(paths_.run_json);
  if (!bytes) return bytes.error();
  Result<std::string> kept = KeepBytes(paths_.folder, paths_.run_json, bytes.value());
  if (!kept) return kept.error();
  copy.name = description_.name;
  copy.condition = RunCondition::kStopped;
  description_ = std::move(copy);
  AddNote(
      "run.json was not this run's, or had been changed: it was made again from the checkpoint's copy; what was there "
      "lies in " +
      kept.value() + ".");
  return WriteDescription();
}

Status RunFolder::RecordResumption(const RunLife& life) {
  description_.resumed.push_back(UtcNow());
  description_.reason.clear();
  description_.condition = RunCondition::kRunning;
  if (description_.lives.empty()) {  // an older version's: of the first life no more is known
    RunLife first;
    first.host = description_.host;
    first.version = description_.version;
    first.versions = description_.versions;
    first.started = description_.started;
    first.first_episode = std::numeric_limits<int32_t>::min();
    description_.lives.push_back(first);
  }
  if (description_.lives.back().end.empty()) description_.lives.back().end = "killed";
  description_.lives.push_back(life);
  description_.lives.back().host = HostName();
  description_.lives.back().started = description_.resumed.back();
  return WriteDescription();
}

void RunFolder::RecordRollBack(int64_t episode) {
  if (description_.lives.empty()) return;
  RunLife& life = description_.lives.back();
  life.first_episode = std::min(life.first_episode, episode);
}

LogSizes RunFolder::sizes() const {
  LogSizes sizes{episodes_.size(),  events_.size(),  progress_.size(), has_tensorboard_ ? tensorboard_.size() : 0,
                 episodes_.check(), events_.check(), progress_.sum()};
  sizes.tensorboard_sum = has_tensorboard_ ? tensorboard_.sum() : 0;
  return sizes;
}

Status RunFolder::Stays() {
  if (!lost_.empty()) return Error{lost_};
  const Result<std::string> looked = lock_.Look(held_);
  if (!looked) {
    lost_ = Named(looked.error().message);
    return Error{lost_};
  }
  if (!looked.value().empty()) AddNote(looked.value());
  return {};
}

Status RunFolder::AppendEpisode(const std::string& json_line) {
  return lost_.empty() ? episodes_.Append(json_line) : Status(Error{lost_});
}
Status RunFolder::AppendEvent(const std::string& json_line) {
  return lost_.empty() ? events_.Append(json_line) : Status(Error{lost_});
}
Status RunFolder::AppendProgress(const Row& row) {
  return lost_.empty() ? progress_.Append(CsvRow(columns_, row)) : Status(Error{lost_});
}

Status RunFolder::AppendScalars(int64_t step, double wall_seconds, const std::map<std::string, double>& scalars) {
  if (!has_tensorboard_) return {};
  if (!lost_.empty()) return Error{lost_};
  return tensorboard_.Append(TensorBoardRecord(WallTimeOf(description_.started) + wall_seconds, step, scalars));
}

std::vector<std::string> RunFolder::TakeNotes() {
  std::vector<std::string> notes;
  notes.swap(notes_);
  return notes;
}

Status RunFolder::SetCondition(RunCondition condition, bool steered, const std::string& reason) {
  description_.condition = condition;
  description_.steered = steered;
  description_.reason = reason;
  if (condition != RunCondition::kRunning && !description_.lives.empty()) {
    description_.lives.back().ended = UtcNow();
    description_.lives.back().end = Name(condition);
  }
  return WriteDescription();
}

Status RunFolder::WriteDescription() {
  if (Status status = Stays(); !status) return status;
  return WriteFileAtomically(paths_.run_json, ToJsonText(description_));
}

Status RunFolder::WriteInCheckpoints(const std::function<Status()>& write) {
  Status written;
  std::error_code error;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (Status status = Stays(); !status) return status;
    if (Status status = MakeCheckpointsFolder(); !status) return status;
    written = write();
    if (written || fs::exists(paths_.checkpoints, error)) break;  // else it was removed in this very moment
  }
  return written;
}

Status RunFolder::WriteCheckpoint(const std::string& bytes) {
  if (Status status = Stays(); !status) return status;
  for (CheckedLog* log : {&episodes_, &events_})
    if (Status status = log->Sync(); !status) return status;
  if (Status status = progress_.Sync(); !status) return status;
  if (has_tensorboard_)
    if (Status status = tensorboard_.Sync(); !status) return status;
  return WriteInCheckpoints([&] {
    KeepPrevious(paths_, options_.states);
    return WriteLargeFile(paths_.state, bytes);
  });
}

Result<std::string> RunFolder::ReadCheckpoint() const { return ReadFile(paths_.state); }

Result<std::vector<std::string>> ReadLines(const std::string& path) {
  std::vector<std::string> lines;
  std::error_code error;
  if (!fs::exists(path, error)) return lines;
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const std::string& bytes = text.value();
  size_t from = 0;
  for (size_t end; (end = bytes.find('\n', from)) != std::string::npos; from = end + 1)
    lines.push_back(bytes.substr(from, end - from));
  return lines;
}

}  // namespace equipoise::store
