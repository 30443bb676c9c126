// evidence.h: everything that stands behind a picture, in one folder that can be handed to somebody else.
//
//   picture.png     the window as it was          config.toml    the settings that the run was started with
//   episodes.csv    the curves, as far as seen    decision.json  the whole decision that the check shows
//   check.csv       one line a mask               events.csv     interventions, guards, errors
//   model.csv       error by imagined step        reproduce.sh   the command that makes the run again
//   versions.txt    program, libraries, machine   task/          the task's file and model, where it came from one
//
// Errors   as output_folder.h; an episode or a range that the run does not have. What was begun is removed again
#pragma once

#include <optional>
#include <string>

#include "engine/base/output_folder.h"
#include "engine/record/snapshot.h"
#include "ui/export/csv.h"
#include "ui/gl/capture.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct EvidenceSpec {
  std::string folder;
  bool overwrite = false;             // as output_folder.h
  std::optional<int> episode;         // whose decision; none: the newest
  std::optional<EpisodeRange> range;  // of episodes.csv; none: all
};
Status WriteEvidence(const run::Snapshot& snapshot, const Picture& picture, const EvidenceSpec& spec);

// For a folder that is made of this run: never in the run's own place.
OutputFolderRule FolderRule(const run::Snapshot& snapshot, bool overwrite);

// The episode that names what is taken away: the one in the scene where it is of the scene; else the one that a person
// has chosen, or the newest that was acted. 0 for random ones.
int EpisodeInName(const run::Snapshot& snapshot, const UiState& state, ShotOf part);
// Where what is taken away of a run goes: its own folder "export"; of one that is only looked at, or that may not be
// written into, "Equipoise/<run>" in the person's documents; "." for a run without a folder.
std::string ExportFolder(const run::Snapshot& snapshot, bool read_only);
// "<folder>/<name>-episode-0213-1<extension>", numbered so that nothing is ever overwritten.
std::string ExportPath(const std::string& folder, const std::string& name, int episode, const std::string& extension);

}  // namespace equipoise::ui
