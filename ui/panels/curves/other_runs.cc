#include "ui/panels/curves/other_runs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "engine/config/config_file.h"
#include "engine/record/run_settings.h"
#include "engine/store/run_folder.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

constexpr double kLookAgain = 3;  // seconds

uintmax_t LogBytes(const std::string& folder) {
  std::error_code absent;
  const uintmax_t size = fs::file_size(store::RunPaths(folder).episodes, absent);
  return absent ? 0 : size;
}

}  // namespace

run::CurveLine LineOf(const CurveSeries& series) { return {series.x, series.smooths ? series.smoothed : series.y}; }

run::CurveLine Difference(const run::CurveLine& other, const run::CurveLine& own) {
  run::CurveLine out;
  for (size_t i = 0; i < other.x.size(); ++i) {
    const double here = run::ValueAt(own, other.x[i]);
    if (!std::isfinite(here) || !std::isfinite(other.y[i])) continue;
    out.x.push_back(other.x[i]);
    out.y.push_back(other.y[i] - here);
  }
  return out;
}

std::shared_ptr<const OtherRun> OtherRunReader::Read() {
  auto out = std::make_shared<OtherRun>();
  out->folder = folder_;
  out->name = fs::path(folder_).filename().string();
  const auto described = store::ReadDescription(folder_);
  if (!described.ok()) {
    out->problem = described.error().message;
    return out;
  }
  const auto settings = run::SettingsOf(described.value(), folder_);
  if (!settings.ok()) {
    out->problem = settings.error().message;
    return out;
  }
  out->identity = run::IdentityOf(settings.value(), described.value());
  out->forked = described.value().forked;
  const auto take = [this](run::EpisodeSummary episode) {
    episodes_.push_back(std::make_shared<const run::EpisodeSummary>(std::move(episode)));
  };
  if (const Status read = reader_.Read([this] { episodes_ = {}; }, take); !read) out->problem = read.error().message;
  out->episodes = std::make_shared<EpisodeList>(episodes_);
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
        if (entry.reader == nullptr) entry.reader = std::make_shared<OtherRunReader>(folder);
        entry.next = std::async(std::launch::async, [reader = entry.reader] { return reader->Read(); });
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

run::RunIdentity IdentityOf(const run::Snapshot& snapshot) {
  run::RunIdentity identity{SettingsOf(snapshot), snapshot.steered, false};
  if (snapshot.info == nullptr || snapshot.info->directory.empty()) return identity;
  const auto described = store::ReadDescription(snapshot.info->directory);
  if (!described.ok()) return identity;
  if (auto settings = run::SettingsOf(described.value(), snapshot.info->directory); settings.ok())
    identity.settings = std::move(settings).value();
  identity.forked = described.value().forked.has_value();
  return identity;
}

std::optional<store::ForkedFrom> ForkedFromOf(const run::Snapshot& snapshot) {
  if (snapshot.info == nullptr || snapshot.info->directory.empty()) return {};
  const auto described = store::ReadDescription(snapshot.info->directory);
  return described.ok() ? described.value().forked : std::nullopt;
}

OverlaySeries Overlay(const std::vector<const CurveData*>& runs, const std::vector<run::RunGroup>& groups,
                      CurveChart chart, size_t which) {
  OverlaySeries out;
  for (size_t g = 0; g < groups.size(); ++g) {
    OverlayGroup group;
    group.group = g;
    std::vector<run::CurveLine> all;
    for (const size_t i : groups[g].runs) {
      if (runs[i] == nullptr) continue;
      const auto& series = runs[i]->series[static_cast<size_t>(chart)];
      if (which >= series.size() || series[which].y.empty()) continue;
      all.push_back(LineOf(series[which]));
      if (i > 0) {
        group.lines.push_back(all.back());
        group.runs.push_back(i);
      }
    }
    if (group.lines.empty()) continue;
    group.band = run::MeanOverRuns(all);
    group.reach.Add(group.band.lo);
    group.reach.Add(group.band.hi);
    out.groups.push_back(std::move(group));
  }
  return out;
}

}  // namespace equipoise::ui
