#include "ui/panels/imagined_overlay.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/draw.h"
#include "ui/panels/card_fold.h"
#include "ui/trace.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

float CardWidth(ImVec2 a, ImVec2 b) { return std::min(Px(326), b.x - a.x - Px(20)); }
bool HasNote(ImVec2 a, ImVec2 b) { return b.y - a.y >= Px(230); }

std::string ValueText(const run::MaskImagined& mask, int step) {
  const Spread spread = ReturnUpTo(mask, step);
  return std::isfinite(spread.sd) ? Format("%.1f \xc2\xb1 %.1f", spread.mean, spread.sd) : Format("%.1f", spread.mean);
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

constexpr float kFoldedHeight = 34, kFoldedGap = 14;  // at scale 1

// Who is shown and the return of each up to the step, in the order of the rows.
struct Row {
  bool real = false, second = false;
  std::string name, value;
};

std::vector<Row> RowsOf(const ImaginedView& view) {
  const run::Imagined& shown = *view.shown;
  std::vector<Row> rows;
  if (shown.has_real)
    rows.push_back({true, false, "Real body, episode " + std::to_string(shown.request.episode),
                    Format("%.1f", ReturnUpTo(shown.real, view.step()))});
  for (const run::MaskImagined& mask : shown.masks) {
    const int rollouts = static_cast<int>(mask.rollouts.size());
    rows.push_back({false, &mask != shown.masks.data(),
                    Format("Mask %d, %d of %d rollouts", mask.mask + 1, rollouts, mask.measured),
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

void DrawFolded(UiState& state, const std::vector<Row>& rows, ImVec2 p, ImVec2 q) {
  const float middle = (p.y + q.y) * 0.5f, caret = FoldCaret(state, {q.x - Px(6), middle});
  float x = p.x + Px(12);
  for (const Row& row : rows) {
    const float end = x + Px(24) + TextWidth(GetFonts().mono, row.value);
    if (end > q.x - Px(6) - caret) break;
    TextMiddle(GetFonts().mono, {x + Who(row, {x, middle}), middle}, Colors().text, row.value);
    x = end + Px(kFoldedGap);
  }
}

}  // namespace

ImVec2 LegendCardSize(const ImaginedView& view, ImVec2 a, ImVec2 b, bool folded) {
  const float most = b.x - a.x - Px(20);
  if (view.shown == nullptr) return {0, 0};
  if (!folded) {
    const auto rows = static_cast<float>(view.shown->masks.size() + (view.shown->has_real ? 1 : 0));
    return {CardWidth(a, b), Px(HasNote(a, b) ? 40 : 20) + Px(24) * rows};
  }
  float width = Px(36);
  for (const Row& row : RowsOf(view)) width += Px(24 + kFoldedGap) + TextWidth(GetFonts().mono, row.value);
  return {std::min(width, most), Px(kFoldedHeight)};
}

void DrawLegendCard(UiState& state, ImVec2 a, ImVec2 b, bool folded) {
  const ImaginedView& view = state.imagined;
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const ImVec2 size = LegendCardSize(view, a, b, folded);
  const ImVec2 p{a.x + Px(10), a.y + Px(10)}, q{p.x + size.x, p.y + size.y};
  Rect(p, q, c.scrim, Px(6));
  const std::vector<Row> rows = RowsOf(view);
  if (folded) {
    DrawFolded(state, rows, p, q);
    return;
  }
  float y = p.y + Px(10) + Px(12);
  const float caret = FoldCaret(state, {q.x - Px(6), y});
  for (const Row& row : rows) {
    TextMiddle(f.small, {p.x + Px(12) + Who(row, {p.x + Px(12), y}), y}, c.text, row.name);
    TextRight(f.mono, {q.x - Px(8) - caret, y - Px(8)}, c.text, row.value);
    y += Px(24);
  }
  if (!HasNote(a, b)) return;
  const bool plan = view.shown->request.actions != run::ActionSource::kReal;
  std::string text = "Return up to step " + std::to_string(view.step()) + ".";
  text += plan ? " Starts and noise of the check." : " Same start, same actions.";
  Text(f.small, {p.x + Px(12), y - Px(9)}, c.secondary, Elide(f.small, text, size.x - Px(24)));
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
  ImVec2 p{b.x - pad - width, a.y + pad};
  const ImVec2 card = LegendCardSize(view, a, b, false);
  if (p.x < a.x + card.x + 2 * pad) p.y = a.y + pad + card.y + Px(6);
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
