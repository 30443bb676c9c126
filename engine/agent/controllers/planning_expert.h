// planning_expert.h: a planner labels what somebody else acted: it is led along the episode as it was and plans anew at
// every step, in its model as it is now.
//
// What it draws is of the labelling of that episode alone.
//
// Thread   the trainer's; in.team shares the scoring
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <memory>

#include "engine/agent/controllers/mpc_controller.h"
#include "engine/learn/expert.h"

namespace equipoise::agent {

class PlanningExpert : public learn::Expert {
 public:
  // Not the one that acts: it has an episode of its own.
  explicit PlanningExpert(std::unique_ptr<MpcController> planner) : planner_(std::move(planner)) {}
  std::vector<float> Label(const nets::TrainInputs& in, int64_t episode,
                           const std::function<void(int64_t step)>& after) override;

 private:
  const std::unique_ptr<MpcController> planner_;
};

}  // namespace equipoise::agent
