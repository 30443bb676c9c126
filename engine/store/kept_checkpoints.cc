#include "engine/store/kept_checkpoints.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "engine/base/atomic_file.h"
#include "engine/base/file_io.h"
#include "engine/base/full_disk.h"
#include "engine/base/interrupt.h"
#include "engine/base/large_file.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

constexpr char kKeptPrefix[] = "before-", kKeptSuffix[] = ".eqps", kAsidePrefix[] = "rolled-back-";

std::string PathOf(const RunPaths& paths, const std::string& name) {
  return paths.checkpoints + "/" + name + kKeptSuffix;
}

bool StartsWith(const std::string& text, const std::string& part) { return text.compare(0, part.size(), part) == 0; }

bool BelongsToTheRun(const std::string& name) {
  return name != "export" && name != "mailbox" && name != ".lock" && !StartsWith(name, kAsidePrefix) &&
         !StartsWith(name, ".rolled-back");
}

// The state before the last one is number 1.
std::string PreviousPath(const RunPaths& paths, int number) {
  return number == 1 ? paths.previous : paths.checkpoints + "/previous-" + std::to_string(number) + kKeptSuffix;
}

}  // namespace

std::vector<std::string> PreviousPaths(const RunPaths& paths) {
  std::vector<std::string> there;
  std::error_code error;
  for (int number = 1; number <= kMostStates; ++number)
    if (std::string path = PreviousPath(paths, number); fs::exists(path, error)) there.push_back(std::move(path));
  return there;
}

void KeepPrevious(const RunPaths& paths, int states) {
  // Whoever was ended here before the new state took its name has done this already.
  const std::optional<FileIdentity> state = IdentityOf(paths.state);
  if (states >= 2 && state && IdentityOf(PreviousPath(paths, 1)) == state) return;
  for (int number = std::max(states, 1); number <= kMostStates; ++number) ::unlink(PreviousPath(paths, number).c_str());
  if (states < 2) return;
  const std::string newest = PreviousPath(paths, 1), link = newest + ".tmp-" + std::to_string(::getpid());
  if (::link(paths.state.c_str(), link.c_str()) != 0) return;
  for (int number = states - 1; number > 1; --number)
    (void)std::rename(PreviousPath(paths, number - 1).c_str(), PreviousPath(paths, number).c_str());
  (void)std::rename(link.c_str(), newest.c_str());
  ::unlink(link.c_str());  // still there when both names had led to the same file
}

std::string KeptName(int intervention) { return kKeptPrefix + std::to_string(intervention); }

int InterventionOf(const std::string& name) {
  if (!StartsWith(name, kKeptPrefix)) return 0;
  char* end = nullptr;
  const long number = std::strtol(name.c_str() + sizeof(kKeptPrefix) - 1, &end, 10);
  return end != nullptr && *end == '\0' && number > 0 && number < 1000000000 ? static_cast<int>(number) : 0;
}

Status WriteKept(const RunPaths& paths, const std::string& name, const std::string& bytes) {
  return WriteLargeFile(PathOf(paths, name), bytes);
}

Result<std::string> ReadKept(const RunPaths& paths, const std::string& name) {
  std::error_code error;
  if (InterventionOf(name) > 0 && fs::exists(PathOf(paths, name), error)) return ReadFile(PathOf(paths, name));
  std::string known;
  for (const std::string& each : ListKept(paths)) known += (known.empty() ? "" : ", ") + each;
  return Error{"there is no kept checkpoint " + name + " in " + paths.folder +
               (known.empty() ? "; none is kept" : "; kept are " + known)};
}

std::vector<std::string> ListKept(const RunPaths& paths) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(paths.checkpoints, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    if (path.extension() == kKeptSuffix && InterventionOf(path.stem().string()) > 0)
      names.push_back(path.stem().string());
  }
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return InterventionOf(a) < InterventionOf(b); });
  return names;
}

void RemoveKept(const RunPaths& paths, const std::string& name) {
  std::error_code ignored;
  fs::remove(PathOf(paths, name), ignored);
}

