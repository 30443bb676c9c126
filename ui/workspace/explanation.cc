#include "ui/workspace/explanation.h"

#include <algorithm>
#include <cctype>

#include "ui/kit/keys.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/glossary.h"

namespace equipoise::ui {
namespace {

constexpr double kRest = 0.45;  // seconds

struct Resting {  // of the window
  ImVec2 mouse{-1, -1};
  double since = 0;
};

bool Inside(ImVec2 p, const Meaning& m) { return p.x >= m.a.x && p.x < m.b.x && p.y >= m.a.y && p.y < m.b.y; }

// The smallest box under the mouse, of equal ones the last; null: there is none.
const Meaning* Smallest(const std::vector<Meaning>& all, ImVec2 mouse) {
  const auto area = [](const Meaning& m) { return (m.b.x - m.a.x) * (m.b.y - m.a.y); };
  const Meaning* found = nullptr;
  for (const Meaning& meaning : all)
    if (Inside(mouse, meaning) && (found == nullptr || area(meaning) <= area(*found))) found = &meaning;
  return found;
}

// In the explaining mode: how to leave it, and what has more to say than its words.
void DrawMode() {
  ImDrawList* list = ImGui::GetForegroundDrawList();
  for (const Meaning& m : Explained())
    list->AddRect({m.a.x - Px(3), m.a.y}, {m.b.x + Px(3), m.b.y},
                  WithAlpha(Colors().accent, Colors().light ? 0.35f : 0.3f), Px(3));
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImFont* font = GetFonts().small;
  const std::string words = std::string(icon::kQuestion) + "  Point at anything: it is explained.  " +
                            KeyCapOf(KeyAction::kExplain) + " ends this.";
  const float width = TextWidth(font, words) + Px(28), height = Px(28);
  const ImVec2 a{0.5f * (all.x - width), all.y - height - Px(30)}, b{a.x + width, a.y + height};
  list->AddRectFilled(a, b, Colors().raised, Px(6));
  list->AddRect(a, b, Colors().accent, Px(6));
  list->AddText(font, FontSize(font), {a.x + Px(14), a.y + Px(6)}, Colors().text, words.c_str());
  TraceWidget("explaining", a, b);
}

}  // namespace

std::string ExplanationOf(const PanelContext& context, const Meaning& meaning) {
  std::string title = meaning.term, sentence = meaning.sentence;
  if (sentence.empty()) {
    const Term* term = FindTerm(meaning.term);
    const auto known =
        term != nullptr ? std::optional<TermMeaning>({term->title, term->sentence}) : MeaningOf(context, meaning.term);
    if (!known) return meaning.now;
    title = known->title;
    sentence = known->sentence;
  }
  std::string text = title.empty() ? sentence : title + ": " + sentence;
  if (!meaning.now.empty()) text += "\n" + meaning.now;
  return text;
}

const Meaning* MeaningUnder(ImVec2 mouse) { return Smallest(Explained(), mouse); }
const Meaning* WordsUnder(ImVec2 mouse) { return Smallest(WordsDrawn(), mouse); }

void DrawExplanation(PanelContext& context) {
  UiState& state = context.state;
  const bool mode = state.view.explains;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  Resting& resting = state.memory.OfWindow<Resting>();
  const bool pressed = ImGui::IsMouseDown(0) || ImGui::IsMouseDown(1) || ImGui::IsMouseDown(2);
  if (mouse.x != resting.mouse.x || mouse.y != resting.mouse.y || pressed) resting = {mouse, state.clock.now};
  const double rested = state.clock.now - resting.since;
  if (!mode && rested < kRest && !pressed) state.clock.WakeIn(kRest - rested);
  if (!TooltipWanted() && !pressed && !FieldIsOpen() && (mode || rested >= kRest)) {
    std::string text;
    const Meaning* found = Smallest(Explained(), mouse);
    if (found != nullptr) text = ExplanationOf(context, *found);
    if (text.empty() && (found = Smallest(WordsDrawn(), mouse)) != nullptr) text = ExplanationOf(context, *found);
    if (!text.empty()) Tooltip(text, found->a, found->b);
  }
  if (mode) DrawMode();
  KeepAllMeanings(mode);
}

}  // namespace equipoise::ui
