#include "engine/agent/agent.h"

namespace equipoise::agent {

Controller* Agent::Find(eps::Pick pick) const {
  if (pick.random()) return random.get();
  for (const auto& controller : controllers)
    if (PickOf(controller.get()) == pick) return controller.get();
  return nullptr;
}

nets::PartList Agent::Parts() const {
  std::vector<nets::PartInfo> all;
  for (const auto& part : parts) all.push_back(part->info());
  return nets::PartList(std::move(all));
}

}  // namespace equipoise::agent
