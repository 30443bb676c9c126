#include "ui/panels/check/what_if_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/picture.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

using Kind = eps::WhatIfRule::Kind;
using Verdict = eps::WhatIfAnswer::Verdict;

constexpr const char* kArrow = " \xe2\x86\x92 ";

struct RuleWords {
  std::string name, unit, about;
};

RuleWords WordsOf(Kind kind, const nets::PartList& parts) {
  const std::string masks = parts.Beliefs();
  switch (kind) {
    case Kind::kLeast:
      return {"every \xce\x94 above", "", "The least \xce\x94 must pass this threshold; 0 is the rule in force."};
    case Kind::kFewerMasks:
      return {"first " + masks + " only", masks,
              "The rule in force with the first K' " + masks + ": exact, they do not depend on K."};
    case Kind::kRollouts:
      return {"other rollouts", "M", "A chance by the standard errors: single rollouts are not stored."};
    case Kind::kMean:
      return {"mean \xce\x94 above", "", "The mean over " + masks + " instead of the least."};
    case Kind::kShare:
      return {"share of " + masks, "%", "At least so many of the " + masks + " must favour a challenger."};
    case Kind::kSoftLeast:
      return {"soft least", "tau", "Between the least (tau near 0) and the mean (tau large), in units of return."};
  }
  return {"", "", ""};
}

constexpr Kind kKinds[] = {Kind::kLeast, Kind::kFewerMasks, Kind::kRollouts,
                           Kind::kMean,  Kind::kShare,      Kind::kSoftLeast};

void RuleChoice(WhatIfChoice* choice, const nets::PartList& parts, ImVec2 at, ImVec2 size) {
  const Kind kind = static_cast<Kind>(choice->kind);
  ButtonStyle style;
  const RuleWords now = WordsOf(kind, parts);
  style.tooltip = now.about.c_str();
  if (Button("what_if.rule", at, size, now.name + "  " + icon::kCaretDown, style)) {
    ImGui::OpenPopup("what_if.rules");
  }
  std::vector<std::string> names;
  for (Kind each : kKinds) names.push_back(WordsOf(each, parts).name);
  ListStyle list;
  list.about = [&parts](int i) { return WordsOf(kKinds[i], parts).about; };
  const int chosen = ChoiceList("what_if.rules", names, static_cast<int>(kind), list);
  if (chosen >= 0) choice->kind = static_cast<int>(kKinds[chosen]);
}

// Wrapped text; returns the y below it.
float Paragraph(const std::string& text, ImVec2 at, float width, float bottom, ImU32 color) {
  ImFont* font = GetFonts().small;
  const float line = FontSize(font) + Px(3);
  const int most = static_cast<int>((bottom - at.y) / line);
  if (most <= 0) return at.y;
  for (const std::string& part : Wrap(font, text, width, most)) {
    Text(font, at, color, part);
    at.y += line;
  }
  return at.y + Px(3);
}

}  // namespace

eps::WhatIfRule ChosenRule(const WhatIfChoice& choice) {
  return {static_cast<Kind>(choice.kind), choice.value[static_cast<size_t>(choice.kind)]};
}

std::string ValueText(const eps::WhatIfRule& rule) {
  return Format("%.6g", rule.kind == Kind::kShare ? 100 * rule.value : rule.value);
}

std::optional<double> ValueFromText(Kind kind, const std::string& typed) {
  std::string text = typed;
  const size_t minus = text.find("\xe2\x88\x92");  // the real one, as it is shown
  if (minus != std::string::npos) text.replace(minus, 3, "-");
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(value)) return std::nullopt;
  switch (kind) {
    case Kind::kLeast:
    case Kind::kMean:
      return value;
    case Kind::kFewerMasks:
    case Kind::kRollouts:
      return std::clamp(std::floor(value), 1.0, 100000.0);
    case Kind::kShare:
      return std::clamp(value, 1.0, 100.0) / 100;
    case Kind::kSoftLeast:
      return std::max(value, 1e-3);
  }
  return std::nullopt;
}

std::string Answer(const eps::Decision& decision, const eps::WhatIfRule& rule) {
  const eps::WhatIfAnswer answer = eps::Ask(decision, rule);
  const std::string now = decision.proved ? "proved" : "not proved";
  switch (answer.verdict) {
    case Verdict::kProved:
      return now + kArrow + "proved";
    case Verdict::kNotProved:
      return now + kArrow + "not proved";
    case Verdict::kChance:
      return now + kArrow + "proved with a chance of " + Percent(answer.chance);
    case Verdict::kUnknown:
      return "cannot be told: " + answer.why;
  }
  return "";
}

const WhatIfHistory& Counted(PanelContext& context, const eps::WhatIfRule& rule) {
  WhatIfCounter& counter = context.state.memory.OfRun<WhatIfCounter>();
  return counter.Of(context.snapshot.episodes, rule, DrawingPicture());
}

void DrawWhatIf(PanelContext& context, const eps::Decision* decision, ImVec2 at, ImVec2 size) {
  WhatIfChoice& choice = context.state.memory.OfWindow<WhatIfChoice>();
  ImFont* font = GetFonts().small;
  const float bottom = at.y + size.y, height = Px(24), field = Px(66);
  Explain(at, {at.x + size.x, bottom}, "What if", WordsOf(ChosenRule(choice).kind, PartsOf(context.snapshot)).about);
  RuleChoice(&choice, PartsOf(context.snapshot), at, {size.x - field - Px(6), height});
  eps::WhatIfRule rule = ChosenRule(choice);
  FieldStyle style;
  style.unit = WordsOf(rule.kind, PartsOf(context.snapshot)).unit;
  const auto typed =
      ValueField("what_if.value", {at.x + size.x - field, at.y}, {field, height}, ValueText(rule), style);
  if (typed) {
    if (const auto value = ValueFromText(rule.kind, *typed)) choice.value[static_cast<size_t>(choice.kind)] = *value;
    rule = ChosenRule(choice);
  }
  float y = at.y + height + Px(7);
  if (decision != nullptr && decision->checked) {
    const eps::PickDifference difference = eps::Differs(*decision, rule);
    const bool other = difference.counted && difference.known && difference.chance > 0.5;
    y = Paragraph("This one: " + Answer(*decision, rule) + ".", {at.x, y}, size.x, bottom,
                  other ? Colors().note : Colors().text);
  }
  const WhatIfHistory& history = Counted(context, rule);
  const size_t all = context.snapshot.episodes ? context.snapshot.episodes->size() : 0;
  std::string past = eps::Sentence(history.count, rule, PartsOf(context.snapshot));
  if (history.asked < all) {
    past = "Reading " + std::to_string(all) + " episodes. So far: " + past;
    context.state.clock.WakeIn(0.2);
  }
  y = Paragraph(past, {at.x, y}, size.x, bottom, Colors().text);
  std::string small = "What if: each decision asked alone; forced episodes stay. Nothing is trained anew.";
  if (rule.kind == Kind::kRollouts) small = "Normal approximation from standard errors. " + small;
  if (y + FontSize(font) < bottom) Paragraph(small, {at.x, y}, size.x, bottom, Colors().faint);
}

}  // namespace equipoise::ui
