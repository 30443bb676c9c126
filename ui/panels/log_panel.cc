#include "ui/panels/log_panel.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <optional>
#include <utility>

#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/large_control.h"
#include "ui/panels/log_lines.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

// What the log keeps of the run.
struct LogMemory {
  run::SharedList<run::EpisodeSummary> episodes;
  run::SharedList<run::Event> events;
  LogFilter filter = LogFilter::kEverything;
  std::vector<LogLine> lines;
  std::optional<int> shows;  // the selection that the log has already brought into view
  struct Seen {
    LogFilter filter = LogFilter::kEverything;
    size_t lines = 0;
  };
  std::optional<Seen> seen;  // in the last frame; none: of this run nothing yet
};

// The lines of the newest lists, made anew when one of them grew.
const std::vector<LogLine>& Lines(const run::Snapshot& snapshot, LogFilter filter, LogMemory* memory) {
  if (memory->episodes != snapshot.episodes || memory->events != snapshot.events || memory->filter != filter) {
    memory->lines = BuildLog(snapshot, filter);
    memory->episodes = snapshot.episodes;
    memory->events = snapshot.events;
    memory->filter = filter;
  }
  return memory->lines;
}

// The choice of what is listed, at the right end of the title.
void FilterChoice(LogFilter* filter) {
  ImFont* font = GetFonts().small;
  const std::string caret = DrawingPicture() ? "" : std::string("  ") + icon::kCaretDown;
  const std::string label = Label(*filter) + caret;
  const float width = TextWidth(font, label), height = FontSize(font);
  const ImVec2 right = CardTitleRight(), cursor = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({right.x - width - Px(6), right.y - height * 0.5f - Px(4)});
  bool clicked = ImGui::InvisibleButton("log.filter", {width + Px(6), height + Px(8)});
  const bool hovered = ImGui::IsItemHovered();
  const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
  clicked |= FocusItem(ImGui::GetID("log.filter"), a, b);
  TraceWidget("log.filter", a, b);
  if (clicked) ImGui::OpenPopup("log.filters");
  TextMiddle(font, {right.x - width, right.y}, hovered ? Colors().text : Colors().secondary, label);
  constexpr LogFilter kFilters[] = {LogFilter::kEverything, LogFilter::kEpisodes, LogFilter::kInterventions,
                                    LogFilter::kProblems};
  std::vector<std::string> labels;
  for (LogFilter each : kFilters) labels.emplace_back(Label(each));
  const int chosen = ChoiceList("log.filters", labels, static_cast<int>(*filter));
  if (chosen >= 0) *filter = kFilters[chosen];
  ImGui::SetCursorScreenPos(cursor);
}

struct Look {
  ImU32 color;
  const char* icon;  // null: the glyph of the actor
};

Look LookOf(const LogLine& line, const run::Snapshot& snapshot) {
  const Palette& colors = Colors();
  switch (line.kind) {
    case LogLine::Kind::kEpisode:
      return {colors.text, nullptr};
    case LogLine::Kind::kCheck:
      return {colors.text, icon::kScale};
    case LogLine::Kind::kModel:
      return {colors.text, icon::kChart};
    case LogLine::Kind::kEvent:
      break;
  }
  switch ((*snapshot.events)[line.index]->kind) {
    case run::Event::Kind::kIntervention:
      return {colors.note, icon::kHand};
    case run::Event::Kind::kGuard:
    case run::Event::Kind::kError:
      return {colors.bad, icon::kWarning};
    case run::Event::Kind::kLifecycle:
      return {colors.secondary, icon::kFlag};
    case run::Event::Kind::kNote:
      break;
  }
  return {colors.secondary, icon::kList};
}

