// episode_lines.h: single lines of a log of episodes, read and parsed when they are asked for.
//
// Thread   any
// Errors   a line that is no longer as it was (cut off, rewritten, unreadable) reads as null
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/mutex.h"
#include "engine/record/episode.h"

namespace equipoise::run {

// 64 bits over a line's bytes; any changed byte shows.
uint64_t LineSum(std::string_view line);

class EpisodeLines {
 public:
  explicit EpisodeLines(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  // The last few are kept, so that a frame that shows the same episode again parses nothing. `keep` false: for those
  // who go through all of them.
  std::shared_ptr<const EpisodeRecord> Read(const LineSpan& line, bool keep = true) const;

  // Of the line at `offset`; offset -1 when there is none of that length.
  LineSpan Find(int64_t offset, int64_t length) const;
  // Whether the line still is as it was.
  bool Holds(const LineSpan& line) const;

 private:
  const std::string path_;
  mutable Mutex mutex_;
  // Newest last.
  mutable std::deque<std::pair<LineSpan, std::shared_ptr<const EpisodeRecord>>> kept_ EQ_GUARDED_BY(mutex_);
};

}  // namespace equipoise::run
