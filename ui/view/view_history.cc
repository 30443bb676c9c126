#include "ui/view/view_history.h"

#include <tuple>

namespace equipoise::ui {
namespace {

constexpr double kStillSeconds = 0.3;
constexpr size_t kMostSteps = 200;

// A view that follows the data is the same whatever the data make of it.
bool Same(const AxisView& a, const AxisView& b) { return a.fit == b.fit && (a.fit || (a.lo == b.lo && a.hi == b.hi)); }

auto Tie(const PaneSizes& p) { return std::tie(p.left, p.right, p.check, p.log, p.model, p.settings); }

}  // namespace

namespace {
bool Same(const CurvesView& a, const CurvesView& b) {
  for (size_t i = 0; i < a.chart.size(); ++i) {
    const ChartView &v = a.chart[i], &w = b.chart[i];
    if (!Same(v.y, w.y) || v.logarithmic != w.logarithmic || v.hidden != w.hidden || v.overlaid != w.overlaid)
      return false;
  }
  const auto rest = [](const CurvesView& c) {
    return std::tie(c.shown, c.x_axis, c.zoomed, c.smoothing, c.fraction_window, c.by_actor, c.events, c.others);
  };
  return Same(a.x, b.x) && rest(a) == rest(b);
}
}  // namespace

bool ViewHistory::View::operator==(const View& o) const {
  return Same(curves, o.curves) && Same(model_chart.x, o.model_chart.x) &&
         Same(model_chart.error, o.model_chart.error) && model_chart.logarithmic == o.model_chart.logarithmic &&
         model_chart.by_output == o.model_chart.by_output && log_filter == o.log_filter && strip_last == o.strip_last &&
         episode == o.episode && large == o.large && Tie(panes) == Tie(o.panes);
}

ViewHistory::View ViewHistory::Of(const UiState& state, const PaneSizes& panes) {
  const ViewChoices& view = state.view;
  return {view.curves, view.model_chart, view.log_filter, view.strip_last, state.selection.episode, view.large, panes};
}

void ViewHistory::Watch(const UiState& state, const PaneSizes& panes, bool busy) {
  const View now = Of(state, panes);
  if (!settled_) {
    settled_ = last_ = now;
    return;
  }
  if (!(now == last_) || busy) {
    last_ = now;
    since_ = state.clock.now;
  }
  if (now == *settled_ || state.clock.now - since_ < kStillSeconds) return;
  past_.push_back(*settled_);
  if (past_.size() > kMostSteps) past_.erase(past_.begin());
  settled_ = now;
}

bool ViewHistory::Undo(UiState* state, PaneSizes* panes) {
  if (!settled_) return false;
  View to = *settled_;
  if (Of(*state, *panes) == *settled_) {  // nothing that has not settled yet
    if (past_.empty()) return false;
    to = past_.back();
    past_.pop_back();
  }
  state->view.curves = to.curves;
  state->view.model_chart = to.model_chart;
  state->view.log_filter = to.log_filter;
  state->view.strip_last = to.strip_last;
  state->selection.episode = to.episode;
  state->view.large = to.large;
  *panes = to.panes;
  settled_ = last_ = to;
  return true;
}

}  // namespace equipoise::ui
