// take_away.h: plots as SVG and data as CSV of what a person looks at, in the window and without one.
//
// Thread   as shot.h
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ui/export/csv.h"
#include "ui/offscreen/shot.h"

namespace equipoise::ui {

// The episodes between the ends of the curves' x axis, as zoomed; none when it follows the data.
std::optional<EpisodeRange> VisibleEpisodes(const run::Snapshot& snapshot, const CurvesView& curves);

// By id (PlotsOf). A plot without data is left out.
std::map<std::string, std::string> PlotsAsSvg(PanelContext& context, Shooter* shooter, ShotOf part);

// By name: "episodes", "events", "check", "model", "steps": the tables behind a part. `range`: of the episodes only
// these. A table without rows is left out.
std::map<std::string, std::string> TablesOf(const run::Snapshot& snapshot, const UiState& state, ShotOf part,
                                            std::optional<EpisodeRange> range);

}  // namespace equipoise::ui
