// What Repair would do, found out by doing it to a copy; see repair.h.
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/file_io.h"
#include "engine/base/held_folder.h"
#include "engine/run/repair.h"
#include "engine/store/folder_lock.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

constexpr char kPrefix[] = "equipoise-dry-run-";

// A folder of its own for a copy, gone with everything in it at the end. It is locked like a run's; one that is not,
// was left by a process that was killed, and goes when the next is made.
class Scratch {
 public:
  static Result<Scratch> Make() {
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    if (error) return Error{"there is no folder for temporary files: " + error.message() + "; set TMPDIR to one"};
    RemoveLeft(where);
    Error last;
    for (int attempt = 0; attempt < 3; ++attempt) {
      std::string name = (where / (std::string(kPrefix) + "XXXXXX")).string();
      if (::mkdtemp(name.data()) == nullptr) return FileError("make the folder", name, errno);
      Scratch scratch;
      scratch.path_ = name;
      Result<store::FolderLock> lock = store::FolderLock::Take(name);
      // Before it was locked another process may have taken it for one that was left.
      last = lock ? Error{name + " was removed a moment ago"} : lock.error();
      if (!lock || !fs::exists(name, error)) continue;
      scratch.lock_ = std::move(lock).value();
      return scratch;
    }
    return last;
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, "")), lock_(std::move(other.lock_)) {}
  Scratch& operator=(Scratch&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  Scratch() = default;

  static void RemoveLeft(const fs::path& where) {
    std::error_code error;
    for (fs::directory_iterator it(where, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      const std::string path = it->path().string();
      if (it->path().filename().string().rfind(kPrefix, 0) != 0 || !fs::is_directory(it->symlink_status(ignored)))
        continue;
      if (fs::is_empty(path, ignored)) {
        fs::remove(path, ignored);  // killed before it was locked
      } else if (fs::exists(path + "/.lock", ignored)) {
        const Result<store::FolderLock> left = store::FolderLock::Take(path);
        if (left) fs::remove_all(path, ignored);
      }
    }
  }

  std::string path_;
  store::FolderLock lock_;
};

bool StartsWith(const std::string& text, const std::string& part) { return text.compare(0, part.size(), part) == 0; }

// What a repair reads. Of what lies beside it only the names count: nothing may get one of them.
void CopyEntry(const fs::path& from, const fs::path& to, std::error_code& error) {
  const std::string name = from.filename().string();
  if (name == ".lock") return;
  const bool beside = name == "export" || name == "decisions" || name == "dashboard.png" || StartsWith(name, "cut-") ||
                      StartsWith(name, "rolled-back-") || StartsWith(name, ".rolled-back-");
  std::error_code ignored;
  if (!beside && fs::status(from, ignored).type() == fs::file_type::not_found) return;  // a link that leads nowhere
  if (!beside)
    fs::copy(from, to, fs::copy_options::recursive, error);
  else if (fs::is_directory(from, ignored))
    fs::create_directory(to, error);
  else if (!WriteFileAtomically(to.string(), ""))
    error = std::make_error_code(std::errc::io_error);
}

}  // namespace

Result<RepairReport> RehearseRepair(const std::string& directory) {
  const std::string folder = store::RunPaths(directory).folder;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return Error{"there is no folder " + folder};
  const auto held = [&folder] {
    const std::string holder = store::FolderLock::Holder(folder);
    return holder.empty() ? Status() : Status(Error{folder + " is being written by " + holder});
  };
  if (Status free = held(); !free) return free.error();
  Result<Scratch> made = Scratch::Make();
  if (!made) return made.error();
  const Scratch scratch = std::move(made).value();
  const std::string copy = scratch.path() + "/" + store::RunName(folder);
  fs::create_directory(copy, error);
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    CopyEntry(it->path(), fs::path(copy) / it->path().filename(), error);
    if (error) break;
  }
  if (error)
    return Error{"cannot copy " + folder + " to " + scratch.path() + ": " + error.message() +
                 "; set TMPDIR to a folder with more room"};
  if (Status free = held(); !free) return free.error();  // since a moment ago: the copy may be of two moments
  Result<RepairReport> result = Repair(copy);
  if (!result) return Error{WithFolder(result.error().message, copy, folder)};
  RepairReport report = std::move(result).value();
  for (std::vector<std::string>* sentences : {&report.mended, &report.lost})
    for (std::string& sentence : *sentences) sentence = WithFolder(sentence, copy, folder);
  return report;
}

}  // namespace equipoise::run
