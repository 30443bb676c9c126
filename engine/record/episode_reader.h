// episode_reader.h: the episodes of a run folder in few numbers each, in order, and those that are added later.
//
// What is true stands in episodes.jsonl. Where episodes.index fits it (episode_index.h) no line is read; where not, the
// lines are, on two threads, and a long run's index is made again if the folder may be written and nobody is running
// it.
//
// Thread   one
// Errors   a line that is not as written, with its file and line number; what stands before it has been handed over
// Cost     100,000 episodes (0.9 GB): 0.1 s with an index, 2 s without; 2 ms for what a growing log gained
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/record/episode.h"
#include "engine/record/episode_index.h"

namespace equipoise::run {

class EpisodeReader {
 public:
  struct Options {
    int64_t index_from = kIndexFrom;  // bytes of the log
    bool write = true;                // an index that is absent or does not fit
  };
  explicit EpisodeReader(const std::string& folder);
  EpisodeReader(const std::string& folder, Options options);

  // Hands over what was not handed over before. `forget` comes first when the log is no longer the one that was read
  // (it was cut, or replaced): then everything is handed over again.
  Status Read(const std::function<void()>& forget, const std::function<void(EpisodeSummary)>& take);

  struct Work {  // of the last Read
    size_t from_index = 0, from_lines = 0;
    bool wrote_index = false;
  };
  const Work& work() const { return work_; }

 private:
  bool Continues(int64_t size, int64_t inode) const;
  Status ReadLines(const std::function<void(EpisodeSummary)>& take);

  const std::string folder_;
  const Options options_;
  std::shared_ptr<const EpisodeLines> lines_;
  int64_t inode_ = 0, end_ = 0;  // of the file; where the last line that was handed over ends
  size_t count_ = 0;
  LineSpan last_;
  Work work_;
};

// All episodes of a run as a list to share.
Result<List<EpisodeSummary>> ReadSummaries(const std::string& folder);

}  // namespace equipoise::run
