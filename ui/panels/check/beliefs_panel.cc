#include "ui/panels/check/beliefs_panel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/model/diagnostics.h"
#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/panels/scene/imagined_overlay.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDash = "\xe2\x80\x93";

std::string Share(double v) { return std::isfinite(v) ? Format("%.1f %%", 100 * v) : kDash; }
std::string Plain(const char* format, double v) { return std::isfinite(v) ? Format(format, v) : kDash; }

std::string PlusMinus(double mean, double sd) {
  if (!std::isfinite(mean)) return kDash;
  return WithError(mean, sd);
}

double ErrorAt(const run::MaskImagined& mask, int step) {
  if (step < 1 || mask.error.empty()) return NAN;
  return mask.error[std::min(mask.error.size(), static_cast<size_t>(step)) - 1];
}

}  // namespace

std::vector<BeliefRow> BeliefRows(const run::Imagined& shown, int step) {
  std::vector<BeliefRow> rows;
  const auto add = [&](const std::string& label, const std::function<std::string(const run::MaskImagined&)>& cell) {
    BeliefRow row{label, {}};
    for (const run::MaskImagined& mask : shown.masks) row.cells.push_back(cell(mask));
    row.cells.push_back(cell(shown.all));
    rows.push_back(std::move(row));
  };
  using Mask = run::MaskImagined;
  const bool real = !shown.request.policy.has_value();
  if (real) {
    // In brackets what is right for so many rollouts.
    add(Format("Coverage, %d steps", shown.horizon), [](const Mask& m) {
      const double right = model::CalibratedCoverage(m.measured);
      return std::isfinite(m.coverage) && right > 0 ? Share(m.coverage) + " (" + Share(right) + ")" : Share(m.coverage);
    });
    add(Format("Error at step %d, sd", step), [step](const Mask& m) { return Plain("%.2f", ErrorAt(m, step)); });
  }
  add("Return, predicted", [](const Mask& m) { return PlusMinus(m.return_mean, m.return_sd); });
  if (shown.has_real) {
    const double sum = std::accumulate(shown.real.reward.begin(), shown.real.reward.end(), 0.0);
    add("Return, real", [sum](const Mask&) { return Format("%.4g", sum); });
  }
  add("\xce\x94 in the check", [](const Mask& m) { return std::isnan(m.delta) ? kDash : SignedBrief(m.delta); });
  add("States clamped", [](const Mask& m) { return Share(m.clamped_fraction); });
  if (real) add("Reward error per step", [](const Mask& m) { return Plain("%.2g", m.reward_error); });
  return rows;
}

void DrawBeliefsPanel(PanelContext& context, ImVec2 size) {
  const UiState& state = context.state;
  const nets::PartList& parts = PartsOf(context.snapshot);
  const run::Imagined* shown = state.scene.imagined.shown.get();
  const bool usable = shown != nullptr && shown->problem.empty() && !shown->masks.empty();
  const bool real = usable && !shown->request.policy.has_value();
  const bool two = usable && shown->masks.size() > 1;
  std::string hint;
  if (usable && !state.window.compact) hint = real ? "same start, same actions" : "a plan: no reality to compare with";
  const std::string what = two ? "Two beliefs" : "One belief";
  BeginCard("beliefs", icon::kEye, usable && !real ? what + ", a plan" : what + " against reality", size, hint);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  ImFont* font = GetFonts().small;
  if (!usable) {
    const bool dots = Compares(context.snapshot);
    const std::string how = dots ? "Click a dot of the check; Shift and click for a second."
                                 : Format("%s shows a %s, %s a second one.", KeyCapOf(KeyAction::kNextMask),
                                          parts.Belief().c_str(), KeyCapOf(KeyAction::kNextSecondMask));
    float y = at.y;
    for (const std::string& line : Wrap(font, "Nothing imagined yet. " + how, room.x, 3)) {
      Text(font, {at.x, y}, Colors().secondary, line);
      y += FontSize(font) + Px(4);
    }
    EndCard();
    return;
  }
  std::vector<BeliefRow> rows = BeliefRows(*shown, state.scene.imagined.step());
  const size_t columns = rows.front().cells.size();
  const float head = Px(20), line = std::clamp((room.y - head) / static_cast<float>(rows.size()), Px(15), Px(22));
  const float column = std::min(Px(104), 0.62f * room.x / static_cast<float>(columns));
  const auto right = [&](size_t i) { return at.x + room.x - column * static_cast<float>(columns - 1 - i); };
  for (size_t i = 0; i + 1 < columns; ++i) MaskBadge({right(i) - Px(17), at.y + Px(8)}, i == 1);
  const std::string all =
      shown->all.measured > 0 ? "all " + std::to_string(shown->all.measured) : "all " + parts.Beliefs();
  TextRight(font, {right(columns - 1), at.y + Px(1)}, Colors().secondary, all);
  float y = at.y + head;
  for (BeliefRow& row : rows) {
    if (y + FontSize(font) > at.y + room.y + Px(3)) break;
    TextElided(font, {at.x, y}, Colors().secondary, row.label, right(0) - column - at.x + Px(8));
    for (size_t i = 0; i < columns; ++i) {
      std::string& cell = row.cells[i];  // where it is narrow, the mean alone
      if (TextWidth(GetFonts().mono, cell) > column - Px(8))
        cell = cell.substr(0, std::min(cell.find(" \xc2\xb1"), cell.find(" (")));
      TextRight(GetFonts().mono, {right(i), y - Px(1)}, i + 1 < columns ? Colors().text : Colors().secondary, cell);
    }
    Explain({at.x, y - Px(2)}, {at.x + room.x, y + line - Px(2)}, row.label,
            "A column for each " + parts.Belief() + " that is shown, the last one of all.");
    y += line;
  }
  Explain(at, {at.x + room.x, at.y + head}, "Mask", "A and B are the ones that are shown; the last column is of all.");
  EndCard();
}

}  // namespace equipoise::ui
