#include "ui/panels/scene/imagined_transport.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/scene/imagined_overlay.h"

namespace equipoise::ui {
namespace {

struct Plot {  // where steps and values lie on the screen
  float left, right, top, bottom;
  int steps;
  double lowest = 0, highest = 0;
  float X(double step) const { return left + static_cast<float>(step / std::max(1, steps)) * (right - left); }
  float Y(double v) const {
    return bottom - static_cast<float>((v - lowest) / std::max(1e-12, highest - lowest)) * (bottom - top);
  }
  template <class T>
  void Cover(const std::vector<T>& values) {
    for (T v : values) {
      if (!std::isfinite(v)) continue;
      lowest = std::min(lowest, static_cast<double>(v));
      highest = std::max(highest, static_cast<double>(v));
    }
  }
};

// Value i belongs to the step from i to i + 1: it stands at its end.
template <class T>
std::vector<ImVec2> Points(const Plot& plot, const std::vector<T>& values) {
  std::vector<ImVec2> points;
  for (size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) points.push_back({plot.X(static_cast<double>(i + 1)), plot.Y(values[i])});
  return points;
}

void DrawBars(const Plot& plot, const std::vector<double>& values, int step, ImU32 color) {
  const float each = (plot.right - plot.left) / static_cast<float>(plot.steps), zero = plot.Y(0);
  const int stride = std::max(1, static_cast<int>(std::ceil(Px(2) / std::max(each, 1e-6f))));
  const float space = each * static_cast<float>(stride) >= Px(5) ? 1.0f : 0.0f;
  const int count = static_cast<int>(values.size());
  for (int i = 0; i < count; i += stride) {
    double sum = 0;
    const int end = std::min(count, i + stride);
    for (int k = i; k < end; ++k) sum += values[static_cast<size_t>(k)];
    const float y = plot.Y(sum / (end - i));
    Rect({plot.X(i), std::min(y, zero - 1)}, {plot.X(i + stride) - space, std::max(y, zero)},
         WithAlpha(color, i < step ? 0.75f : 0.30f));
  }
}

void DrawBand(const Plot& plot, const std::vector<float>& lo, const std::vector<float>& hi, ImU32 color) {
  for (size_t i = 1; i < std::min(lo.size(), hi.size()); ++i) {
    const float x0 = plot.X(static_cast<double>(i)), x1 = plot.X(static_cast<double>(i + 1));
    DrawList()->AddQuadFilled({x0, plot.Y(hi[i - 1])}, {x1, plot.Y(hi[i])}, {x1, plot.Y(lo[i])},
                              {x0, plot.Y(lo[i - 1])}, color);
  }
}

void Caption(ImVec2 at, float width, const std::string& title, const std::string& note, bool compact) {
  ImFont* font = GetFonts().small;
  TextElided(font, at, Colors().text, title, width);
  if (!compact) TextElided(font, {at.x, at.y + Px(17)}, Colors().secondary, note, width);
}

void Range(const Plot& plot, const std::string& high, const std::string& low) {
  ImFont* font = GetFonts().small;
  Text(font, {plot.right + Px(12), plot.top - Px(3)}, Colors().faint, high);
  Text(font, {plot.right + Px(12), plot.bottom - Px(11)}, Colors().faint, low);
}

void DrawReward(const run::Imagined& shown, Plot plot, int step) {
  for (const auto& mask : shown.masks) plot.Cover(mask.reward_mean);
  if (shown.has_real) plot.Cover(shown.real.reward);
  if (plot.highest - plot.lowest < 1e-9) plot.highest = plot.lowest + 1;
  DrawBars(plot, shown.masks[0].reward_mean, step, MaskColor(false));
  if (shown.masks.size() > 1) DashedPath(Points(plot, shown.masks[1].reward_mean), MaskColor(true), Px(1.6f));
  if (shown.has_real) Path(Points(plot, shown.real.reward), Colors().text, Px(1.5f));
  Line({plot.left, plot.Y(0)}, {plot.right, plot.Y(0)}, Ink(0.25f));
  Range(plot, Brief(plot.highest), Brief(plot.lowest));
}

void DrawError(const run::Imagined& shown, Plot plot) {
  for (const auto& mask : shown.masks) plot.Cover(mask.error);
  plot.Cover(shown.masks[0].error_hi);
  if (!(plot.highest > 0)) plot.highest = 1;
  plot.highest = std::min(plot.highest, 1e6);
  DrawBand(plot, shown.masks[0].error_lo, shown.masks[0].error_hi, WithAlpha(MaskColor(false), 0.22f));
  Path(Points(plot, shown.masks[0].error), MaskColor(false), Px(1.8f));
  if (shown.masks.size() > 1) DashedPath(Points(plot, shown.masks[1].error), MaskColor(true), Px(1.8f));
  Line({plot.left, plot.bottom}, {plot.right, plot.bottom}, Ink(0.25f));
  Range(plot, Brief(plot.highest) + " sd", "0");
}

void DrawRuler(const Plot& plot, int step, float top, float track) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  const float knob = plot.X(step);
  Line({plot.left, track}, {knob, track}, c.secondary, Px(2));
  Line({knob, track}, {plot.right, track}, Ink(0.16f), Px(2));
  Line({knob, top - Px(3)}, {knob, track}, c.text, Px(1.6f));
  DrawList()->AddCircleFilled({knob, track}, Px(7), c.card, 24);
  DrawList()->AddCircleFilled({knob, track}, Px(5), c.text, 24);
  const std::string here = std::to_string(step);
  const float y = track + Px(7), half_here = TextWidth(font, here) * 0.5f + Px(8);
  const int fifth = std::max(1, plot.steps / 5);
  for (int k = 0; k <= 5; ++k) {
    const int mark = k == 5 ? plot.steps : k * fifth;
    const std::string text = std::to_string(mark);
    if (std::fabs(plot.X(mark) - knob) > half_here + TextWidth(font, text) * 0.5f)
      TextCentered(font, {plot.X(mark), y}, c.faint, text);
  }
  TextCentered(font, {knob, y}, c.text, here);
}

void DrawButtons(ImaginedView* view, ImVec2 at, float side) {
  struct Item {
    const char *id, *icon, *about;
  };
  const Item items[] = {{"imagined.back", icon::kStepBack, "One step back"},
                        {"imagined.play", view->playing ? icon::kPause : icon::kPlay,
                         view->playing ? "Hold the imagination" : "Play the imagination"},
                        {"imagined.forward", icon::kStepForward, "One step forward"},
                        {"imagined.loop", icon::kLoop, "Again and again, or once"}};
  for (int i = 0; i < 4; ++i) {
    ButtonStyle style;
    style.tooltip = items[i].about;
    style.on = i == 3 && view->loop;
    if (!Button(items[i].id, {at.x + static_cast<float>(i) * (side + Px(4)), at.y}, {side, side}, items[i].icon, style))
      continue;
    if (i == 0) StepBy(view, -1);
    if (i == 1) TogglePlaying(view);
    if (i == 2) StepBy(view, 1);
    if (i == 3) view->loop = !view->loop;
  }
}

}  // namespace

