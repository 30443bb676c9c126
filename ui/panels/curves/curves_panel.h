// curves_panel.h: how it is going: the chosen charts of a run above one x axis.
//
// Return: a mark per episode by who acted, a smoothed line over it (or one for each policy), and a grey band that the
// masks had predicted (5 to 95 %) for the policy that acted. The fraction cannot fall below the dashed floor that
// forced episodes make. All others come from one table (curve_charts.h). Other runs stand behind, with mean and band by
// agent.
//
// Mouse    as line_chart.h, all charts together; a click on an episode selects it in every panel
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawCurvesPanel(PanelContext& context, ImVec2 size);

// What the row above the charts says of one episode: "episode 143: 372 (361 to 412)", with what the masks
// had predicted in brackets.
std::string CurveReadOut(const run::EpisodeSummary& record, double smoothed);

}  // namespace equipoise::ui
