// episode_index.h: episodes.index, what a long run's episodes.jsonl says in numbers of fixed width.
//
// Derived: it can be removed at any time, and is made again from the lines. It is believed as far as
//   - it is of this program's version and format, and its header and each of its rows carry their own sum;
//   - its rows follow each other in the log without a gap, from the first byte on;
//   - the log is the very file, unchanged, that it was made of (inode, size, times); or, where that is not so (a copy,
//     a log that grew or was cut), the bytes of each line still have the sum that its row remembers.
// The first row that does not fit ends the belief; from there on the lines are read.
//
//   header | names of scalars, stages and policies | stamp of the log | rows: EpisodeSummary, LineSpan, sum
//
// Thread   one, except where said. Another process may be reading: rows are appended before the stamp that covers them,
//          and everything else is a new file under the old name
// Cost     500 bytes an episode; reading 100,000 of them takes 0.1 s
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/chunked_list.h"
#include "engine/record/episode.h"

namespace equipoise::run {

// Shorter logs are read in no time and need no index.
inline constexpr int64_t kIndexFrom = int64_t{4} << 20;  // bytes

std::string IndexPath(const std::string& folder);

// What tells whether a file is the one that was read, and unchanged.
struct FileStamp {
  int64_t size = -1, inode = 0, modified = 0, changed = 0;  // ns; size -1: there is no such file
  bool operator==(const FileStamp& o) const {
    return size == o.size && inode == o.inode && modified == o.modified && changed == o.changed;
  }
};
FileStamp StampOf(const std::string& path);

// The names that rows have columns for: learners' numbers, then stages; and the learners that they speak of. Each
// rising.
struct IndexColumns {
  std::vector<std::string> scalars, seconds, policies;
  bool operator==(const IndexColumns& o) const {
    return scalars == o.scalars && seconds == o.seconds && policies == o.policies;
  }
  // Takes in what `episode` has besides; whether there was something.
  bool Add(const EpisodeSummary& episode);
};

// Rows as they will stand in a file.
class IndexRows {
 public:
  explicit IndexRows(IndexColumns columns) : columns_(std::move(columns)) {}
  // False: the episode has a number that there is no column for, or no line in a file.
  bool Add(const EpisodeSummary& episode);
  // With a column for whatever it has; rows that were added before get it too. False: it has no line in a file.
  bool AddAndGrow(const EpisodeSummary& episode);
  size_t count() const { return first_ + added_; }
  void StartAt(size_t row) { first_ = row; }  // number of the first row that is added
  const std::string& bytes() const { return bytes_; }
  const IndexColumns& columns() const { return columns_; }

 private:
  IndexColumns columns_;
  std::string bytes_;
  size_t first_ = 0, added_ = 0;
};

// Hands over, in order, the episodes of the index that are to be believed; they know their line but not its file.
// Returns how many.
size_t ReadIndex(const std::string& folder, const std::function<void(EpisodeSummary)>& take);

// Whether the index's stamp is that of the log as it stands.
bool IndexIsStamped(const std::string& folder);
// Unless it is somebody else's.
void RemoveIndex(const std::string& folder);

// Writes the index of these episodes as a new file under the old name; nothing is said of a failure, as nothing is
// lost. `log`: the log as it was when they were read.
bool WriteIndex(const std::string& folder, const IndexRows& rows, const FileStamp& log);

// Keeps the index of a run that goes on. Made again whenever it is not the one that was left behind.
class IndexWriter {
 public:
  explicit IndexWriter(std::string folder, int64_t index_from = kIndexFrom)
      : folder_(std::move(folder)), index_from_(index_from) {}
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;
  // All executed episodes; writes what the file lacks.
  void Update(const List<EpisodeSummary>& episodes);

 private:
  bool Append(const List<EpisodeSummary>& episodes, const FileStamp& log);
  bool Rewrite(const List<EpisodeSummary>& episodes, const FileStamp& log);
  void Close();
  bool IsOpen() const;  // and is the file under its name

  const std::string folder_;
  const int64_t index_from_;
  int fd_ = -1;
  size_t rows_ = 0;  // in the file
  LineSpan last_;    // of the newest of them: a run that was rolled back has another line there
  bool gave_up_ = false;
  IndexColumns columns_;
};

}  // namespace equipoise::run
