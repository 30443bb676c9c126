#include "engine/store/run_folder.h"

#include <filesystem>
#include <sstream>

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

constexpr char kTensorBoardPrefix[] = "events.out.tfevents.";
constexpr char kLockName[] = ".lock";

std::string WithoutTrailingSlash(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

bool IsEmpty(const std::string& folder, std::error_code& error) {
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().filename() != kLockName) return false;
  return true;
}

// As RFC 4180 wants it: quoted only where needed, quotes doubled.
std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + CsvCell(cells[i]);
  return out + "\n";
}

// Column names hold no commas or quotes, so a header splits at its commas.
std::vector<std::string> HeaderOf(const std::string& path) {
  const Result<std::vector<std::string>> lines = ReadLines(path);
  std::vector<std::string> columns;
  if (!lines || lines.value().empty()) return columns;
  std::istringstream in(lines.value()[0]);
  for (std::string column; std::getline(in, column, ',');) columns.push_back(column);
  return columns;
}

std::string FindTensorBoardFile(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().filename().string().rfind(kTensorBoardPrefix, 0) == 0) return it->path().string();
  return "";
}

template <class File>
Status OpenInto(File* file, const std::string& path, int64_t keep_bytes) {
  Result<File> opened = File::Open(path, keep_bytes);
  if (!opened) return opened.error();
  *file = std::move(opened).value();
  return {};
}

}  // namespace

RunPaths::RunPaths(const std::string& given)
    : folder(WithoutTrailingSlash(given)),
      run_json(folder + "/run.json"),
      episodes(folder + "/episodes.jsonl"),
      events(folder + "/events.jsonl"),
      progress(folder + "/progress.csv"),
      checkpoints(folder + "/checkpoints"),
      state(checkpoints + "/state.eqps"),
      replay(checkpoints + "/replay.bin"),
      dashboard(folder + "/dashboard.png") {}

Result<LogSizes> LogSizes::Unpack(const std::vector<int64_t>& packed) {
  if (packed.size() != 4) return Error{"the checkpoint names " + std::to_string(packed.size()) + " log sizes, not 4"};
  return LogSizes{packed[0], packed[1], packed[2], packed[3]};
}

Result<RunFolder> RunFolder::Create(const std::string& folder, RunDescription description, const Options& options) {
  RunFolder run(folder);
  const std::string& path = run.paths_.folder;
  const Error taken{path + " exists and is not empty; choose another folder with --out, or continue the run in it: " +
                    "equipoise resume " + path};
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    return Error{"cannot make the folder " + path + ": " + error.message() + "; choose another one with --out"};
  if (!IsEmpty(path, error)) return taken;
  if (error) return Error{"cannot read the folder " + path + ": " + error.message()};
  Result<FolderLock> lock = FolderLock::Take(path);
  if (!lock) return lock.error();
  run.lock_ = std::move(lock).value();
  if (!IsEmpty(path, error)) return taken;  // somebody was quicker

  description.name = fs::path(path).filename().string();
  if (description.name.empty() || description.name == "." || description.name == "..")
    description.name = fs::absolute(path).lexically_normal().parent_path().filename().string();
  description.host = HostName();
  description.started = UtcNow();
  run.description_ = std::move(description);
  fs::create_directory(run.paths_.checkpoints, error);
  if (error) return Error{"cannot make the folder " + run.paths_.checkpoints + ": " + error.message()};

  if (Status status = OpenInto(&run.episodes_, run.paths_.episodes, 0); !status) return status.error();
  if (Status status = OpenInto(&run.events_, run.paths_.events, 0); !status) return status.error();
  if (Status status = OpenInto(&run.progress_, run.paths_.progress, 0); !status) return status.error();
  run.columns_ = options.columns;
  if (Status status = run.progress_.Append(CsvLine(run.columns_)); !status) return status.error();
  run.has_tensorboard_ = options.tensorboard;
  if (options.tensorboard)
    if (Status status = OpenInto(&run.tensorboard_, path + "/" + TensorBoardFileName(), 0); !status)
      return status.error();
  if (Status status = run.WriteDescription(); !status) return status.error();
  return run;
}

Result<RunFolder> RunFolder::Open(const std::string& folder) {
  RunFolder run(folder);
  Result<RunDescription> description = ReadDescription(run.paths_.folder);
  if (!description) return description.error();
  run.description_ = std::move(description).value();
  Result<FolderLock> lock = FolderLock::Take(run.paths_.folder);
  if (!lock) return lock.error();
  run.lock_ = std::move(lock).value();
  return run;
}

