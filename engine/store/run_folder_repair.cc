// How a run folder is taken up again, and looked after while it is written; see run_folder.h.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include "engine/base/checksum.h"
#include "engine/store/run_folder.h"
#include "engine/store/set_aside.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

std::string NameOf(const std::string& path) { return fs::path(path).filename().string(); }

// Column names hold no commas or quotes, so a header splits at its commas.
std::vector<std::string> HeaderOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  std::vector<std::string> columns;
  std::istringstream in(line);
  for (std::string column; std::getline(in, column, ',');) columns.push_back(column);
  return columns;
}

// The first `bytes` of a file, or all there are.
std::string Beginning(const std::string& path, int64_t bytes) {
  std::string out(static_cast<size_t>(bytes), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(out.data(), bytes);
  out.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return out;
}

int64_t SizeOf(const std::string& path) {
  std::error_code absent;
  const auto size = fs::file_size(path, absent);
  return absent ? 0 : static_cast<int64_t>(size);
}

bool Agrees(const std::optional<LogMark>& mark, int64_t check) {
  return mark && (check < 0 || static_cast<int64_t>(mark->check) == check);
}

// What keeps the log from standing as the checkpoint knows it.
Error Broken(const std::string& path, const LogReport& report, int64_t bytes) {
  if (report.damage && (report.lines.empty() || report.lines.back().bytes < bytes))
    return Error{path + ":" + std::to_string(report.damage->line) + ": " + report.damage->what};
  if (report.bytes < bytes)
    return Error{path + ": has " + std::to_string(report.bytes) + " bytes, but " + std::to_string(bytes) +
                 " were written; the file was cut off by something else"};
  return Error{path + ": is not the log that belongs to the checkpoint: its lines are whole, but they are others"};
}

// The whole text of a log in which nothing up to `bytes` is lost, though its form may have been changed; nothing when
// it cannot be had. What lies behind comes as it is.
std::optional<std::string> Restored(const std::string& path, int64_t bytes, int64_t check,
                                    std::vector<int64_t>* changed) {
  const Result<std::vector<LogLine>> lines = ExamineLog(path);
  if (!lines) return {};
  std::vector<LogLine> good;
  std::string behind;
  for (const LogLine& line : lines.value()) {
    const bool known = line.state == LogLine::State::kWhole || line.state == LogLine::State::kRestored;
    if (!known || !behind.empty()) {
      behind += line.raw + "\n";
      continue;
    }
    if (line.state == LogLine::State::kRestored) changed->push_back(line.number);
    good.push_back(line);
  }
  std::vector<LogMark> marks;
  const std::string text = ComposeLog(good, &marks);
  LogReport report;
  report.lines = std::move(marks);
  if (!Agrees(report.At(bytes), check)) return {};
  return text + behind;
}

}  // namespace

Status RunFolder::Stands(const LogSizes& sizes) const {
  for (const auto& [path, bytes, check] : {std::tuple(&paths_.episodes, sizes.episodes, sizes.episodes_check),
                                           {&paths_.events, sizes.events, sizes.events_check}}) {
    const Result<LogReport> report = VerifyLog(*path);
    if (!report) return report.error();
    if (Agrees(report.value().At(bytes), check)) continue;
    std::vector<int64_t> changed;
    if (!Restored(*path, bytes, check, &changed)) return Broken(*path, report.value(), bytes);
  }
  return {};
}

// The line that ends after `bytes`, where every line before it is as it was written, or is so again.
Result<LogMark> RunFolder::Restore(const std::string& path, int64_t bytes, int64_t check) {
  Result<LogReport> report = VerifyLog(path);
  if (!report) return report.error();
  std::optional<LogMark> mark = report.value().At(bytes);
  if (Agrees(mark, check)) return *mark;
  std::vector<int64_t> changed;
  const std::optional<std::string> text = Restored(path, bytes, check, &changed);
  if (!text) return Broken(path, report.value(), bytes);
  if (Status status = WriteFileAtomically(path, *text); !status) return status.error();
  AddNote(NameOf(path) + ": blanks or line ends had been changed" +
          (changed.empty() ? std::string() : ", first in line " + std::to_string(changed.front())) +
          "; it is again as it was written, to the bit.");
  report = VerifyLog(path);
  if (!report) return report.error();
  mark = report.value().At(bytes);
  EQ_CHECK(Agrees(mark, check), "a restored log stands");
  return *mark;
}

