// model_outputs.h: which of its outputs the model cannot do, in one episode that it was not fitted to.
//
// Of every state its open-loop error over the whole episode, in standard deviations of the data, and what predicting it
// one step ahead costs in nats; of the reward the latter alone. The worst state first, the reward last.
#pragma once

#include <string>
#include <vector>

#include "engine/env/task.h"
#include "engine/record/episode.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {

struct OutputError {
  std::string name;  // "valve cos"
  double error = 0;  // sd; NaN: of the reward, or not a number
  double nats = 0;   // NaN: not known
};

// Empty: that was not measured, as in episodes of an older version.
std::vector<OutputError> OutputErrors(const run::EpisodeRecord& record, const env::TaskInfo& task);

// In rows from `at` on. Where there is no room for all, the last row says how many are left out.
void DrawOutputErrors(const std::vector<OutputError>& outputs, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
