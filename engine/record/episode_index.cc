#include "engine/record/episode_index.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <thread>

#include "engine/base/version.h"
#include "engine/record/episode_lines.h"
#include "engine/record/episode_row.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

constexpr char kMagic[8] = {'e', 'q', 'p', 'i', 'n', 'd', 'e', 'x'};
constexpr size_t kBlock = size_t{1} << 22;

struct Header {
  char magic[8];
  uint32_t format, byte_order, row_bytes, names_bytes, scalars, seconds, policies, unused;
  char version[32];
  uint64_t sum;  // of all above and the names behind it
};
struct StampBlock {
  FileStamp stamp;
  uint64_t sum;
};
static_assert(sizeof(Header) == 80 && sizeof(StampBlock) == 40, "no gaps");

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool open() const { return fd_ >= 0; }
  // As many of the bytes as there are.
  size_t Read(void* to, size_t bytes, int64_t offset) const {
    size_t had = 0;
    while (had < bytes) {
      const ssize_t got = ::pread(fd_, static_cast<char*>(to) + had, bytes - had, offset + static_cast<int64_t>(had));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      had += static_cast<size_t>(got);
    }
    return had;
  }

 private:
  int fd_;
};

bool WriteAt(int fd, const std::string& bytes, int64_t offset) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::pwrite(fd, bytes.data() + done, bytes.size() - done, offset + static_cast<int64_t>(done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    done += static_cast<size_t>(put);
  }
  return true;
}

// Lines that follow each other in a log: whether their bytes are still those that a row remembers.
class LineChecker {
 public:
  explicit LineChecker(const std::string& path) : file_(path) {}
  bool Fits(const LineSpan& line) {
    const size_t bytes = size_t{line.length} + 1;
    if (!file_.open()) return false;
    if (line.offset < from_ || line.offset + static_cast<int64_t>(bytes) > from_ + static_cast<int64_t>(had_)) {
      if (bytes > block_.size()) block_.resize(std::max(bytes, kBlock));
      from_ = line.offset;
      had_ = file_.Read(block_.data(), block_.size(), from_);
      if (had_ < bytes) return false;
    }
    const char* at = block_.data() + (line.offset - from_);
    return at[line.length] == '\n' && LineSum({at, line.length}) == line.sum;
  }

 private:
  File file_;
  std::string block_;
  int64_t from_ = 0;
  size_t had_ = 0;
};

std::string Padded(std::string text) {
  text.resize((text.size() + 7) / 8 * 8, '\0');
  return text;
}

std::string NamesText(const IndexColumns& columns) {
  std::string text;
  for (const auto* names : {&columns.scalars, &columns.seconds, &columns.policies})
    for (const std::string& name : *names) text += name + '\n';
  return Padded(std::move(text));
}

uint64_t HeaderSum(Header header, const std::string& names) {
  header.sum = 0;
  return LineSum(std::string(reinterpret_cast<const char*>(&header), sizeof header) + names);
}

std::string StampText(const FileStamp& stamp) {
  StampBlock block{stamp, 0};
  block.sum = LineSum({reinterpret_cast<const char*>(&block.stamp), sizeof block.stamp});
  return {reinterpret_cast<const char*>(&block), sizeof block};
}

// Header, names and stamp of an index with these columns.
std::string HeadText(const IndexColumns& columns, const FileStamp& log) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.format = kIndexFormat;
  header.byte_order = 0x01020304;
  header.row_bytes = static_cast<uint32_t>(RowBytes(columns));
  const std::string names = NamesText(columns);
  header.names_bytes = static_cast<uint32_t>(names.size());
  header.scalars = static_cast<uint32_t>(columns.scalars.size());
  header.seconds = static_cast<uint32_t>(columns.seconds.size());
  header.policies = static_cast<uint32_t>(columns.policies.size());
  std::snprintf(header.version, sizeof header.version, "%s", Version());
  header.sum = HeaderSum(header, names);
  return std::string(reinterpret_cast<const char*>(&header), sizeof header) + names + StampText(log);
}

// A file of that name that is no index at all is somebody else's: it stays. So does one that cannot be looked at.
bool IsOurs(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return errno == ENOENT;
  if (info.st_size == 0) return true;
  char magic[sizeof kMagic];
  return File(path).Read(magic, sizeof magic, 0) == sizeof magic && std::memcmp(magic, kMagic, sizeof magic) == 0;
}

