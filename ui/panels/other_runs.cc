#include "ui/panels/other_runs.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "engine/run/records.h"
#include "engine/store/run_folder.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

constexpr double kLookAgain = 3;  // seconds

uintmax_t LogBytes(const std::string& folder) {
  std::error_code absent;
  const uintmax_t size = fs::file_size(store::RunPaths(folder).episodes, absent);
  return absent ? 0 : size;
}

run::CurveLine LineOf(const CurveSeries& series) { return {series.x, series.smooths ? series.smoothed : series.y}; }

}  // namespace

std::shared_ptr<const OtherRun> ReadOtherRun(const std::string& folder) {
  auto out = std::make_shared<OtherRun>();
  out->folder = folder;
  out->name = fs::path(folder).filename().string();
  const auto described = store::ReadDescription(folder);
  if (!described.ok()) {
    out->problem = described.error().message;
    return out;
  }
  out->task = described.value().task;
  out->agent = described.value().agent;
  out->preset = described.value().preset;
  out->seed = static_cast<int>(described.value().seed);
  out->steered = described.value().steered;
  Result<run::History> read = run::ReadHistory(folder);
  if (!read.ok()) {
    out->problem = read.error().message;
    return out;
  }
  run::History history = std::move(read).value();
  auto list = std::make_shared<EpisodeList>();
  for (run::EpisodeRecord& record : history.episodes)
    list->push_back(std::make_shared<const run::EpisodeRecord>(std::move(record)));
  out->episodes = std::move(list);
  return out;
}

std::vector<RunChoice> RunsBeside(const std::string& directory, const std::string& task) {
  std::vector<RunChoice> out;
  std::error_code error;
  const fs::path own = fs::weakly_canonical(directory, error);
  const fs::path folder = directory.empty() ? fs::path("runs") : own.parent_path();
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (!fs::exists(store::RunPaths(path).run_json, error)) continue;
    if (!directory.empty() && fs::equivalent(entry.path(), own, error)) continue;
    const auto described = store::ReadDescription(path);
    if (!described.ok() || described.value().task != task) continue;
    out.push_back({path, entry.path().filename().string(), described.value().agent, described.value().preset,
                   static_cast<int>(described.value().seed)});
  }
  std::sort(out.begin(), out.end(), [](const RunChoice& a, const RunChoice& b) { return a.folder < b.folder; });
  return out;
}

std::vector<std::shared_ptr<const OtherRun>> OtherRuns::Of(const std::vector<std::string>& folders, double now_seconds,
                                                           bool wait) {
  std::vector<std::shared_ptr<const OtherRun>> out;
  for (const std::string& folder : folders) {
    Entry& entry = entries_[folder];
    if (entry.next.valid() && (wait || entry.next.wait_for(std::chrono::seconds(0)) == std::future_status::ready)) {
      entry.run = entry.next.get();
    }
    if (!entry.next.valid() && now_seconds - entry.looked_at >= kLookAgain) {
      entry.looked_at = now_seconds;
      const uintmax_t bytes = LogBytes(folder);
      if (entry.run == nullptr || bytes != entry.bytes) {
        entry.bytes = bytes;
        entry.next = std::async(std::launch::async, ReadOtherRun, folder);
        if (wait) entry.run = entry.next.get();
      }
    }
    if (entry.run != nullptr) out.push_back(entry.run);
  }
  return out;
}

bool OtherRuns::reading() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) { return entry.second.next.valid(); });
}

std::optional<size_t> OverlaidSeries(const std::vector<CurveSeries>& own, size_t chosen) {
  if (chosen < own.size() && !own[chosen].y.empty()) return chosen;
  for (size_t k = 0; k < own.size(); ++k)
    if (!own[k].y.empty()) return k;
  return std::nullopt;
}

size_t NextOverlaid(const std::vector<CurveSeries>& own, size_t now) {
  for (size_t k = 1; k <= own.size(); ++k)
    if (const size_t next = (now + k) % own.size(); !own[next].y.empty()) return next;
  return now;
}

OverlaySeries Overlay(const std::vector<std::pair<std::string, const CurveData*>>& others, const CurveData* own,
                      const std::string& agent, CurveChart chart, size_t which) {
  OverlaySeries out;
  std::map<std::string, std::vector<run::CurveLine>> all;
  std::map<std::string, std::vector<run::CurveLine>> theirs;
  const auto add = [&](const std::string& name, const CurveData& data, bool other) {
    const auto& series = data.series[static_cast<size_t>(chart)];
    if (which >= series.size() || series[which].y.empty()) return;
    all[name].push_back(LineOf(series[which]));
    if (other) theirs[name].push_back(all[name].back());
  };
  for (const auto& [name, data] : others) add(name, *data, true);
  if (own != nullptr && theirs.count(agent) > 0) add(agent, *own, false);
  for (const auto& [name, lines] : theirs) {
    OverlayGroup& group = out.groups.emplace_back();
    group.agent = name;
    group.lines = lines;
    group.band = run::MeanOverRuns(all[name]);
    group.reach.Add(group.band.lo);
    group.reach.Add(group.band.hi);
  }
  return out;
}

}  // namespace equipoise::ui
