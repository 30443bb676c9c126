#include "app/curve_look.h"

#include <iterator>
#include <set>

#include "engine/agent/recipes.h"

namespace equipoise::app {

ui::ChartLine Look::Line(const std::vector<double>* x, const std::vector<double>* y) const {
  ui::ChartLine line{x, y, color, 2.4f};
  line.dashed = sign == ui::LegendEntry::Sign::kDashes;
  line.dotted = sign == ui::LegendEntry::Sign::kDots;
  line.missing = false;
  return line;
}

std::vector<Look> LooksOf(const std::vector<std::string>& agents) {
  using Sign = ui::LegendEntry::Sign;
  constexpr unsigned kFurther[] = {0x7B3FA0, 0x1B7F4B, 0x9A6A00, 0xB3256B, 0x4B6584,
                                   0x00838F, 0x8B4513, 0x5C6BC0, 0x827717, 0xAD1457};
  std::set<ui::Rgba> taken;
  std::vector<Look> looks;
  size_t others = 0;
  for (const std::string& agent : agents) {
    const nets::PartList parts = agent::PartsOf(agent);
    const std::vector<const nets::PartInfo*> learners = parts.Learners();
    const ui::Actor only{learners.size() == 1 ? parts.SlotOf(learners.front()->id) : -1};
    const ui::Rgba own = only.random() ? ui::Colors().text : ui::ActorColor(only);
    const Sign sign = only.random() ? Sign::kLine : only.model_based() ? Sign::kDashes : Sign::kDots;
    const bool first = taken.insert(own).second;
    looks.push_back({first ? own : ui::Rgb(kFurther[others++ % std::size(kFurther)]), sign});
  }
  return looks;
}

bool Chooses(const std::string& agent) { return agent::PartsOf(agent).learners() > 1; }

}  // namespace equipoise::app
