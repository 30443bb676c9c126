// planners.h: the planners by name. One list; nothing registers itself.
//
// Thread   any; values
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/config/section.h"
#include "engine/nets/finding.h"
#include "engine/nets/policy.h"
#include "engine/plan/planner.h"

namespace equipoise::plan {

struct PlannerKind {
  std::string id;  // as Planner::id
  // `policy`, of one that begins with what a policy would do, outlives the planner; null for the others.
  std::unique_ptr<Planner> (*make)(const nets::Policy* policy);
  config::Section (*section)();
  std::vector<std::string> numbers;  // that it tells of its plans
  // What is wrong with it by those; null: nothing can be told.
  std::vector<nets::Finding> (*findings)(const nets::Readings& readings) = nullptr;
  bool by_policy = false;     // it begins with what a policy would do
  bool by_gradients = false;  // and follows the model's gradients
};

const std::vector<PlannerKind>& Planners();
// There must be one of that name.
const PlannerKind& PlannerOf(const std::string& id);

}  // namespace equipoise::plan
