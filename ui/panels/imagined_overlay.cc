#include "ui/panels/imagined_overlay.h"

#include <algorithm>
#include <cmath>

#include "ui/draw.h"
#include "ui/trace.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

float CardWidth(ImVec2 a, ImVec2 b) { return std::min(Px(310), b.x - a.x - Px(20)); }
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

float LegendCardHeight(const ImaginedView& view) {
  const size_t masks = view.shown != nullptr ? view.shown->masks.size() : 0;
  return Px(20) + Px(24) * static_cast<float>(masks + (view.shown != nullptr && view.shown->has_real)) + Px(20);
}

void DrawLegendCard(const ImaginedView& view, ImVec2 a, ImVec2 b) {
  const run::Imagined& shown = *view.shown;
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float pad = Px(10), row = Px(24), width = CardWidth(a, b);
  const bool note = HasNote(a, b);
  const float height = LegendCardHeight(view) - (note ? 0 : Px(20));
  const ImVec2 p{a.x + pad, a.y + pad}, q{p.x + width, p.y + height};
  Rect(p, q, c.scrim, Px(6));
  float y = p.y + Px(10) + row * 0.5f;
  const auto value = [&](const std::string& text) { TextRight(f.mono, {q.x - Px(12), y - Px(8)}, c.text, text); };
  if (shown.has_real) {
    DrawList()->AddCircleFilled({p.x + Px(20), y}, Px(6.5f), c.text, 20);
    TextMiddle(f.small, {p.x + Px(36), y}, c.text, "Real body, episode " + std::to_string(shown.request.episode));
    value(Format("%.1f", ReturnUpTo(shown.real, view.step())));
    y += row;
  }
  for (size_t i = 0; i < shown.masks.size(); ++i) {
    const run::MaskImagined& mask = shown.masks[i];
    TraceWidget(i == 1 ? "imagined.b" : "imagined.a", {p.x + Px(12), y - Px(9)}, {p.x + Px(29), y + Px(9)});
    MaskBadge({p.x + Px(12), y}, i == 1);
    TextMiddle(
        f.small, {p.x + Px(36), y}, c.text,
        Format("Mask %d, %d of %d rollouts", mask.mask + 1, static_cast<int>(mask.rollouts.size()), mask.measured));
    value(ValueText(mask, view.step()));
    y += row;
  }
  if (!note) return;
  const bool plan = shown.request.actions != run::ActionSource::kReal;
  std::string text = "Return up to step " + std::to_string(view.step()) + ".";
  text += plan ? " Starts and noise of the check." : " Same start, same actions.";
  Text(f.small, {p.x + Px(12), y - Px(9)}, c.secondary, Elide(f.small, text, width - Px(24)));
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
  if (p.x < a.x + CardWidth(a, b) + 2 * pad) p.y = a.y + pad + LegendCardHeight(view) + Px(6);
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
