// atomic_file.h: files that are whole or absent, and logs that only grow by whole lines. Where there is no room, a
// thread may wait for it: full_disk.h.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace equipoise {

// Writes to a temporary name beside `path`, syncs, renames. On failure (no permission, full disk) the old file stays as
// it was.
Status WriteFileAtomically(const std::string& path, const std::string& bytes);
Result<std::string> ReadFile(const std::string& path);
// Removes from `folder` what a WriteFileAtomically left there whose process was killed in the middle. For whoever alone
// writes there: what has this process's number was left by an earlier one of that number (in a container they are few).
void RemoveLeftTemporaries(const std::string& folder);

// An append-only file. Each Append is one write of whole lines (or records); a failed one is undone, so that the file
// always ends at a record's end.
class AppendFile {
 public:
  AppendFile() = default;
  ~AppendFile();
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;

  // Opens or creates. `keep_bytes` >= 0 cuts the file to that length first (what was written after the last
  // checkpoint).
  static Result<AppendFile> Open(const std::string& path, int64_t keep_bytes = -1);
  Status Append(const std::string& bytes);
  Status Sync();  // to the disk

  // What somebody else did to it since: nothing; removed it or put another one under its name (the bytes are still here
  // to read); changed its length.
  enum class Fate { kThere, kGone, kReplaced, kAltered };
  Fate Look() const;
  // Writes a file that is gone or replaced once more, as it was, and goes on with that.
  Status PutBack();

  int64_t size() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  int fd_ = -1;
  int64_t size_ = 0;
  std::string path_;
};

}  // namespace equipoise
