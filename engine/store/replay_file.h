// replay_file.h: the real experience of a run, one block of fixed size for each episode, appended once and never
// rewritten.
//
// Rewriting the whole buffer at every checkpoint would cost more with every episode; an appended block costs the same.
// Format: "EQRB", uint32 version, uint64 bytes of a block; then per block its bytes and their CRC-32. Little endian.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/atomic_file.h"

namespace equipoise::store {

class ReplayFile {
 public:
  // A new file for blocks of `block_bytes`; replaces what is there.
  static Result<ReplayFile> Create(const std::string& path, int64_t block_bytes);
  // An existing one, cut to its first `blocks` (those the checkpoint knows). Fails when it has fewer or other sizes.
  static Result<ReplayFile> Open(const std::string& path, int64_t block_bytes, int64_t blocks);
  // The first `blocks`, each checked against its sum. Reads only: another process may be appending.
  static Result<std::vector<std::string>> ReadAll(const std::string& path, int64_t block_bytes, int64_t blocks);

  // Of a whole file, in bytes.
  static int64_t SizeOf(int64_t block_bytes, int64_t blocks);
  // Of each block in the file.
  static Result<int64_t> BlockBytes(const std::string& path);
  // One block alone, in the same way.
  static Result<std::string> ReadOne(const std::string& path, int64_t block_bytes, int64_t index);

  Status Append(const std::string& block);
  Status Sync() { return file_.Sync(); }
  // Writes the file again when it was removed or replaced behind our back, and says so in a sentence; "": nothing
  // happened. An error when it was changed under its name.
  Result<std::string> LookAfter();
  int64_t blocks() const;

 private:
  AppendFile file_;
  int64_t block_bytes_ = 0;
};

}  // namespace equipoise::store
