// sac.h: the model-free learner: soft actor-critic with RLPD's two changes (Haarnoja et al. 2018; Ball et al. 2023):
// layer normalisation in the critics, and no entropy in their target.
//
//   y = r + gamma min_j Qbar_j(s', a'),  a' ~ pi(s')            (- gamma alpha log pi(a'|s') only when asked for)
//   critics: sum_j mean (Q_j(s,a) - y)^2;   actor: mean [alpha log pi(a|s) - min_j Q_j(s,a)];   alpha: temperature.h
//
// Two critics, or RLPD's ensemble: the target's minimum is then over a few of them, drawn anew for each update (stream
// "sac.subset"), and the actor may climb their mean.
//
// With a model its actor climbs that for some steps before the critics' value counts: expanded/expanded_actor.h. Or its
// targets look ahead in the model: expanded/value_expansion.h; the noise of further actions is of the stream
// "sac.look_ahead".
//
// Sees raw observations and raw rewards. Episodes end by time only, so every target bootstraps.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/kept_critics.h"
#include "engine/learn/learner.h"
#include "engine/learn/temperature.h"
#include "engine/learn/transition_source.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

const nets::PartInfo& SacInfo();
// Of one whose actor climbs a model, and of one whose targets look ahead in it; "sac" as well.
const nets::PartInfo& ClimbingSacInfo();
const nets::PartInfo& ExpandedSacInfo();

// The models that it has: trained before it is, they outlive the learner. Null: none.
struct SacModels {
  const model::WorldModel* climbed = nullptr;   // by the actor
  const model::WorldModel* expanded = nullptr;  // by targets
};

class SacLearner : public Learner {
 public:
  // `parts`: who trains its networks; they outlive the learner. `source` null: recorded steps.
  SacLearner(int64_t states, int64_t actions, const config::Settings& s,
             const model::ModelParts& parts = model::CpuParts(), std::unique_ptr<TransitionSource> source = nullptr,
             SacModels models = {});

  const nets::PartInfo& info() const override;
  const nets::Policy& policy() const override { return policy_; }
  // One episode's worth of updates for each episode that is new since the last training, and those that its source adds.
  int NextWork(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;
  // Its critics against the return that followed (q_error.h): "sac.q_acted", "sac.monte_carlo",
  // "sac.monte_carlo_tail", "sac.q_minus_return". Nothing where their value holds entropy, which is no part of a
  // return.
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const override;

  double alpha() const { return temperature_.alpha(); }
  // Values of raw state-action rows by critic j, for tests and diagnostics. s [n, S], a [n, A] -> out [n].
  void Q(int j, const float* s, const float* a, int64_t n, float* out) const;
  // What the actor climbs there: the least of all critics, or their mean (sac.actor_value).
  std::vector<double> ClimbedQ(const config::Settings& settings, const float* s, const float* a, int64_t n) const;

 protected:
  // The critics, in order, over which the target of update k takes its minimum.
  static std::vector<size_t> TargetCritics(const config::Settings& s, uint64_t iteration, uint64_t k);

 private:
  struct Batch;     // transitions and noise of one update
  struct Networks;  // in training
  struct Losses {   // sums over updates
    double critic = 0, q = 0, max_q = 0, entropy = 0, actor_norm = 0, critic_norm = 0;
    double imagined_critic = 0;  // of those on imagined steps alone
    int imagined = 0;
    double clamped = 0;                   // of an actor that climbs a model
    std::vector<double> value_gradient;   // by step ahead, from 1 on
    std::map<std::string, double> ahead;  // of targets that look ahead: scalars
  };
  Losses Update(const config::Settings& s, const std::vector<size_t>& target_critics, Batch* batch, Networks* nets);
  // The means of `steps` updates, as they are logged.
  TrainReport Report(const TrainInputs& in, const Losses& sums) const;

  // Actions in a row that the actor is trained for.
  int Horizon(const TrainInputs& in) const;

  const model::ModelParts& parts_;
  std::unique_ptr<TransitionSource> source_;
  const SacModels models_;
  nets::Policy policy_;
  nets::Adam actor_adam_;
  KeptCritics critics_;
  Temperature temperature_;
};

// An actor as it is before any training.
nets::Policy NewSacPolicy(int64_t states, int64_t actions, const config::Settings& s);

}  // namespace equipoise::learn
