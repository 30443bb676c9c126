#include "ui/figure/actor.h"

#include <array>
#include <cmath>

namespace equipoise::ui {

Actor ActorOf(const nets::PartList& parts, eps::Pick pick, eps::Reason reason) {
  return {parts.SlotOf(pick.id()), reason == eps::Reason::kForced};
}

Rgba ActorColor(Actor actor) {
  const Palette& p = Colors();
  return actor.random() ? p.random : p.learner[static_cast<size_t>(actor.slot) % p.learner.size()];
}

const std::vector<MarkPoint>& MarkCorners(int slot) {
  const auto polygon = [](int corners, float radius, float turn) {
    std::vector<MarkPoint> out;
    for (int i = 0; i < corners; ++i) {
      const float angle = 6.2831853f * (static_cast<float>(i) / static_cast<float>(corners) + turn);
      out.push_back({radius * std::sin(angle), -radius * std::cos(angle)});
    }
    return out;
  };
  static const std::array<std::vector<MarkPoint>, nets::kSlots> kMarks = {
      std::vector<MarkPoint>{{-0.9f, -0.9f}, {0.9f, -0.9f}, {0.9f, 0.9f}, {-0.9f, 0.9f}},
      {},                           // a circle
      polygon(4, 1.25f, 0),         // a diamond
      polygon(3, 1.35f, 0.5f),      // a triangle on its tip
      polygon(5, 1.15f, 0),         // a pentagon
      polygon(6, 1.1f, 0.25f / 3),  // a hexagon
      std::vector<MarkPoint>{{-1.2f, -0.6f}, {1.2f, -0.6f}, {1.2f, 0.6f}, {-1.2f, 0.6f}},
      std::vector<MarkPoint>{{-0.6f, -1.2f}, {0.6f, -1.2f}, {0.6f, 1.2f}, {-0.6f, 1.2f}}};
  return kMarks[static_cast<size_t>(slot) % kMarks.size()];
}

}  // namespace equipoise::ui
