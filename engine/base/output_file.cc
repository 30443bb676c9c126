#include "engine/base/output_file.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "engine/base/file_io.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;        // as the kernel
constexpr size_t kLongestName = 255;  // NAME_MAX of every file system in use
constexpr char kRunFile[] = "run.json";
// Nobody else gives files such names: those of processes that are gone are removed.
constexpr char kPart[] = ".equipoise-part-";

std::string NameOf(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

// With its point, in small letters; "" when there is none.
std::string EndingOf(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending;
}

bool IsNumber(const std::string& text) {
  return !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == std::string::npos;
}

// Where a path leads once every link is followed.
struct Place {
  enum class Kind { kAbsent, kFile, kFolder, kStream, kDisk } kind = Kind::kAbsent;
  std::string path;
  int descriptor = -1;
  int mode = -1;
};

// /proc/<pid>/fd/<name>. Of this process it is the descriptor itself that is meant: opening that name would begin at
// the start of the file again, and a socket cannot be opened at all.
bool IsDescriptor(const std::string& folder, const std::string& name) {
  return IsNumber(name) && folder.compare(0, 6, "/proc/") == 0 && NameOf(folder) == "fd";
}
bool IsOwn(const std::string& folder) {
  const std::string own = "/proc/" + std::to_string(::getpid()) + "/";
  return folder.compare(0, own.size(), own) == 0;
}

Result<Place> OfDescriptor(const std::string& folder, const std::string& name, const std::string& given) {
  if (!IsOwn(folder)) return Place{Place::Kind::kStream, folder + "/" + name};
  const int descriptor = std::stoi(name), flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return Error{given + ": this descriptor is not open for writing"};
  return Place{Place::Kind::kStream, given, descriptor};
}

Result<Place> Follow(const std::string& given) {
  std::string path = given;
  for (int hop = 0; hop < kMostLinks; ++hop) {
    const std::string name = NameOf(path);
    if (name.empty() || name == "." || name == "..") return Place{Place::Kind::kFolder, path};
    char* const real = ::realpath(FolderOf(path).c_str(), nullptr);
    if (real == nullptr) {
      if (errno == ENOENT) return Place{Place::Kind::kAbsent, path};  // its folder will be made
      return FileError("write", given, errno);
    }
    const std::string folder = real;
    ::free(real);
    path = (folder == "/" ? "" : folder) + "/" + name;
    if (IsDescriptor(folder, name)) return OfDescriptor(folder, name, given);
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
      if (errno == ENOENT) return Place{Place::Kind::kAbsent, path};
      return FileError("write", given, errno);
    }
    if (S_ISDIR(info.st_mode)) return Place{Place::Kind::kFolder, path};
    if (S_ISREG(info.st_mode)) return Place{Place::Kind::kFile, path, -1, static_cast<int>(info.st_mode & 0777)};
    if (S_ISBLK(info.st_mode)) return Place{Place::Kind::kDisk, path};
    if (!S_ISLNK(info.st_mode)) return Place{Place::Kind::kStream, path};
    char link[PATH_MAX];
    const ssize_t size = ::readlink(path.c_str(), link, sizeof(link));
    if (size <= 0) return FileError("write", given, errno);
    const std::string to(link, static_cast<size_t>(size));
    path = to[0] == '/' ? to : folder + "/" + to;
  }
  return FileError("write", given, ELOOP);
}

Status CheckEnding(const std::string& path, const std::vector<std::string>& endings) {
  if (endings.empty() || std::find(endings.begin(), endings.end(), EndingOf(path)) != endings.end()) return {};
  std::string known;
  for (const std::string& ending : endings) known += (known.empty() ? "" : ", ") + ending;
  return Error{path + ": the ending names the format, and here it must be " + (endings.size() > 1 ? "one of " : "") +
               known};
}

// Its truth (episodes.jsonl) and what other programs read of it (progress.csv) are the run's to write.
bool BelongsToARun(const std::string& target) {
  const std::string ending = EndingOf(target);
  return ending != ".png" && ending != ".svg" && ::access((FolderOf(target) + "/" + kRunFile).c_str(), F_OK) == 0;
}

