#include "engine/agent/agent.h"

namespace equipoise::agent {

nets::PartList Agent::Parts() const {
  std::vector<nets::PartInfo> all;
  for (const auto& part : parts) all.push_back(part->info());
  return nets::PartList(std::move(all));
}

}  // namespace equipoise::agent
