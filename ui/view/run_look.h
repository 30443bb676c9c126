// run_look.h: what a person looks at in one run: zooms, what is chosen, the shown moment, what panels keep of it.
//
// It belongs to the run, so that each tab of the window is found again as it was left. How things are looked at (theme,
// sizes, which charts) belongs to the person and is the same in all tabs.
//
// Thread   window thread
#pragma once

#include <optional>

#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct RunLook {
  CurvesView curves;
  ModelChartView model_chart;
  std::optional<int> strip_last;
  Selection selection;
  Answers answers;
  SceneSource source = SceneSource::kAutomatic, source_before = SceneSource::kAutomatic;
  Playback playback;
  ImaginedView imagined;
  double speed = 0;
  PanelMemory::Values memory;
};

// Out of the state, which then knows nothing of that run.
RunLook TakeRunLook(UiState* state);
void GiveRunLook(RunLook look, UiState* state);
void ForgetRun(UiState* state);

}  // namespace equipoise::ui
