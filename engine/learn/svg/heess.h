// heess.h: stochastic value gradients along recorded steps (Heess, Wayne, Silver, Lillicrap, Tassa, Erez 2015).
//
//   kind 0    critic Q by y = r + gamma Q'(s', a'), a' ~ pi;  actor: dQ/da at a = tanh(m + sigma eps), eps drawn
//   kind 1    value V by w (V(s) - r - gamma V'(s'))^2;  actor: w [dr/da + gamma dV'/ds' ds'/da], by the model
//             w = min(pi(u|s) / mu(u|s), cap), mu: who acted then
//   kind inf  no value: its own newest episodes, whole, backwards through the model (recorded_steps.h), each once
//
// With kinds 1 and inf eps, and the model's xi, are those under which policy and model would have done what was recorded.
// eps of what others did are no unit normals: kind 1 weighs them, kind inf goes along what it did itself alone, and kind
// 0, whose critic can be asked of any action, draws them. Random episodes are recorded without what was drawn:
// u = atanh(a), and mu is uniform.
//
// A temperature keeps the entropy at its target; without, the spread is gone before much is learned, and then no recorded
// action is one that the policy would take.
//
// Sees raw observations and raw rewards. Episodes end by time only: kinds 0 and 1 bootstrap at every step; with kind inf
// nothing comes after the last one.
//
// Streams  "heess.batch" and "heess.noise" of (seed, iteration, update)
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/learn/kept_critics.h"
#include "engine/learn/learner.h"
#include "engine/learn/on_policy.h"
#include "engine/learn/temperature.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

struct HeessSettings;  // heess_settings.h

const nets::PartInfo& HeessInfo();

// An actor as it is before any training.
nets::Policy NewHeessPolicy(int64_t states, int64_t actions, const config::Settings& s);

class HeessLearner : public Learner {
 public:
  // By svg.kind. `model` null: of kind 0, which needs none; it and `parts` outlive the learner. `own`: kind inf alone,
  // the episodes that it acts itself.
  HeessLearner(int64_t states, int64_t actions, const config::Settings& s,
               const model::ModelParts& parts = model::CpuParts(), const model::WorldModel* model = nullptr,
               std::unique_ptr<OnPolicySource> own = nullptr);

  const nets::PartInfo& info() const override { return HeessInfo(); }
  const nets::Policy& policy() const override { return policy_; }
  bool ready() const override { return model_ == nullptr || model_->trained(); }
  int NextWork(const nets::Standing& now) const override;
  std::string Waiting(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  // Of raw rows, for tests: kind 0.
  const KeptCritics& critics() const { return *critics_; }
  // Kind 1.
  std::vector<float> V(const float* s, int64_t n) const;

 private:
  struct Batch;
  struct Sums;
  void LearnFromQ(const TrainInputs& in, Sums* sums);
  void LearnFromV(const TrainInputs& in, Sums* sums);
  void LearnFromEpisodes(const TrainInputs& in, Sums* sums);
  void Draw(const TrainInputs& in, int k, Batch* batch) const;
  void Tune(const HeessSettings& own, double entropy, Sums* sums);
  TrainReport Report(const TrainInputs& in, const Sums& sums) const;

  const model::ModelParts& parts_;
  const model::WorldModel* model_;
  std::string kind_;
  nets::Policy policy_;
  nets::Adam actor_adam_;
  Temperature temperature_;
  std::optional<KeptCritics> critics_;   // kind 0
  std::optional<TargetedNet> value_;     // kind 1
  std::unique_ptr<OnPolicySource> own_;  // kind inf
};

}  // namespace equipoise::learn
