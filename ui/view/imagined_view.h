// imagined_view.h: which imagination the scene shows: of which decision, under which masks, with whose actions, at
// which step; and what must be asked of the inspector for it.
//
// Mask A is the selected mask of the check, or the one that decided when none is. Shift and a click choose mask B.
// What is imagined is the decision that the check shows: looking at it selects its episode, so that a run that goes on
// pulls neither away.
//
// Units    position in imagined steps; step 0 is the start
// Thread   window thread
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/eps/decision.h"
#include "engine/inspect/inspector.h"
#include "engine/record/snapshot.h"

namespace equipoise::ui {

struct ImaginedView {
  std::optional<eps::Pick> policy;  // whose actions; none: those of the real episode
  std::optional<int> episode;       // whose decision was shown last
  std::optional<int> second_mask;   // B
  bool lanes = true;                // bodies behind each other; false: in the same place
  bool playing = true, loop = true;
  double position = 0, held = 0;  // held: seconds that the last pose has been shown

  run::Shared<run::Imagined> shown;  // newest answer, maybe to an older request
  bool working = false;
  std::optional<run::Imagine> asked;

  int step() const { return static_cast<int>(position); }
  int last() const { return shown != nullptr && shown->problem.empty() ? shown->horizon : 0; }
};

// Seconds go by; `dt` is the duration of an environment step.
void Advance(ImaginedView* view, double seconds, double dt);
void Seek(ImaginedView* view, double position);
void StepBy(ImaginedView* view, int steps);
void TogglePlaying(ImaginedView* view);
// Seconds until the next pose is due; infinity when it stands still.
double NextIn(const ImaginedView& view, double dt);

// The decision that is looked into. With real actions it must be that of an executed episode. Null: there is none yet.
run::Shared<eps::Decision> ImaginedDecision(const run::Snapshot& snapshot, std::optional<int> selected_episode,
                                            const ImaginedView& view);
// The mask that decided: with the least delta, first among equals. Without any: 0.
int DecidingMask(const eps::Decision& decision);

// The request that the view needs, when it is another than the one asked for last.
std::optional<run::Imagine> NewRequest(const eps::Decision* decision, std::optional<int> mask_a,
                                       const ImaginedView& view);
bool SameRequest(const run::Imagine& a, const run::Imagine& b);

// Return up to `step`, mean and standard deviation over the rollouts that are shown; NaN: fewer than two.
struct Spread {
  double mean = 0, sd = 0;
};
Spread ReturnUpTo(const run::MaskImagined& mask, int step);
double ReturnUpTo(const run::Trajectory& trajectory, int step);
// Nats that a step of any rollout would teach the model at most; 0 where nobody asked.
double MostInformation(const run::Imagined& imagined);

}  // namespace equipoise::ui
