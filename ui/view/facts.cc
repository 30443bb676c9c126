#include "ui/view/facts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <vector>

namespace equipoise::ui {

const config::Settings& SettingsOf(const run::Snapshot& snapshot) {
  static const config::Settings kDefaults;
  return snapshot.settings != nullptr ? *snapshot.settings : kDefaults;
}

std::string TaskTitle(const run::Snapshot& snapshot) {
  if (snapshot.info != nullptr && !snapshot.info->task.title.empty()) return snapshot.info->task.title;
  return SettingsOf(snapshot).run.task;
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

const TunedSetting* FindTuned(const std::string& key) {
  static constexpr TunedSetting kTuned[] = {{"mb.entropy_bonus", "mb.entropy_auto", "mb.alpha"},
                                            {"sac.entropy_bonus", "sac.entropy_auto", "sac.alpha"}};
  const auto* found = std::find_if(std::begin(kTuned), std::end(kTuned), [&](const auto& t) { return key == t.key; });
  return found != std::end(kTuned) ? found : nullptr;
}

std::optional<double> TunedValue(const run::Snapshot& snapshot, const std::string& key) {
  const TunedSetting* tuned = FindTuned(key);
  if (tuned == nullptr || !std::get<bool>(config::Get(SettingsOf(snapshot), tuned->automatic))) return std::nullopt;
  const auto now = snapshot.scalars.find(tuned->scalar);
  if (now != snapshot.scalars.end() && std::isfinite(now->second)) return now->second;
  return std::get<double>(config::Get(SettingsOf(snapshot), key));
}

std::string TunedText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

const run::PhaseProgress& Progress(const run::Snapshot& snapshot, run::Phase phase) {
  return snapshot.phases[static_cast<size_t>(phase)];
}

double Share(const run::PhaseProgress& progress) {
  return progress.total > 0 ? std::clamp(static_cast<double>(progress.done) / progress.total, 0.0, 1.0) : 0.0;
}

std::optional<run::Phase> WaitingFor(const run::Snapshot& snapshot) {
  std::optional<run::Phase> least;
  for (size_t i = 0; i < snapshot.phases.size(); ++i) {
    if (!snapshot.phases[i].active) continue;
    if (!least || Share(snapshot.phases[i]) < Share(Progress(snapshot, *least))) least = static_cast<run::Phase>(i);
  }
  return least;
}

const char* PhaseTitle(run::Phase phase, bool compact) {
  switch (phase) {
    case run::Phase::kRandom:
      return compact ? "Random" : "Random episodes";
    case run::Phase::kModelFit:
      return "Model fit";
    case run::Phase::kModelPolicy:
      return compact ? "MB policy" : "Model-based policy";
    case run::Phase::kSac:
      return "SAC";
    case run::Phase::kCheck:
      return "Check";
    case run::Phase::kAct:
      return "Collect";
    case run::Phase::kCount:
      break;
  }
  return "";
}

std::string PhaseAmount(run::Phase phase, int count) {
  const char* unit = phase == run::Phase::kRandom  ? "episode"
                     : phase == run::Phase::kSac   ? "update"
                     : phase == run::Phase::kCheck ? "mask"
                                                   : "step";
  return std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
}

}  // namespace equipoise::ui
