#include "ui/panels/scene/imagined_overlay.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

std::string ValueText(const run::MaskImagined& mask, int step) {
  const Spread spread = ReturnUpTo(mask, step);
  return WithError(spread.mean, spread.sd);
}

}  // namespace

ImU32 MaskColor(bool second) { return second ? Colors().mask_b : Colors().mask_a; }

float MaskBadge(ImVec2 left_middle, bool second) {
  const float side = Px(17);
  const ImVec2 p{left_middle.x, left_middle.y - side * 0.5f};
  Rect(p, {p.x + side, p.y + side}, MaskColor(second), Px(4));
  const char* letter = second ? "B" : "A";
  TextCentered(GetFonts().mono_small, {p.x + side * 0.5f, p.y + Px(2)}, Colors().light ? IM_COL32_WHITE : Rgb(0x0E1116),
               letter);
  return side;
}

std::string RebuiltSentence(const std::string& rebuilt) {
  const size_t from = rebuilt.find(" from the ");
  if (from == std::string::npos) return rebuilt;
  return rebuilt.substr(0, from) + " rebuilt from " + rebuilt.substr(from + 10);
}

namespace {

constexpr float kRow = 23, kBelow = 6, kBetween = 18;  // at scale 1

// Who is shown and the return of each up to the step, in the order of the rows.
struct Row {
  bool real = false, second = false;
  std::string name, value;
};

std::vector<Row> RowsOf(const ImaginedView& view, const nets::PartList& parts) {
  const run::Imagined& shown = *view.shown;
  std::vector<Row> rows;
  if (shown.has_real)
    rows.push_back({true, false, "Real body, episode " + std::to_string(shown.request.episode),
                    Format("%.1f", ReturnUpTo(shown.real, view.step()))});
  for (const run::MaskImagined& mask : shown.masks) {
    const int rollouts = static_cast<int>(mask.rollouts.size());
    const std::string which =
        mask.measured == 1 ? "its only rollout" : Format("%d of %d rollouts", rollouts, mask.measured);
    rows.push_back({false, &mask != shown.masks.data(), eps::Capitalised(parts.NameOfBelief(mask.mask)) + ", " + which,
                    ValueText(mask, view.step())});
  }
  return rows;
}

// The white disc of the real body or a mask's letter. Returns how far the words stand from `left`.
float Who(const Row& row, ImVec2 left) {
  if (row.real) {
    DrawList()->AddCircleFilled({left.x + Px(8.5f), left.y}, Px(6.5f), Colors().text, 20);
  } else {
    TraceWidget(row.second ? "imagined.b" : "imagined.a", {left.x, left.y - Px(9)}, {left.x + Px(17), left.y + Px(9)});
    MaskBadge(left, row.second);
  }
  return Px(24);
}

std::string NoteOf(const ImaginedView& view, int step) {
  const bool plan = view.shown->request.policy.has_value();
  const double most = MostInformation(*view.shown);
  return "Return up to step " + std::to_string(step) +
         (plan ? ". Starts and noise as logged for this episode." : ". Same start, same actions.") +
         (most > 0 ? Format(" Lit trail: what the model would learn there, %.2g nats a step at most.", most) : "");
}

// One for each row and one for the note, with room for the longest numbers.
FlowPlaces PlacesOf(const ImaginedView& view, const std::vector<Row>& rows, float width) {
  std::vector<float> widths;
  for (const Row& row : rows) {
    const char* longest = row.real ? "\xe2\x88\x92"
                                     "1234.5"
                                   : "\xe2\x88\x92"
                                     "1234.5 \xc2\xb1 123.4";
    widths.push_back(Px(24 + 8 + kBetween) + TextWidth(GetFonts().small, row.name) +
                     TextWidth(GetFonts().mono, longest));
  }
  widths.push_back(std::min(width, TextWidth(GetFonts().small, NoteOf(view, view.shown->horizon)) + Px(12)));
  return Flow(widths, width, Px(kRow));
}

}  // namespace

float LegendBandHeight(const ImaginedView& view, const nets::PartList& parts, float width) {
  if (view.shown == nullptr) return 0;
  return PlacesOf(view, RowsOf(view, parts), width).height + Px(kBelow);
}

void DrawLegendBand(const ImaginedView& view, const nets::PartList& parts, ImVec2 at, float width) {
  const Fonts& f = GetFonts();
  const std::vector<Row> rows = RowsOf(view, parts);
  const FlowPlaces places = PlacesOf(view, rows, width);
  const auto middle = [&](size_t i) { return ImVec2{at.x + places.at[i].x, at.y + places.at[i].y + 0.5f * Px(kRow)}; };
  for (size_t i = 0; i < rows.size(); ++i) {
    ImVec2 p = middle(i);
    p.x += Who(rows[i], p);
    p.x += TextMiddle(f.small, p, Colors().text, rows[i].name) + Px(8);
    const float value = TextMiddle(f.mono, p, Colors().text, rows[i].value);
    const ImVec2 from = middle(i);
    Explain({from.x, from.y - 0.5f * Px(kRow)}, {p.x + value, from.y + 0.5f * Px(kRow)},
            rows[i].real ? "Return" : "Mask",
            "Return up to step " + std::to_string(view.step()) + ": " + rows[i].value + ".");
  }
  TextMiddleElided(f.small, middle(rows.size()), Colors().secondary, NoteOf(view, view.step()),
                   width - places.at.back().x);
}

void DrawRebuiltPill(const ImaginedView& view, ImVec2 a, ImVec2 b) {
  const run::Imagined& shown = *view.shown;
  std::string text = RebuiltSentence(shown.rebuilt);
  if (!shown.real_note.empty()) text += (text.empty() ? "" : "; ") + shown.real_note;
  if (text.empty()) return;
  ImFont* font = GetFonts().small;
  const float pad = Px(10), height = Px(24), icon_width = Px(18);
  text = Elide(font, text, b.x - a.x - 2 * pad - Px(40));
  const float width = TextWidth(font, text) + Px(22) + icon_width;
  const ImVec2 p{b.x - pad - width, a.y + pad};
  Rect(p, {p.x + width, p.y + height}, Colors().scrim, Px(5));
  TextMiddle(font, {p.x + Px(10), p.y + height * 0.5f}, Colors().note, icon::kWarning);
  TextMiddle(font, {p.x + Px(11) + icon_width, p.y + height * 0.5f}, Colors().text, text);
}

void DrawLanesChoice(ImaginedView* view, ImVec2 a, ImVec2 b) {
  const float pad = Px(10), height = Px(24), width = Px(138);
  if (b.x - a.x < width + Px(80)) return;
  const ImVec2 p{b.x - pad - Px(30) - width, b.y - pad - height};
  Rect(p, {p.x + width, p.y + height}, Colors().scrim, Px(5));
  const int clicked = Segments("imagined.lanes", p, {width, height}, {"Lanes", "Overlaid"}, view->lanes ? 0 : 1);
  if (clicked >= 0) view->lanes = clicked == 0;
}

}  // namespace equipoise::ui
