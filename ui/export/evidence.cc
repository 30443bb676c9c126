#include "ui/export/evidence.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/env/task_library.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/store/run_folder.h"
#include "ui/kit/config_folder.h"
#include "ui/view/facts.h"
#include "ui/view/moment.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

// The settings that the run was started with: the present ones may have been changed by hand since.
config::Settings StartSettings(const run::Snapshot& snapshot) {
  if (snapshot.info != nullptr && !snapshot.info->directory.empty()) {
    const auto description = store::ReadDescription(snapshot.info->directory);
    if (description) {
      const auto settings = run::SettingsOf(description.value(), snapshot.info->directory);
      if (settings) return settings.value();
    }
  }
  return SettingsOf(snapshot);
}

int PickedEpisodes(const run::Snapshot& snapshot) {
  int last = 1;
  if (snapshot.episodes != nullptr && !snapshot.episodes->empty())
    last = std::max(1, snapshot.episodes->back()->episode);
  return last;
}

// `task`: the copy of the run's task file beside the script; "": it came with the program.
std::string ReproduceScript(const run::Snapshot& snapshot, const std::string& task) {
  std::string text = "#!/bin/sh\n# Makes the run again up to the moment of picture.png, and its evidence.\n";
  if (snapshot.steered)
    text +=
        "# It was steered by hand (events.csv). This is the run without a hand: the same up to the first "
        "intervention.\n";
  text += "set -eu\ncd \"$(dirname \"$0\")\"\n";
  text += "equipoise train --config config.toml " + (task.empty() ? "" : "--task '" + task + "' ") + "--episodes " +
          std::to_string(PickedEpisodes(snapshot)) + " --out reproduced\n";
  return text + "equipoise export --run reproduced --bundle reproduced-evidence\n";
}

std::string Versions(const run::Snapshot& snapshot) {
  std::string text;
  if (snapshot.info == nullptr) return text;
  text += "Equipoise " + snapshot.info->version + "\ndevice: " + snapshot.info->device_text + "\n";
  text += "run: " + snapshot.info->name + (snapshot.steered ? " (steered by hand)" : " (clean)") + "\n";
  if (snapshot.info->directory.empty()) return text;
  const auto description = store::ReadDescription(snapshot.info->directory);
  if (!description) return text;
  text += "started: " + description.value().started + " on " + description.value().host + "\n";
  for (const auto& [name, version] : description.value().versions) text += name + " " + version + "\n";
  return text;
}

}  // namespace

Status WriteEvidence(const run::Snapshot& snapshot, const Picture& picture, const EvidenceSpec& spec) {
  Result<OutputFolder> at = OutputFolder::At(spec.folder, FolderRule(snapshot, spec.overwrite));
  if (!at) return at.error();
  OutputFolder folder = std::move(at).value();
  const run::EpisodeSummary* record = nullptr;
  if (spec.episode) {
    record = FindEpisode(snapshot, *spec.episode);
    if (record == nullptr) return Error{"this run has no episode " + std::to_string(*spec.episode)};
  } else if (snapshot.episodes != nullptr && !snapshot.episodes->empty()) {
    record = snapshot.episodes->back().get();
  }
  const auto decision = record != nullptr ? run::WholeDecision(*record) : snapshot.decision;
  const auto whole = record != nullptr ? run::Whole(*record) : nullptr;
  if (spec.range && !HasEpisodes(snapshot, spec.range))
    return Error{"no episode is in sight: the curves of this evidence would be empty"};
  std::vector<std::pair<std::string, std::string>> files = {{"episodes.csv", EpisodesCsv(snapshot, spec.range)},
                                                            {"events.csv", EventsCsv(snapshot)},
                                                            {"config.toml", config::ToToml(StartSettings(snapshot))},
                                                            {"versions.txt", Versions(snapshot)}};
  if (decision != nullptr && decision->checked) files.emplace_back("check.csv", DecisionCsv(*decision));
  if (whole != nullptr) files.emplace_back("decision.json", run::ToLine(*whole) + "\n");
  if (whole != nullptr && !whole->open_loop_error.empty()) files.emplace_back("model.csv", OpenLoopCsv(*whole));
  const Result<std::string> begun = folder.Begin();
  if (!begun) return begun.error();
  Status written = WritePng(picture, begun.value() + "/picture.png");
  if (written) written = env::CopyTask(SettingsOf(snapshot).run.task, begun.value());
  if (!written) return written;
  const std::string task = env::CopiedTaskFile(begun.value());
  files.emplace_back("reproduce.sh",
                     ReproduceScript(snapshot, task.empty() ? "" : task.substr(begun.value().size() + 1)));
  for (const auto& [name, text] : files)
    if (written) written = WriteFileAtomically(begun.value() + "/" + name, text);
  if (!written) return written;
  ::chmod((begun.value() + "/reproduce.sh").c_str(), 0755);
  return folder.Finish();
}

OutputFolderRule FolderRule(const run::Snapshot& snapshot, bool overwrite) {
  OutputFolderRule rule;
  rule.overwrite = overwrite;
  if (snapshot.info != nullptr && !snapshot.info->directory.empty()) rule.keep = {snapshot.info->directory};
  return rule;
}

int EpisodeInName(const run::Snapshot& snapshot, const UiState& state, ShotOf part) {
  int newest = 0;
  if (snapshot.episodes != nullptr && !snapshot.episodes->empty()) newest = snapshot.episodes->back()->episode;
  if (part == ShotOf::kScene && !state.scene.shows_imagined()) {
    const Moment shown = SceneMoment(snapshot, state.scene);
    if (shown.any) return std::max(0, shown.episode);
  }
  return std::max(0, state.selection.episode.value_or(newest));
}

std::string ExportFolder(const run::Snapshot& snapshot, bool read_only) {
  const std::string run = snapshot.info != nullptr ? snapshot.info->directory : "";
  if (run.empty()) return ".";
  if (!read_only && ::access(run.c_str(), W_OK | X_OK) == 0) return (fs::path(run) / "export").string();
  return (fs::path(DocumentsFolder()) / "Equipoise" / RunName(snapshot)).string();
}

std::string ExportPath(const std::string& folder, const std::string& name, int episode, const std::string& extension) {
  for (int number = 1;; ++number) {
    char text[96];
    std::snprintf(text, sizeof text, "%s-episode-%04d-%d%s", name.c_str(), episode, number, extension.c_str());
    const fs::path path = fs::path(folder) / text;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return path.lexically_normal().string();
  }
}

}  // namespace equipoise::ui