Status RunFolder::CutTo(const LogSizes& sizes) {
  if (Status status = OpenInto(&episodes_, paths_.episodes, sizes.episodes); !status) return status;
  if (Status status = OpenInto(&events_, paths_.events, sizes.events); !status) return status;
  if (Status status = OpenInto(&progress_, paths_.progress, sizes.progress); !status) return status;
  columns_ = HeaderOf(paths_.progress);
  const std::string tensorboard = FindTensorBoardFile(paths_.folder);
  has_tensorboard_ = !tensorboard.empty();
  if (has_tensorboard_)
    if (Status status = OpenInto(&tensorboard_, tensorboard, sizes.tensorboard); !status) return status;
  return {};
}

Status RunFolder::RecordResumption() {
  description_.resumed.push_back(UtcNow());
  description_.reason.clear();
  description_.condition = RunCondition::kRunning;
  return WriteDescription();
}

LogSizes RunFolder::sizes() const {
  return {episodes_.size(), events_.size(), progress_.size(), has_tensorboard_ ? tensorboard_.size() : 0};
}

Status RunFolder::AppendEpisode(const std::string& json_line) { return episodes_.Append(json_line + "\n"); }
Status RunFolder::AppendEvent(const std::string& json_line) { return events_.Append(json_line + "\n"); }

Status RunFolder::AppendProgress(const Row& row) {
  std::vector<std::string> cells;
  for (const std::string& column : columns_) {
    const auto it = row.find(column);
    cells.push_back(it == row.end() ? "" : it->second);
  }
  return progress_.Append(CsvLine(cells));
}

Status RunFolder::AppendScalars(int64_t step, const std::map<std::string, double>& scalars) {
  return has_tensorboard_ ? tensorboard_.Append(step, scalars) : Status();
}

Status RunFolder::SetCondition(RunCondition condition, bool steered, const std::string& reason) {
  description_.condition = condition;
  description_.steered = steered;
  description_.reason = reason;
  return WriteDescription();
}

Status RunFolder::WriteDescription() { return WriteFileAtomically(paths_.run_json, ToJsonText(description_)); }

Status RunFolder::WriteCheckpoint(const std::string& bytes) {
  for (AppendFile* file : {&episodes_, &events_, &progress_})
    if (Status status = file->Sync(); !status) return status;
  if (has_tensorboard_)
    if (Status status = tensorboard_.Sync(); !status) return status;
  return WriteFileAtomically(paths_.state, bytes);
}

Result<std::string> RunFolder::ReadCheckpoint() const {
  std::error_code error;
  if (!fs::exists(paths_.state, error))
    return Error{paths_.folder +
                 " has no checkpoint: it ended before its first one. Remove the folder and start again"};
  return ReadFile(paths_.state);
}

namespace {

// A run.json that cannot be read was edited or its disk failed: the program replaces it as a whole. Nothing else in the
// folder depends on it.
std::string AdviceFor(const RunPaths& paths) {
  std::error_code error;
  const std::string own = paths.folder + "/rolled-back-1/run.json";
  const std::string source =
      fs::exists(own, error)
          ? "copy " + own + ", which is of this very run, over it"
          : "copy the run.json of another run of the same task, agent and preset over it and set its name and seed";
  if (!fs::exists(paths.progress, error)) return ". There is no progress.csv either: the folder holds no run";
  const bool checkpoint = fs::exists(paths.state, error);
  return std::string(". The rest of the run is there: its episodes are in progress.csv") +
         (checkpoint ? ", its state in checkpoints" : "") + ". To open it again undo the edit, or " + source;
}

}  // namespace

Result<RunDescription> ReadDescription(const std::string& folder) {
  const RunPaths paths(folder);
  std::error_code error;
  if (!fs::is_directory(paths.folder, error)) return Error{"there is no folder " + paths.folder};
  if (!fs::exists(paths.run_json, error)) return Error{paths.folder + " is not a run: it holds no run.json"};
  Result<std::string> text = ReadFile(paths.run_json);
  if (!text) return text.error();
  Result<RunDescription> description = DescriptionFromJson(text.value(), paths.run_json);
  if (!description) return Error{description.error().message + AdviceFor(paths)};
  return description;
}

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
