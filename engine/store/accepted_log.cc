#include "engine/store/accepted_log.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <utility>

#include "engine/base/file_io.h"
#include "engine/store/set_aside.h"

namespace equipoise::store {
namespace {

std::string FirstLine(const std::string& stamp) { return "{\"checkpoint\": \"" + stamp + "\"}"; }

}  // namespace

std::string AcceptedPath(const RunPaths& paths) { return paths.checkpoints + "/accepted.jsonl"; }

std::string CheckpointStamp(const std::string& bytes) {
  // An archive ends with the checksum of everything before it.
  uint32_t checksum = 0;
  for (size_t i = bytes.size() < 4 ? 0 : bytes.size() - 4; i < bytes.size(); ++i)
    checksum = checksum << 8 | static_cast<unsigned char>(bytes[i]);
  char text[48];
  std::snprintf(text, sizeof text, "%zu-%08x", bytes.size(), checksum);
  return text;
}

Result<std::vector<std::string>> AcceptedLog::Read(const std::string& path, const std::string& stamp) {
  Result<std::vector<std::string>> lines = ReadLines(path);
  if (!lines) return lines.error();
  std::vector<std::string> all = std::move(lines).value();
  if (all.empty() || all.front() != FirstLine(stamp)) return std::vector<std::string>();
  all.erase(all.begin());
  return all;
}

Status AcceptedLog::Append(const std::string& json_line) {
  std::string text = json_line + "\n";
  if (!open_) {
    const Result<std::vector<std::string>> before = Read(path_, stamp_);
    if (!before) return before.error();
    // Its whole lines stay. The file of another checkpoint has none that count.
    int64_t keep = 0;
    if (!before.value().empty()) keep = static_cast<int64_t>(FirstLine(stamp_).size()) + 1;
    for (const std::string& line : before.value()) keep += static_cast<int64_t>(line.size()) + 1;
    Result<AppendFile> opened = AppendFile::Open(path_, keep);
    if (!opened) return opened.error();
    file_ = std::move(opened).value();
    open_ = true;
  } else if (const AppendFile::Fate fate = file_.Look(); fate == AppendFile::Fate::kAltered) {
    return Error{path_ + " was changed by something else while the run was writing it"};
  } else if (fate != AppendFile::Fate::kThere) {  // it outlives the process only under its name
    if (fate == AppendFile::Fate::kReplaced)
      if (const Result<std::string> aside = SetAside(FolderOf(path_), path_); !aside) return aside.error();
    if (Status status = file_.PutBack(); !status) return status;
  }
  if (file_.size() == 0) text = FirstLine(stamp_) + "\n" + text;
  return file_.Append(text);
}

Status AcceptedLog::Sync() { return open_ ? file_.Sync() : Status(); }

AcceptedLog NewAcceptedLog(const RunPaths& paths, const std::string& checkpoint_bytes) {
  const std::string path = AcceptedPath(paths);
  (void)::unlink(path.c_str());  // where it stays, its first line says that it is an old one
  return AcceptedLog(path, CheckpointStamp(checkpoint_bytes));
}

}  // namespace equipoise::store
