#include "engine/base/output_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/file_io.h"
#include "engine/base/output_file.h"

namespace equipoise {
namespace {

namespace fs = std::filesystem;

constexpr char kMarkHead[] =
    "# Written by Equipoise, which replaces this folder (--overwrite) while it holds nothing but these files.";

// What the mark in a folder names; nothing without a mark.
std::set<std::string> Marked(const std::string& folder) {
  std::set<std::string> names;
  const Result<std::string> text = ReadFile(folder + "/" + kMarkFile);
  if (!text) return names;
  std::istringstream lines(text.value());
  std::string line;
  if (!std::getline(lines, line) || line != kMarkHead) return names;
  names.insert(kMarkFile);
  while (std::getline(lines, line))
    if (!line.empty() && line.find('/') == std::string::npos) names.insert(line);
  return names;
}

// The first entry that the program did not write; "" when there is none.
std::string Stranger(const std::string& folder, std::error_code* error) {
  const std::set<std::string> ours = Marked(folder);
  for (fs::directory_iterator it(folder, *error), end; !*error && it != end; it.increment(*error)) {
    const std::string name = it->path().filename().string();
    if (ours.count(name) == 0 || it->symlink_status().type() != fs::file_type::regular) return name;
  }
  return "";
}

Status CheckReplaceable(const std::string& path, const std::string& target) {
  std::error_code error;
  const std::string stranger = Stranger(target, &error);
  if (error) return Error{"cannot read the folder " + path + ": " + error.message() + "; name another folder"};
  if (!stranger.empty())
    return Error{path + " exists and holds " + stranger + ", which Equipoise did not write there; name another folder"};
  return {};
}

// Both without links.
bool IsOrHolds(const std::string& folder, const std::string& other) {
  if (folder == "/" || folder == other) return true;
  return other.compare(0, folder.size() + 1, folder + "/") == 0;
}

// Unlinks what the mark names. False: something else is in there, and stays.
bool RemoveOld(const std::string& folder) {
  for (const std::string& name : Marked(folder))
    if (name != kMarkFile) ::unlink((folder + "/" + name).c_str());
  ::unlink((folder + "/" + kMarkFile).c_str());
  return ::rmdir(folder.c_str()) == 0;
}

}  // namespace

Result<OutputFolder> OutputFolder::At(const std::string& path, const OutputFolderRule& rule) {
  std::string given = path;
  while (given.size() > 1 && given.back() == '/') given.pop_back();
  if (given.empty()) return Error{"the name of a folder to write is empty"};
  if (given == "-") return Error{"- is standard output; several files need a folder"};
  OutputFolder folder;
  folder.path_ = given;
  folder.target_ = given;
  struct stat info {};
  if (::stat(given.c_str(), &info) != 0) {
    if (errno != ENOENT) return FileError("write", given, errno);
    if (::lstat(given.c_str(), &info) == 0) return Error{given + " is a link to nothing; name another folder"};
    return folder;
  }
  if (!S_ISDIR(info.st_mode)) return Error{given + " exists and is not a folder; name another one"};
  std::error_code error;
  folder.exists_ = true;
  folder.target_ = fs::canonical(given, error).string();
  if (error) return Error{"cannot find the folder " + given + ": " + error.message()};
  if (IsOrHolds(folder.target_, fs::current_path(error).string()))
    return Error{given + " is the working directory or holds it, and is not replaced; name another folder"};
  for (const std::string& kept : rule.keep) {
    const std::string real = fs::canonical(kept, error).string();
    if (!error && IsOrHolds(folder.target_, real))
      return Error{given + (folder.target_ == real ? " is" : " holds") + " the run " + kept +
                   ", which is not replaced; name another folder"};
  }
  struct stat above {};
  if (::stat(FolderOf(folder.target_).c_str(), &above) == 0 && above.st_dev != info.st_dev)
    return Error{given + " is where a file system is mounted, and cannot be swapped; name a folder in it"};
  if (Status status = CheckReplaceable(given, folder.target_); !status) return status.error();
  if (!rule.overwrite && !fs::is_empty(folder.target_, error))
    return Error{given + " exists; name another folder, or add --overwrite"};
  return folder;
}

OutputFolder::~OutputFolder() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept { *this = std::move(other); }

OutputFolder& OutputFolder::operator=(OutputFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(target_, other.target_);
  std::swap(temporary_, other.temporary_);
  std::swap(exists_, other.exists_);
  return *this;
}

Result<std::string> OutputFolder::Begin() {
  EQ_CHECK(temporary_.empty(), "a folder is begun twice");
  std::error_code error;
  fs::create_directories(FolderOf(target_), error);
  if (error) return Error{path_ + ": the folder above it cannot be made (" + error.message() + "); choose another one"};
  const std::string name = UnfinishedName(target_);
  if (::mkdir(name.c_str(), 0777) != 0) return FileError("make the folder", path_, errno);
  temporary_ = name;
  return temporary_;
}

Status OutputFolder::Mark() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(temporary_, error), end; !error && it != end; it.increment(error))
    names.push_back(it->path().filename().string());
  if (error) return Error{"cannot read the folder " + temporary_ + ": " + error.message()};
  std::sort(names.begin(), names.end());
  std::string text = std::string(kMarkHead) + "\n";
  for (const std::string& name : names) text += name + "\n";
  return WriteFileAtomically(temporary_ + "/" + kMarkFile, text);
}

// The old folder stands under the temporary name afterwards.
Status OutputFolder::Replace() {
  struct stat info {};
  if (::stat(target_.c_str(), &info) == 0) ::chmod(temporary_.c_str(), info.st_mode & 0777);
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) return {};
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return FileError("replace", path_, errno);
  // The file system cannot exchange two names: the old one steps aside, for a moment neither has the name.
  const std::string aside = UnfinishedName(target_);
  if (::rename(target_.c_str(), aside.c_str()) != 0) return FileError("replace", path_, errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    const int error = errno;
    ::rename(aside.c_str(), target_.c_str());
    return FileError("replace", path_, error);
  }
  ::rename(aside.c_str(), temporary_.c_str());
  return {};
}

Status OutputFolder::Finish() {
  EQ_CHECK(!temporary_.empty(), "a folder is finished that was not begun");
  if (Status status = Mark(); !status) return status;
  if (!exists_) {
    const int error = RenameToNew(temporary_, target_);
    if (error == EEXIST) return Error{path_ + " exists since a moment ago; name another folder"};
    if (error != 0) return FileError("write", path_, error);
    temporary_.clear();
    SyncFolderOf(target_);
    return {};
  }
  if (Status status = CheckReplaceable(path_, target_); !status) return status;  // again: it took a while
  if (Status status = Replace(); !status) return status;
  SyncFolderOf(target_);
  const std::string old = std::exchange(temporary_, "");
  if (RemoveOld(old)) return {};
  return Error{path_ + " is written; something else came into the folder that it replaces, which is now " + old};
}

}  // namespace equipoise
