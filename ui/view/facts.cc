#include "ui/view/facts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <vector>

#include "engine/config/section.h"
#include "engine/config/task_name.h"
#include "engine/eps/check_settings.h"

namespace equipoise::ui {

const config::Settings& SettingsOf(const run::Snapshot& snapshot) {
  static const config::Settings kDefaults;
  return snapshot.settings != nullptr ? *snapshot.settings : kDefaults;
}

std::string TaskTitle(const run::Snapshot& snapshot) {
  if (snapshot.info != nullptr && !snapshot.info->task.title.empty()) return snapshot.info->task.title;
  return config::TaskStem(SettingsOf(snapshot).run.task);
}

std::string RunName(const run::Snapshot& snapshot) {
  if (snapshot.info == nullptr) return "";
  const std::filesystem::path folder = std::filesystem::path(snapshot.info->directory).lexically_normal();
  const std::string last = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  return last.empty() || last == "." ? snapshot.info->name : last;
}

const run::EpisodeSummary* FindEpisode(const run::Snapshot& snapshot, int episode) {
  if (snapshot.episodes == nullptr) return nullptr;
  const auto before = [](const auto& record, int wanted) { return record->episode < wanted; };
  const auto at = std::lower_bound(snapshot.episodes->begin(), snapshot.episodes->end(), episode, before);
  return at != snapshot.episodes->end() && (*at)->episode == episode ? at->get() : nullptr;
}

int ActedEpisode(const run::Snapshot& snapshot) {
  const int random = SettingsOf(snapshot).run.random_episodes;
  if (snapshot.random_done < random) return snapshot.random_done + 1 - random;
  return snapshot.episode;
}

double SecondsPerEpisode(const run::Snapshot& snapshot) {
  if (snapshot.episodes == nullptr) return NAN;
  const auto& all = *snapshot.episodes;
  std::vector<double> ends;
  for (auto it = all.rbegin(); it != all.rend() && ends.size() < 6 && (*it)->episode > 0; ++it) {
    ends.push_back((*it)->wall_seconds);
  }
  if (ends.size() < 2) return NAN;
  return (ends.front() - ends.back()) / static_cast<double>(ends.size() - 1);
}

const run::PendingChange* FindPending(const run::Snapshot& snapshot, const std::string& key) {
  for (const run::PendingChange& change : snapshot.pending) {
    if (change.key == key) return &change;
  }
  return nullptr;
}

int Interventions(const run::Snapshot& snapshot) {
  if (snapshot.events == nullptr) return 0;
  int highest = 0;
  for (const auto& event : *snapshot.events) highest = std::max(highest, event->number);
  return highest;
}

const run::Event* NewestIntervention(const run::Snapshot& snapshot, const std::string& key) {
  if (snapshot.events == nullptr) return nullptr;
  const auto& all = *snapshot.events;
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if ((*it)->kind == run::Event::Kind::kIntervention && (*it)->key == key) return it->get();
  }
  return nullptr;
}

config::Value Untouched(const run::Snapshot& snapshot, const std::string& key) {
  config::Settings settings = SettingsOf(snapshot);
  if (snapshot.events != nullptr) {
    for (const auto& event : *snapshot.events) {
      if (event->kind != run::Event::Kind::kIntervention || event->key != key) continue;
      // The oldest one says what was there before. Text that does not read back leaves the present value.
      const Status read = config::SetFromText(settings, key, event->from);
      if (read) break;
    }
  }
  return config::Get(settings, key);
}

std::optional<TunedSetting> FindTuned(const std::string& key) {
  const std::string bonus = ".entropy_bonus";
  if (key.size() <= bonus.size() || key.compare(key.size() - bonus.size(), bonus.size(), bonus) != 0)
    return std::nullopt;
  const std::string id = key.substr(0, key.size() - bonus.size());
  if (config::FindSpec(id + ".entropy_auto") == nullptr) return std::nullopt;
  return TunedSetting{key, id + ".entropy_auto", id + ".alpha"};
}

std::optional<double> TunedValue(const run::Snapshot& snapshot, const std::string& key) {
  const std::optional<TunedSetting> tuned = FindTuned(key);
  if (!tuned || !std::get<bool>(config::Get(SettingsOf(snapshot), tuned->automatic))) return std::nullopt;
  const auto now = snapshot.scalars.find(tuned->scalar);
  if (now != snapshot.scalars.end() && std::isfinite(now->second)) return now->second;
  return std::get<double>(config::Get(SettingsOf(snapshot), key));
}

std::string TunedText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

const nets::PartList& PartsOf(const run::Snapshot& snapshot) {
  static const nets::PartList kNone;
  return snapshot.info != nullptr ? snapshot.info->parts : kNone;
}

bool Compares(const run::Snapshot& snapshot) {
  const nets::PartList& parts = PartsOf(snapshot);
  // Of several that act in turn none is held against another.
  const std::vector<const config::Section*> sections = config::SectionsOf(SettingsOf(snapshot).run.agent);
  const bool checks = std::any_of(sections.begin(), sections.end(), [](const config::Section* section) {
    return section->id == eps::CheckSettings::kSection;
  });
  return checks && parts.HasModel() && parts.learners() > 1;
}

bool IsActive(const run::Snapshot& snapshot, const std::string& stage) {
  const run::StageProgress* progress = snapshot.StageOf(stage);
  return progress != nullptr && progress->active;
}

double Share(const run::StageProgress& progress) {
  return progress.total > 0 ? std::clamp(static_cast<double>(progress.done) / progress.total, 0.0, 1.0) : 0.0;
}

const run::StageProgress* WaitingFor(const run::Snapshot& snapshot) {
  const run::StageProgress* least = nullptr;
  for (const run::StageProgress& stage : snapshot.stages)
    if (stage.active && (least == nullptr || Share(stage) < Share(*least))) least = &stage;
  return least;
}

StageTitles TitlesOf(const run::Stage& stage, const nets::PartList& parts) {
  const std::string title = eps::Capitalised(stage.title);
  if (stage.id == run::kActStage) return {"Collect", "Collect", "Act"};
  if (stage.id == run::kRandomStage) return {title, "Random", "Random"};
  const nets::PartInfo* part = parts.Find(stage.id);
  if (part == nullptr || part->short_name == title) return {title, title, title};
  return {title, part->acts() ? part->short_name + " policy" : title, part->short_name};
}

std::string StageAmount(const run::Stage& stage, int count) {
  // "gradient step" has no room; what else takes steps is told apart by its title.
  const std::string unit = stage.unit == "gradient step" ? "step" : stage.unit;
  return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

}  // namespace equipoise::ui
