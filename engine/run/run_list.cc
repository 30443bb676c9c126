#include "engine/run/run_list.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "engine/base/json.h"
#include "engine/config/config_file.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

// progress.csv holds numbers only, so that a line splits at its commas.
void ReadProgress(const std::string& path, RunSummary* summary) {
  const Result<std::vector<std::string>> lines = store::ReadLines(path);
  if (!lines || lines.value().empty()) return;
  const std::vector<std::string> header = Cells(lines.value()[0]);
  const auto column = [&header](const char* name) {
    return static_cast<size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const size_t episode = column("episode"), episode_return = column("episode_return");
  for (size_t i = 1; i < lines.value().size(); ++i) {
    const std::vector<std::string> cells = Cells(lines.value()[i]);
    if (std::max(episode, episode_return) >= cells.size()) continue;
    summary->episodes = std::max(summary->episodes, std::atoi(cells[episode].c_str()));
    const std::string& text = cells[episode_return];
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    summary->returns.push_back(text.empty() || end == text.c_str() ? NAN : value);
  }
}

}  // namespace

double RunSummary::LastMean(size_t count) const {
  double sum = 0;
  size_t counted = 0;
  for (auto it = returns.rbegin(); it != returns.rend() && counted < count; ++it) {
    if (!std::isfinite(*it)) continue;
    sum += *it;
    ++counted;
  }
  return counted > 0 ? sum / static_cast<double>(counted) : NAN;
}

const char* RunSummary::State() const {
  if (!problem.empty()) return "unreadable";
  if (died) return "cut off";
  if (!holder.empty() && description.condition == store::RunCondition::kRunning) return "running";
  return store::Name(description.condition);
}

RunList::Stamp RunList::StampOf(const std::string& folder) {
  const store::RunPaths paths(folder);
  const auto changed = [](const std::string& path) {
    std::error_code absent;
    const auto time = fs::last_write_time(path, absent);
    return absent ? int64_t{0} : static_cast<int64_t>(time.time_since_epoch().count());
  };
  std::error_code absent;
  const auto bytes = fs::file_size(paths.progress, absent);
  return {changed(paths.run_json), changed(paths.progress), absent ? 0 : static_cast<int64_t>(bytes)};
}

void RunList::Add(const std::string& folder, std::map<std::string, Known>* seen) {
  const Stamp stamp = StampOf(folder);
  const auto known = known_.find(folder);
  Known now;
  if (known != known_.end() && known->second.stamp == stamp) {
    now = known->second;
  } else {
    now.stamp = stamp;
    now.summary.folder = folder;
    Result<store::RunDescription> description = store::ReadDescription(folder);
    if (!description) {
      now.summary.problem = description.error().message;
    } else {
      now.summary.description = std::move(description).value();
      const auto settings = config::FromJson(now.summary.description.settings_json);
      if (settings) now.summary.total = settings.value().run.episodes;
      if (now.summary.description.episodes > 0) now.summary.total = static_cast<int>(now.summary.description.episodes);
      ReadProgress(store::RunPaths(folder).progress, &now.summary);
      now.summary.total = std::max(now.summary.total, now.summary.episodes);  // resumed by a version that kept no count
    }
  }
  // The lock is not a matter of the files' times.
  now.summary.holder = store::FolderLock::Holder(folder);
  now.summary.died = now.summary.holder.empty() && now.summary.description.condition == store::RunCondition::kRunning &&
                     now.summary.problem.empty();
  runs_.push_back(now.summary);
  (*seen)[folder] = std::move(now);
}

const std::vector<RunSummary>& RunList::Refresh(const std::string& parent) {
  runs_.clear();
  std::map<std::string, Known> seen;
  std::error_code error;
  const auto each_run = [&error](const std::string& folder, const auto& act) {
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      if (it->path().filename().string().rfind('.', 0) == 0) continue;
      if (fs::exists(it->path() / "run.json", ignored)) act(it->path().string());
    }
    error.clear();
  };
  each_run(parent, [&](const std::string& folder) {
    Add(folder, &seen);
    each_run(folder, [&](const std::string& aside) { Add(aside, &seen); });
  });
  known_ = std::move(seen);
  std::sort(runs_.begin(), runs_.end(), [](const RunSummary& a, const RunSummary& b) {
    if (a.description.started != b.description.started) return a.description.started > b.description.started;
    return a.folder < b.folder;
  });
  return runs_;
}

std::string FirstRunFolder(const std::string& parent, const config::Settings& s) {
  return (parent.empty() ? "" : parent + "/") + s.run.task + "-" + s.run.agent + "-" + s.run.preset + "-s" +
         std::to_string(s.run.seed);
}

namespace {

std::string Numbered(const std::string& base, int n) { return n == 1 ? base : base + "-" + std::to_string(n); }

}  // namespace

std::string FreeRunFolder(const std::string& parent, const config::Settings& s) {
  const std::string base = FirstRunFolder(parent, s);
  std::error_code unreadable;
  int n = 1;
  while (fs::exists(Numbered(base, n), unreadable)) ++n;
  return Numbered(base, n);
}

Result<std::string> ClaimRunFolder(const std::string& parent, const config::Settings& s) {
  const std::string base = FirstRunFolder(parent, s);
  std::error_code error;
  if (!parent.empty()) fs::create_directories(parent, error);
  if (error) return Error{"cannot make the folder " + parent + ": " + error.message() + "; choose one with --out"};
  for (int n = 1;; ++n) {
    const std::string folder = Numbered(base, n);
    if (fs::create_directory(folder, error)) return folder;  // whoever made it has it
    std::error_code absent;
    if (error && !fs::exists(folder, absent))
      return Error{"cannot make the folder " + folder + ": " + error.message() + "; choose one with --out"};
  }
}

}  // namespace equipoise::run