// Whole lines behind the mark come again when their episodes are made again. What is not whole is kept beside.
Status RunFolder::KeepBehind(const std::string& path, const LogMark& mark) {
  const Result<LogReport> report = VerifyLog(path);
  if (!report) return report.error();
  const int64_t whole = report.value().lines.empty() ? 0 : report.value().lines.back().bytes;
  const int64_t from = std::max(whole, mark.bytes);
  if (report.value().bytes <= from || !report.value().damage) return {};
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  Result<std::string> name = KeepBytes(paths_.folder, path, text.value().substr(static_cast<size_t>(from)));
  if (!name) return name.error();
  AddNote(NameOf(path) + ":" + std::to_string(report.value().damage->line) + ": " + report.value().damage->what +
          ". The checkpoint knows nothing of it: it was cut off and lies in " + name.value() + ".");
  return {};
}

Status RunFolder::CutTo(const LogSizes& sizes) {
  if (Status status = Stands(sizes); !status) return status;
  const int64_t before = SizeOf(paths_.episodes);
  for (const auto& [log, path, bytes, check] :
       {std::tuple(&episodes_, &paths_.episodes, sizes.episodes, sizes.episodes_check),
        {&events_, &paths_.events, sizes.events, sizes.events_check}}) {
    const Result<LogMark> mark = Restore(*path, bytes, check);
    if (!mark) return mark.error();
    if (Status status = KeepBehind(*path, mark.value()); !status) return status;
    Result<CheckedLog> opened = CheckedLog::Open(*path, mark.value());
    if (!opened) return opened.error();
    *log = std::move(opened).value();
  }
  const bool grew = before > episodes_.size();
  if (Status status = OpenProgress(sizes, grew); !status) return status;
  return OpenTensorBoard(sizes, grew);
}

Status RunFolder::OpenProgress(const LogSizes& sizes, bool grew) {
  const std::string& path = paths_.progress;
  std::string fault;
  int64_t bytes = sizes.progress;
  uint32_t sum = static_cast<uint32_t>(sizes.progress_sum);
  if (sizes.progress_sum >= 0) {
    fault = DerivedFile::Fault(path, sizes.progress, sum);
  } else if (options_.progress != nullptr) {  // an older version's checkpoint: what should it be?
    const Result<std::string> text = options_.progress(paths_.folder, HeaderOf(path));
    if (!text) return text.error();
    bytes = static_cast<int64_t>(text.value().size());
    sum = Crc32(text.value().data(), text.value().size());
    fault = DerivedFile::Fault(path, bytes, sum);
  }
  if (fault.empty() && !options_.columns.empty() && HeaderOf(path) != options_.columns)
    fault = "has the columns of another version";
  if (!fault.empty()) return MakeProgress(fault);
  if (!grew && SizeOf(path) > bytes) AddNote(NameOf(path) + ": something was added at its end, and was cut off.");
  Result<DerivedFile> opened = DerivedFile::Open(path, bytes, sum);
  if (!opened) return opened.error();
  progress_ = std::move(opened).value();
  columns_ = HeaderOf(path);
  return {};
}

Status RunFolder::MakeProgress(const std::string& why) {
  const std::string& path = paths_.progress;
  if (options_.progress == nullptr) return Error{path + " " + why};
  if (!options_.columns.empty()) columns_ = options_.columns;
  const Result<std::string> text = options_.progress(paths_.folder, columns_);
  if (!text) return text.error();
  std::string kept;
  if (why == "was changed") {  // somebody's work, maybe
    Result<std::string> name = SetAside(paths_.folder, path);
    if (!name) return name.error();
    kept = "; what was there lies in " + name.value();
  }
  Result<DerivedFile> made = DerivedFile::Make(path, text.value());
  if (!made) return made.error();
  progress_ = std::move(made).value();
  AddNote(NameOf(path) + " " + why + ": it was made again from episodes.jsonl" + kept + ".");
  return {};
}

