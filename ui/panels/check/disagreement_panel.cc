#include "ui/panels/check/disagreement_panel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/tooltip.h"
#include "ui/kit/trace.h"
#include "ui/panels/curves/curve_caption.h"
#include "ui/plot/line_chart.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDelta = "\xce\x94";

// What was asked for in earlier frames, and the columns of the charts.
struct DisagreementMemory {
  std::optional<run::Disagree> asked;
  std::optional<run::FollowMask> followed;
  run::Shared<run::FollowedMask> went_on;  // the answer after which the rest was asked for
  AxisView x, y;
  const run::Disagreement* charted = nullptr;
  std::vector<int> charted_masks;
  std::vector<double> step, all, lowest, highest;
  std::vector<std::vector<double>> lines;
  std::vector<double> episode, pinned, error_lo, error_hi, past, least, mean;
};

bool Same(const run::FollowMask& a, const run::FollowMask& b) {
  return a.episode == b.episode && a.mask == b.mask && a.preferred == b.preferred && a.challenger == b.challenger &&
         a.newest == b.newest;
}

const run::Disagreement* AnswerTo(const UiState& state, const eps::Decision& decision) {
  const run::Disagreement* found = state.answers.disagreement.get();
  return found != nullptr && found->request == run::DisagreeOf(decision) ? found : nullptr;
}

std::vector<double> SumsUpTo(const std::vector<double>& by_step) {
  std::vector<double> sums(by_step.size() + 1, 0.0);
  std::partial_sum(by_step.begin(), by_step.end(), sums.begin() + 1);
  return sums;
}

std::vector<int> ChosenMasks(const UiState& state, const run::Disagreement& found) {
  std::vector<int> masks;
  for (const std::optional<int>& mask : {state.selection.mask, state.scene.imagined.second_mask})
    if (mask && *mask < static_cast<int>(found.masks.size())) masks.push_back(*mask);
  return masks;
}

ImU32 LineColor(size_t i) { return i == 0 ? Colors().mask_a : Colors().mask_b; }

// Words at `at`; returns the x behind them.
float Say(ImVec2 at, ImU32 color, const std::string& text) {
  return at.x + Text(GetFonts().small, at, color, text) + Px(10);
}

// The words that choose, at the right end of the first row. Returns where they begin.
float Choices(PanelContext& context, const eps::Decision& decision, DisagreementChoice* choice, ImVec2 right) {
  UiState& state = context.state;
  const nets::PartList& parts = PartsOf(context.snapshot);
  float x = right.x;
  const auto word = [&](const char* id, const std::string& text, bool on, const char* tip) {
    x -= WordWidth(text.c_str());
    const bool clicked = DrawWord(id, {x, right.y}, text.c_str(), on, tip);
    x -= Px(8);
    return clicked;
  };
  std::optional<PinnedMask>& pinned = state.selection.pinned;
  if (word("disagree.training", "through training", choice->training,
           "the pinned one at every kept decision: the same version of the model all along"))
    choice->training = true;
  if (word("disagree.steps", "by step", !choice->training, "where in imagination the difference arises"))
    choice->training = false;
  if (pinned) {
    if (word("disagree.unpin", "unpin", false, "follow it no longer")) pinned.reset();
  } else if (state.selection.mask) {
    const std::string label = "pin " + parts.NameOfBelief(*state.selection.mask);
    if (word("disagree.pin", label, false, "follow this version of the model through the training"))
      pinned = PinnedMask{decision.episode, *state.selection.mask};
  }
  return x;
}

void DrawNothing(const std::string& text, ImVec2 at, ImVec2 size) {
  ImFont* font = GetFonts().small;
  const float line = FontSize(font) + Px(4);
  const std::vector<std::string> lines = Wrap(font, text, size.x - Px(20), 3);
  Rect(at, {at.x + size.x, at.y + size.y}, Ink(0.02f), Px(4));
  float y = at.y + 0.5f * (size.y - line * static_cast<float>(lines.size()));
  for (const std::string& part : lines) {
    TextCentered(font, {at.x + 0.5f * size.x, y}, Colors().secondary, part);
    y += line;
  }
}

