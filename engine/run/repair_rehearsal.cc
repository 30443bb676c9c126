// What Repair would do, found out by doing it to a copy; see repair.h.
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/file_io.h"
#include "engine/run/repair.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

// A folder of its own for a copy, gone with everything in it at the end.
class Scratch {
 public:
  static Result<Scratch> Make() {
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    if (error) return Error{"there is no folder for temporary files: " + error.message() + "; set TMPDIR to one"};
    std::string name = (where / "equipoise-dry-run-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return FileError("make the folder", name, errno);
    Scratch scratch;
    scratch.path_ = name;
    return scratch;
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  Scratch& operator=(Scratch&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  Scratch() = default;
  std::string path_;
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

std::string WithPaths(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
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
  if (!result) return Error{WithPaths(result.error().message, copy, folder)};
  RepairReport report = std::move(result).value();
  for (std::vector<std::string>* sentences : {&report.mended, &report.lost})
    for (std::string& sentence : *sentences) sentence = WithPaths(std::move(sentence), copy, folder);
  return report;
}

}  // namespace equipoise::run
