// model_panel.h: how far imagination drifts from what then happened, by horizon, under the same actions.
//
// Median over masks with a band from 5 to 95 %, of the selected episode or of the newest one that was measured; an
// older episode dashed beside it. Coverage (the share of reality inside the masks' band) in words.
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawModelPanel(PanelContext& context, ImVec2 size);

// "reality inside the band: 79 % (81 % is right)", and what that means when it is far off (run/health.h).
std::string CoverageText(double coverage, int masks, const nets::PartList& parts);

// The record that the panel shows: the selected episode, or else the newest with a measured error; null when
// there is none.
const run::EpisodeSummary* ShownModelError(const run::Snapshot& snapshot, std::optional<int> selected_episode);
// The newest measured one that is at least `episodes_back` older than `newer`; null when there is none.
const run::EpisodeSummary* OlderModelError(const run::Snapshot& snapshot, const run::EpisodeSummary& newer,
                                           int episodes_back);

}  // namespace equipoise::ui