// As many whole sentences as fit, or the first one with an ellipsis.
std::string FittingSentences(ImFont* font, const std::string& text, float room) {
  std::string fitting = text;
  while (TextWidth(font, fitting) > room) {
    const size_t end = fitting.size() < 3 ? std::string::npos : fitting.rfind(". ", fitting.size() - 3);
    if (end == std::string::npos) return Elide(font, fitting, room);
    fitting.resize(end + 1);
  }
  return fitting;
}

// "28:41", with hours once there are any.
std::string ShortClock(double seconds) {
  const std::string time = Clock(seconds);
  return seconds < 3600 ? time.substr(time.find(':') + 1) : time;
}

// `row` counts from the newest. True when it was clicked.
bool DrawLine(const LogLine& line, int row, const run::Snapshot& snapshot, ImVec2 at, ImVec2 size,
              Selection* selection) {
  const bool clicked = ImGui::InvisibleButton("line", size);
  TraceWidget("log.line." + std::to_string(row), at, {at.x + size.x, at.y + size.y});
  const bool hovered = ImGui::IsItemHovered();
  const bool selected = selection->episode == line.episode;
  if (selected || hovered || selection->hovered == line.episode) {
    Rect(at, {at.x + size.x, at.y + size.y}, Ink(selected ? 0.09f : 0.06f), Px(3));
  }
  const float middle = at.y + size.y * 0.5f;
  ImFont* mono = GetFonts().mono_small;
  const std::string time = ShortClock(line.wall_seconds);
  const float time_width = TextWidth(mono, ShortClock(snapshot.wall_seconds));  // the newest is the widest
  const float indent = std::max(0.0f, time_width - TextWidth(mono, time));
  TextMiddle(mono, {at.x + Px(6) + indent, middle}, Colors().faint, time);
  const ImVec2 glyph{at.x + Px(6) + time_width + Px(14), middle};
  const Look look = LookOf(line, snapshot);
  if (look.icon != nullptr) {
    TextCentered(GetFonts().small, {glyph.x, middle - FontSize(GetFonts().small) * 0.5f - Px(1)},
                 line.kind == LogLine::Kind::kEvent ? look.color : Colors().secondary, look.icon);
  } else {
    const eps::SummarisedDecision& decision = (*snapshot.episodes)[line.index]->decision;
    ActorGlyph(glyph, Px(3.6f), ActorOf(PartsOf(snapshot), decision.pick, decision.reason));
  }
  const std::string text = Text(line, snapshot);
  const float text_x = glyph.x + Px(14), room = at.x + size.x - Px(4) - text_x;
  TextMiddle(GetFonts().small, {text_x, middle}, look.color, FittingSentences(GetFonts().small, text, room));
  Explain(at, {at.x + size.x, at.y + size.y}, text, "A click shows that episode everywhere.");
  if (!hovered) return clicked;
  selection->next_hovered = line.episode;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (TextWidth(GetFonts().small, text) > room) Tooltip(text, at, {at.x + size.x, at.y + size.y});
  if (clicked) selection->Toggle(line.episode);
  return clicked;
}

// Where to scroll so that the lines of an episode are in view; none: they are, or there are no such lines. Newest
// first.
std::optional<float> ScrollTo(const std::vector<LogLine>& lines, int episode, float height, float top) {
  const auto of_episode = [&](const LogLine& line) { return line.episode == episode; };
  const auto newest = std::find_if(lines.rbegin(), lines.rend(), of_episode);
  if (newest == lines.rend()) return std::nullopt;  // the filter leaves it out
  auto oldest = newest;
  while (oldest + 1 != lines.rend() && of_episode(*(oldest + 1))) ++oldest;
  const float from = height * static_cast<float>(newest - lines.rbegin());
  const float to = height * static_cast<float>(oldest - lines.rbegin() + 1);
  const float room = ImGui::GetWindowHeight();
  if (from >= top && to <= top + room) return std::nullopt;
  return std::max(0.0f, std::floor(0.5f * (from + to - room) / height) * height);
}

