// actor.h: who acts or acted, as colour and mark.
#pragma once

#include <vector>

#include "engine/eps/decision.h"
#include "ui/figure/palette.h"

namespace equipoise::ui {

// Who acts or acted: a learner has the colour and the mark of its slot (nets/part_info.h); a hollow triangle in its
// colour says that it was forced, a cross is random actions. The first model-free learner is a square, the first
// model-based one a circle.
struct Actor {
  int slot = -1;  // -1: random actions
  bool forced = false;
  bool random() const { return slot < 0; }
  // The side of a model-based learner, where there are two.
  bool model_based() const { return slot >= 0 && slot % 2 == 1; }
  bool operator==(const Actor& o) const { return slot == o.slot && forced == o.forced; }
  bool operator!=(const Actor& o) const { return !(*this == o); }
};
Actor ActorOf(const nets::PartList& parts, eps::Pick pick, eps::Reason reason);
inline Actor LearnerOf(const nets::PartList& parts, eps::Pick pick) { return {parts.SlotOf(pick.id())}; }
Rgba ActorColor(Actor actor);
struct MarkPoint {
  float x = 0, y = 0;
};
// Corners of a slot's mark in units of its radius; none: a circle. The area is about that of the circle.
const std::vector<MarkPoint>& MarkCorners(int slot);

}  // namespace equipoise::ui