ChartSpec NewSpec(const std::string& x_label, const RangeOf& x, RangeOf y) {
  ChartSpec spec;
  spec.x_label = x_label;
  spec.x_whole = true;
  spec.x_fit = x.View(0);
  y.Add(0);
  spec.y_fit = y.View(0.08);
  return spec;
}

void FillSteps(const run::Disagreement& found, const std::vector<int>& masks, DisagreementMemory* memory) {
  if (memory->charted == &found && memory->charted_masks == masks) return;
  memory->charted = &found;
  memory->charted_masks = masks;
  memory->all = SumsUpTo(found.all.by_step);
  memory->step.resize(memory->all.size());
  std::iota(memory->step.begin(), memory->step.end(), 0.0);
  const auto from_zero = [](const std::vector<double>& values) {
    std::vector<double> out{0};
    out.insert(out.end(), values.begin(), values.end());
    return out;
  };
  memory->lowest = from_zero(found.lowest);
  memory->highest = from_zero(found.highest);
  memory->lines.clear();
  for (int mask : masks) memory->lines.push_back(SumsUpTo(found.masks[static_cast<size_t>(mask)].by_step));
}

// "step 12: A +0.31, up to here +4.2; all +0.28, +3.9"
std::string ReadOut(const DisagreementMemory& memory, double at) {
  const auto t = static_cast<size_t>(std::clamp(std::round(at), 1.0, static_cast<double>(memory.step.size() - 1)));
  std::string text = "step " + std::to_string(t) + ":";
  const auto add = [&](const std::string& name, const std::vector<double>& sums) {
    text += " " + name + " " + SignedBrief(sums[t] - sums[t - 1]) + ", up to here " + SignedBrief(sums[t]) + ";";
  };
  for (size_t i = 0; i < memory.lines.size(); ++i) add(i == 0 ? "A" : "B", memory.lines[i]);
  add("all", memory.all);
  text.pop_back();
  return text;
}

void DrawSteps(PanelContext& context, const run::Disagreement& found, ImVec2 at, float words_right, ImVec2 size) {
  DisagreementMemory& memory = context.state.memory.OfRun<DisagreementMemory>();
  const std::vector<int> masks = ChosenMasks(context.state, found);
  const nets::PartList& parts = PartsOf(context.snapshot);
  FillSteps(found, masks, &memory);
  RangeOf x, y;
  x.Add(memory.step);
  for (const auto* column : {&memory.all, &memory.lowest, &memory.highest}) y.Add(*column);
  for (const auto& line : memory.lines) y.Add(line);
  ChartSpec spec = NewSpec("imagined steps", x, y);
  if (memory.lowest.size() == memory.step.size())
    spec.bands.push_back({&memory.step, &memory.lowest, &memory.highest, Ink(Colors().light ? 0.10f : 0.12f)});
  spec.lines.push_back({&memory.step, &memory.all, Colors().text, 2});
  for (size_t i = 0; i < memory.lines.size(); ++i)
    spec.lines.push_back({&memory.step, &memory.lines[i], LineColor(i), 2});
  const float row = FontSize(GetFonts().small) + Px(5);
  ImGui::SetCursorScreenPos({at.x, at.y + row});
  const ChartResult result = DrawLineChart("disagree", {size.x, size.y - row}, spec, &memory.x, &memory.y);
  if (result.fitted) memory.x.fit = memory.y.fit = true;
  TraceWidget("disagree.chart", {at.x, at.y + row}, {at.x + size.x, at.y + size.y});
  if (result.hovered && memory.step.size() > 1) {
    const float line = std::floor(result.x_axis.ToPixel(std::clamp(std::round(result.x), 1.0, memory.step.back())));
    Line({line + 0.5f, result.y_axis.to}, {line + 0.5f, result.y_axis.from}, Ink(0.28f));
    const std::string words = ReadOut(memory, result.x);
    Tooltip(words, {at.x, at.y}, {at.x + size.x, at.y + size.y});
    TraceWidget("disagree.read_out", {line, result.y_axis.to}, {line + 1, result.y_axis.from});
  }
  // Which line is which, as far as there is room.
  float end = at.x;
  const auto name = [&](ImU32 color, const std::string& text) {
    if (end + TextWidth(GetFonts().small, text) <= words_right) end = Say({end, at.y}, color, text);
  };
  name(Colors().text, std::string(kDelta) + " up to a step: all");
  for (size_t i = 0; i < masks.size(); ++i) name(LineColor(i), parts.NameOfBelief(masks[i]));
  name(Colors().secondary, "band: 90 % of them");
}

