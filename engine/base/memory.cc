#include "engine/base/memory.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace equipoise {
namespace {

// The start of a small file of the system's, without memory: this is asked for when there is none. "" where it cannot
// be read.
struct SystemText {
  explicit SystemText(const char* path) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = file >= 0 ? ::read(file, text, sizeof text - 1) : -1;
    if (file >= 0) ::close(file);
    text[size > 0 ? size : 0] = 0;
  }
  // The number behind `label`; -1: there is none.
  int64_t After(const char* label) const {
    const char* at = std::strstr(text, label);
    return at != nullptr ? std::strtoll(at + std::strlen(label), nullptr, 10) : -1;
  }
  // The file's first number; -1: it begins with none ("max").
  int64_t Number() const { return *text >= '0' && *text <= '9' ? std::strtoll(text, nullptr, 10) : -1; }

  char text[4096];
};

void Print(int64_t bytes, char* out, size_t size) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  if (megabytes >= 1000)
    std::snprintf(out, size, "%.1f GB", megabytes / 1000);
  else
    std::snprintf(out, size, "%.0f MB", megabytes);
}

}  // namespace

MemoryLeft FindMemoryLeft() {
  MemoryLeft least;
  const auto take = [&least](int64_t bytes, const char* limit, bool addresses = false) {
    if (bytes < least.bytes) least = {std::max<int64_t>(bytes, 0), limit, addresses};
  };
  const SystemText machine("/proc/meminfo");
  const int64_t available = machine.After("MemAvailable:"), swap = machine.After("SwapFree:");
  if (available >= 0) take(1024 * (available + std::max<int64_t>(swap, 0)), "the memory of this machine");

  const SystemText most("/sys/fs/cgroup/memory.max"), now("/sys/fs/cgroup/memory.current");
  if (most.Number() >= 0 && now.Number() >= 0) take(most.Number() - now.Number(), "the memory of this container");

  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    const int64_t pages = SystemText("/proc/self/statm").Number();
    if (pages >= 0) take(static_cast<int64_t>(limit.rlim_cur) - pages * ::sysconf(_SC_PAGESIZE), "ulimit -v", true);
  }
  return least;
}

std::string BytesText(int64_t bytes) {
  char text[40];
  Print(bytes, text, sizeof text);
  return text;
}

OutOfMemory::OutOfMemory(size_t asked) noexcept {
  const MemoryLeft left = FindMemoryLeft();
  char more[40], there[40];
  Print(static_cast<int64_t>(std::min<size_t>(asked, INT64_MAX)), more, sizeof more);
  Print(left.bytes, there, sizeof there);
  if (*left.limit == 0)
    std::snprintf(text_, sizeof text_, "out of memory: %s more were asked for", more);
  else
    std::snprintf(text_, sizeof text_, "out of memory: %s more were asked for, and %s leaves %s", more, left.limit,
                  there);
}

}  // namespace equipoise
