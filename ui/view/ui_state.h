// ui_state.h: what one window keeps between frames, shared by all its panels: each part has a header of its own.
// Nothing in it ever reaches the engine.
//
// A panel takes the parts that it needs; what only one panel needs lies in its own type in `memory`.
// Thread   window thread
#pragma once

#include "ui/view/answers.h"
#include "ui/view/frame_clock.h"
#include "ui/view/message.h"
#include "ui/view/open_sheet.h"
#include "ui/view/panel_memory.h"
#include "ui/view/scene_choices.h"
#include "ui/view/selection.h"
#include "ui/view/view_choices.h"
#include "ui/view/window_facts.h"
#include "ui/view/window_request.h"

namespace equipoise::ui {

struct UiState {
  ViewChoices view;
  SceneChoices scene;
  Selection selection;
  Answers answers;
  OpenSheet sheet;
  Message message;
  WindowRequests requests;
  WindowFacts window;
  FrameClock clock;
  PanelMemory memory;
};

}  // namespace equipoise::ui