void DrawTraining(PanelContext& context, ImVec2 at, float words_right, ImVec2 size) {
  UiState& state = context.state;
  const nets::PartList& parts = PartsOf(context.snapshot);
  const float row = FontSize(GetFonts().small) + Px(5);
  const ImVec2 chart{at.x, at.y + row}, room{size.x, size.y - row};
  const run::FollowedMask* followed = state.answers.followed.get();
  if (!state.selection.pinned) {
    DrawNothing("Choose a " + parts.Belief() +
                    " by its dot and pin it: the same version of the model is then asked at "
                    "every kept decision.",
                chart, room);
    return;
  }
  if (followed == nullptr || followed->points.empty()) {
    DrawNothing(followed != nullptr && !followed->problem.empty() ? followed->problem : "Asking the kept decisions.",
                chart, room);
    return;
  }
  DisagreementMemory& memory = state.memory.OfRun<DisagreementMemory>();
  for (auto* column :
       {&memory.episode, &memory.pinned, &memory.error_lo, &memory.error_hi, &memory.past, &memory.least, &memory.mean})
    column->clear();
  RangeOf x, y;
  for (const run::FollowedMask::Point& point : followed->points) {
    memory.episode.push_back(point.episode);
    memory.pinned.push_back(point.delta);
    memory.error_lo.push_back(point.delta - point.standard_error);
    memory.error_hi.push_back(point.delta + point.standard_error);
    const run::EpisodeSummary* record = FindEpisode(context.snapshot, point.episode);
    if (record == nullptr || !record->decision.checked) continue;
    const eps::DecisionSummary& s = record->decision.summary;
    if (!std::isfinite(s.mean) || record->decision.evaluated < record->decision.masks) continue;
    memory.past.push_back(point.episode);
    memory.least.push_back(s.least);
    memory.mean.push_back(s.mean);
  }
  x.Add(memory.episode);
  for (const auto* column : {&memory.error_lo, &memory.error_hi, &memory.mean}) y.Add(*column);
  ChartSpec spec = NewSpec("episode", x, y);
  spec.bands.push_back({&memory.episode, &memory.error_lo, &memory.error_hi, WithAlpha(Colors().note, 0.2f)});
  spec.lines.push_back({&memory.past, &memory.mean, Colors().secondary, 1.4f});
  spec.lines.push_back({&memory.past, &memory.least, Colors().secondary, 1.4f, true});
  spec.lines.push_back({&memory.episode, &memory.pinned, Colors().note, 2});
  spec.references.push_back(0);
  ImGui::SetCursorScreenPos(chart);
  AxisView whole_x, whole_y;
  const ChartResult result = DrawLineChart("disagree.line", room, spec, &whole_x, &whole_y);
  TraceWidget("disagree.line", chart, {chart.x + room.x, chart.y + room.y});
  if (result.hovered) {
    const auto& points = followed->points;
    const auto nearest = std::min_element(points.begin(), points.end(), [&](const auto& a, const auto& b) {
      return std::fabs(a.episode - result.x) < std::fabs(b.episode - result.x);
    });
    const float line = std::floor(result.x_axis.ToPixel(nearest->episode)) + 0.5f;
    Line({line, result.y_axis.to}, {line, result.y_axis.from}, Ink(0.28f));
    Tooltip("episode " + std::to_string(nearest->episode) + ": " + PinnedName(*state.selection.pinned, parts) + " " +
                SignedBrief(nearest->delta) +
                (std::isfinite(nearest->standard_error) ? " \xc2\xb1 " + Brief(nearest->standard_error) : ""),
            chart, {chart.x + room.x, chart.y + room.y});
    if (result.clicked && FindEpisode(context.snapshot, nearest->episode) != nullptr)
      state.selection.episode = nearest->episode;
  }
  float end = at.x;
  const auto name = [&](ImU32 color, const std::string& text) {
    if (end + TextWidth(GetFonts().small, text) <= words_right) end = Say({end, at.y}, color, text);
  };
  name(Colors().note, PinnedName(*state.selection.pinned, parts) +
                          (followed->whole ? "" : " (" + std::to_string(followed->points.size()) + " so far)"));
  name(Colors().secondary, "each episode's own: mean, least dashed");
}

}  // namespace

