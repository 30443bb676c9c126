// beliefs_panel.h: one or two beliefs against reality, and all of them, in numbers. Stands where the open-loop error is
// while the scene shows imagination.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawBeliefsPanel(PanelContext& context, ImVec2 size);

struct BeliefRow {
  std::string label;
  std::vector<std::string> cells;  // A, then B when there is one, then all
};
// What does not apply has a dash. `step`: as shown in the scene.
std::vector<BeliefRow> BeliefRows(const run::Imagined& shown, int step);

}  // namespace equipoise::ui
