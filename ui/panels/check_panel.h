// check_panel.h: the sentence of the check, one dot per mask, its numbers, and who acted in every episode.
//
// Shows the decision of the selected episode, or else the newest one that was made.
#pragma once

#include "ui/panel.h"

namespace equipoise::ui {

void DrawCheckPanel(PanelContext& context, ImVec2 size);

// The decision that the panel shows: that of the selected episode, the newest one, or none. Valid as long as
// the snapshot.
const eps::Decision* ShownDecision(const run::Snapshot& snapshot, std::optional<int> selected_episode);

}  // namespace equipoise::ui
