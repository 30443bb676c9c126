// check_panel.h: the sentence of the check, one dot per mask, its numbers, and who acted in every episode.
//
// Shows the decision of the selected episode whole and as it was logged, or else the newest one that was made. "What
// if" puts another rule beside it (what_if_panel.h).
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawCheckPanel(PanelContext& context, ImVec2 size);

// The decision that the panel shows: that of the selected episode, the newest one, or none.
run::Shared<eps::Decision> ShownDecision(const run::Snapshot& snapshot, std::optional<int> selected_episode);

// "episode 143, as logged"; "" while the newest is shown.
std::string SelectionTitle(const run::Snapshot& snapshot, std::optional<int> selected_episode);

// Which cells of the strip are in view: "last 88 of 213, wheel: earlier"; "" when all of them are.
std::string StripWords(size_t first, size_t last, size_t cells);

}  // namespace equipoise::ui
