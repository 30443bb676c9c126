// derived_file.h: a file that grows with the run and holds nothing that the logs do not hold: it can be made again.
//
// Length and CRC-32 of what was written tell whether it still is that: people open tables in a spreadsheet, which saves
// other bytes, and tidy up.
//
// Thread   engine thread
// Errors   anything wrong with the disk
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/atomic_file.h"

namespace equipoise::store {

class DerivedFile {
 public:
  // What a file that should begin with `bytes` of this sum is instead; "" when it does: "is not there",
  // "was shortened", "was changed".
  static std::string Fault(const std::string& path, int64_t bytes, uint32_t sum);

  // One without a fault, cut to `bytes`.
  static Result<DerivedFile> Open(const std::string& path, int64_t bytes, uint32_t sum);
  // Written anew; replaces what is there.
  static Result<DerivedFile> Make(const std::string& path, const std::string& contents);

  Status Append(const std::string& bytes);
  Status Sync() { return file_.Sync(); }
  int64_t size() const { return file_.size(); }
  uint32_t sum() const { return sum_; }
  const std::string& path() const { return file_.path(); }
  AppendFile::Fate Look() const { return file_.Look(); }

 private:
  AppendFile file_;
  uint32_t sum_ = 0;
};

}  // namespace equipoise::store
