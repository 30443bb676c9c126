// tensorboard.h: scalars as a TensorBoard event file, without protobuf.
//
// A record is   uint64 length, uint32 masked crc32c(length), payload, uint32 masked crc32c(payload)   (little endian).
// The payload is an Event message {1: wall time, 2: step, 5: Summary {1: Value {1: tag, 2: simple_value}}}; the first
// record carries the file version. "model.train_nll" becomes the tag "model/train_nll": TensorBoard groups by what
// stands before "/".
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/atomic_file.h"

namespace equipoise::store {

class TensorBoardFile {
 public:
  // Opens or creates; `keep_bytes` as in AppendFile::Open.
  static Result<TensorBoardFile> Open(const std::string& path, int64_t keep_bytes = -1);
  // NaN means "does not apply" and is left out.
  Status Append(int64_t step, const std::map<std::string, double>& scalars);
  Status Sync() { return file_.Sync(); }
  int64_t size() const { return file_.size(); }

 private:
  AppendFile file_;
};

// "events.out.tfevents.<unix time>.<host>.<pid>.0"
std::string TensorBoardFileName();

}  // namespace equipoise::store
