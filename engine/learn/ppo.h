// ppo.h: proximal policy optimisation (Schulman et al. 2017) on whole trajectories that its own policy acted.
//
//   batch (on_policy.h) -> values, advantages (ppo_loss.h) -> `epochs` passes over shuffled minibatches:
//   loss = policy loss + value loss;  one Adam over both, their gradients clipped together
//
// The policy is tanh-squashed, with one standard deviation an action whatever the observation; log pi is that of the
// latents that were drawn. Rewards are divided by the spread of discounted returns; when that is measured anew the
// value's last layer is counted anew, so that its raw value stays. Inputs are normalised; when that normaliser moves,
// after an update, the first layers are counted anew, so that both functions stay: the densities of what was drawn
// before are still those of the policy.
//
// Where its trajectories come from is given: real episodes, or those of a world model; there, its inputs are normalised as
// the model's are, and it may be held near the policy that acted last (trust_region.h).
//
// Streams  "ID.shuffle" of (seed, iteration, pass; round)
#pragma once

#include <memory>

#include "engine/learn/learner.h"
#include "engine/learn/on_policy.h"
#include "engine/learn/ppo_settings.h"
#include "engine/learn/trust_region.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

const nets::PartInfo& PpoInfo();
const nets::PartInfo& PgInfo();  // in a world model
const nets::PartInfo& KlInfo();  // there, and held near the policy that acted last

// An actor as it is before any training.
nets::Policy NewPpoPolicy(const std::string& id, int64_t states, int64_t actions, const config::Settings& s);

class PpoLearner : public Learner {
 public:
  // `info`: whose id is the section it goes by. It and `parts`, who trains its networks, outlive the learner.
  PpoLearner(const nets::PartInfo& info, std::unique_ptr<OnPolicySource> source, int64_t states, int64_t actions,
             const config::Settings& s, const nets::NetworkParts& parts = model::CpuParts(),
             std::unique_ptr<TrustRegion> trust = nullptr);

  const nets::PartInfo& info() const override { return info_; }
  const nets::Policy& policy() const override { return policy_; }
  // Goes on from the policy of `other`, which is of the same shape and outlives this: as it stands before the first
  // batch. Its spread is that of the settings.
  void StartFrom(const Learner& other) { start_ = &other; }
  bool ready() const override { return source_->ready(); }
  // Gradient steps on all batches that are there; none between them.
  int NextWork(const nets::Standing& now) const override;
  std::string Waiting(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  // V of raw observations s [n, S], in raw reward.
  std::vector<float> V(const float* s, int64_t n) const;

 private:
  struct Rows;      // of a batch, one step each
  struct Networks;  // in training
  struct Sums;      // over gradient steps
  Rows RowsOf(const PpoSettings& ppo, const OnPolicyBatch& batch, Sums* sums) const;
  // `epochs` passes over them.
  void Learn(const TrainInputs& in, const Rows& rows, int round, double lr, Sums* sums);
  void Step(const PpoSettings& ppo, const Rows& rows, const uint32_t* which, double lr, Networks* nets, Sums* sums);
  TrainReport Report(const TrainInputs& in, const Sums& sums) const;
  void CountRewardsIn(double return_sd);
  void TakeOver(const nets::Policy& policy, double sd);
  void NormaliseInputsBy(const std::vector<float>& mean, const std::vector<float>& sd);
  std::string Named(const char* what) const { return id() + "." + what; }

  const nets::PartInfo& info_;
  const nets::NetworkParts& parts_;
  std::unique_ptr<OnPolicySource> source_;
  std::unique_ptr<TrustRegion> trust_;  // null: it may go where it likes
  nets::Policy policy_;
  nets::MlpSpec value_spec_;
  nets::Parameters value_;
  nets::Adam actor_adam_, value_adam_;
  double return_sd_ = 0;            // the value's unit; 0 before the first batch
  int64_t batches_ = 0;             // learnt from
  const Learner* start_ = nullptr;  // null: it starts from nothing
};

}  // namespace equipoise::learn
