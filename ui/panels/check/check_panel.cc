#include "ui/panels/check/check_panel.h"

#include <algorithm>

#include "engine/eps/check_settings.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/check/bonus_bars.h"
#include "ui/panels/check/check_text.h"
#include "ui/panels/check/disagreement_panel.h"
#include "ui/panels/check/plan_card.h"
#include "ui/panels/check/reevaluation.h"
#include "ui/panels/check/what_if_panel.h"
#include "ui/panels/curves/curve_data.h"
#include "ui/plot/actor_strip.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/swarm_chart.h"
#include "ui/view/facts.h"
#include "ui/view/mask_choice.h"

namespace equipoise::ui {
namespace {

// What the strip of who acted keeps of the run.
struct StripMemory {
  run::SharedList<run::EpisodeSummary> episodes;
  std::vector<StripCell> cells;  // of episodes, and maybe of the decision that is about to be acted on
  std::optional<int> shows;      // the selection that the strip has already brought into view
};

// One cell per executed episode, and one for the newest decision while its episode is not yet acted. Those of episodes
// that were there before are kept.
const std::vector<StripCell>& StripCells(const run::Snapshot& snapshot, StripMemory* memory) {
  static const EpisodeList kNone;
  const EpisodeList& now = snapshot.episodes ? *snapshot.episodes : kNone;
  const EpisodeList& before = memory->episodes ? *memory->episodes : kNone;
  const bool grown = before.empty() || (now.size() >= before.size() && now.front() == before.front() &&
                                        now[before.size() - 1] == before.back());
  memory->cells.resize(grown ? before.size() : 0);
  for (size_t i = memory->cells.size(); i < now.size(); ++i) {
    const eps::SummarisedDecision& d = now[i]->decision;
    const bool broken = d.reason == eps::Reason::kUndecidable || now[i]->guard_tripped;
    memory->cells.push_back({now[i]->episode, ActorOf(PartsOf(snapshot), d.pick, d.reason), broken, false});
  }
  memory->episodes = snapshot.episodes;
  const eps::Decision* newest = snapshot.decision.get();
  if (newest != nullptr && (now.empty() || newest->episode > now.back()->episode))
    memory->cells.push_back({newest->episode, ActorOf(PartsOf(snapshot), newest->pick, newest->reason), false, true});
  return memory->cells;
}

std::vector<StripFlag> StripFlags(const run::Snapshot& snapshot) {
  std::vector<StripFlag> flags;
  if (!snapshot.events) return flags;
  for (const auto& event : *snapshot.events) {
    if (event->number > 0) flags.push_back({event->episode, event->number});
  }
  return flags;
}

// A control at the right end of the title. Returns where it begins; `clicked` is set when it was.
float TitleControl(const char* id, float right, float middle, const std::string& label, bool on, const char* tooltip,
                   bool* clicked) {
  ImFont* font = GetFonts().small;
  const float width = TextWidth(font, label), height = FontSize(font);
  const ImVec2 a{right - width - Px(12), middle - height * 0.5f - Px(4)}, b{right, middle + height * 0.5f + Px(4)};
  ImGui::SetCursorScreenPos(a);
  *clicked = ImGui::InvisibleButton(id, {b.x - a.x, b.y - a.y});
  *clicked |= FocusItem(ImGui::GetID(id), a, b);
  const bool hovered = ImGui::IsItemHovered();
  Explain(a, b, "", "", tooltip);
  TraceWidget(std::string("check.") + id, a, b);
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    Tooltip(tooltip, a, b);
  }
  Rect(a, b, hovered ? Colors().field_hover : on ? Colors().field_on : Colors().field, Px(4));
  TextMiddle(font, {a.x + Px(6), middle}, hovered || on ? Colors().text : Colors().secondary, label);
  return a.x;
}

// Right end of the title, from the right: the way back to now, the door to other rules, what is shown. Whatever else
// can be done with one stored decision stands left of these.
void TitleEnd(const run::Snapshot& snapshot, const eps::Decision* decision, float taken_until, UiState* state) {
  ImFont* font = GetFonts().small;
  const ImVec2 end = CardTitleRight(), cursor = ImGui::GetCursorScreenPos();
  const bool pinned = state->selection.episode.has_value();
  WhatIfChoice& what_if = state->memory.OfWindow<WhatIfChoice>();
  DisagreementChoice& where = state->memory.OfWindow<DisagreementChoice>();
  float right = end.x;
  bool clicked = false;
  if (pinned && !DrawingPicture()) {
    right = TitleControl("now", right, end.y,
                         std::string(state->window.compact ? "now  " : "back to now  ") + KeyCapOf(KeyAction::kEscape),
                         false, "show the newest decision again", &clicked) -
            Px(6);
    if (clicked) BackToNow(state);
    const bool lies_in_a_folder = snapshot.info != nullptr && !snapshot.info->directory.empty();
    if (lies_in_a_folder && *state->selection.episode > 0) {
      right =
          TitleControl("fork", right, end.y, state->window.compact ? "fork" : "fork from here", false,
                       "a second run that is this one up to this episode, and goes on with another setting", &clicked) -
          Px(6);
      if (clicked) state->sheet.AskToFork(*state->selection.episode);
    }
  }
  if (!DrawingPicture() && decision != nullptr && Compares(snapshot)) {
    right = TitleControl("what_if", right, end.y, "what if", what_if.on, "ask the stored decisions under another rule",
                         &clicked) -
            Px(6);
    if (clicked) what_if.on = !what_if.on, where.on = false;
    right = TitleControl("where", right, end.y, "where", where.on,
                         "where the two policies part: by imagined step, by term of the reward, through training",
                         &clicked) -
            Px(10);
    if (clicked) where.on = !where.on, what_if.on = false;
  }
  const float room = right - taken_until - Px(12), top = end.y - FontSize(font) * 0.5f - Px(1);
  const std::string title = SelectionTitle(snapshot, state->selection.episode);
  std::string hint = decision != nullptr ? CheckHint(*decision, PartsOf(snapshot), state->window.compact) : "";
  if (decision != nullptr && TextWidth(font, hint) > room) hint = CheckHint(*decision, PartsOf(snapshot), true);
  if (!title.empty()) {
    // Which episode it is must be readable; that it is the logged one can be left out.
    hint = TextWidth(font, title) <= room ? title : title.substr(0, title.find(','));
    hint = Elide(font, hint, std::max(room, 0.0f));
  }
  if (TextWidth(font, hint) <= room) {
    TextRight(font, {right, top}, title.empty() ? Colors().secondary : Colors().text, hint);
  }
  ImGui::SetCursorScreenPos(cursor);
}

// The sentence as large as it fits: one line at 18, one at 15, two at 15. Returns the height used.
float DrawSentence(const eps::Decision& decision, const nets::PartList& parts, ImVec2 at, float width) {
  const Actor actor = ActorOf(parts, decision.pick, decision.reason);
  const float indent = Px(22), room = width - indent;
  const std::string sentence = eps::Sentence(decision, parts);
  ImFont* font = TextWidth(GetFonts().title, sentence) <= room ? GetFonts().title : GetFonts().strong;
  const float line = FontSize(font) + Px(4);
  const std::vector<std::string> lines = Wrap(font, sentence, room, 2);
  ActorGlyph({at.x + Px(8), at.y + line * 0.5f}, Px(6.5f), actor);
  float y = at.y;
  for (const std::string& text : lines) {
    Text(font, {at.x + indent, y}, Colors().text, text);
    y += line;
  }
  return y - at.y;
}

void DrawRows(const eps::Decision& decision, const nets::PartList& parts, ImVec2 at, ImVec2 size) {
  ImFont* font = GetFonts().small;
  const std::string partial = PartialNote(decision, parts);
  float y = at.y;
  if (!partial.empty()) {
    TextElided(font, at, Colors().note, partial, size.x);
    y += FontSize(font) + Px(4);
  }
  const std::vector<CheckRow> rows = CheckRows(decision, parts);
  const std::vector<BonusBar> bars = BonusBars(decision);
  const float least = FontSize(font) + Px(2.5f), whole = at.y + size.y - y;
  // The bars say again what two of the rows do: where not all of it fits, they go first.
  const float below = bars.empty() ? 0 : BonusBarsHeight(bars) + Px(8);
  const bool barred = below > 0 && whole - below >= least * static_cast<float>(rows.size());
  const float room = barred ? whole - below : whole;
  const float height = std::clamp(room / static_cast<float>(rows.size()), least, Px(21));
  for (const CheckRow& row : rows) {
    if (y + FontSize(font) > at.y + size.y + Px(2)) break;
    const Palette& p = Colors();
    const eps::Comparison& compared = decision.turned_on();
    const ImU32 tones[] = {p.text, ActorColor(LearnerOf(parts, compared.challenger)),
                           ActorColor(LearnerOf(parts, compared.preferred)), p.bad};
    const ImU32 color = tones[static_cast<size_t>(row.tone)];
    TextElided(font, {at.x, y}, Colors().secondary, row.label, size.x - TextWidth(GetFonts().mono, row.value) - Px(6));
    TextRight(GetFonts().mono, {at.x + size.x, y - Px(1)}, color, row.value);
    Explain({at.x, y - Px(2)}, {at.x + size.x, y + height - Px(2)}, row.label, "Here: " + row.value + ".");
    y += height;
  }
  if (barred) DrawBonusBars(bars, parts, {at.x, y + Px(4)}, size.x);
}

// Legend of the strip, from the right; the words that do not fit are left out.
void StripTitle(ImVec2 at, float width, const run::Snapshot& snapshot, const std::string& view) {
  ImFont* font = GetFonts().small;
  float title = Text(font, at, Colors().text, "Who acted");
  title += Px(8) + Text(font, {at.x + title + Px(8), at.y}, Colors().faint, view);
  if (!Compares(snapshot)) return;  // always the same one
  const nets::PartList& parts = PartsOf(snapshot);
  const int force_every = SettingsOf(snapshot).Of<eps::CheckSettings>().force_every;
  const std::string one_in = force_every > 0 ? " (1 in " + std::to_string(force_every) + ")" : "";
  struct Sign {
    Actor actor;
    std::string words, shorter;
  };
  std::vector<Sign> signs;
  const nets::PartInfo* preferred = parts.Learners().front();
  signs.push_back({{parts.SlotOf(preferred->id), true}, preferred->name + ", forced" + one_in, "forced"});
  for (const nets::PartInfo* part : parts.Learners()) {
    const Actor actor{parts.SlotOf(part->id)};
    const std::string words =
        actor.model_based() ? "up: " + part->name + ", proved" : "down: " + part->name + ", not proved";
    signs.push_back({actor, words, part->name});
  }
  float all = 0;
  for (const Sign& sign : signs) all += TextWidth(font, sign.words) + Px(30);
  const bool shorter = all > width - title - Px(10);
  float x = at.x + width;
  for (const Sign& sign : signs) {
    const std::string& words = shorter ? sign.shorter : sign.words;
    x -= TextWidth(font, words);
    Text(font, {x, at.y}, Colors().secondary, words);
    const ImVec2 a{x - Px(14), at.y + Px(2)}, b{x - Px(5), at.y + Px(11)};
    if (sign.actor.forced) {
      Hatch(a, b, ActorColor(sign.actor), Px(4));
      Frame(a, b, ActorColor(sign.actor), 1);
    } else {
      Rect(a, b, ActorColor(sign.actor), 1);
    }
    x -= Px(30);
  }
}

// `shown`: the decision above the strip; a random episode has one without a number of its own.
void DrawStrip(PanelContext& context, ImVec2 at, ImVec2 size, const eps::Decision* shown) {
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  StripMemory& memory = state.memory.OfRun<StripMemory>();
  const std::vector<StripCell>& cells = StripCells(snapshot, &memory);
  const eps::Decision* newest = snapshot.decision.get();
  std::optional<int> framed = state.selection.episode;
  if (!framed && shown != nullptr) framed = shown->episode;
  const float title = FontSize(GetFonts().small) + Px(6);
  ImGui::SetCursorScreenPos({at.x, at.y + title});
  static const std::vector<int> kNone;
  const WhatIfChoice& what_if = state.memory.OfWindow<WhatIfChoice>();
  const std::vector<int>& noted = what_if.on ? Counted(context, ChosenRule(what_if)).differing : kNone;
  Explain(at, {at.x + size.x, at.y + size.y}, "Who acted", "A click on a cell shows that episode.");
  const StripResult result =
      DrawActorStrip("strip", {size.x, size.y - title}, cells, StripFlags(snapshot), state.selection.episode, framed,
                     {&state.view.strip_last, &memory.shows, state.selection.hovered}, noted);
  StripTitle(at, size.x, snapshot, StripWords(result.first, result.last, cells.size()));
  if (result.hovered) state.selection.next_hovered = result.hovered;
  if (result.clicked && FindEpisode(snapshot, *result.clicked) != nullptr) {
    state.selection.Toggle(result.clicked);
    memory.shows = state.selection.episode;  // it lies under the mouse already
  } else if (result.clicked) {
    state.selection.episode.reset();  // the one that is about to act is the newest
  }
  if (result.hovered) {
    const run::EpisodeSummary* record = FindEpisode(snapshot, *result.hovered);
    const nets::PartList& parts = PartsOf(snapshot);
    const std::string sentence =
        record != nullptr ? eps::Sentence(record->decision, parts) : eps::Sentence(*newest, parts);
    Tooltip("episode " + std::to_string(*result.hovered) + "\n" + sentence, at, {at.x + size.x, at.y + size.y});
  }
}

void DrawNothing(const std::string& text, ImVec2 at, ImVec2 size) {
  ImFont* font = GetFonts().body;
  const std::vector<std::string> lines = Wrap(font, text, std::min(size.x - Px(40), Px(460)), 3);
  const float line = FontSize(font) + Px(4);
  Rect(at, {at.x + size.x, at.y + size.y}, Ink(0.02f), Px(4));
  float y = at.y + 0.5f * (size.y - line * static_cast<float>(lines.size()));
  for (const std::string& part : lines) {
    TextCentered(font, {at.x + 0.5f * size.x, y}, Colors().secondary, part);
    y += line;
  }
}

}  // namespace

