#include "engine/record/episode_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/record/episode_lines.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

constexpr size_t kBlock = size_t{4} << 20;

struct Line {
  std::string_view text;
  LineSpan span;
  size_t number;  // from 1
};

struct Parsed {
  std::vector<EpisodeSummary> episodes;
  std::optional<Error> error;  // of the line behind them
};

Parsed Parse(const Line* begin, const Line* end, const std::string& path) {
  Parsed out;
  out.episodes.reserve(static_cast<size_t>(end - begin));
  for (const Line* line = begin; line != end; ++line) {
    const Result<EpisodeRecord> record = EpisodeFromLine(line->text, path + ":" + std::to_string(line->number));
    if (!record) {
      out.error = record.error();
      break;
    }
    EpisodeSummary& episode = out.episodes.emplace_back(record.value());
    episode.line = line->span;
    episode.line.sum = LineSum(line->text);
  }
  return out;
}

// The log as blocks of whole lines.
class LineBlocks {
 public:
  LineBlocks(const std::string& path, int64_t from, size_t number)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), at_(from), number_(number) {}
  ~LineBlocks() {
    if (fd_ >= 0) ::close(fd_);
  }
  LineBlocks(const LineBlocks&) = delete;
  LineBlocks& operator=(const LineBlocks&) = delete;

  // Empty: there are no more whole lines. 0, or errno in `problem`. The lines hold until the next call.
  const std::vector<Line>& Next(int* problem) {
    lines_.clear();
    *problem = 0;
    if (fd_ < 0) return lines_;
    size_t want = kBlock;
    for (;;) {  // until there is a whole line
      if (block_.size() < want) block_.resize(want);
      const size_t had = ReadUpTo(want, problem);
      if (*problem != 0) return lines_;
      Split(had);
      if (!lines_.empty() || had < want) return lines_;
      want *= 2;
    }
  }

 private:
  size_t ReadUpTo(size_t want, int* problem) {
    size_t had = 0;
    while (had < want) {
      const ssize_t got = ::pread(fd_, &block_[had], want - had, at_ + static_cast<int64_t>(had));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) *problem = errno;
      if (got <= 0) break;
      had += static_cast<size_t>(got);
    }
    return had;
  }
  void Split(size_t had) {
    size_t from = 0;
    while (const void* found = from < had ? std::memchr(&block_[from], '\n', had - from) : nullptr) {
      const size_t length = static_cast<size_t>(static_cast<const char*>(found) - &block_[from]);
      lines_.push_back({{&block_[from], length}, {at_, static_cast<uint32_t>(length), 0}, ++number_});
      at_ += static_cast<int64_t>(length) + 1;
      from += length + 1;
    }
  }

  int fd_;
  int64_t at_;
  size_t number_;
  std::string block_;
  std::vector<Line> lines_;
};

}  // namespace

EpisodeReader::EpisodeReader(const std::string& folder) : EpisodeReader(folder, Options{}) {}

EpisodeReader::EpisodeReader(const std::string& folder, Options options)
    : folder_(store::RunPaths(folder).folder),
      options_(options),
      lines_(std::make_shared<EpisodeLines>(store::RunPaths(folder).episodes)) {}

// The same file, and the last line that was handed over still stands where it was.
bool EpisodeReader::Continues(int64_t size, int64_t inode) const {
  return count_ > 0 && inode == inode_ && size >= end_ && lines_->Holds(last_);
}

Status EpisodeReader::Read(const std::function<void()>& forget, const std::function<void(EpisodeSummary)>& take) {
  work_ = {};
  const FileStamp log = StampOf(lines_->path());
  const auto hand_over = [&](EpisodeSummary episode) {
    last_ = episode.line;
    end_ = last_.offset + last_.length + 1;
    ++count_;
    episode.lines = lines_;
    take(std::move(episode));
  };
  if (Continues(log.size, log.inode)) return ReadLines(hand_over);
  forget();
  count_ = 0;
  end_ = 0;
  inode_ = log.inode;
  if (log.size <= 0) return {};
  const bool is_long = log.size >= options_.index_from;
  const bool writes = is_long && options_.write && store::FolderLock::Holder(folder_).empty();
  const bool hopeful = is_long && IndexIsStamped(folder_);
  IndexRows rows{IndexColumns{}};
  bool all = true;
  const auto keep = [&](EpisodeSummary episode) {
    if (writes && !hopeful) all = all && rows.AddAndGrow(episode);
    hand_over(std::move(episode));
  };
  if (is_long) work_.from_index = ReadIndex(folder_, keep);
  if (Status status = ReadLines(keep); !status) return status;
  if (!writes || end_ != log.size) return {};  // or it grew while it was read
  if (!hopeful) {
    work_.wrote_index = all && WriteIndex(folder_, rows, log);
  } else if (work_.from_lines > 0) {  // it bore the right stamp, but was damaged
    RemoveIndex(folder_);
    EpisodeReader again(folder_, options_);
    (void)again.Read([] {}, [](const EpisodeSummary&) {}).ok();
    work_.wrote_index = again.work().wrote_index;
  }
  return {};
}

Status EpisodeReader::ReadLines(const std::function<void(EpisodeSummary)>& take) {
  LineBlocks blocks(lines_->path(), end_, count_);
  for (;;) {
    int problem = 0;
    const std::vector<Line>& lines = blocks.Next(&problem);
    if (problem != 0) return Error{"cannot read " + lines_->path() + ": " + std::strerror(problem)};
    if (lines.empty()) return {};
    // Two halves at once; a few lines are not worth a thread.
    const size_t half = lines.size() < 16 ? 0 : lines.size() / 2;
    const Line *first = lines.data(), *middle = first + half, *last = first + lines.size();
    std::future<Parsed> beside;
    if (half > 0) beside = std::async(std::launch::async, [&] { return Parse(first, middle, lines_->path()); });
    Parsed tail = Parse(middle, last, lines_->path());
    Parsed head = beside.valid() ? beside.get() : Parsed{};
    for (Parsed* part : {&head, &tail}) {
      for (EpisodeSummary& episode : part->episodes) take(std::move(episode));
      work_.from_lines += part->episodes.size();
      if (part->error) return *part->error;
    }
  }
}

Result<List<EpisodeSummary>> ReadSummaries(const std::string& folder) {
  List<EpisodeSummary> list;
  EpisodeReader reader(folder);
  const Status status = reader.Read(
      [] {},
      [&list](EpisodeSummary episode) { list.push_back(std::make_shared<const EpisodeSummary>(std::move(episode))); });
  if (!status) return status.error();
  return list;
}

}  // namespace equipoise::run