std::string PinnedName(const PinnedMask& pinned, const nets::PartList& parts) {
  return parts.NameOfBelief(pinned.mask) + " of episode " + std::to_string(pinned.episode);
}

std::vector<PartRow> PartRows(const run::Disagreement& found, const std::vector<int>& masks) {
  std::vector<const run::DifferenceParts*> columns;
  for (int mask : masks) columns.push_back(&found.masks[static_cast<size_t>(mask)]);
  columns.push_back(&found.all);
  std::vector<PartRow> rows;
  const auto add = [&](const std::string& label, const std::string& about, const auto& value) {
    PartRow row{label, about, {}};
    for (const run::DifferenceParts* parts : columns) row.cells.push_back(value(*parts));
    rows.push_back(std::move(row));
  };
  const auto half = [](bool second) {
    return [second](const run::DifferenceParts& parts) {
      const auto middle = parts.by_step.begin() + static_cast<std::ptrdiff_t>(parts.by_step.size() / 2);
      return second ? std::accumulate(middle, parts.by_step.end(), 0.0)
                    : std::accumulate(parts.by_step.begin(), middle, 0.0);
    };
  };
  add("1st half", "What arises in the first half of the imagined steps: mostly the dynamics.", half(false));
  add("2nd half", "What arises in the second half: mostly what compounded.", half(true));
  for (size_t k = 0; k < found.term_names.size(); ++k) {
    add(eps::Capitalised(found.term_names[k]), "A part of the reward that follows from action and imagined state.",
        [k](const run::DifferenceParts& parts) { return parts.by_term[k]; });
  }
  if (found.has_bonus)
    add("Bonus", "What the policies would teach the model, as it counts in the check.",
        [](const run::DifferenceParts& parts) { return parts.bonus; });
  add(found.term_names.empty() ? "Reward" : "Rest",
      found.term_names.empty()
          ? "The model's reward; this task's terms do not follow from what is observed."
          : "What the model's reward holds beside those terms: parts that are not observed, and its "
            "own error.",
      [](const run::DifferenceParts& parts) { return parts.rest; });
  add(kDelta, "The sum of the halves, and of the terms: the mask's dot.",
      [](const run::DifferenceParts& parts) { return parts.delta; });
  return rows;
}

void FollowPinned(PanelContext& context, const eps::Decision* decision) {
  UiState& state = context.state;
  DisagreementMemory& memory = state.memory.OfRun<DisagreementMemory>();
  if (!state.selection.pinned || decision == nullptr || decision->comparisons.empty()) return;
  const eps::Comparison& turned = decision->turned_on();
  int newest = decision->episode;
  if (context.snapshot.decision != nullptr) newest = std::max(newest, context.snapshot.decision->episode);
  if (context.snapshot.episodes && !context.snapshot.episodes->empty())
    newest = std::max(newest, context.snapshot.episodes->back()->episode);
  const PinnedMask& pinned = *state.selection.pinned;
  const run::FollowMask wanted{pinned.episode, pinned.mask, turned.preferred, turned.challenger, newest};
  const auto& answer = state.answers.followed;
  if (memory.followed) {
    // A newer question ends the one at work: where decisions come faster than answers none would ever be answered.
    const run::FollowMask& asked = *memory.followed;
    const bool same_mask = asked.episode == wanted.episode && asked.mask == wanted.mask &&
                           asked.preferred == wanted.preferred && asked.challenger == wanted.challenger;
    const bool answered = answer != nullptr && Same(answer->request, asked) && memory.went_on != answer;
    if (same_mask && !answered) {
      const bool known = answer != nullptr && Same(answer->request, asked) && answer->whole;
      if (!known || Same(asked, wanted)) return;
    }
    if (same_mask && answered && Same(asked, wanted) && answer->whole) return;
  }
  memory.followed = wanted;
  memory.went_on = answer;
  state.answers.questions.push_back(wanted);
}

