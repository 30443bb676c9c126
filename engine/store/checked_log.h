// checked_log.h: a log of JSON lines that carry a check each, so that no line is changed or taken out unnoticed.
//
//   {"episode":1,...,"check":"5d41402a"}
//
// The check is the last member: the CRC-32, as eight hexadecimal digits, of the check of the line before ("00000000"
// before the first) followed by this line without its own. So it covers every byte of the line, and through the chain
// all lines before it. Only lines that are missing at the end break no chain: the checkpoint knows how long the log was
// and what its last check was (LogSizes).
//
// Lines that older versions wrote carry none. They are whole when they are as the program writes JSON, count into the
// chain in the same way, and never come after a line that has one.
//
// The check covers the clock too, so that two runs of the same settings differ in both: run::WithoutClock drops both.
//
// Thread   engine thread writes; VerifyLog reads what somebody else may be appending to
// Errors   anything wrong with the disk. A damaged line is no error but part of the report
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/atomic_file.h"

namespace equipoise::store {

struct LogMark {  // the end of a line
  int64_t bytes = 0;
  uint32_t check = 0;
};

struct LogDamage {
  int64_t line = 0;  // from 1
  std::string what;  // "the line was changed: its check does not match"
};

struct LogReport {
  std::vector<LogMark> lines;  // the whole ones, up to the first damage
  int64_t bytes = 0;           // of the file
  std::optional<LogDamage> damage;
  // The mark of the whole line that ends after `bytes`; 0 is the beginning of the log.
  std::optional<LogMark> At(int64_t bytes) const;
};

// An absent file is a log without lines.
Result<LogReport> VerifyLog(const std::string& path);
// Of a log that was read.
LogReport VerifyLogText(const std::string& text);

// `json_line` is an object without a "check".
std::string WithCheck(const std::string& json_line, uint32_t check_before, uint32_t* check);

// One line of a log that may be damaged.
struct LogLine {
  // kRestored: blanks, line ends or the last bytes were changed, and what was written is known to the bit.
  // kUnproved: well formed, but its check does not match: a value was changed, or lines before it are gone. kLost: the
  // rest.
  enum class State { kWhole, kRestored, kUnproved, kLost } state = State::kWhole;
  int64_t number = 0;  // in the file, from 1
  std::string raw;     // as it stands there, without the line break
  std::string body;    // as it was written, without its check; "" when lost
  bool checked = false;
  uint32_t check = 0;  // of the chain up to here; of a line that is not known, what it says of itself
};
// All lines of a log, for what they are. Blank lines are left out.
Result<std::vector<LogLine>> ExamineLog(const std::string& path);
// The log of these lines, none of them lost, in one chain; `marks` (may be null) gets the end of each.
std::string ComposeLog(const std::vector<LogLine>& lines, std::vector<LogMark>* marks);

class CheckedLog {
 public:
  // Opens or creates, and cuts the file to `from`, which must be the end of a whole line.
  static Result<CheckedLog> Open(const std::string& path, const LogMark& from);
  // `json_line` is an object without a line break and without a "check".
  Status Append(const std::string& json_line);
  Status Sync() { return file_.Sync(); }
  int64_t size() const { return file_.size(); }
  uint32_t check() const { return check_; }
  AppendFile::Fate Look() const { return file_.Look(); }
  Status PutBack() { return file_.PutBack(); }

 private:
  AppendFile file_;
  uint32_t check_ = 0;
};

}  // namespace equipoise::store
