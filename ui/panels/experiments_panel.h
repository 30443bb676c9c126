// experiments_panel.h: three ways to disturb a learner, and back again.
#pragma once

#include <array>
#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

// What is typed and chosen in the card.
struct ExperimentsView {
  bool effects = false;                // before and after, in place of what can be done
  std::string model_free_dose = "10";  // entropy bonus with which "Break model-free" breaks it
  // Dose of the distractors to inject: groups, sinusoids, amplitude; "": as the settings say.
  std::array<std::string, 3> distractor_dose;
};
void DrawExperimentsPanel(PanelContext& context, ImVec2 size);

}  // namespace equipoise::ui
