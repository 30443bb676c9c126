#include "engine/store/decision_files.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "engine/base/atomic_file.h"

namespace equipoise::store {
namespace {

namespace fs = std::filesystem;

std::string FolderOf(const std::string& run_folder) { return run_folder + "/decisions"; }

std::string NameOf(int episode) {
  char name[32];
  std::snprintf(name, sizeof name, "%06d.eqps", episode);
  return name;
}

// The episode of a file's name, or 0: not one of ours (a temporary that a crash left, a file of somebody else).
int EpisodeOf(const fs::path& path) {
  int episode = 0;
  if (std::sscanf(path.filename().string().c_str(), "%d", &episode) != 1 || episode < 1) return 0;
  return path.filename().string() == NameOf(episode) ? episode : 0;
}

std::map<int, int64_t> List(const std::string& folder) {
  std::map<int, int64_t> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    const auto size = static_cast<int64_t>(it->file_size(gone));
    if (const int episode = EpisodeOf(it->path()); episode > 0 && !gone) out[episode] = size;
  }
  return out;
}

}  // namespace

std::string DecisionPath(const std::string& run_folder, int episode) {
  return FolderOf(run_folder) + "/" + NameOf(episode);
}

std::vector<int> KeptDecisions(const std::string& run_folder) {
  std::vector<int> out;
  for (const auto& [episode, bytes] : List(FolderOf(run_folder))) out.push_back(episode);
  return out;
}

Result<DecisionFiles> DecisionFiles::Open(const std::string& run_folder, int64_t budget_bytes, int every,
                                          int last_episode) {
  DecisionFiles files(FolderOf(run_folder), budget_bytes, std::max(1, every));
  std::error_code error;
  if (files.keeps()) fs::create_directories(files.folder_, error);
  if (error) return Error{"cannot make the folder " + files.folder_ + ": " + error.message()};
  files.bytes_ = List(files.folder_);
  while (!files.bytes_.empty() && files.bytes_.rbegin()->first > last_episode) {
    if (Status status = files.Remove(files.bytes_.rbegin()->first); !status) return status.error();
  }
  return files;
}

Status DecisionFiles::Remove(int episode) {
  std::error_code error;
  const std::string path = folder_ + "/" + NameOf(episode);
  fs::remove(path, error);
  if (error) return Error{"cannot remove " + path + ": " + error.message()};
  bytes_.erase(episode);
  return {};
}

Status DecisionFiles::Write(int episode, const std::string& bytes) {
  if (!keeps()) return {};
  Status written;
  std::error_code error;
  for (int attempt = 0; attempt < 2; ++attempt) {
    fs::create_directory(folder_, error);  // somebody may have removed it; never the run's folder as well
    written = WriteFileAtomically(folder_ + "/" + NameOf(episode), bytes);
    if (written || fs::exists(folder_, error)) break;  // else it was removed in this very moment
  }
  if (!written) return written;
  // The one before was kept only as the newest, unless its turn it was.
  const int before = bytes_.empty() ? 0 : bytes_.rbegin()->first;
  bytes_[episode] = static_cast<int64_t>(bytes.size());
  if (before > 0 && before < episode && (before - 1) % every_ != 0) {
    if (Status status = Remove(before); !status) return status;
  }
  int64_t all = 0;
  for (const auto& [kept, size] : bytes_) all += size;
  while (all > budget_bytes_ && bytes_.size() > 1) {
    all -= bytes_.begin()->second;
    if (Status status = Remove(bytes_.begin()->first); !status) return status;
  }
  return {};
}

bool DecisionFiles::DropOldest() { return bytes_.size() > 1 && Remove(bytes_.begin()->first).ok(); }

}  // namespace equipoise::store
