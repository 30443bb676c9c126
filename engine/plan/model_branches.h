// model_branches.h: branches in a world model, by its means under one belief; and in the true simulator, where they are
// exact.
//
// Thread   as branches.h
#pragma once

#include <memory>
#include <vector>

#include "engine/model/true_simulator.h"
#include "engine/model/world_model.h"
#include "engine/plan/branches.h"

namespace equipoise::plan {

// Where a search begins: z [S] normalised, one belief, its carry (empty: the beginning of an episode).
struct BranchRoot {
  std::vector<float> z, carry;
  model::Belief belief;
};
// `model` outlives them.
std::unique_ptr<Branches> BranchesIn(const model::WorldModel& model, BranchRoot root);
// From its root.
std::unique_ptr<Branches> BranchesIn(const model::TrueSimulator& simulator);

}  // namespace equipoise::plan
