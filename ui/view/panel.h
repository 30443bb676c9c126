// panel.h: what every panel of the window is given.
//
// A panel is a free function, one file each under ui/panels/:
//   void DrawXxxPanel(PanelContext& context, ImVec2 size);
// It is called inside an ImGui frame with the cursor at its top left corner and draws exactly `size` pixels, its card
// included (layout.h, BeginCard). It reads the snapshot, changes nothing but the UiState, and asks the engine by
// post(). It must hold for a snapshot without a single episode, decision or trace.
//
// Thread   window thread
#pragma once

#include <functional>

#include "engine/record/command.h"
#include "engine/record/snapshot.h"
#include "ui/kit/imgui_compat.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct PanelContext {
  const run::Snapshot& snapshot;
  const std::function<void(run::Command)>& post;
  UiState& state;
};

}  // namespace equipoise::ui