namespace {

// All of it, however often it is tried. 0, or errno.
int CopyBytes(int from, int to) {
  constexpr size_t kPart = size_t{1} << 22;
  std::string part(kPart, '\0');
  if (::lseek(from, 0, SEEK_SET) != 0 || ::ftruncate(to, 0) != 0 || ::lseek(to, 0, SEEK_SET) != 0) return errno;
  while (true) {
    const ssize_t got = ::read(from, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    if (const int error = WriteAll(to, part.data(), static_cast<size_t>(got)); error != 0) return error;
    PollInterrupt();
  }
}

// Closes it whatever happens.
struct OpenFile {
  explicit OpenFile(int file) : fd(file) {}
  ~OpenFile() {
    if (fd >= 0) ::close(fd);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  const int fd;
};

Status CopyFileTo(const std::string& from, const std::string& to) {
  const bool replaced = fs::path(from).extension() == kKeptSuffix;  // never written in place
  if (replaced && ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
  const OpenFile in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.fd < 0 && errno == ENOENT) return {};  // a decision that made way for the copy
  if (in.fd < 0) return FileError("read", from, errno);
  const int failed = WithRoom(to, [&] {
    const OpenFile out(::open(to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    return out.fd < 0 ? errno : CopyBytes(in.fd, out.fd);
  });
  return failed != 0 ? Status(FileError("write", to, failed)) : Status();
}

Status MakeFolder(const std::string& path) {
  const int failed = WithRoom(path, [&] { return ::mkdir(path.c_str(), 0777) == 0 ? 0 : errno; });
  return failed != 0 ? Status(FileError("make the folder", path, failed)) : Status();
}

// Without what is no part of the run, at its top.
Status CopyFolder(const fs::path& from, const std::string& to, bool top) {
  if (Status made = MakeFolder(to); !made) return made;
  std::error_code error;
  for (fs::directory_iterator it(from, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string(), target = to + "/" + name;
    std::error_code gone;
    if (top && !BelongsToTheRun(name)) continue;
    const fs::file_type type = fs::status(it->path(), gone).type();
    const bool folder = type == fs::file_type::directory;
    if (!folder && type != fs::file_type::regular && type != fs::file_type::not_found)
      return Error{it->path().string() + " is neither a file nor a folder"};
    Status copied = folder ? CopyFolder(it->path(), target, false) : CopyFileTo(it->path(), target);
    if (!copied) return copied;
  }
  return error ? Status(Error{"cannot read the folder " + from.string() + ": " + error.message()}) : Status();
}

// Removes the unfinished copy, unless it got its name.
struct Unfinished {
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  const std::string path;
};

}  // namespace

Result<std::string> CopyAside(const RunFolder& folder) {
  const RunPaths& paths = folder.paths();
  std::error_code error;
  int number = 1;
  const auto look = [&] {
    return fs::symlink_status(paths.folder + "/" + kAsidePrefix + std::to_string(number), error);
  };
  fs::file_type there = look().type();
  for (; there != fs::file_type::not_found && there != fs::file_type::none; there = look().type()) ++number;
  // What cannot be looked at is not taken for free.
  if (there == fs::file_type::none)
    return Error{"cannot look into " + folder.Named(paths.folder) + ": " + error.message() + "; try again"};
  const std::string name = kAsidePrefix + std::to_string(number), target = paths.folder + "/" + name;
  const Unfinished copy{paths.folder + "/." + name + ".tmp"};
  fs::remove_all(copy.path, error);
  if (Status copied = CopyFolder(paths.folder, copy.path, true); !copied)
    return Error{"cannot copy " + paths.folder + " to " + target + ": " + copied.error().message};
  Result<RunDescription> description = ReadDescription(copy.path);
  if (!description) return description.error();
  RunDescription described = std::move(description).value();
  described.name = RunName(folder.name()) + "-" + name;
  described.condition = RunCondition::kStopped;
  if (Status written = WriteFileAtomically(RunPaths(copy.path).run_json, ToJsonText(described)); !written)
    return written.error();
  fs::rename(copy.path, target, error);
  if (error) return Error{"cannot rename " + copy.path + " to " + target + ": " + error.message()};
  return name;
}

}  // namespace equipoise::store
