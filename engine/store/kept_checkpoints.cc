#include "engine/store/kept_checkpoints.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

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
  return WriteFileAtomically(PathOf(paths, name), bytes);
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
  const std::string name = kAsidePrefix + std::to_string(number);
  const std::string unfinished = paths.folder + "/." + name + ".tmp", target = paths.folder + "/" + name;
  fs::remove_all(unfinished, error);
  fs::create_directory(unfinished, error);
  for (fs::directory_iterator it(paths.folder, error), end; !error && it != end; it.increment(error)) {
    const std::string part = it->path().filename().string();
    if (BelongsToTheRun(part)) fs::copy(it->path(), unfinished + "/" + part, fs::copy_options::recursive, error);
    if (error) break;
  }
  Status written;
  if (!error) {
    Result<RunDescription> description = ReadDescription(unfinished);
    if (!description) {
      written = description.error();
    } else {
      RunDescription copy = std::move(description).value();
      copy.name = RunName(folder.name()) + "-" + name;
      copy.condition = RunCondition::kStopped;
      written = WriteFileAtomically(RunPaths(unfinished).run_json, ToJsonText(copy));
    }
    if (written) fs::rename(unfinished, target, error);
  }
  if (!error && written) return name;
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  if (!written) return written.error();
  return Error{"cannot copy " + paths.folder + " to " + target + ": " + error.message() +
               "; free some space and try again"};
}

}  // namespace equipoise::store
