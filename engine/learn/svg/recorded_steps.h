// recorded_steps.h: the value of what a policy did, differentiated along what really happened (Heess et al. 2015).
//
//   eps_t = (u_t - m(s_t)) / sigma(s_t),  xi_t = (z_{t+1} - mean(z_t, a_t)) / sd(z_t, a_t)      from there on constant
//   loss  = -(1/n) sum_rows w [ sum_t gamma^t r(s_t, a_t) + what comes after s_T ]
//
// Under that noise policy and model repeat what happened, so every derivative is taken at recorded states: through
// a_t = tanh(m + sigma eps_t) into the policy, through z_{t+1} = mean + sd xi_t and r, the model's mean reward, from step
// to step. What a model leaves over that knows no spread is added as it was: z_{t+1} = mean + rest_t.
//
// The derivative is that of the policy's own return only where eps are unit normals, as they are for what it did itself,
// or where each step is weighed by how much likelier it is now. And it is that of the policy which acted: once that has
// moved, Follow tells what would have happened under the same noise.
//
// Shapes   s [T + 1, n, S] raw, u [T, n, A] before tanh, w [n], dend [n, S]; row r under belief r % count
// Units    rewards raw
// Thread   one
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/gaussian_actor.h"
#include "engine/model/world_model.h"

namespace equipoise::learn {

class RecordedSteps {
 public:
  // Borrowed for the phase. The model is trained and its beliefs can be counted; `actor` has `rows` rows.
  RecordedSteps(const model::WorldModel& model, GaussianActor* actor, int64_t rows, int64_t horizon,
                std::vector<int> wrapped);

  // What happened.
  void Infer(const float* s, const float* u);
  // From the same starts under the same noise, by the policy as it is now: the next Walk goes along that.
  void Follow();
  const float* log_prob(int64_t t) const { return log_prob_.data() + t * rows_; }  // of u_t, as the policy is now
  const float* eps(int64_t t) const { return eps_.data() + t * rows_ * actions_; }
  const float* xi(int64_t t) const { return xi_.data() + t * rows_ * states_; }
  // z_t by the model under that noise, t = 1..T, before the rest is added.
  const float* repeated(int64_t t) const { return repeated_.data() + (t - 1) * rows_ * states_; }
  // Raw, t = 0..T: as recorded, or as followed.
  const float* state(int64_t t) const { return s_.data() + t * rows_ * states_; }
  // Root mean square; 1 where what was predicted is what is there.
  double PolicyNoise() const;
  double ModelNoise() const;
  double ModelNoiseWithin(float sds) const;  // share of it

  struct Objective {
    double gamma = 0.99, alpha = 0;  // alpha: what a nat of each action's entropy is worth beside the rewards
    const float* weights = nullptr;  // w, or null: 1
    const float* dend = nullptr;     // of the loss by raw s_T, or null: nothing comes after
  };
  // The actor's gradient becomes that of the loss, which is then stepped against. Once after Infer, and after Follow.
  void Walk(const Objective& objective);
  // After it: mean over rows and steps of -log pi, nats.
  double entropy() const { return entropy_; }
  // After it, t = 0..T: mean over rows of the norm of n dLoss/dz_t, discounted to t: in reward per sd of each state.
  double value_gradient(int64_t t) const { return value_gradient_[static_cast<size_t>(t)]; }

 private:
  void Begin();
  void Step(int64_t t);
  float Shortest(int64_t j, float difference) const;  // of a state, the short way round where it is an angle
  void Note(int64_t t, double gamma);

  const model::WorldModel& model_;
  GaussianActor& actor_;
  int64_t rows_, horizon_, states_, actions_;
  std::vector<int> wrapped_;
  std::vector<float> turn_;  // of each state that is an angle, in units of z; 0: it is none
  model::Belief beliefs_;
  std::unique_ptr<model::Rollout> rollout_;
  bool inferred_ = false, stepped_ = false;  // stepped: there is something to walk back along
  double entropy_ = 0;
  std::vector<float> s_, z_, action_, log_prob_, eps_, xi_, repeated_, rest_, reward_;
  std::vector<float> dreward_, daction_, dlog_prob_, ds_, gradient_;
  std::vector<double> value_gradient_;
};

}  // namespace equipoise::learn