Status CheckReplaceable(const std::string& path, const Place& place, bool overwrite) {
  if (!overwrite) return Error{path + " exists; name another file, or add --overwrite"};
  if (BelongsToARun(place.path))
    return Error{path + " belongs to the run in " + FolderOf(place.path) + " and is not replaced; name another file"};
  if (::faccessat(AT_FDCWD, place.path.c_str(), W_OK, AT_EACCESS) != 0)
    return Error{path + " is protected against writing; name another file"};
  return {};
}

}  // namespace

std::string UnfinishedName(const std::string& path) {
  const std::string folder = path.substr(0, path.size() - NameOf(path).size());
  const std::string ending = fs::path(path).extension().string();
  for (int number = 0;; ++number) {
    const std::string tail =
        kPart + std::to_string(::getpid()) + (number > 0 ? "-" + std::to_string(number) : "") + ending;
    std::string stem = fs::path(path).stem().string();
    if (stem.size() + tail.size() > kLongestName && tail.size() < kLongestName) stem.resize(kLongestName - tail.size());
    const std::string name = folder + stem + tail;
    struct stat info {};
    if (::lstat(name.c_str(), &info) != 0) return name;
  }
}

namespace {

constexpr auto kAtRest = std::chrono::minutes(10);

// The process in "curves.equipoise-part-1234-2.svg", or 0: it is no such name.
pid_t WriterOf(const std::string& name) {
  const size_t at = name.rfind(kPart);
  if (at == std::string::npos || at == 0) return 0;
  std::string rest = name.substr(at + sizeof(kPart) - 1);
  rest = rest.substr(0, rest.find('.'));
  const size_t dash = rest.find('-');
  const std::string process = rest.substr(0, dash);
  if (dash != std::string::npos && !IsNumber(rest.substr(dash + 1))) return 0;
  return IsNumber(process) && process.front() != '0' ? static_cast<pid_t>(std::stol(process)) : 0;
}

bool HoldsOnlyFiles(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->symlink_status().type() != fs::file_type::regular) return false;
  return !error;
}

}  // namespace

void RemoveUnfinished(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const pid_t writer = WriterOf(it->path().filename().string());
    if (writer <= 0 || ::kill(writer, 0) == 0 || errno != ESRCH) continue;
    std::error_code ignored;
    const auto written = fs::last_write_time(it->path(), ignored);
    if (ignored || fs::file_time_type::clock::now() - written < kAtRest) continue;
    const fs::file_type type = it->symlink_status().type();
    if (type == fs::file_type::regular) fs::remove(it->path(), ignored);
    if (type == fs::file_type::directory && HoldsOnlyFiles(it->path())) fs::remove_all(it->path(), ignored);
  }
}

