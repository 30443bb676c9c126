// window_look.h: theme and fonts of the window follow what a person has chosen, the monitor and the room there is.
//
// Thread   window thread, outside of a frame
#pragma once

#include "ui/kit/imgui_compat.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

class WindowLook {
 public:
  // `size`: of the window; `monitor`: its content scale. Says so when there is no room for a zoom that was just asked
  // for.
  void Apply(ImVec2 size, float monitor, UiState* state);

 private:
  void NoticeZoom(float monitor, UiState* state);

  float scale_ = 0;  // as applied last; 0: not yet
  bool light_ = false, safe_colours_ = false;
  float zoom_noticed_ = 1;  // the one whose fit was judged last
};

}  // namespace equipoise::ui
