#include "ui/figure/event_marks.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace equipoise::ui {

Rgba MarkColor(MarkKind kind, Actor actor) {
  const Palette& c = Colors();
  switch (kind) {
    case MarkKind::kIntervention:
    case MarkKind::kCheckpoint:
      return c.note;
    case MarkKind::kGuard:
      return c.bad;
    case MarkKind::kParting:
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
  if (marks.Count(MarkKind::kParting, group.begin, group.end) == group.size()) return "fork";
  const bool guard = numbers.empty() || marks.Count(MarkKind::kGuard, group.begin, group.end) > 0;
  return FlagText(std::move(numbers), guard);
}

std::string Describe(const EventMark& mark) {
  if (!mark.text.empty()) return (mark.number > 0 ? std::to_string(mark.number) + "  " : "") + mark.text;
  std::string episode = "Episode " + std::to_string(mark.episode) + ": ";
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

}  // namespace equipoise::ui