std::string SelectionTitle(const run::Snapshot& snapshot, std::optional<int> selected_episode) {
  if (!selected_episode) return "";
  const int episode = *selected_episode;
  const run::EpisodeSummary* record = FindEpisode(snapshot, episode);
  if (record == nullptr) return "episode " + std::to_string(episode) + " has not been acted; this is the newest";
  const std::string name = episode > 0 ? "episode " + std::to_string(episode) : "random episode";
  return name + ", as logged";
}

std::string StripWords(size_t first, size_t last, size_t cells) {
  if (cells == 0 || (first == 0 && last + 1 == cells)) return "";
  const std::string shown = std::to_string(last - first + 1) + " of " + std::to_string(cells);
  if (last + 1 == cells) return "last " + shown + ", wheel: earlier";
  return (first == 0 ? "first " + shown : shown) + ", wheel: later";
}

run::Shared<eps::Decision> ShownDecision(const run::Snapshot& snapshot, std::optional<int> selected_episode) {
  if (selected_episode) {
    const run::EpisodeSummary* record = FindEpisode(snapshot, *selected_episode);
    if (record != nullptr) return run::WholeDecision(*record);
  }
  if (snapshot.decision) return snapshot.decision;
  if (snapshot.episodes && !snapshot.episodes->empty()) return run::WholeDecision(*snapshot.episodes->back());
  return nullptr;
}

