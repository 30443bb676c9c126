#include "ui/panels/effects_panel.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/draw.h"
#include "ui/effects.h"
#include "ui/layout.h"

namespace equipoise::ui {
namespace {

struct Quantity {
  const char *name, *unit;
  Effect InterventionEffects::*effect;
  bool percent;
  // A spark spans at least so much, absolute and as a share of the level: a small change shall look small.
  double least_span, least_share;
};

const Quantity kQuantities[] = {
    {"Return", "per episode", &InterventionEffects::episode_return, false, 0, 0.35},
    {"Model NLL", "physics outputs", &InterventionEffects::nll, false, 0.7, 0},
    {"Mask spread", "sd of \xce\x94", &InterventionEffects::spread, false, 0, 0.6},
    {"Model-free fraction", "of picks", &InterventionEffects::fraction_model_free, true, 0.8, 0},
};

std::string Number(double value, bool percent) {
  if (!std::isfinite(value)) return "\xe2\x80\x93";
  if (percent) return Format("%.0f %%", 100 * value);
  const double size = std::fabs(value);
  return Format(size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
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

void DrawQuantity(const Quantity& quantity, const std::vector<InterventionEffects>& all, ImVec2 a, ImVec2 b) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  Rect(a, b, c.raised, Px(5));
  Text(f.strong, {a.x + Px(10), a.y + Px(6)}, c.text, Elide(f.strong, quantity.name, b.x - a.x - Px(20)));
  if (TextWidth(f.strong, quantity.name) + TextWidth(f.small, quantity.unit) + Px(28) < b.x - a.x) {
    TextRight(f.small, {b.x - Px(10), a.y + Px(8)}, c.faint, quantity.unit);
  }
  float y = a.y + Px(33);
  for (const InterventionEffects& here : all) {
    const Effect& effect = here.*(quantity.effect);
    NoteFlag({a.x + Px(18), y}, here.number);
    const std::string before = Number(effect.before, quantity.percent), after = Number(effect.after, quantity.percent);
    float right = b.x - Px(10);
    TextRight(f.mono, {right, y}, c.text, after);
    right -= std::max(Px(38), TextWidth(f.mono, after) + Px(6));
    TextCentered(f.small, {right - Px(6), y}, c.faint, "\xe2\x86\x92");
    right -= Px(14);
    TextRight(f.mono, {right, y}, c.secondary, before);
    right -= std::max(Px(38), TextWidth(f.mono, before)) + Px(8);
    const float left = a.x + Px(34);
    if (right - left > Px(24)) DrawSpark(quantity, effect, {left, y - Px(1)}, {right, y + Px(17)});
    y += Px(27);
  }
}

}  // namespace

void DrawEffectsPanel(PanelContext& context, ImVec2 size) {
  const std::vector<InterventionEffects> all = MeasureEffects(context.snapshot, 2);
  std::string hint = Format("mean of up to %d episodes before \xe2\x86\x92 after", kEffectWindow);
  for (const InterventionEffects& here : all) hint += " \xc2\xb7 " + std::to_string(here.number) + " " + here.keys;
  BeginCard("effects", icon::kExchange, "Before and after", size, Elide(GetFonts().small, hint, size.x - Px(200)));
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float gap = Px(8), width = (room.x - 3 * gap) / 4;
  float x = at.x;
  for (const Quantity& quantity : kQuantities) {
    DrawQuantity(quantity, all, {x, at.y}, {x + width, at.y + room.y});
    x += width + gap;
  }
  EndCard();
}

}  // namespace equipoise::ui
