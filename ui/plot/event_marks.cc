#include "ui/plot/event_marks.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace equipoise::ui {
namespace {

constexpr float kTickGroup = 3;

// A bookmark that stands on the axis.
void DrawBookmark(float x, float bottom, ImU32 color) {
  const float half = Px(3), top = bottom - Px(10), notch = bottom - Px(3);
  DrawList()->AddQuadFilled({x - half, top}, {x, top}, {x, notch}, {x - half, bottom}, color);
  DrawList()->AddQuadFilled({x, top}, {x + half, top}, {x + half, bottom}, {x, notch}, color);
}

// A switch: a short stroke in the colour of who took over. Forced: an open triangle's outline, as everywhere, tiny.
void DrawTick(MarkKind kind, Actor actor, float x, float bottom) {
  const ImU32 color = MarkColor(kind, actor);
  if (kind == MarkKind::kCheckpoint) {
    DrawBookmark(x, bottom, color);
  } else if (kind == MarkKind::kForced) {
    Line({x, bottom - Px(5)}, {x - Px(2), bottom}, color, 1);
    Line({x, bottom - Px(5)}, {x + Px(2), bottom}, color, 1);
  } else if (kind == MarkKind::kLifecycle) {
    Rect({x - Px(1.5f), bottom - Px(4)}, {x + Px(1.5f), bottom - Px(1)}, color);
  } else {
    Line({x, bottom - Px(4)}, {x, bottom}, color, Px(1.5f));
  }
}

}  // namespace

ImU32 MarkColor(MarkKind kind, Actor actor) {
  const Palette& c = Colors();
  switch (kind) {
    case MarkKind::kIntervention:
    case MarkKind::kCheckpoint:
      return c.note;
    case MarkKind::kGuard:
      return c.bad;
    case MarkKind::kLifecycle:
      return c.secondary;
    case MarkKind::kForced:
    case MarkKind::kTakesOver:
      return ActorColor(actor);
    case MarkKind::kCount:
      break;
  }
  return c.secondary;
}

EventMarks::EventMarks(std::vector<EventMark> marks) : marks_(std::move(marks)) {
  std::stable_sort(marks_.begin(), marks_.end(), [](const EventMark& a, const EventMark& b) { return a.x < b.x; });
  before_.emplace_back();
  for (const EventMark& mark : marks_) {
    before_.push_back(before_.back());
    ++before_.back()[static_cast<size_t>(mark.kind)];
  }
}

size_t EventMarks::Count(MarkKind kind, size_t begin, size_t end) const {
  if (before_.empty()) return 0;
  return before_[end][static_cast<size_t>(kind)] - before_[begin][static_cast<size_t>(kind)];
}

std::vector<MarkGroup> GroupMarks(const EventMarks& marks, const Axis& x, float width) {
  std::vector<MarkGroup> groups;
  const std::vector<EventMark>& all = marks.all();
  const auto below = [](const EventMark& mark, double at) { return mark.x < at; };
  auto at = std::lower_bound(all.begin(), all.end(), x.lo, below);
  while (at != all.end() && at->x <= x.hi) {
    MarkGroup group;
    group.x = x.ToPixel(at->x);
    group.begin = static_cast<size_t>(at - all.begin());
    const double reach = x.FromPixel(group.x + width);
    // Marks at one and the same place are never apart, however narrow the rule.
    at = std::max(std::lower_bound(at, all.end(), std::min(reach, std::nextafter(x.hi, INFINITY)), below), at + 1);
    while (at != all.end() && at->x == (at - 1)->x) ++at;
    group.end = static_cast<size_t>(at - all.begin());
    for (size_t kind = kMarkKinds; kind-- > 0;) {
      if (marks.Count(static_cast<MarkKind>(kind), group.begin, group.end) > 0) {
        group.leading = static_cast<MarkKind>(kind);
      }
    }
    // The first of them, by the running counts.
    size_t first = group.begin, last = group.end - 1;
    while (first < last) {
      const size_t middle = first + (last - first) / 2;
      if (marks.Count(group.leading, group.begin, middle + 1) > 0) {
        last = middle;
      } else {
        first = middle + 1;
      }
    }
    group.actor = all[first].actor;
    groups.push_back(group);
  }
  return groups;
}

