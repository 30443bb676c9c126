#include "engine/agent/agent.h"

#include <algorithm>

namespace equipoise::agent {

Controller* Agent::Find(eps::Pick pick) const {
  if (pick.random()) return random.get();
  for (const auto& controller : controllers)
    if (PickOf(controller.get()) == pick) return controller.get();
  return nullptr;
}

bool Agent::plans() const {
  return std::any_of(controllers.begin(), controllers.end(),
                     [](const auto& controller) { return controller->plans(); });
}

nets::PartList Agent::Parts() const {
  std::vector<nets::PartInfo> all;
  for (const auto& part : parts) all.push_back(part->info());
  for (const auto& controller : controllers)
    if (controller->info() != nullptr) all.push_back(*controller->info());
  return nets::PartList(std::move(all), phases);
}

}  // namespace equipoise::agent
