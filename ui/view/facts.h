// facts.h: what panels ask of a snapshot more than once.
//
// Pointers point into the snapshot and live as long as it does; null: there is no such thing.
// Cost     of FindEpisode: logarithmic in the history; of the others linear at most, from the newest end
#pragma once

#include <optional>
#include <string>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

// The settings in force; the defaults before the first snapshot that has them.
const config::Settings& SettingsOf(const run::Snapshot& snapshot);
std::string TaskTitle(const run::Snapshot& snapshot);
// A folder that was copied or renamed is called what it is called now.
std::string RunName(const run::Snapshot& snapshot);

const run::EpisodeSummary* FindEpisode(const run::Snapshot& snapshot, int episode);
// The episode whose steps `live` shows: a random one counts up to 0.
int ActedEpisode(const run::Snapshot& snapshot);
// Mean duration of the last five picked episodes; NaN before there are two.
double SecondsPerEpisode(const run::Snapshot& snapshot);

const run::PendingChange* FindPending(const run::Snapshot& snapshot, const std::string& key);
int Interventions(const run::Snapshot& snapshot);
const run::Event* NewestIntervention(const run::Snapshot& snapshot, const std::string& key);
// What the setting was before anybody touched it in this run; what it is now when nobody has.
config::Value Untouched(const run::Snapshot& snapshot, const std::string& key);

// A setting whose value a learner tunes by itself while a switch beside it is on: what is set is where it starts.
struct TunedSetting {
  std::string key, automatic, scalar;  // the switch; what the learner reports
};
// A learner's entropy bonus, where it has a switch beside it. None: nobody tunes it.
std::optional<TunedSetting> FindTuned(const std::string& key);
// The value in force while it is being tuned, as reported last; none: it is what was set.
std::optional<double> TunedValue(const run::Snapshot& snapshot, const std::string& key);
// "0.0133": of a value that was tuned, whose last digits say nothing.
std::string TunedText(double value);

// The parts of the run's agent; none before the first snapshot that has them.
const nets::PartList& PartsOf(const run::Snapshot& snapshot);
// Does its agent compare policies before an episode?
bool Compares(const run::Snapshot& snapshot);
// What an older snapshot or one without such a stage has none of is null.
bool IsActive(const run::Snapshot& snapshot, const std::string& stage);
// The stage that the episode waits for: of several active ones the least advanced; null: none.
const run::StageProgress* WaitingFor(const run::Snapshot& snapshot);
double Share(const run::StageProgress& progress);  // done / total in [0, 1]
// From the one that says most to the one that needs least room: "Model-based policy", "MB policy", "MB".
struct StageTitles {
  std::string whole, compact, brief;
};
StageTitles TitlesOf(const run::Stage& stage, const nets::PartList& parts);
// Its progress with its unit: "1 mask", "240 updates".
std::string StageAmount(const run::Stage& stage, int count);

}  // namespace equipoise::ui
