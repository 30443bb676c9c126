#include "ui/panels/effects_panel.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/figure/event_marks.h"
#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/effects.h"

namespace equipoise::ui {
namespace {

struct Quantity {
  const char *name, *brief, *unit;
  Effect InterventionEffects::*effect;
  bool percent;
  // A spark spans at least so much, absolute and as a share of the level: a small change shall look small.
  double least_span, least_share;
};

const Quantity kQuantities[] = {
    {"Return", "Return", "per episode", &InterventionEffects::episode_return, false, 0, 0.35},
    {"Model NLL", "Model NLL", "physics outputs", &InterventionEffects::nll, false, 0.7, 0},
    {"Mask spread", "Spread", "sd of \xce\x94", &InterventionEffects::spread, false, 0, 0.6},
    {"Model-free fraction", "Model-free", "of picks", &InterventionEffects::fraction_model_free, true, 0.8, 0},
};

std::string Number(double value, bool percent) {
  if (!std::isfinite(value)) return "\xe2\x80\x93";
  if (percent) return Percent(value);
  const double size = std::fabs(value);
  return Fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

// Running mean of five, so that single episodes do not hide the level.
std::vector<double> Smoothed(const std::vector<double>& values) {
  std::vector<double> out;
  for (int i = 0; i < static_cast<int>(values.size()); ++i) {
    double sum = 0;
    int count = 0;
    for (int k = std::max(0, i - 2); k <= std::min(static_cast<int>(values.size()) - 1, i + 2); ++k) {
      if (!std::isfinite(values[static_cast<size_t>(k)])) continue;
      sum += values[static_cast<size_t>(k)];
      ++count;
    }
    out.push_back(count > 0 ? sum / count : NAN);
  }
  return out;
}

void DrawSpark(const Quantity& quantity, const Effect& effect, ImVec2 a, ImVec2 b) {
  const std::vector<double> values = Smoothed(effect.values);
  double lowest = INFINITY, highest = -INFINITY;
  for (double v : values) {
    if (!std::isfinite(v)) continue;
    lowest = std::min(lowest, v);
    highest = std::max(highest, v);
  }
  const float each = (b.x - a.x) / (2 * kEffectWindow - 1);
  const float split = (a.x + b.x) * 0.5f;
  Dash({split, a.y}, {split, b.y}, Colors().note, Px(1.2f), Px(3), Px(2));
  if (!(highest >= lowest)) return;
  const double level = std::max(std::fabs(highest), std::fabs(lowest));
  const double room = std::max({highest - lowest, quantity.least_span, quantity.least_share * level, 1e-9});
  const double middle = (highest + lowest) / 2;
  std::vector<ImVec2> path;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const double up = (values[i] - middle) / room + 0.5;
    path.push_back({split + (static_cast<float>(static_cast<int>(i) - effect.split) + 0.5f) * each,
                    b.y - static_cast<float>(up) * (b.y - a.y)});
  }
  Path(path, Colors().text, Px(1.4f));
}

// "334 -> 226", ending at `right`. Where it begins.
float DrawNumbers(float right, float y, const std::string& before, const std::string& after) {
  const Fonts& f = GetFonts();
  TextRight(f.mono, {right, y}, Colors().text, after);
  right -= std::max(Px(38), TextWidth(f.mono, after) + Px(6));
  TextCentered(f.small, {right - Px(6), y}, Colors().faint, "\xe2\x86\x92");
  right -= Px(14);
  TextRight(f.mono, {right, y}, Colors().secondary, before);
  return right - std::max(Px(38), TextWidth(f.mono, before)) - Px(8);
}

// The row of one quantity at one boundary.
void ExplainEffect(const Quantity& quantity, const InterventionEffects& here, ImVec2 a, ImVec2 b) {
  const Effect& effect = here.*(quantity.effect);
  Explain(a, b, quantity.name,
          std::string(quantity.percent ? "Share" : "Median") + " before episode " + std::to_string(here.episode) +
              ": " + Number(effect.before, quantity.percent) +
              ", from it on: " + Number(effect.after, quantity.percent) + ". The line shows both sides.");
}

void DrawQuantity(const Quantity& quantity, const std::vector<InterventionEffects>& all, ImVec2 a, ImVec2 b) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  Rect(a, b, c.raised, Px(5));
  TextElided(f.strong, {a.x + Px(10), a.y + Px(6)}, c.text, quantity.name, b.x - a.x - Px(20));
  if (TextWidth(f.strong, quantity.name) + TextWidth(f.small, quantity.unit) + Px(28) < b.x - a.x) {
    TextRight(f.small, {b.x - Px(10), a.y + Px(8)}, c.faint, quantity.unit);
  }
  float y = a.y + Px(33);
  for (const InterventionEffects& here : all) {
    const Effect& effect = here.*(quantity.effect);
    NoteFlag({a.x + Px(18), y}, FlagText(here.numbers));
    const std::string before = Number(effect.before, quantity.percent), after = Number(effect.after, quantity.percent);
    const float right = DrawNumbers(b.x - Px(10), y, before, after);
    const float left = a.x + Px(34);
    if (right - left > Px(24)) DrawSpark(quantity, effect, {left, y - Px(1)}, {right, y + Px(17)});
    ExplainEffect(quantity, here, {a.x, y - Px(4)}, {b.x, y + Px(20)});
    y += Px(27);
  }
}

constexpr size_t kMostListed = 30;  // boundaries; a hand that pushes makes many

// One boundary of the list: its flag and what was changed, then a row for each quantity. The height used.
float DrawBoundary(const InterventionEffects& here, ImVec2 at, float width) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const std::string flag = FlagText(here.numbers);
  const float flag_width = std::max(Px(16), TextWidth(f.small, flag) + Px(8));
  NoteFlag({at.x + 0.5f * flag_width, at.y}, flag);
  Explain(at, {at.x + width, at.y + Px(20)}, "Flag", here.keys + ".");
  const std::string since = Format("from episode %d", here.episode);
  const float keys_left = at.x + flag_width + Px(7), since_left = at.x + width - TextWidth(f.small, since);
  TextElided(f.small, {keys_left, at.y - Px(1)}, c.text, here.keys, since_left - keys_left - Px(8));
  Text(f.small, {since_left, at.y - Px(1)}, c.faint, since);
  float y = at.y + Px(20);
  for (const Quantity& quantity : kQuantities) {
    const Effect& effect = here.*(quantity.effect);
    Text(f.small, {at.x, y}, c.secondary, quantity.brief);
    const float right = DrawNumbers(at.x + width, y - Px(1), Number(effect.before, quantity.percent),
                                    Number(effect.after, quantity.percent));
    const float left = at.x + Px(72);
    if (right - left > Px(24)) DrawSpark(quantity, effect, {left, y}, {right, y + Px(15)});
    ExplainEffect(quantity, here, {at.x, y - Px(2)}, {at.x + width, y + Px(18)});
    y += Px(20);
  }
  return y + Px(6) - at.y;
}

}  // namespace