std::optional<run::FollowedMask::Point> PinnedOf(const UiState& state, const eps::Decision& decision) {
  const run::FollowedMask* followed = state.answers.followed.get();
  if (!state.selection.pinned || followed == nullptr || decision.comparisons.empty()) return {};
  const run::FollowMask& request = followed->request;
  const eps::Comparison& turned = decision.turned_on();
  if (request.episode != state.selection.pinned->episode || request.mask != state.selection.pinned->mask ||
      request.preferred != turned.preferred || request.challenger != turned.challenger)
    return {};
  for (const run::FollowedMask::Point& point : followed->points)
    if (point.episode == decision.episode) return point;
  return {};
}

void DrawDisagreement(PanelContext& context, const eps::Decision& decision, ImVec2 at, ImVec2 size, ImVec2 rows_at,
                      ImVec2 rows_size) {
  UiState& state = context.state;
  DisagreementMemory& memory = state.memory.OfRun<DisagreementMemory>();
  DisagreementChoice& choice = state.memory.OfWindow<DisagreementChoice>();
  const run::Disagree wanted = run::DisagreeOf(decision);
  // As above: the one at work is waited for, unless a person has chosen another episode.
  const run::Disagreement* newest = state.answers.disagreement.get();
  const bool answered = !memory.asked || (newest != nullptr && newest->request == *memory.asked);
  if (!memory.asked || (!(*memory.asked == wanted) && (answered || state.selection.episode.has_value()))) {
    memory.asked = wanted;
    state.answers.questions.push_back(wanted);
  }
  Explain(at, {at.x + size.x, at.y + size.y}, "Where they part");
  const float words_right = Choices(context, decision, &choice, {at.x + size.x, at.y});
  const run::Disagreement* found = AnswerTo(state, decision);
  const float row = FontSize(GetFonts().small) + Px(5);
  if (choice.training) {
    DrawTraining(context, at, words_right, size);
  } else if (found == nullptr || !found->problem.empty()) {
    DrawNothing(found == nullptr ? "Imagining again, step by step." : found->problem, {at.x, at.y + row},
                {size.x, size.y - row});
  } else {
    DrawSteps(context, *found, at, words_right, size);
  }
  if (found == nullptr || !found->problem.empty()) return;

  const std::vector<int> masks = ChosenMasks(state, *found);
  const std::vector<PartRow> rows = PartRows(*found, masks);
  ImFont *font = GetFonts().small, *mono = GetFonts().mono_small;
  const float column = TextWidth(mono,
                                 "\xe2\x88\x92"
                                 "1234.5") +
                       Px(6);
  const float height = std::clamp(rows_size.y / static_cast<float>(rows.size() + 1), FontSize(font) + Px(1), Px(20));
  float y = rows_at.y;
  const auto cell = [&](size_t i, size_t of) {
    return rows_at.x + rows_size.x - column * static_cast<float>(of - 1 - i);
  };
  const size_t of = masks.size() + 1;
  for (size_t i = 0; i < masks.size(); ++i) TextRight(mono, {cell(i, of), y}, LineColor(i), i == 0 ? "A" : "B");
  TextRight(font, {cell(of - 1, of), y}, Colors().secondary, "all");
  y += height;
  for (const PartRow& part : rows) {
    if (y + FontSize(font) > rows_at.y + rows_size.y + Px(2)) break;
    const bool sum = &part == &rows.back();
    if (sum) Line({rows_at.x, y - Px(1)}, {rows_at.x + rows_size.x, y - Px(1)}, Ink(0.2f));
    Text(font, {rows_at.x, y}, sum ? Colors().text : Colors().secondary,
         Elide(font, part.label, rows_size.x - column * static_cast<float>(of) - Px(2)));
    for (size_t i = 0; i < part.cells.size(); ++i)
      TextRight(mono, {cell(i, of), y}, Colors().text, SignedBrief(part.cells[i]));
    Explain({rows_at.x, y}, {rows_at.x + rows_size.x, y + height}, "Where they part",
            part.label + ": " + SignedBrief(part.cells.front()) + ".", part.about);
    y += height;
  }
  TraceWidget("disagree.rows", rows_at, {rows_at.x + rows_size.x, y});
}

}  // namespace equipoise::ui