// What a person reads stays in its place when lines come in above it; an episode that is chosen elsewhere is brought
// into view once.
void Scroll(const std::vector<LogLine>& lines, float height, LogFilter filter, std::optional<int> selected,
            LogMemory* memory) {
  if (DrawingPicture()) {  // which has no person, and a scroll bar of its own
    ImGui::SetScrollY(ScrollTo(lines, selected.value_or(INT_MAX), height, 0).value_or(0));
    return;
  }
  const std::optional<LogMemory::Seen> before = std::exchange(memory->seen, LogMemory::Seen{filter, lines.size()});
  if (!before) ImGui::SetScrollY(0);  // where the log of another run was left means nothing in this one
  const float top = before ? ImGui::GetScrollY() : 0;
  if (before && top > 0 && before->filter == filter && lines.size() > before->lines)
    ImGui::SetScrollY(top + height * static_cast<float>(lines.size() - before->lines));
  if (memory->shows == selected) return;
  memory->shows = selected;
  if (!selected) {
    ImGui::SetScrollY(0);
  } else if (const auto to = ScrollTo(lines, *selected, height, top)) {
    ImGui::SetScrollY(*to);
  }
}

std::string WhyEmpty(LogFilter filter) {
  switch (filter) {
    case LogFilter::kInterventions:
      return "Nothing was changed by hand.";
    case LogFilter::kProblems:
      return "No problem so far.";
    default:
      return "Nothing has happened yet.";
  }
}

}  // namespace

void DrawLogPanel(PanelContext& context, ImVec2 size) {
  const run::Snapshot& snapshot = context.snapshot;
  BeginCard("log", icon::kList, "Log", size);
  DrawLargeControl(&context.state, Page::kLog);
  LogFilter& filter = context.state.view.log_filter;
  Selection& selection = context.state.selection;
  LogMemory& memory = context.state.memory.OfRun<LogMemory>();
  FilterChoice(&filter);
  const std::vector<LogLine>& lines = Lines(snapshot, filter, &memory);
  ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  if (snapshot.state == run::RunState::kStopped && !snapshot.stopped_reason.empty()) {
    const float line = FontSize(GetFonts().small) + Px(4);
    TextMiddle(GetFonts().small, {at.x, at.y + line * 0.5f}, Colors().bad, icon::kWarning);
    for (const std::string& part : Wrap(GetFonts().small, "Stopped: " + snapshot.stopped_reason, room.x - Px(20), 3)) {
      Text(GetFonts().small, {at.x + Px(20), at.y}, Colors().bad, part);
      at.y += line;
      room.y -= line;
    }
    ImGui::SetCursorScreenPos(at);
  }
  if (lines.empty()) {
    TextCentered(GetFonts().small, {at.x + 0.5f * room.x, at.y + 0.4f * room.y}, Colors().faint, WhyEmpty(filter));
    EndCard();
    return;
  }
  // Rows start a little left of the card's content, so that their ground has a margin around the text.
  ImGui::SetCursorScreenPos({at.x - Px(6), at.y});
  const float height = Px(context.state.window.compact ? 21 : 24);
  const float whole_rows = std::max(1.0f, std::floor((room.y + Px(6)) / height)) * height;
  BeginChild("lines", {room.x + Px(12), whole_rows}, false, false);
  Scroll(lines, height, filter, selection.episode, &memory);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(lines.size()), height);
  while (clipper.Step()) {
    for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
      const LogLine& line = lines[lines.size() - 1 - static_cast<size_t>(row)];
      ImGui::PushID(row);
      const ImVec2 row_size{ImGui::GetContentRegionAvail().x, height};
      const bool clicked = DrawLine(line, row, snapshot, ImGui::GetCursorScreenPos(), row_size, &selection);
      if (clicked) memory.shows = selection.episode;  // it lies under the mouse already
      ImGui::PopID();
    }
  }
  ImGui::PopStyleVar();
  ImGui::EndChild();
  EndCard();
}

}  // namespace equipoise::ui
