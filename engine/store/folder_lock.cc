#include "engine/store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <thread>
#include <utility>

#include "engine/base/atomic_file.h"

namespace equipoise::store {
namespace {

std::string LockPath(const std::string& folder) { return folder + "/.lock"; }

std::string HolderText(const std::string& folder) {
  const Result<std::string> text = ReadFile(LockPath(folder));
  return text && !text.value().empty() ? text.value() : "another process";
}

Error HeldError(const std::string& folder) {
  return Error{folder + " is being written by " + HolderText(folder) + "; wait until it ends, or stop it first"};
}

// Whoever asks for the holder locks for a moment: a lock that is in the way is tried again before it counts.
bool LockNow(int fd) {
  for (int left = 5; ::flock(fd, LOCK_EX | LOCK_NB) != 0; --left) {
    if (errno != EWOULDBLOCK || left == 0) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

bool IsLocked(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return locked;
}

}  // namespace

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
  if (folder_fd_ >= 0) ::close(folder_fd_);
}
FolderLock::FolderLock(FolderLock&& other) noexcept { *this = std::move(other); }
FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(folder_fd_, other.folder_fd_);
  return *this;
}

Result<FolderLock> FolderLock::Take(const std::string& folder) {
  FolderLock lock;
  lock.folder_fd_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock.folder_fd_ >= 0 && !LockNow(lock.folder_fd_)) {
    if (errno == EWOULDBLOCK) return HeldError(folder);
    ::close(std::exchange(lock.folder_fd_, -1));
  }
  if (Status taken = lock.TakeFile(folder); !taken) return taken.error();
  return lock;
}

Status FolderLock::TakeFile(const std::string& folder) {
  const int fd = ::open(LockPath(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0)
    return Error{"cannot write in " + folder + ": " + std::strerror(errno) + "; choose a folder that you may write to"};
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  if (!LockNow(fd_)) {
    if (errno == EWOULDBLOCK) return HeldError(folder);
    return Error{"cannot lock " + folder + ": " + std::strerror(errno)};
  }
  const std::string who = "process " + std::to_string(::getpid()) + " on " + HostName() + " since " + UtcNow();
  // Only information for people: a lock without it still locks.
  if (::ftruncate(fd_, 0) == 0) (void)!::write(fd_, who.data(), who.size());
  return {};
}

Result<std::string> FolderLock::Look(const HeldFolder& folder) {
  errno = 0;
  const std::optional<FileIdentity> there = IdentityOf(folder.name());
  // A folder that cannot be looked at (a disk of the network is away) may be ours still: what is written next tells.
  if (!there && errno != ENOENT && errno != ENOTDIR) return std::string();
  if (!there)
    return Error{folder.name() +
                 " was moved or removed while the run was writing it. Where it was moved to, `equipoise "
                 "resume` goes on with it"};
  if (*there != folder.identity())
    return Error{folder.name() +
                 " is another folder than the one that the run was writing, which was moved or removed. Where "
                 "it was moved to, `equipoise resume` goes on with it"};
  errno = 0;
  const std::optional<FileIdentity> lock = IdentityOf(LockPath(folder.path()));
  if (lock ? lock == IdentityOf(fd_) : errno != ENOENT) return std::string();  // the same of the lock
  if (Status again = TakeFile(folder.path()); !again) return again.error();
  return std::string(".lock was removed while the run was writing its folder: it was made again.");
}

std::string FolderLock::Holder(const std::string& folder) {
  return IsLocked(LockPath(folder)) || IsLocked(folder) ? HolderText(folder) : "";
}

std::string UtcNow() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string HostName() {
  char name[256] = "";
  if (::gethostname(name, sizeof(name) - 1) != 0) return "unknown";
  return name;
}

}  // namespace equipoise::store
