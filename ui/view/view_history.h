// view_history.h: undo for what is looked at: zooms, axes, hidden entries, the selected episode, sizes of panes.
//
// A drag or a turn of the wheel is one step: a state is kept once it has stood still for a moment.
// Pure: no ImGui call
// Thread   window thread
#pragma once

#include <optional>
#include <vector>

#include "ui/kit/layout.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

class ViewHistory {
 public:
  // Once a frame, with nothing held down by the mouse (`busy` false) or not.
  void Watch(const UiState& state, const PaneSizes& panes, bool busy);
  // Back to how it was before the newest change; false: there is none.
  bool Undo(UiState* state, PaneSizes* panes);
  void Forget() { *this = {}; }

 private:
  struct View {
    CurvesView curves;
    ModelChartView model_chart;
    LogFilter log_filter;
    std::optional<int> strip_last, episode;
    std::optional<Page> large;
    PaneSizes panes;
    bool operator==(const View& o) const;
  };
  static View Of(const UiState& state, const PaneSizes& panes);

  std::optional<View> settled_;
  View last_{};
  double since_ = 0;  // when last_ was first seen
  std::vector<View> past_;
};

}  // namespace equipoise::ui
