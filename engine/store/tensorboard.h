// tensorboard.h: scalars as the bytes of a TensorBoard event file, without protobuf.
//
// A record is   uint64 length, uint32 masked crc32c(length), payload, uint32 masked crc32c(payload)   (little endian).
// The payload is an Event message {1: wall time, 2: step, 5: Summary {1: Value {1: tag, 2: simple_value}}}; the first
// record carries the file version. "model.train_nll" becomes the tag "model/train_nll": TensorBoard groups by what
// stands before "/".
//
// Units    wall time in seconds since 1970
// Thread   any; no state
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace equipoise::store {

// "2024-05-01T10:00:00Z" (UtcNow) as a wall time; 0 when it is no time.
double WallTimeOf(const std::string& utc);

// The first record.
std::string TensorBoardHead(double wall_time);
// One episode's. NaN means "does not apply" and is left out; "" when nothing is left.
std::string TensorBoardRecord(double wall_time, int64_t step, const std::map<std::string, double>& scalars);
// Do two files hold the same records, whenever they were written?
bool SameButForTheClock(const std::string& a, const std::string& b);

constexpr char kTensorBoardPrefix[] = "events.out.tfevents.";
// "events.out.tfevents.<unix time>.<host>.<pid>.0"
std::string TensorBoardFileName();

}  // namespace equipoise::store
