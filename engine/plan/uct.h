// uct.h: Monte-Carlo tree search with upper confidence bounds: grows a tree of what could happen and spends its time on
// the promising branches (Kocsis and Szepesvari 2006; Browne et al. 2012).
//
//   a simulation:  from the root, while all actions of a node were tried: to the child with the largest
//                    q + 2 C sqrt(2 ln N_parent / N),  q = mean G of the child, brought into [0, 1] by the least and the
//                                                      largest G seen at this root
//                  try one that was not, then act at random to depth D;  G = all rewards from the root on;
//                  every node on the way: N += 1, Q += G
//   the plan:      from the root, always the child that was visited most (the first of equal ones)
//
// A node is a state after an action that is held for `hold` steps (PlanShape), the depth is the number of knots. Where
// reality follows the tree exactly (the true simulator), the branch that was taken is kept for the next plan.
//
// Streams  "uct.rollout", a draw for each simulation
// Cost     simulations * D * hold steps
#pragma once

#include <memory>

#include "engine/plan/action_grid.h"
#include "engine/plan/branches.h"
#include "engine/plan/planner.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::plan {

struct UctSettings {
  static constexpr const char* kSection = "uct";
  int simulations = 200;
  int levels = 3;
  double exploration = 0.7071067811865476;
  bool keep_tree = true;
};
config::Section UctSection();

// Actions that a tree can be grown of: more are too many for each to be tried often enough.
inline constexpr int64_t kMostBranches = 27;

// q + 2 C sqrt(2 ln N_parent / N).
double UpperBound(double q, int64_t visits, int64_t parent_visits, double exploration);

class Uct : public Planner {
 public:
  Uct();
  ~Uct() override;
  const std::string& id() const override;
  void Begin(const config::Settings& settings) override;
  Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) override;
  void Forget() override;

 private:
  struct Tree;
  UctSettings settings_;
  std::unique_ptr<Tree> tree_;  // null: nothing is known
  int step_ = 0;                // at which its root was the present state
};

}  // namespace equipoise::plan