void DrawEffectsList(PanelContext& context) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  ImFont* font = GetFonts().small;
  std::vector<InterventionEffects> all = MeasureEffects(context.snapshot, kMostListed);
  Explain(at, {at.x + room.x, at.y + room.y}, "Before and after");
  TraceWidget("effects.list", at, {at.x + room.x, at.y + room.y});
  if (all.empty()) {
    const std::string nothing =
        Format("Nothing has been changed by hand. After a change: medians of up to %d episodes before it and after it.",
               kEffectWindow);
    float y = at.y;
    for (const std::string& line : Wrap(font, nothing, room.x, 4)) {
      Text(font, {at.x, y}, Colors().secondary, line);
      y += FontSize(font) + Px(4);
    }
    return;
  }
  std::reverse(all.begin(), all.end());  // the newest is what a person has just done
  BeginChild("effects.rows", room, false, false, ImGuiWindowFlags_NoNav);
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  float y = from.y;
  for (const InterventionEffects& here : all) y += DrawBoundary(here, {from.x, y}, width);
  const std::string means = Format("Medians of up to %d episodes; learning goes on meanwhile.", kEffectWindow);
  for (const std::string& line : Wrap(font, means, width, 2)) {
    Text(font, {from.x, y}, Colors().faint, line);
    y += FontSize(font) + Px(3);
  }
  ImGui::SetCursorScreenPos(from);
  ImGui::Dummy({width, y - from.y});
  ImGui::EndChild();
}

void DrawEffectsPanel(PanelContext& context, ImVec2 size) {
  const std::vector<InterventionEffects> all = MeasureEffects(context.snapshot, 2);
  std::string hint = Format("median of up to %d episodes before \xe2\x86\x92 after", kEffectWindow);
  for (const InterventionEffects& here : all) hint += " \xc2\xb7 " + FlagText(here.numbers) + " " + here.keys;
  BeginCard("effects", icon::kExchange, "Before and after", size, Elide(GetFonts().small, hint, size.x - Px(200)));
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float gap = Px(8), width = (room.x - 3 * gap) / 4;
  float x = at.x;
  Explain(at, {at.x + room.x, at.y + room.y}, "Before and after");
  for (const Quantity& quantity : kQuantities) {
    DrawQuantity(quantity, all, {x, at.y}, {x + width, at.y + room.y});
    x += width + gap;
  }
  EndCard();
}

}  // namespace equipoise::ui