float ImaginedTransportHeight(bool errors, bool compact) {
  const float one = compact ? 34 : 50;
  return Px(34 + one + (errors ? one + 4 : (compact ? 10.0f : 0.0f)));
}

void DrawImaginedTransport(PanelContext& context, ImVec2 at, ImVec2 size) {
  UiState& state = context.state;
  ImaginedView& view = state.scene.imagined;
  const run::Imagined& shown = *view.shown;
  if (shown.masks.empty()) return;
  const bool errors = !shown.masks[0].error.empty() && size.y > Px(80), compact = state.window.compact,
             two = shown.masks.size() > 1;
  const float side = Px(28), left = 4 * (side + Px(4)) + Px(12), right = Px(70);
  const float top = at.y + Px(9), end = at.y + size.y - Px(25), gap = Px(8);
  const float height = errors ? 0.5f * (end - top - gap) : end - top;
  DrawButtons(&view, {at.x, top}, side);
  Plot plot{at.x + left, at.x + size.x - right, top, top + height, std::max(1, shown.horizon)};
  const float words = left - Px(18);
  Caption({at.x, top + side + Px(5)}, words, "Reward per step",
          std::string(two ? "A bars, B dashes" : "bars: A") + (shown.has_real ? ", real" : ""),
          compact || height < Px(40));
  DrawReward(shown, plot, view.step());
  if (errors) {
    Plot below = plot;
    below.top = plot.bottom + gap;
    below.bottom = end;
    if (!compact)
      Caption({at.x, std::max(below.top + Px(8), top + side + Px(42))}, words, "State error against real",
              "band: rollouts of A", below.bottom - below.top < Px(48));
    DrawError(shown, below);
  }
  const float track = end + Px(2);
  ImGui::SetCursorScreenPos({plot.left, top});
  ImGui::InvisibleButton("imagined.scrub", {plot.right - plot.left, track + Px(8) - top});
  TraceWidget("imagined.scrub", {plot.left, top}, {plot.right, track + Px(8)});
  if (ImGui::IsItemActive()) {
    const float share = (ImGui::GetIO().MousePos.x - plot.left) / (plot.right - plot.left);
    Seek(&view, std::round(std::clamp(share, 0.0f, 1.0f) * static_cast<float>(plot.steps)));
  }
  Explain({at.x, top}, {at.x + size.x, at.y + size.y}, "Imagination",
          Format("Step %d of %d. Drag to another step.", view.step(), plot.steps));
  DrawRuler(plot, view.step(), top, track);
  if (!compact) Text(GetFonts().small, {plot.right + Px(12), track + Px(7)}, Colors().faint, "imagined");
}

}  // namespace equipoise::ui