void DrawCheckPanel(PanelContext& context, ImVec2 size) {
  UiState& state = context.state;
  const WhatIfChoice& what_if = state.memory.OfWindow<WhatIfChoice>();
  const DisagreementChoice& where = state.memory.OfWindow<DisagreementChoice>();
  const run::Shared<eps::Decision> stored = ShownDecision(context.snapshot, state.selection.episode);
  const eps::Decision* decision = stored.get();
  if (const eps::Decision* again = CompletedDecision(state, decision)) decision = again;
  FollowPinned(context, decision);
  // Who plans has no check; its newest plan stands in its place, unless another episode is looked at.
  const run::LiveStep& live = context.snapshot.live;
  const plan::PlanTrace* plan = !state.selection.episode && live.plan != nullptr ? live.plan.get() : nullptr;
  // Where nothing is compared, who acted is what is left to tell.
  const bool compares = PartsOf(context.snapshot).empty() || Compares(context.snapshot);
  const std::string name = plan != nullptr ? "The plan"
                           : compares      ? "The check: \xce\x94 per " + PartsOf(context.snapshot).Belief()
                                           : "Who acts";
  BeginCard("check", icon::kScale, name, size);
  // A stored decision can be made again: the button and its answer stand right of the card's name (reevaluation.h).
  const float name_end = ImGui::GetCursorScreenPos().x + Px(25) + TextWidth(GetFonts().strong, name);
  const float taken_until =
      DrawReevaluation(state, PartsOf(context.snapshot), decision, CardTitleRight(), name_end + Px(10));
  TitleEnd(context.snapshot, decision, taken_until, &state);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float strip_height = Px(state.window.compact ? 68 : 78);
  float y = at.y;
  const bool line_is_gone =
      decision != nullptr && decision->evaluated > 0 && decision->delta().empty() && decision->policies.empty();
  if (decision != nullptr && !line_is_gone)
    y += DrawSentence(*decision, PartsOf(context.snapshot), {at.x, y}, room.x) + Px(6);
  const float middle_height = at.y + room.y - strip_height - Px(6) - y;
  const bool has_dots = decision != nullptr && decision->checked && !decision->delta().empty();
  if (plan != nullptr && !has_dots) {
    const ImU32 color = ActorColor(LearnerOf(PartsOf(context.snapshot), live.trace->pick));
    DrawPlanCard(*plan, color, {at.x, y}, {room.x, middle_height});
  } else if (!has_dots) {
    DrawNothing(NothingChecked(context.snapshot, decision), {at.x, y}, {room.x, middle_height});
  } else {
    const float rows_width = Px(what_if.on             ? 236
                                : state.window.compact ? 176
                                                       : 190),
                left_width = room.x - rows_width - Px(20);
    const float dots_width = where.on ? std::floor(0.46f * left_width) : left_width;
    ImGui::SetCursorScreenPos({at.x, y});
    SwarmWhatIf shown_rule;
    const eps::WhatIfRule rule = ChosenRule(what_if);
    if (what_if.on && rule.kind == eps::WhatIfRule::Kind::kLeast) shown_rule.threshold = rule.value;
    if (what_if.on && rule.kind == eps::WhatIfRule::Kind::kMean) shown_rule.threshold = rule.value;
    if (what_if.on && rule.kind == eps::WhatIfRule::Kind::kFewerMasks) shown_rule.masks = static_cast<int>(rule.value);
    if (const auto point = PinnedOf(state, *decision)) {
      shown_rule.pinned = point->delta;
      shown_rule.pinned_name = "pinned";
    }
    const SwarmChartResult result = DrawSwarmChart("masks", {dots_width, middle_height}, *decision,
                                                   PartsOf(context.snapshot), &state.memory.OfRun<SwarmMemory>(),
                                                   state.selection.mask, state.scene.imagined.second_mask, shown_rule);
    Explain({at.x, y}, {at.x + dots_width, y + middle_height}, "The check",
            "Each dot is one " + PartsOf(context.snapshot).Belief() +
                ": how far it lies from zero is how much more the policy of that side earns in it; the ringed one "
                "decides.");
    if (result.clicked) ChooseMask(&state, *decision, *result.clicked, result.shift);
    const ImVec2 side{at.x + left_width + Px(20), y + Px(2)};
    if (where.on) {
      const float left = at.x + dots_width + Px(14);
      DrawDisagreement(context, *decision, {left, y}, {at.x + left_width - left, middle_height}, side,
                       {rows_width, middle_height});
    } else if (what_if.on) {
      DrawWhatIf(context, decision, side, {rows_width, middle_height});
    } else {
      DrawRows(*decision, PartsOf(context.snapshot), side, {rows_width, middle_height});
    }
  }
  DrawStrip(context, {at.x, at.y + room.y - strip_height}, {room.x, strip_height}, decision);
  EndCard();
}

}  // namespace equipoise::ui
