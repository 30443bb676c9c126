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
  const char *key, *automatic, *scalar;  // the switch; what the learner reports
};
const TunedSetting* FindTuned(const std::string& key);  // null: nobody tunes it
// The value in force while it is being tuned, as reported last; none: it is what was set.
std::optional<double> TunedValue(const run::Snapshot& snapshot, const std::string& key);
// "0.0133": of a value that was tuned, whose last digits say nothing.
std::string TunedText(double value);

const run::PhaseProgress& Progress(const run::Snapshot& snapshot, run::Phase phase);
// The phase that the episode waits for: of several active ones the least advanced.
std::optional<run::Phase> WaitingFor(const run::Snapshot& snapshot);
double Share(const run::PhaseProgress& progress);  // done / total in [0, 1]
// "Model fit", "Model-based policy", ... and its progress with its unit: "1 mask", "240 updates".
const char* PhaseTitle(run::Phase phase, bool compact);
std::string PhaseAmount(run::Phase phase, int count);

}  // namespace equipoise::ui
