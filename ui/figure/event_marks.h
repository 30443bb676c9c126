// event_marks.h: what happened, as marks on every curve: changes by hand, guards, kept checkpoints, forced episodes,
// switches of actor.
//
// Rule     marks are walked from left to right; one that lies closer than `width` pixels to the first of a group joins
//          it. A group shows its most important kind (the order of MarkKind) and, when it holds several, how many.
//          Flags (by hand, guard) are grouped by the width of a flag, ticks by three pixels
// Cost     pixels x log(marks): a group is found by bisection, its kinds by differences of running counts
//
// Thread   window thread
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/figure/actor.h"
#include "ui/figure/axis.h"

namespace equipoise::ui {

enum class MarkKind : uint8_t {
  kIntervention,
  kGuard,
  kParting,     // of another run that was the same up to here
  kCheckpoint,  // one that was kept, to roll back to
  kLifecycle,
  kForced,
  kTakesOver,  // another learner than in the episode before
  kCount
};
inline constexpr size_t kMarkKinds = static_cast<size_t>(MarkKind::kCount);

struct EventMark {
  double x = 0;
  MarkKind kind = MarkKind::kForced;
  int number = 0;    // of an intervention
  int episode = 0;   // the first it touched
  Actor actor = {};  // of a forced one, and of one that takes over
  std::string who;   // and what it is called
  std::string text;  // "": what kind and episode say by themselves
};
std::string Describe(const EventMark& mark);

// Marks in the order of x with running counts of their kinds.
class EventMarks {
 public:
  EventMarks() = default;
  explicit EventMarks(std::vector<EventMark> marks);
  const std::vector<EventMark>& all() const { return marks_; }
  // How many of a kind lie in [begin, end).
  size_t Count(MarkKind kind, size_t begin, size_t end) const;

 private:
  std::vector<EventMark> marks_;
  std::vector<std::array<uint32_t, kMarkKinds>> before_;  // [i]: of each kind in [0, i)
};

struct MarkGroup {
  float x = 0;  // pixel of its first mark
  size_t begin = 0, end = 0;
  MarkKind leading = MarkKind::kForced;
  Actor actor = {};  // of the first of the leading kind
  size_t size() const { return end - begin; }
};
std::vector<MarkGroup> GroupMarks(const EventMarks& marks, const Axis& x, float width);

// What stands on the flag of a group, on curves, strip, cards and in vector plots alike: "3" for one change by hand,
// "3–5" for one after the other, "2, 6" where those between were rolled back, "2, 6…" where more than two such parts
// have no room, "!" for a guard, "3!" for both; "fork" where there is only another run that parts.
std::string FlagText(std::vector<int> numbers, bool guard = false);
std::string FlagText(const EventMarks& marks, const MarkGroup& group);

// What stands in the tooltip of a group: one line each, the most important first, at most `most` and how many more.
std::string Describe(const EventMarks& marks, const MarkGroup& group, size_t most = 8);

Rgba MarkColor(MarkKind kind, Actor actor);

}  // namespace equipoise::ui