int RenameToNew(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
  // The file system does not know how: a moment lies between looking and renaming.
  struct stat info {};
  if (::lstat(to.c_str(), &info) == 0) return EEXIST;
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

Result<OutputFile> OutputFile::At(const std::string& path, const OutputRule& rule) {
  if (path.empty()) return Error{"the name of a file to write is empty"};
  Result<Place> found = path == "-" ? Place{Place::Kind::kStream, path, 1} : Follow(path);
  if (!found) return found.error();
  const Place& place = found.value();
  OutputFile file;
  file.path_ = path;
  file.target_ = place.path;
  file.overwrite_ = rule.overwrite;
  file.binary_ = rule.binary;
  file.mode_ = place.mode;
  switch (place.kind) {
    case Place::Kind::kFolder:
      return Error{path + " is a folder; name a file in it"};
    case Place::Kind::kDisk:
      return Error{path + " is a disk; name a file"};
    case Place::Kind::kStream:
      if (!rule.streams) return Error{path + " is not a file, and this cannot be written piece by piece; name a file"};
      file.is_stream_ = true;
      file.descriptor_ = place.descriptor;
      if (rule.binary && place.descriptor >= 0 && ::isatty(place.descriptor) != 0)
        return Error{path + " is the terminal, which would show this as noise; name a file"};
      return file;
    case Place::Kind::kFile:
    case Place::Kind::kAbsent:
      break;
  }
  if (Status status = CheckEnding(path, rule.endings); !status) return status.error();
  if (place.kind == Place::Kind::kFile)
    if (Status status = CheckReplaceable(path, place, rule.overwrite); !status) return status.error();
  return file;
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(target_, other.target_);
  std::swap(temporary_, other.temporary_);
  std::swap(is_stream_, other.is_stream_);
  std::swap(overwrite_, other.overwrite_);
  std::swap(binary_, other.binary_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(mode_, other.mode_);
  return *this;
}

Status OutputFile::WriteToStream(const std::string& bytes) const {
  if (descriptor_ >= 0) {
    if (is_standard_output()) std::fflush(stdout);  // what was printed before comes before
    const int error = WriteAll(descriptor_, bytes.data(), bytes.size());
    return error == 0 ? Status() : FileError("write", path_, error);
  }
  const int fd = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);  // of a pipe: waits for its reader
  if (fd < 0) return FileError("write", path_, errno);
  if (binary_ && ::isatty(fd) != 0) {
    ::close(fd);
    return Error{path_ + " is a terminal, which would show this as noise; name a file"};
  }
  int error = WriteAll(fd, bytes.data(), bytes.size());
  if (::close(fd) != 0 && error == 0) error = errno;
  return error == 0 ? Status() : FileError("write", path_, error);
}

Status OutputFile::Write(const std::string& bytes) {
  if (is_stream_) return WriteToStream(bytes);
  const Result<std::string> begun = Begin();
  if (!begun) return begun.error();
  const int fd = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return FileError("write", path_, errno);
  int error = WriteAll(fd, bytes.data(), bytes.size());
  if (::close(fd) != 0 && error == 0) error = errno;
  return error == 0 ? Finish() : FileError("write", path_, error);
}

Result<std::string> OutputFile::Begin() {
  if (is_stream_) return descriptor_ >= 0 ? "/dev/fd/" + std::to_string(descriptor_) : target_;
  EQ_CHECK(temporary_.empty(), "a file is begun twice");
  std::error_code error;
  fs::create_directories(FolderOf(target_), error);
  if (error) return Error{path_ + ": the folder cannot be made (" + error.message() + "); choose another one"};
  temporary_ = UnfinishedName(target_);
  return temporary_;
}

Status OutputFile::Finish() {
  if (is_stream_) return {};
  EQ_CHECK(!temporary_.empty(), "a file is finished that was not begun");
  const int fd = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return FileError("write", path_, errno);
  int error = 0;
  if (mode_ >= 0 && ::fchmod(fd, static_cast<mode_t>(mode_)) != 0) error = errno;
  if (::fsync(fd) != 0 && errno != EINVAL && error == 0) error = errno;
  ::close(fd);
  if (error != 0) return FileError("write", path_, error);
  return Rename();
}

Status OutputFile::Rename() {
  int error = 0;
  if (overwrite_) {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) error = errno;
  } else {
    error = RenameToNew(temporary_, target_);
  }
  if (error == EEXIST) return Error{path_ + " exists since a moment ago; name another file, or add --overwrite"};
  if (error != 0) return FileError("write", path_, error);
  temporary_.clear();
  SyncFolderOf(target_);
  return {};
}

bool IsStandardOutput(const std::string& path) {
  const Result<OutputFile> file = OutputFile::At(path, OutputRule());
  return file.ok() && file.value().is_standard_output();
}

Status WriteOutput(const std::string& path, const std::string& bytes, const OutputRule& rule) {
  Result<OutputFile> file = OutputFile::At(path, rule);
  if (!file) return file.error();
  OutputFile out = std::move(file).value();
  return out.Write(bytes);
}

}  // namespace equipoise
