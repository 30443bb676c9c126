#include "engine/browse/run_list.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/config/config_file.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;

// What run.json says; the episodes stay as they are.
void Describe(RunSummary* summary) {
  summary->problem.clear();
  summary->total = 0;
  Result<store::RunDescription> description = store::ReadDescription(summary->folder);
  if (!description) {
    summary->problem = description.error().message;
    return;
  }
  summary->description = std::move(description).value();
  const auto settings = config::FromJson(summary->description.settings_json);
  if (settings) summary->total = settings.value().run.episodes;
  if (summary->description.episodes > 0) summary->total = static_cast<int>(summary->description.episodes);
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

void RunList::Add(const std::string& folder, std::map<std::string, Known>* seen) {
  const store::RunPaths paths(folder);
  Known now;
  if (const auto known = known_.find(folder); known != known_.end()) now = std::move(known->second);
  RunSummary& summary = now.summary;
  if (now.reader == nullptr) {
    summary.folder = folder;
    now.reader = std::make_shared<EpisodeReader>(folder);
  }
  if (const FileStamp stamp = StampOf(paths.run_json); !(stamp == now.description)) {
    now.description = stamp;
    Describe(&summary);
  }
  if (const FileStamp stamp = StampOf(paths.episodes); !(stamp == now.episodes)) {
    now.episodes = stamp;
    const auto forget = [&summary] {
      summary.returns.clear();
      summary.episodes = 0;
    };
    const auto take = [&summary](const EpisodeSummary& episode) {
      summary.returns.push_back(episode.episode_return);
      summary.episodes = std::max(summary.episodes, episode.episode);
    };
    (void)now.reader->Read(forget, take).ok();  // a broken line: what stands before it is listed
  }
  summary.total = std::max(summary.total, summary.episodes);  // resumed by a version that kept no count
  // The lock is not a matter of the files' times.
  summary.holder = store::FolderLock::Holder(folder);
  summary.died = summary.holder.empty() && summary.description.condition == store::RunCondition::kRunning &&
                 summary.problem.empty();
  runs_.push_back(summary);
  (*seen)[folder] = std::move(now);
}

RunSummary RunList::ReadOne(const std::string& folder) {
  RunList list;
  std::map<std::string, Known> seen;
  list.Add(folder, &seen);
  return list.runs_.front();
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

}  // namespace equipoise::run
