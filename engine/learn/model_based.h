// model_based.h: the model-based learner: a policy trained by back-propagation through imagined trajectories.
//
// full     loss = -(1/P) sum_p sum_t [ r_t - alpha log pi(a_t|s_t) ], whole episodes from reset states,
//          P of them, each under masks of its own                                           (Freed et al. 2024, 3.2)
// dreamer  H steps from real states in the middle of episodes, hidden state burnt in under the same masks,
//          G_k = r_k + gamma [(1 - lambda) V(s_{k+1}) + lambda G_{k+1}],  G_H = V(s_H)     (Hafner et al. 2020)
//          actor -mean w_k G_k + alpha mean log pi;  critic mean w_k (V(s_k) - G_k)^2;  w_k = gamma^k
//
// Rewards in the objective are r / sd(r) (or raw), so alpha, clip norm and value live in units of the reward's spread.
// The policy carries the normaliser it was trained with.
#pragma once

#include <string>

#include "engine/learn/learner.h"
#include "engine/learn/targeted_net.h"
#include "engine/learn/temperature.h"
#include "engine/model/model_parts.h"
#include "engine/replay/start_pool.h"

namespace equipoise::learn {

const nets::PartInfo& ModelBasedInfo();

struct ImaginationInputs : TrainInputs {  // with what was given to the learner when it was made
  const model::WorldModel* model;
  const StartPool& starts;
};

class ModelBasedLearner : public Learner {
 public:
  // All three are the caller's and outlive the learner; `model` is trained before this is. `parts`: who trains its
  // networks and imagines.
  ModelBasedLearner(const model::WorldModel& model, const StartPool& starts, const config::Settings& s,
                    const model::ModelParts& parts = model::CpuParts());

  const nets::PartInfo& info() const override { return ModelBasedInfo(); }
  const nets::Policy& policy() const override { return policy_; }
  int NextWork(const nets::Standing& now) const override;
  bool ready() const override { return model_.trained(); }
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  double alpha() const { return temperature_.alpha(); }

 private:
  struct Sums {  // of what is reported, over the applied steps
    double gradient_norm = 0, clipped = 0, entropy = 0, imagined_return = 0, value = 0, value_loss = 0, clamped = 0;
    double state_value = 0;
    int steps = 0, skipped = 0;
    bool reloaded = false;
    // One gradient step; a step that was not applied counts for nothing. The last three are the dreamer mode's.
    void Count(const nets::Adam::Outcome& outcome, double step_entropy, double imagined, double clamped_share,
               double mean_return = 0, double loss_of_value = 0, double mean_state_value = 0);
  };
  void TrainFull(const ImaginationInputs& in, Sums& sums);
  void TrainDreamer(const ImaginationInputs& in, Sums& sums);
  // The value network keeps predicting the same raw value when the reward's spread is refitted: V' = V old sd / new sd.
  void RescaleValue(double reward_sd);

  const model::ModelParts& parts_;
  nets::Policy policy_;
  nets::Adam adam_;
  TargetedNet value_;
  Temperature temperature_;
  const model::WorldModel& model_;
  const StartPool& starts_;
  bool dreamer_;
  double value_reward_sd_ = 0;  // the reward spread that is the value's unit (1: raw); 0 before the first training
};

// A policy as it is before any training.
nets::Policy NewModelBasedPolicy(int64_t states, int64_t actions, const config::Settings& s);

}  // namespace equipoise::learn