struct Head {
  IndexColumns columns;
  FileStamp log;
  int64_t rows_at = 0;
};

bool ReadHead(const File& file, Head* head) {
  Header header;
  constexpr uint32_t kMostNames = 1 << 20;
  if (file.Read(&header, sizeof header, 0) != sizeof header || header.names_bytes > kMostNames) return false;
  std::string names(header.names_bytes, '\0');
  if (file.Read(names.data(), names.size(), sizeof header) != names.size()) return false;
  if (header.sum != HeaderSum(header, names)) return false;
  std::istringstream lines(names);
  const auto take = [&lines](uint32_t count, std::vector<std::string>* columns) {
    std::string name;
    for (uint32_t i = 0; i < count; ++i) {
      if (!std::getline(lines, name)) return false;
      columns->push_back(name);
    }
    return true;
  };
  if (!take(header.scalars, &head->columns.scalars) || !take(header.seconds, &head->columns.seconds) ||
      !take(header.policies, &head->columns.policies))
    return false;
  StampBlock block;
  const auto stamp_at = static_cast<int64_t>(sizeof header + names.size());
  if (file.Read(&block, sizeof block, stamp_at) != sizeof block) return false;
  head->log = block.stamp;
  if (StampText(block.stamp) != std::string(reinterpret_cast<const char*>(&block), sizeof block)) head->log = {};
  head->rows_at = stamp_at + static_cast<int64_t>(sizeof block);
  // All else that the header says must be what this program would write.
  return HeadText(head->columns, block.stamp)
             .compare(0, sizeof header, reinterpret_cast<const char*>(&header), sizeof header) == 0;
}

}  // namespace

std::string IndexPath(const std::string& folder) { return store::RunPaths(folder).folder + "/episodes.index"; }

