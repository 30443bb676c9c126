// effects.h: what changed after an intervention: medians (of shares: means) over the episodes just before and just after it.
//
// A difference between the two is no proof of an effect: learning goes on meanwhile. The spark shows both sides.
// Units    as recorded: raw returns, nats per output, deltas of the check, shares
// Cost     at most 2 x kEffectWindow records for each intervention
#pragma once

#include <string>
#include <vector>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

inline constexpr int kEffectWindow = 20;  // picked episodes on either side

struct Effect {
  double before = 0, after = 0;  // NaN: nothing was measured on that side
  std::vector<double> values;    // oldest first, NaN where nothing was measured
  int split = 0;                 // values[split] is the first one after
};

struct InterventionEffects {
  std::vector<int> numbers;  // as on the flags; several were made at one boundary
  int episode = 0;           // the first episode after it
  std::string keys;
  Effect episode_return, nll, spread, fraction_model_free;
};

// The newest `most` boundaries at which something was changed by hand, oldest first.
std::vector<InterventionEffects> MeasureEffects(const run::Snapshot& snapshot, size_t most);

}  // namespace equipoise::ui
