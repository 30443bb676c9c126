// linear_model.h: a world model that is linear around what was done lately: one ridge regression for each time step of an
// episode (Gu, Lillicrap, Sutskever, Levine 2016, after Levine, Abbeel 2014).
//
//   x_t = [s_t, a_t, 1];  [state delta, reward]_t = x_t W_t,  t = 0 .. T-1
//   W   = argmin sum_{all rows} |y - x W|^2 + lambda |W|^2
//   W_t = argmin sum_{rows within `window` steps of t} |y - x W_t|^2 + lambda |W_t - W|^2
//
// over the newest episodes, in normalised units, the column of ones not held in W. What few rows leave open is thus what
// all steps have in common. Behind the end of an episode it goes on as in its last step.
//
// Its carry is the time: [rows, 1], 0 at the start of an episode. One belief, no spread; its likelihood of an episode is
// that of a Gaussian around what it says, with the spread that the last fit left of each output.
//
// Units    W in normalised units; double while it is fitted, float in rollouts
// Archive  "linear.steps" (T), "linear.w" [T, S + A + 1, S + 1], "linear.residual_sd", the normaliser
// Thread   as nets/trainable.h; time steps are tasks of the team, and results do not depend on it
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/model/world_model.h"

namespace equipoise::model {

const nets::PartInfo& LinearModelInfo();
std::unique_ptr<WorldModel> NewLinearModel(const ModelPlan& plan, const config::Settings& settings);

// W [inputs, outputs] that minimises |Y - X W|^2 + ridge |P (W - near)|^2, P without the last input where `free_last`;
// x [n, inputs], y [n, outputs]; near null: 0. All row after row. With ridge > 0 it exists, but for the free input where
// that is always 0, which then stays near.
std::vector<double> Ridge(int64_t n, int64_t inputs, int64_t outputs, const double* x, const double* y, double ridge,
                          const double* near, bool free_last);

class LinearModel : public WorldModel {
 public:
  LinearModel(int64_t states, int64_t actions, std::vector<int> wrapped);

  const nets::PartInfo& info() const override { return LinearModelInfo(); }
  int64_t states() const override { return states_; }
  int64_t actions() const override { return actions_; }
  int64_t carry_size() const override { return 1; }
  bool trained() const override { return !w_.empty(); }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  Belief Draw(int64_t count, Stream& stream) const override;
  int64_t beliefs_limit() const override { return 1; }
  Belief Nth(int64_t) const override { return {1, {0.0f}}; }
  bool has_spread() const override { return false; }
  std::unique_ptr<Rollout> NewRollout() const override;
  void BurnIn(const float* x, int64_t horizon, int64_t batch, const Belief& beliefs, float* carries,
              Team* team) const override;
  Nll Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
               int64_t physics_states) const override;
  // One regression for each step of an episode; 0: frozen.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings&, const config::Settings&) override {}
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override;
  void Save(ArchiveWriter& out) const override { SaveFunction(out); }
  void Load(const ArchiveReader& in) override { LoadFunction(in); }
  void SaveFunction(ArchiveWriter& out) const override;
  void LoadFunction(const ArchiveReader& in) override;

  int64_t inputs() const { return states_ + actions_; }
  int64_t outputs() const { return states_ + 1; }
  int64_t steps() const { return static_cast<int64_t>(w_.size()) / ((inputs() + 1) * outputs()); }
  // W of time step t, the last one's behind the end: [S + A + 1, S + 1].
  const float* w(int64_t t) const { return w_.data() + std::min(t, steps() - 1) * (inputs() + 1) * outputs(); }
  const std::vector<int>& wrapped() const { return wrapped_; }
  const std::vector<float>& residual_sd() const { return residual_sd_; }

 private:
  // Of an episode: squared errors of each output, mean over steps.
  std::vector<double> SquaredErrors(const replay::EpisodeBuffer& data, int64_t episode) const;

  int64_t states_, actions_;
  std::vector<int> wrapped_;
  std::vector<float> w_;  // [T, S + A + 1, S + 1]; empty: never fitted
  std::vector<float> residual_sd_;
  replay::Normaliser normaliser_;
};

}  // namespace equipoise::model
