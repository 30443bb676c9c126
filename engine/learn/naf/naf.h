// naf.h: Q-learning whose best action can be read off: normalised advantage functions (Gu, Lillicrap, Sutskever, Levine
// 2016).
//
//   [V, m, l] = mlp(s);  Q(s,a) = V + A(s,a)  (advantage.h);  argmax_a Q = mu = tanh(m),  max_a Q = V
//   y = r + gamma V'(s');  loss = mean (Q(s,a) - y)^2;  the slower copy by tau
//
// Sees raw observations and raw rewards. Episodes end by time only, so every target bootstraps. Noise on the real task
// is its controller's (agent/controllers/noisy_mean.h).
//
// Streams  those of its source (transition_source.h)
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/learner.h"
#include "engine/learn/naf/naf_settings.h"
#include "engine/learn/targeted_net.h"
#include "engine/learn/transition_source.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

const nets::PartInfo& NafInfo();

class NafLearner : public Learner {
 public:
  // `parts`: who trains its network; they outlive the learner. `source` null: recorded steps.
  NafLearner(int64_t states, int64_t actions, const config::Settings& s,
             const nets::NetworkParts& parts = model::CpuParts(), std::unique_ptr<TransitionSource> source = nullptr);

  const nets::PartInfo& info() const override { return NafInfo(); }
  // mu, as a policy without spread.
  const nets::Policy& policy() const override { return policy_; }
  // One episode's worth of updates for each episode that is new since the last training, and those that its source adds.
  int NextWork(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return net_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;
  // Q along an episode against the return that followed (q_error.h).
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

  // Q(s,a) of raw rows, and V(s), mu(s). s [n, S], a and mu [n, A], q and v [n]; v and mu may be null.
  void Evaluate(const float* s, const float* a, int64_t n, double* q, double* v, float* mu) const;

 private:
  struct Batch;
  struct Sums {  // of means over rows, over updates
    double loss = 0, norm = 0, q = 0, max_q = 0, advantage = 0, curvature = 0, saturated = 0, imagined = 0;
    int updates = 0;  // that were made, and not skipped
    void Add(const Sums& update);
  };
  // The loss of a batch whose outputs and targets stand, what is told of it, and its derivatives by the outputs.
  Sums Differentiate(const float* outputs, Batch* batch, float* gradient) const;
  TrainReport Report(const TrainInputs& in, const Sums& sums) const;
  void ReadPolicy();  // mu's part of the network, as the policy has it

  const nets::NetworkParts& parts_;
  std::unique_ptr<TransitionSource> source_;
  TargetedNet net_;
  nets::Policy policy_;
};

// As it is before any training.
nets::Policy NewNafPolicy(int64_t states, int64_t actions, const config::Settings& s);

}  // namespace equipoise::learn
