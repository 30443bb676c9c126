// curves_panel.h: return, model-free fraction and model error of every episode, above one x axis.
//
// A mark per episode by who acted, a smoothed line over it, and a grey band that the masks had predicted (5 to 95 %)
// for the policy that acted. The fraction cannot fall below the dashed floor that forced episodes make. The negative
// log-likelihood is that of the newest episode before the model was fitted to it.
#pragma once

#include "ui/panel.h"

namespace equipoise::ui {

void DrawCurvesPanel(PanelContext& context, ImVec2 size);

// What the row above the charts says of one episode: "episode 143: 372 (361 to 412)", with what the masks
// had predicted in brackets.
std::string CurveReadOut(const run::EpisodeRecord& record, double smoothed);

}  // namespace equipoise::ui