Status RunFolder::OpenTensorBoard(const LogSizes& sizes, bool grew) {
  has_tensorboard_ = sizes.tensorboard > 0;
  if (!has_tensorboard_) return {};
  int64_t bytes = sizes.tensorboard;
  uint32_t sum = static_cast<uint32_t>(sizes.tensorboard_sum);
  std::string fault;
  if (description_.tensorboard.empty() || sizes.tensorboard_sum < 0) {
    // An older version's: ours is the one that holds what this run's would.
    if (options_.events == nullptr) return Error{paths_.folder + ": which TensorBoard file is this run's?"};
    const Result<std::string> ours = options_.events(paths_.folder, {});
    if (!ours) return ours.error();
    const std::string known = description_.tensorboard;
    description_.tensorboard.clear();
    std::error_code error;
    for (fs::directory_iterator it(paths_.folder, error), end; !error && it != end; it.increment(error)) {
      if (NameOf(it->path()).rfind(kTensorBoardPrefix, 0) != 0) continue;
      const std::string there = Beginning(it->path(), static_cast<int64_t>(ours.value().size()));
      if (!SameButForTheClock(there, ours.value())) continue;
      description_.tensorboard = NameOf(it->path());
      bytes = static_cast<int64_t>(there.size());
      sum = Crc32(there.data(), there.size());
    }
    if (description_.tensorboard.empty()) {
      description_.tensorboard = known;
      fault = "is not there";
      if (fs::exists(paths_.folder + "/" + known, error) && !known.empty()) fault = "was changed";
    }
  } else {
    fault = DerivedFile::Fault(paths_.folder + "/" + description_.tensorboard, bytes, sum);
  }
  if (!fault.empty()) return MakeTensorBoard(fault);
  const std::string path = paths_.folder + "/" + description_.tensorboard;
  if (!grew && SizeOf(path) > bytes) AddNote(NameOf(path) + ": something was added at its end, and was cut off.");
  Result<DerivedFile> opened = DerivedFile::Open(path, bytes, sum);
  if (!opened) return opened.error();
  tensorboard_ = std::move(opened).value();
  return {};
}

Status RunFolder::MakeTensorBoard(const std::string& why) {
  const bool known = !description_.tensorboard.empty();
  if (!known) description_.tensorboard = TensorBoardFileName();
  const std::string path = paths_.folder + "/" + description_.tensorboard;
  if (options_.events == nullptr) return Error{path + " " + why};
  const Result<std::string> bytes = options_.events(paths_.folder, {});
  if (!bytes) return bytes.error();
  std::string kept;
  if (why == "was changed") {
    Result<std::string> name = SetAside(paths_.folder, path);
    if (!name) return name.error();
    kept = "; what was there lies in " + name.value();
  }
  Result<DerivedFile> made = DerivedFile::Make(path, bytes.value());
  if (!made) return made.error();
  tensorboard_ = std::move(made).value();
  AddNote((known ? description_.tensorboard + " " + why : "The run's TensorBoard file is not there") +
          ": it was made again from episodes.jsonl" + (known ? "" : " as " + description_.tensorboard) + kept + ".");
  return WriteDescription();  // holds its name
}

Status RunFolder::MakeCheckpointsFolder() {
  // What is there, is not looked at: what is written in it next tells whether that is a folder.
  if (::mkdir(paths_.checkpoints.c_str(), 0777) == 0)
    AddNote("checkpoints was removed while the run was writing it: it was made again, without those that were kept.");
  else if (errno != EEXIST)
    return FileError("make the folder", paths_.checkpoints, errno);
  return {};
}

Status RunFolder::LookAfter(CheckedLog* log, const std::string& path) {
  using Fate = AppendFile::Fate;
  const Fate fate = log->Look();
  if (fate == Fate::kThere) return {};
  if (fate == Fate::kAltered)
    return Error{path + " was changed by something else while the run was writing it. `equipoise repair " +
                 paths_.folder + "` says what is whole and what can be brought back"};
  std::string kept;
  if (fate == Fate::kReplaced) {
    Result<std::string> name = SetAside(paths_.folder, path);
    if (!name) return name.error();
    kept = "; what took its place lies in " + name.value();
  }
  if (Status status = log->PutBack(); !status) return status;
  AddNote(NameOf(path) + " was " + (fate == Fate::kGone ? "removed" : "replaced") +
          " while the run was writing it: it was written again as it was" + kept + ".");
  return {};
}

Status RunFolder::LookAfterFiles() {
  using Fate = AppendFile::Fate;
  if (Status status = Stays(); !status) return status;
  if (Status status = MakeCheckpointsFolder(); !status) return status;
  std::error_code error;
  if (!fs::exists(paths_.run_json, error) && !error) {
    AddNote("run.json was removed while the run was writing it: it was written again as it was.");
    if (Status status = WriteDescription(); !status) return status;
  }
  if (Status status = LookAfter(&episodes_, paths_.episodes); !status) return status;
  if (Status status = LookAfter(&events_, paths_.events); !status) return status;
  const auto why = [](Fate fate) { return fate == Fate::kGone ? "is not there" : "was changed"; };
  if (const Fate fate = progress_.Look(); fate != Fate::kThere)
    if (Status status = MakeProgress(why(fate)); !status) return status;
  if (!has_tensorboard_) return {};
  if (const Fate fate = tensorboard_.Look(); fate != Fate::kThere) return MakeTensorBoard(why(fate));
  return {};
}

}  // namespace equipoise::store
