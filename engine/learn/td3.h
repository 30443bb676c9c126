// td3.h: a deterministic actor that climbs one critic: TD3 (Fujimoto, van Hoof, Meger 2018) and, without its three
// repairs, DDPG (Lillicrap et al. 2015).
//
//   a' = clamp(mu'(s') + clamp(sd N, -c, c), -1, 1);   y = r + gamma min_j Q'_j(s', a')
//   critics: sum_j mean (Q_j(s,a) - y)^2
//   every `delay`-th update:  actor: -mean Q_1(s, mu(s));  then all targets, the actor's too, by tau
//
// DDPG: one critic, delay 1, sd 0. The actor climbs the first critic, not the least. mu(s) = tanh(m(s)).
//
// With td3.target_every the targets are not moved by tau: once in so many updates they become what they follow (hard
// targets, as DQN has them).
//
// With a model it looks ahead in it: y is that of expanded/value_expansion.h.
//
// Sees raw observations and raw rewards. Episodes end by time only, so every target bootstraps. Noise on the real task
// is its controller's (agent/controllers/noisy_mean.h).
//
// Streams  "ID.batch" and "ID.target_noise" of (seed, iteration, update)
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/kept_critics.h"
#include "engine/learn/learner.h"
#include "engine/learn/td3_settings.h"
#include "engine/learn/transition_source.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

const nets::PartInfo& Td3Info();
const nets::PartInfo& DdpgInfo();
const nets::PartInfo& ExpandedTd3Info();   // TD3 with a model; "td3" as well
const nets::PartInfo& ExpandedDdpgInfo();  // DDPG with a model; "ddpg" as well

class Td3Learner : public Learner {
 public:
  // `info`: one of those above, whose id is the section it goes by. It and `parts`, who trains its networks, outlive the
  // learner. `source` null: recorded steps. `ahead`: the model that targets look ahead in, trained before this is; it
  // outlives the learner.
  Td3Learner(const nets::PartInfo& info, int64_t states, int64_t actions, const config::Settings& s,
             const nets::NetworkParts& parts = model::CpuParts(), std::unique_ptr<TransitionSource> source = nullptr,
             const model::WorldModel* ahead = nullptr);

  const nets::PartInfo& info() const override { return info_; }
  const nets::Policy& policy() const override { return policy_; }
  // One episode's worth of updates for each episode that is new since the last training.
  int NextWork(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;
  // Its first critic against the return that followed, noise included (kept_critics.h).
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

  const KeptCritics& critics() const { return critics_; }
  int64_t updates() const { return updates_; }  // of the critics, since the run began: the delay counts them

 private:
  struct Batch;     // transitions and noise of one update
  struct Networks;  // in training, and what their targets are made with
  struct Sums {     // over updates
    double critic = 0, critic_norm = 0, data_q = 0, apart = 0;
    int actor_steps = 0;
    std::map<std::string, double> ahead;                     // of targets that look ahead: scalars
    double q = 0, max_q = 0, actor_norm = 0, saturated = 0;  // over those of the actor
  };
  void Update(const Td3Settings& td3, Batch* batch, Networks* nets, Sums* sums);
  TrainReport Report(const TrainInputs& in, const Sums& sums) const;
  std::string Named(const char* what) const { return id() + "." + what; }

  const nets::PartInfo& info_;
  const nets::NetworkParts& parts_;
  std::unique_ptr<TransitionSource> source_;
  const model::WorldModel* ahead_;
  nets::Policy policy_, target_policy_;
  nets::Adam actor_adam_;
  KeptCritics critics_;
  int64_t updates_ = 0;
};

// An actor as it is before any training.
nets::Policy NewTd3Policy(const std::string& id, int64_t states, int64_t actions, const config::Settings& s);

}  // namespace equipoise::learn
