#include "engine/record/episode_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the library's own switch
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/record/records.h"

namespace equipoise::run {
namespace {

constexpr size_t kKept = 32;

// Empty: there are not so many.
std::string ReadBytes(const std::string& path, int64_t offset, size_t length) {
  std::string bytes(offset < 0 ? 0 : length, '\0');
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  size_t had = 0;
  while (had < bytes.size()) {
    const ssize_t got = ::pread(fd, &bytes[had], bytes.size() - had, offset + static_cast<int64_t>(had));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    had += static_cast<size_t>(got);
  }
  ::close(fd);
  return had == bytes.size() ? bytes : "";
}

// Empty: the line is not as it was.
std::string ReadLine(const std::string& path, const LineSpan& line) {
  std::string bytes = ReadBytes(path, line.offset, line.length);
  return LineSum(bytes) == line.sum ? bytes : "";
}

}  // namespace

uint64_t LineSum(std::string_view line) { return XXH3_64bits(line.data(), line.size()); }

LineSpan EpisodeLines::Find(int64_t offset, int64_t length) const {
  if (offset < 0 || length <= 0) return {};
  const std::string bytes = ReadBytes(path_, offset, static_cast<size_t>(length) + 1);
  if (bytes.find('\n') != static_cast<size_t>(length)) return {};
  return {offset, static_cast<uint32_t>(length), LineSum({bytes.data(), static_cast<size_t>(length)})};
}

bool EpisodeLines::Holds(const LineSpan& line) const { return !ReadLine(path_, line).empty(); }

std::shared_ptr<const EpisodeRecord> EpisodeLines::Read(const LineSpan& line, bool keep) const {
  {
    const MutexLock lock(mutex_);
    const auto same = [&line](const auto& kept) {
      return kept.first.offset == line.offset && kept.first.sum == line.sum && kept.first.length == line.length;
    };
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(), same);
    if (found != kept_.rend()) return found->second;
  }
  const std::string bytes = ReadLine(path_, line);
  if (bytes.empty()) return nullptr;
  Result<EpisodeRecord> parsed = EpisodeFromLine(bytes, path_);
  if (!parsed) return nullptr;
  auto record = std::make_shared<const EpisodeRecord>(std::move(parsed).value());
  if (!keep) return record;
  const MutexLock lock(mutex_);
  kept_.emplace_back(line, record);
  if (kept_.size() > kKept) kept_.pop_front();
  return record;
}

}  // namespace equipoise::run
