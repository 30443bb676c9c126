#include "ui/workspace/key_choice.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "ui/panels/check/check_panel.h"
#include "ui/panels/curves/curve_frame.h"
#include "ui/view/mask_choice.h"

namespace equipoise::ui {
namespace {

constexpr double kZoomStep = 0.75, kMoveStep = 0.2;
constexpr double kLeastView = 1e-3;  // of the whole

// Masks by their deltas; those that are no number at the end.
std::vector<int> ByDelta(const eps::Decision& decision) {
  std::vector<int> order(decision.delta().size());
  std::iota(order.begin(), order.end(), 0);
  const auto delta = [&](int mask) { return decision.delta()[static_cast<size_t>(mask)]; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    if (std::isnan(delta(a)) || std::isnan(delta(b))) return !std::isnan(delta(a)) && std::isnan(delta(b));
    return delta(a) < delta(b);
  });
  return order;
}

}  // namespace

void ChooseEpisode(PanelContext& context, int direction) {
  const auto& episodes = context.snapshot.episodes;
  if (episodes == nullptr || episodes->empty()) return;
  std::optional<int>& selected = context.state.selection.episode;
  // Following the run, the newest decision is shown, whose episode may not have been acted yet.
  const bool decided =
      context.snapshot.decision != nullptr && context.snapshot.decision->episode > episodes->back()->episode;
  const int shown = selected ? *selected : episodes->back()->episode + (decided ? 1 : 0);
  const auto before = [](const auto& record, int episode) { return record->episode < episode; };
  auto at = std::lower_bound(episodes->begin(), episodes->end(), shown, before);
  if (direction < 0) {
    if (at != episodes->begin()) selected = (*(at - 1))->episode;
    return;
  }
  if (at != episodes->end() && (*at)->episode == shown) ++at;
  if (at == episodes->end()) {
    selected.reset();
  } else if (selected) {
    selected = (*at)->episode;
  }
}

void ChooseNextMask(PanelContext& context, bool second) {
  UiState& state = context.state;
  const auto decision = ShownDecision(context.snapshot, state.selection.episode);
  if (decision == nullptr || !decision->checked || decision->delta().empty()) return;
  std::vector<int> order = ByDelta(*decision);
  const std::optional<int> other = second ? state.selection.mask : std::nullopt;
  if (other) order.erase(std::remove(order.begin(), order.end(), *other), order.end());
  if (order.empty()) return;
  const std::optional<int> now = second ? state.scene.imagined.second_mask : state.selection.mask;
  const auto found = now ? std::find(order.begin(), order.end(), *now) : order.end();
  const int next = found == order.end() || found + 1 == order.end() ? order.front() : *(found + 1);
  if (next != now) ChooseMask(&state, *decision, next, second);
}

void ZoomCurves(PanelContext& context, int direction) {
  const CurvesFrame frame = PrepareCurves(context);
  const AxisView whole = WholeX(frame);
  AxisView& x = context.state.view.curves.x;
  if (frame.data.size() == 0) return;
  if (x.fit) x = whole;
  double anchor = std::min(x.hi, whole.hi);
  const auto& selected = context.state.selection.episode;
  const size_t i = selected ? frame.data.IndexOf(*selected) : frame.data.size();
  if (i < frame.data.size() && frame.data.x[i] >= x.lo && frame.data.x[i] <= x.hi) anchor = frame.data.x[i];
  const double factor = direction > 0 ? kZoomStep : 1 / kZoomStep;
  x = {anchor - (anchor - x.lo) * factor, anchor + (x.hi - anchor) * factor, false};
  const double least = kLeastView * (whole.hi - whole.lo);
  if (x.hi - x.lo < least) x = {anchor - least, anchor, false};
  if (x.hi - x.lo >= whole.hi - whole.lo) x.fit = true;
}

void MoveCurves(PanelContext& context, int direction) {
  AxisView& x = context.state.view.curves.x;
  if (x.fit) return;  // all of it is in view
  const AxisView whole = WholeX(PrepareCurves(context));
  const double width = x.hi - x.lo, least = whole.lo - width / 2, most = whole.hi + width / 2;
  const double by = direction * kMoveStep * width;
  const double lo = std::clamp(x.lo + by, least, std::max(least, most - width));
  x = {lo, lo + width, false};
}

}  // namespace equipoise::ui
