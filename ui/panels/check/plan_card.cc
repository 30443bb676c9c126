#include "ui/panels/check/plan_card.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

// "elite spread" of "cem.elite_spread".
std::string Words(const std::string& name) {
  std::string words = name.substr(name.find('.') + 1);
  std::replace(words.begin(), words.end(), '_', ' ');
  return eps::Capitalised(words);
}

// Of a column: its middle, and how many there are beside each other.
float MiddleOf(size_t i, size_t count, float left, float width) {
  return left + width * (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
}

struct Scale {
  double lo = 0, hi = 1;
  float top = 0, bottom = 0;
  float At(double value) const {
    const double share = std::clamp((value - lo) / (hi - lo), 0.0, 1.0);
    return bottom - static_cast<float>(share) * (bottom - top);
  }
};

void Labels(const Scale& scale, float right) {
  const double step = (scale.hi - scale.lo) / 2;
  for (double value : {scale.lo, scale.hi})
    TextRight(GetFonts().mono_small, {right, scale.At(value) - FontSize(GetFonts().mono_small) * 0.5f},
              Colors().secondary, TickLabel(value, step));
}

// The funnel: mean and spread of every round as a bar, its best as a dot.
void DrawRounds(const plan::PlanTrace& plan, ImU32 color, ImVec2 a, ImVec2 b) {
  Scale scale{INFINITY, -INFINITY, a.y + Px(8), b.y - Px(18)};
  for (const auto& r : plan.rounds) {
    if (!std::isfinite(r.best)) continue;
    scale.lo = std::min(scale.lo, r.mean - r.spread);
    scale.hi = std::max(scale.hi, r.best);
  }
  if (!(scale.hi > scale.lo)) {
    Text(GetFonts().small, a, Colors().secondary, "All candidates score the same.");
    return;
  }
  const float left = a.x + Px(44), width = b.x - left;
  Labels(scale, left - Px(6));
  const float half = std::min(Px(7), width / static_cast<float>(plan.rounds.size()) * 0.3f);
  for (size_t i = 0; i < plan.rounds.size(); ++i) {
    const auto& r = plan.rounds[i];
    if (!std::isfinite(r.best)) continue;
    const float x = MiddleOf(i, plan.rounds.size(), left, width);
    Rect({x - half, scale.At(r.mean + r.spread)}, {x + half, scale.At(r.mean - r.spread)}, WithAlpha(color, 0.35f),
         Px(2));
    Line({x - half, scale.At(r.mean)}, {x + half, scale.At(r.mean)}, color, Px(1.5f));
    DrawList()->AddCircleFilled({x, scale.At(r.best)}, Px(3.5f), color, 16);
    if (plan.rounds.size() <= 12)
      TextCentered(GetFonts().mono_small, {x, b.y - Px(15)}, Colors().secondary, std::to_string(i + 1));
  }
  TraceWidget("check.rounds", a, b);
}

// The tree's root: a bar for every first action, as high as it was tried, as dark as it was worth.
void DrawVisits(const plan::PlanTrace& plan, ImU32 color, ImVec2 a, ImVec2 b) {
  const int64_t most = std::max<int64_t>(1, *std::max_element(plan.visits.begin(), plan.visits.end()));
  const Scale scale{0, static_cast<double>(most), a.y + Px(8), b.y - Px(18)};
  const float left = a.x + Px(44), width = b.x - left;
  Labels(scale, left - Px(6));
  const float half = width / static_cast<float>(plan.visits.size()) * 0.3f;
  for (size_t i = 0; i < plan.visits.size(); ++i) {
    const float x = MiddleOf(i, plan.visits.size(), left, width);
    const double value = std::isfinite(plan.values[i]) ? plan.values[i] : 0;
    Rect({x - half, scale.At(static_cast<double>(plan.visits[i]))}, {x + half, scale.bottom},
         WithAlpha(color, 0.25f + 0.75f * static_cast<float>(value)), Px(2));
    if (plan.choices[i].size() == 1)
      TextCentered(GetFonts().mono_small, {x, b.y - Px(15)}, Colors().secondary, Brief(plan.choices[i][0]));
  }
  TraceWidget("check.visits", a, b);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> PlanRows(const plan::PlanTrace& plan) {
  std::vector<std::pair<std::string, std::string>> rows;
  double promised = 0;
  for (double r : plan.promised) promised += r;
  rows.emplace_back("Planned at step", std::to_string(plan.step));
  rows.emplace_back("Steps ahead", std::to_string(plan.shape.steps));
  rows.emplace_back("Promised for them", plan.sound ? Brief(promised) : "nothing");
  if (!plan.rounds.empty()) {
    rows.emplace_back("Best candidate", Brief(plan.rounds.back().best));
    rows.emplace_back("Mean of its round", Brief(plan.rounds.back().mean));
  }
  for (const auto& [name, value] : plan.numbers) rows.emplace_back(Words(name), Brief(value));
  return rows;
}

void DrawPlanCard(const plan::PlanTrace& plan, ImU32 color, ImVec2 at, ImVec2 size) {
  const float rows_width = std::min(Px(190), size.x * 0.45f), gap = Px(20);
  const ImVec2 end{at.x + size.x - rows_width - gap, at.y + size.y};
  if (!plan.visits.empty()) {
    DrawVisits(plan, color, at, end);
  } else if (!plan.rounds.empty()) {
    DrawRounds(plan, color, at, end);
  }
  Explain(at, end, "Plan",
          plan.visits.empty() ? "One bar for each round: mean and spread of its candidates, the dot its best."
                              : "One bar for each first action: as high as it was tried, as dark as it was worth.");
  ImFont* font = GetFonts().small;
  const auto rows = PlanRows(plan);
  const float height = std::clamp(size.y / static_cast<float>(rows.size()), FontSize(font) + Px(2.5f), Px(21));
  float y = at.y + Px(2);
  for (const auto& [label, value] : rows) {
    if (y + FontSize(font) > at.y + size.y + Px(2)) break;
    TextElided(font, {end.x + gap, y}, Colors().secondary, label,
               rows_width - TextWidth(GetFonts().mono, value) - Px(6));
    TextRight(GetFonts().mono, {end.x + gap + rows_width, y - Px(1)}, Colors().text, value);
    Explain({end.x + gap, y - Px(2)}, {end.x + gap + rows_width, y + height - Px(2)}, "Plan",
            label + ": " + value + ".");
    y += height;
  }
}

}  // namespace equipoise::ui
