#include "tests/engine/disk_moments.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <mutex>
#include <utility>

namespace equipoise::testing_support {
namespace {

std::mutex g_mutex;
std::function<void()> g_hook;                          // guarded by g_mutex
std::function<int(const std::string& path)> g_looked;  // the same
thread_local bool t_inside = false;

template <class T>
T Tell(T result) {
  if (t_inside) return result;
  const int error = errno;
  t_inside = true;
  {
    const std::lock_guard<std::mutex> lock(g_mutex);
    if (g_hook) g_hook();
  }
  t_inside = false;
  errno = error;
  return result;
}

int TellOfLook(const char* path, int result) {
  if (t_inside) return result;
  const int error = errno;
  int instead = 0;
  t_inside = true;
  {
    const std::lock_guard<std::mutex> lock(g_mutex);
    if (g_looked) instead = g_looked(path);
  }
  t_inside = false;
  errno = instead != 0 ? instead : error;
  return instead != 0 ? -1 : result;
}

void SetHook(std::function<void()> hook) {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_hook = std::move(hook);
}

}  // namespace

DiskMoments::DiskMoments(std::function<void()> hook) { SetHook(std::move(hook)); }
DiskMoments::~DiskMoments() { SetHook(nullptr); }

DiskLooks::DiskLooks(std::function<int(const std::string& path)> hook) {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_looked = std::move(hook);
}
DiskLooks::~DiskLooks() {
  const std::lock_guard<std::mutex> lock(g_mutex);
  g_looked = nullptr;
}

}  // namespace equipoise::testing_support

// In place of the C library's, for the whole test program.
using equipoise::testing_support::Tell;
using equipoise::testing_support::TellOfLook;
extern "C" {
ssize_t write(int fd, const void* data, size_t size) { return Tell(::syscall(SYS_write, fd, data, size)); }
int rename(const char* from, const char* to) noexcept {
  return Tell(static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)));
}
int unlink(const char* path) noexcept { return Tell(static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0))); }
int stat(const char* path, struct stat* found) noexcept {
  return TellOfLook(path, static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, found, 0)));
}
int ftruncate(int fd, off_t length) noexcept { return Tell(static_cast<int>(::syscall(SYS_ftruncate, fd, length))); }
}