FileStamp StampOf(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  const auto nanoseconds = [](const timespec& time) { return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
  return {info.st_size, static_cast<int64_t>(info.st_ino), nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

bool IndexColumns::Add(const EpisodeSummary& episode) {
  bool added = false;
  const auto add = [&added](const std::string& name, std::vector<std::string>* names) {
    const auto at = std::lower_bound(names->begin(), names->end(), name);
    if (at != names->end() && *at == name) return;
    names->insert(at, name);
    added = true;
  };
  for (size_t i = 0; i < episode.scalars.size(); ++i) add(episode.scalars.name(i), &scalars);
  for (size_t i = 0; i < episode.seconds.size(); ++i) add(episode.seconds.name(i), &seconds);
  const eps::SummarisedDecision& d = episode.decision;
  for (const eps::Pick pick : {d.pick, d.summary.preferred, d.summary.challenger})
    if (!pick.random()) add(pick.id(), &policies);
  for (const auto& r : d.summary.mean_returns) add(r.policy.id(), &policies);
  return added;
}

bool IndexRows::Add(const EpisodeSummary& episode) {
  if (!AppendRow(episode, columns_, count(), &bytes_)) return false;
  ++added_;
  return true;
}

bool IndexRows::AddAndGrow(const EpisodeSummary& episode) {
  if (Add(episode)) return true;
  IndexColumns wider = columns_;
  if (wider.Add(episode)) {
    IndexRows grown(std::move(wider));
    RowReader reader(columns_);
    const size_t row_bytes = RowBytes(columns_);
    for (size_t i = 0; i < added_; ++i) {
      const std::optional<EpisodeSummary> before = reader.Read(bytes_.data() + i * row_bytes, i);
      if (!before || !grown.Add(*before)) return false;
    }
    *this = std::move(grown);
  }
  return Add(episode);
}

bool IndexIsStamped(const std::string& folder) {
  const File file(IndexPath(folder));
  Head head;
  return file.open() && ReadHead(file, &head) && head.log == StampOf(store::RunPaths(folder).episodes);
}

void RemoveIndex(const std::string& folder) {
  if (IsOurs(IndexPath(folder))) ::unlink(IndexPath(folder).c_str());
}

size_t ReadIndex(const std::string& folder, const std::function<void(EpisodeSummary)>& take) {
  const File file(IndexPath(folder));
  const std::string log_path = store::RunPaths(folder).episodes;
  Head head;
  if (!file.open() || !ReadHead(file, &head)) return 0;
  FileStamp log = StampOf(log_path);
  if (!(head.log == log) && head.log.inode == log.inode && head.log.size < log.size) {
    // Perhaps somebody is about to stamp the line that was just written.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    head = {};
    if (!ReadHead(file, &head)) return 0;
    log = StampOf(log_path);
  }
  const bool same_log = head.log == log;
  LineChecker lines(log_path);
  RowReader reader(head.columns);
  const size_t row_bytes = RowBytes(head.columns), in_block = std::max<size_t>(1, kBlock / row_bytes);
  std::string block(in_block * row_bytes, '\0');
  size_t number = 0;
  int64_t end = 0;
  for (;;) {
    const size_t had =
        file.Read(block.data(), block.size(), head.rows_at + static_cast<int64_t>(number * row_bytes)) / row_bytes;
    for (size_t i = 0; i < had; ++i) {
      std::optional<EpisodeSummary> episode = reader.Read(block.data() + i * row_bytes, number);
      if (!episode || episode->line.offset != end) return number;
      const int64_t next = end + episode->line.length + 1;
      if (next > log.size || (!same_log && !lines.Fits(episode->line))) return number;
      end = next;
      take(std::move(*episode));
      ++number;
    }
    if (had < in_block) return number;
  }
}

bool WriteIndex(const std::string& folder, const IndexRows& rows, const FileStamp& log) {
  static std::atomic<int> made{0};  // threads of one process must not share a name
  const std::string path = IndexPath(folder);
  if (!IsOurs(path)) return false;
  // A start that finds it without its process removes it: RemoveLeftTemporaries.
  const std::string temporary = path + "-" + std::to_string(++made) + ".tmp-" + std::to_string(::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return false;
  // Not synced: whatever a power cut leaves of it, the sums tell.
  const std::string head = HeadText(rows.columns(), log);
  bool written = WriteAt(fd, head, 0) && WriteAt(fd, rows.bytes(), static_cast<int64_t>(head.size()));
  written = ::close(fd) == 0 && written;
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

IndexWriter::~IndexWriter() { Close(); }

void IndexWriter::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void IndexWriter::Update(const List<EpisodeSummary>& episodes) {
  if (gave_up_ || episodes.empty()) return;
  const FileStamp log = StampOf(store::RunPaths(folder_).episodes);
  if (log.size < index_from_) return;
  const LineSpan& last = episodes.back()->line;
  // Lines that are not in the log as it stands: nobody must believe an index of it.
  const bool whole = last.offset >= 0 && last.offset + last.length + 1 == log.size;
  if (whole && (Append(episodes, log) || Rewrite(episodes, log))) return;
  if (IsOpen()) RemoveIndex(folder_);
  Close();
  gave_up_ = true;
}

bool IndexWriter::IsOpen() const {
  struct stat ours {};
  return fd_ >= 0 && ::fstat(fd_, &ours) == 0 && StampOf(IndexPath(folder_)).inode == static_cast<int64_t>(ours.st_ino);
}

bool IndexWriter::Append(const List<EpisodeSummary>& episodes, const FileStamp& log) {
  // A line's check covers all before it, so where the newest row fits, all do.
  if (!IsOpen() || rows_ == 0 || rows_ > episodes.size() || !(episodes[rows_ - 1]->line == last_)) return false;
  IndexRows rows(columns_);
  rows.StartAt(rows_);
  for (size_t i = rows_; i < episodes.size(); ++i)
    if (!rows.Add(*episodes[i])) return false;
  const std::string head = HeadText(columns_, log);
  const auto at = static_cast<int64_t>(head.size() + rows_ * RowBytes(columns_));
  if (!WriteAt(fd_, rows.bytes(), at)) return false;
  rows_ = episodes.size();
  last_ = episodes.back()->line;
  return WriteAt(fd_, StampText(log), static_cast<int64_t>(head.size() - sizeof(StampBlock)));
}

bool IndexWriter::Rewrite(const List<EpisodeSummary>& episodes, const FileStamp& log) {
  Close();
  IndexColumns columns;
  for (const auto& episode : episodes) columns.Add(*episode);
  IndexRows rows(columns);
  for (const auto& episode : episodes)
    if (!rows.Add(*episode)) return false;
  if (!WriteIndex(folder_, rows, log)) return false;
  fd_ = ::open(IndexPath(folder_).c_str(), O_RDWR | O_CLOEXEC);
  rows_ = episodes.size();
  last_ = episodes.back()->line;
  columns_ = std::move(columns);
  return fd_ >= 0;
}

}  // namespace equipoise::run
