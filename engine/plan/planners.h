// planners.h: the planners by name. One list; nothing registers itself.
//
// Thread   any; values
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/config/section.h"
#include "engine/nets/finding.h"
#include "engine/plan/planner.h"

namespace equipoise::plan {

struct PlannerKind {
  std::string id;  // as Planner::id
  std::unique_ptr<Planner> (*make)();
  config::Section (*section)();
  std::vector<std::string> numbers;  // that it tells of its plans
  // What is wrong with it by those; null: nothing can be told.
  std::vector<nets::Finding> (*findings)(const nets::Readings& readings) = nullptr;
};

const std::vector<PlannerKind>& Planners();
// There must be one of that name.
const PlannerKind& PlannerOf(const std::string& id);

}  // namespace equipoise::plan
