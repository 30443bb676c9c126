#include "engine/base/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "engine/base/file_io.h"
#include "engine/base/full_disk.h"
#include "engine/base/interrupt.h"
#include "engine/base/large_file.h"

namespace equipoise {
namespace {

constexpr char kTemporary[] = ".tmp-";

// The process that a temporary file belongs to, or 0: it is none.
pid_t OwnerOf(const std::string& name) {
  const size_t at = name.rfind(kTemporary);
  if (at == std::string::npos || at == 0) return 0;
  const std::string digits = name.substr(at + sizeof(kTemporary) - 1);
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) return 0;
  return static_cast<pid_t>(std::atol(digits.c_str()));
}

}  // namespace

void RemoveLeftTemporaries(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const pid_t owner = OwnerOf(it->path().filename().string());
    std::error_code ignored;
    const bool gone = owner == ::getpid() || (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH);
    if (gone) std::filesystem::remove(it->path(), ignored);
  }
}

namespace {

// 0, or errno.
int WriteToDisk(int fd, const std::string& bytes, bool large) {
  constexpr size_t kPiece = size_t{4} << 20;
  constexpr off_t kAhead = off_t{16} << 20;  // on their way to the disk at one time
  if (!large || bytes.size() <= kPiece) {
    const int error = WriteAll(fd, bytes.data(), bytes.size());
    return error == 0 && ::fsync(fd) != 0 ? errno : error;
  }
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    const size_t size = std::min(kPiece, bytes.size() - at);
    if (const int error = WriteAll(fd, bytes.data() + at, size); error != 0) return error;
    // Without these the whole file would wait in memory for fsync. Where they are not known, it does.
    const auto written = static_cast<off_t>(at + size);
    (void)::sync_file_range(fd, 0, written, SYNC_FILE_RANGE_WRITE);
    if (written > kAhead)
      (void)::sync_file_range(fd, 0, written - kAhead, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE);
    PollInterrupt();
  }
  return ::fsync(fd) != 0 ? errno : 0;
}

Status Write(const std::string& path, const std::string& bytes, bool large) {
  const std::string temporary = path + kTemporary + std::to_string(::getpid());
  const int failed = WithRoom(path, [&] {
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    int error = 0;
    try {
      error = WriteToDisk(fd, bytes, large);
    } catch (...) {
      ::close(fd);
      ::unlink(temporary.c_str());
      throw;
    }
    if (::close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(temporary.c_str());
    return error;
  });
  if (failed != 0) return FileError("write", path, failed);
  SyncFolderOf(path);
  return {};
}

}  // namespace

Status WriteFileAtomically(const std::string& path, const std::string& bytes) { return Write(path, bytes, false); }

Status WriteLargeFile(const std::string& path, const std::string& bytes) { return Write(path, bytes, true); }

Result<std::string> ReadFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return FileError("read", path, errno);
  std::string bytes;
  struct stat info {};
  if (::fstat(fd, &info) == 0 && info.st_size > 0) bytes.reserve(static_cast<size_t>(info.st_size));
  char block[1 << 16];
  int error = 0;
  while (true) {
    const ssize_t got = ::read(fd, block, sizeof(block));
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      error = errno;
      break;
    }
    bytes.append(block, static_cast<size_t>(got));
  }
  ::close(fd);
  if (error != 0) return FileError("read", path, error);
  return bytes;
}

AppendFile::~AppendFile() {
  if (fd_ >= 0) ::close(fd_);
}

AppendFile::AppendFile(AppendFile&& other) noexcept { *this = std::move(other); }

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}

Result<AppendFile> AppendFile::Open(const std::string& path, int64_t keep_bytes) {
  AppendFile file;
  file.path_ = path;
  const int failed = WithRoom(path, [&] {
    file.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return file.fd_ < 0 ? errno : 0;
  });
  if (failed != 0) return FileError("open", path, failed);
  struct stat info {};
  if (::fstat(file.fd_, &info) != 0) return FileError("open", path, errno);
  file.size_ = info.st_size;
  if (keep_bytes >= 0) {
    if (keep_bytes > file.size_)
      return Error{path + ": has " + std::to_string(file.size_) + " bytes, but " + std::to_string(keep_bytes) +
                   " were written; the file was cut off by something else"};
    if (::ftruncate(file.fd_, keep_bytes) != 0) return FileError("shorten", path, errno);
    file.size_ = keep_bytes;
  }
  return file;
}

Status AppendFile::Append(const std::string& bytes) {
  EQ_CHECK(fd_ >= 0, "Append to a file that is not open");
  int repair = 0;
  const int error = WithRoom(path_, [&] {
    const int failed = WriteAll(fd_, bytes.data(), bytes.size());
    // Readers must never meet half a record. If even this fails, Open's keep_bytes repairs the file on resume.
    if (failed != 0 && ::ftruncate(fd_, size_) != 0) repair = errno;
    return repair != 0 ? repair : failed;
  });
  if (repair != 0) return FileError("repair", path_, repair);
  if (error != 0) return FileError("write", path_, error);
  size_ += static_cast<int64_t>(bytes.size());
  return {};
}

AppendFile::Fate AppendFile::Look() const {
  struct stat ours {
  }, there{};
  if (fd_ < 0 || ::fstat(fd_, &ours) != 0) return Fate::kAltered;
  // A name that cannot be looked at for another reason (a disk of the network is away) may lead here still.
  if (::stat(path_.c_str(), &there) != 0) return errno == ENOENT || errno == ENOTDIR ? Fate::kGone : Fate::kThere;
  if (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev) return Fate::kReplaced;
  return S_ISREG(ours.st_mode) && ours.st_size != size_ ? Fate::kAltered : Fate::kThere;
}

Status AppendFile::PutBack() {
  std::string bytes(static_cast<size_t>(size_), '\0');
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(fd_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError("read what was", path_, errno);
    if (got == 0) return Error{path_ + ": was shortened while it was being written"};
    at += static_cast<size_t>(got);
  }
  if (Status status = WriteFileAtomically(path_, bytes); !status) return status;
  Result<AppendFile> again = Open(path_);
  if (!again) return again.error();
  *this = std::move(again).value();
  return {};
}

Status AppendFile::Sync() {
  EQ_CHECK(fd_ >= 0, "Sync of a file that is not open");
  if (::fsync(fd_) != 0 && errno != EINVAL) return FileError("write", path_, errno);  // EINVAL: a pipe or /dev file
  return {};
}

}  // namespace equipoise