std::string FlagText(std::vector<int> numbers, bool guard) {
  constexpr int kMostParts = 2;
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::string text;
  int parts = 0;
  for (size_t from = 0, to = 0; from < numbers.size(); from = to + 1) {
    for (to = from; to + 1 < numbers.size() && numbers[to + 1] == numbers[to] + 1;) ++to;
    if (numbers[from] <= 0) continue;
    if (parts++ == kMostParts) {
      text += "\xe2\x80\xa6";
      break;
    }
    text += (text.empty() ? "" : ", ") + std::to_string(numbers[from]);
    if (to > from) text += "\xe2\x80\x93" + std::to_string(numbers[to]);
  }
  return guard ? text + "!" : text;
}

std::string FlagText(const EventMarks& marks, const MarkGroup& group) {
  std::vector<int> numbers;
  for (size_t k = group.begin; k < group.end; ++k)
    if (marks.all()[k].number > 0) numbers.push_back(marks.all()[k].number);
  const bool guard = numbers.empty() || marks.Count(MarkKind::kGuard, group.begin, group.end) > 0;
  return FlagText(std::move(numbers), guard);
}

std::string Describe(const EventMark& mark) {
  if (!mark.text.empty()) return (mark.number > 0 ? std::to_string(mark.number) + "  " : "") + mark.text;
  const std::string episode = "Episode " + std::to_string(mark.episode) + ": ";
  if (mark.kind == MarkKind::kForced) return episode + mark.who + " was forced.";
  if (mark.kind == MarkKind::kTakesOver) return episode + mark.who + " took over.";
  return episode;
}

std::string Describe(const EventMarks& marks, const MarkGroup& group, size_t most) {
  std::string text;
  size_t told = 0;
  for (size_t kind = 0; kind < kMarkKinds && told < most; ++kind) {
    if (marks.Count(static_cast<MarkKind>(kind), group.begin, group.end) == 0) continue;
    for (size_t i = group.begin; i < group.end && told < most; ++i) {
      const EventMark& mark = marks.all()[i];
      if (mark.kind != static_cast<MarkKind>(kind)) continue;
      text += (told++ > 0 ? "\n" : "") + Describe(mark);
    }
  }
  if (group.size() > told) text += "\nand " + std::to_string(group.size() - told) + " more";
  return text;
}

void DrawEventMarks(const EventMarks& flags, const EventMarks& ticks, const Axis& x, const Axis& y) {
  for (const MarkGroup& group : GroupMarks(ticks, x, kTickGroup)) {
    DrawTick(group.leading, group.actor, std::floor(group.x) + 0.5f, y.from);
  }
  for (const MarkGroup& group : GroupMarks(flags, x, kTickGroup)) {
    const float at = std::floor(group.x) + 0.5f;
    Dash({at, y.to}, {at, y.from}, MarkColor(group.leading, group.actor), Px(1.4f), Px(4), Px(3));
  }
}

float FlagWidth() { return Px(18); }

int DrawFlagHeads(const EventMarks& flags, const std::vector<MarkGroup>& groups, const Axis& x, float top,
                  ImVec2 mouse) {
  int hovered = -1;
  ImFont* font = GetFonts().small;
  for (size_t i = 0; i < groups.size(); ++i) {
    const MarkGroup& group = groups[i];
    const std::string text = FlagText(flags, group);
    const float half = std::max(Px(8), TextWidth(font, text) * 0.5f + Px(4)), height = Px(15);
    // The head of a group grows to the right, so that its left edge stays over the first line.
    const float left = std::min(group.x - Px(8), x.to - 2 * half + Px(8));
    const bool by_hand = group.leading == MarkKind::kIntervention;
    Rect({left, top}, {left + 2 * half, top + height}, MarkColor(group.leading, group.actor), Px(3));
    TextCentered(font, {left + half, top + (height - FontSize(font)) * 0.5f - Px(1)},
                 by_hand ? Colors().on_note : Colors().card, text);
    if (mouse.x >= left && mouse.x <= left + 2 * half && mouse.y >= top && mouse.y <= top + height) {
      hovered = static_cast<int>(i);
    }
  }
  return hovered;
}

}  // namespace equipoise::ui
