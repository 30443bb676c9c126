// feed_forward.h: world models of feed-forward networks: what follows depends on the present state and action alone.
//
//   x = [s, a];  out_e = mlp_e(x), member e = 0 .. E-1;  heads (heads.h) of [state delta, reward]
//
// A Belief is the index of a member, held along a trajectory. All of them are E, so they can be counted. There is no
// carry. DeterministicMlp (deterministic_mlp.h) has one member, BootstrapEnsemble (bootstrap_ensemble.h) several; each
// says what its members are and how they are fitted (member_fit.h), the rest is here. BayesMlp (bayes_mlp.h) has one
// whose weights are distributions, and beliefs of its own.
//
// Archive  "<id>.net0", "<id>.adam0", ("<id>.bounds0", "<id>.bounds_adam0"), ...: one set a member
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/feedforward/heads.h"
#include "engine/model/feedforward/member_fit.h"
#include "engine/model/world_model.h"
#include "engine/nets/mlp.h"

namespace equipoise::model {

struct FeedForwardSpec {
  int64_t states = 0, actions = 0;
  std::vector<int> wrapped;  // states that are angles
  HeadKind heads = HeadKind::kMeans;
  int64_t hidden = 0, layers = 0;
  nets::Activation activation = nets::Activation::kRelu;
  int members = 1;
  double low = 0, high = 0;   // where the bounds of log-variances start
  std::optional<double> rho;  // weights are normals (nets/variational.h), whose spread starts there; none: numbers
  int64_t inputs() const { return states + actions; }
  int64_t outputs() const { return states + 1; }
  nets::MlpSpec net() const { return {inputs(), hidden, layers, HeadWidth(heads, states), activation}; }
};

// By the names that settings have for them: "relu", "tanh", "swish".
nets::Activation ActivationOf(const std::string& name);

// Which rows of a rollout are multiplied by one network.
struct NetGroups {
  std::vector<int32_t> of_belief;  // by index of the belief: its group
  std::vector<const nets::Parameters*> nets;
  std::vector<Heads> heads;
  std::vector<std::unique_ptr<const nets::Parameters>> drawn;  // those of `nets` that no model keeps
};

class FeedForward : public WorldModel {
 public:
  // Member e starts from the stream "init.<id>" of (seed, e).
  FeedForward(FeedForwardSpec spec, const std::string& id, uint64_t seed, const ModelParts& parts);

  int64_t states() const override { return spec_.states; }
  int64_t actions() const override { return spec_.actions; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return trained_; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  // Uniform among the members in use, each independent of the others.
  Belief Draw(int64_t count, Stream& stream) const override;
  int64_t beliefs_limit() const override { return static_cast<int64_t>(used_.size()); }
  Belief Nth(int64_t i) const override { return {1, {static_cast<float>(used_[static_cast<size_t>(i)])}}; }
  bool has_spread() const override { return spec_.heads == HeadKind::kBounded; }
  std::unique_ptr<Rollout> NewRollout() const override;
  std::unique_ptr<DeviceReturns> NewDeviceReturns(const nets::Policy& policy) const override;
  void BurnIn(const float*, int64_t, int64_t, const Belief&, float*, Team*) const override {}  // no carry
  // Of means: with the spread that the last fit left.
  Nll Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
               int64_t physics_states) const override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override;
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;
  void SaveFunction(ArchiveWriter& out) const override;
  void LoadFunction(const ArchiveReader& in) override;

  const FeedForwardSpec& spec() const { return spec_; }
  const std::vector<Member>& members() const { return members_; }
  std::vector<Member>& members() { return members_; }
  const std::vector<int>& used() const { return used_; }  // members, in rising order
  Heads HeadsOf(const Member& member) const;
  // By which networks these beliefs roll; of equal beliefs it is one.
  virtual NetGroups Group(const Belief& beliefs) const;
  // Of an output of means: what the last fit left of it, in sds of the data.
  const std::vector<float>& residual_sd() const { return residual_sd_; }
  // What these beliefs make of the steps of an episode, in sds of the data, root mean square over steps and outputs.
  struct Measured {
    double error = 0;      // of their mean
    double epistemic = 0;  // their spread around that
    double aleatoric = 0;  // the spread that they predict
    double at_upper = 0;   // share of raw log-variances above their upper bound
  };
  Measured Measure(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs) const;
  // Of any rows: x [rows, inputs] and y [rows, outputs] normalised.
  Measured Measure(int64_t rows, const float* x, const float* y, const Belief& beliefs) const;
  Belief AllInUse() const;  // each member once
  // Takes the statistics; `compensate`: the means of raw numbers stay what they were, variances nearly (their bounds are
  // in sds of the data), and Adam's moments follow.
  void Refit(const replay::Normaliser& next, bool compensate);

 protected:
  // Fits all members by `plan`, whose steps may end early, from statistics taken anew. Sets residual_sd and used.
  FitOutcome Fit(const nets::TrainInputs& in, const FitPlan& plan, bool compensate);
  // Of a member: negative log-likelihood of each output, in nats per row, from its heads' sums over `rows` rows.
  std::vector<double> Nats(const std::vector<double>& sums, double rows) const;
  std::string Name(const char* what, size_t member) const { return id_ + "." + what + std::to_string(member); }

  const std::string id_;

 private:
  FeedForwardSpec spec_;
  std::vector<Member> members_;
  std::vector<int> used_;
  std::vector<float> residual_sd_;
  replay::Normaliser normaliser_;
  bool trained_ = false;
  const ModelParts* parts_;
};

}  // namespace equipoise::model
