// dropout_lstm.h: the Bayesian LSTM: dropout with one fixed mask per trajectory (Freed et al. 2024, A.2.1; Gal 2016).
//
//   e_t = relu(W_in x_t + b_in)                       no mask on the raw input
//   [i f g o] = [W_x; W_h] [e_t.m_x ; h_{t-1}.m_h] + b      c_t = sig(f) c + sig(i) tanh(g), h_t = sig(o) tanh(c_t)
//   u_t = relu(W_1 (h_t.m_1) + b_1),  v_t = relu(W_2 (u_t.m_2) + b_2),  heads = W_out (v_t.m_o) + b_out
//   heads: means of [state delta, reward] and raw sds, sd = min(softplus(raw) + sd_min, sd_max)
//   m ~ Bernoulli(1 - p) / (1 - p), the same at every t, in training and in rollouts: a Belief is [5, H] = x, h, 1, 2,
//   o. Untied, each gate has an m_x and an m_h of its own (gate_groups.h): [11, H] = x and h by gate i, f, g, o; 1, 2,
//   o
//
// There is no dropout-off mode in this system.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/config/settings.h"
#include "engine/model/model_units.h"
#include "engine/model/world_model.h"
#include "engine/nets/parameters.h"

namespace equipoise::model {

class ModelParts;  // model_parts.h
const ModelParts& CpuParts();

struct LstmSpec {
  int64_t states = 0, actions = 0, hidden = 0;
  float sd_min = 1e-3f, sd_max = 5.0f;
  std::vector<int> wrapped;  // states that are angles: imagined ones stay in [-pi, pi] as real ones do
  int64_t gate_groups = 1;   // 1: the four gates share their masks; 4: each has its own
  int64_t inputs() const { return states + actions; }
  int64_t outputs() const { return states + 1; }
  int64_t mask_layers() const { return 2 * gate_groups + 3; }
};
LstmSpec LstmSpecOf(const config::Settings& s, int64_t states, int64_t actions, std::vector<int> wrapped);

// Indices of the parameter blocks.
enum LstmBlock { kInputW, kInputB, kGateW, kGateB, kFirstW, kFirstB, kSecondW, kSecondB, kHeadW, kHeadB };

struct FitReport {
  double train_nll = 0;                 // mean over the fit's last quarter: nats per step, all outputs
  double gradient_norm = 0;             // mean, before clipping
  double clipped_share = 0, prior = 0;  // prior: eta/N ||W||^2, nats per trajectory at the end
  int steps = 0, skipped = 0;           // skipped: gradient or loss was not finite
  bool reloaded = false;  // ten steps in a row were not finite: weights of before the fit are back, step size halved
};

const nets::PartInfo& DropoutLstmInfo();
std::unique_ptr<WorldModel> NewDropoutLstm(const ModelPlan& plan, const config::Settings& settings);

class DropoutLstm : public WorldModel {
 public:
  // `parts`: who fits it, burns it in and imagines returns; they outlive the model.
  DropoutLstm(const LstmSpec& spec, double dropout, Stream& init, const ModelParts& parts = CpuParts());

  int64_t states() const override { return spec_.states; }
  int64_t actions() const override { return spec_.actions; }
  int64_t carry_size() const override { return 2 * spec_.hidden; }
  bool trained() const override { return trained_; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  Belief Draw(int64_t count, Stream& stream) const override;
  std::unique_ptr<Rollout> NewRollout() const override;
  std::unique_ptr<DeviceReturns> NewDeviceReturns(const nets::Policy& policy) const override;
  void BurnIn(const float* x, int64_t horizon, int64_t batch, const Belief& beliefs, float* carries,
              Team* team) const override;

  // Takes the buffer's statistics; with `compensate` the means' function of raw inputs stays what it was, and Adam's
  // moments follow the weights. Not called while the model is frozen: its function depends on them.
  void Refit(const replay::EpisodeBuffer& data, bool compensate);
  // Gradient steps on whole trajectories (loss: sum over time, plus the eta/N prior). `progress(done, total)` is
  // called after each step. Randomness: streams "model.batch" and "model.mask" of (seed, iteration, step).
  FitReport Fit(const replay::EpisodeBuffer& data, const config::Settings& s, uint64_t iteration, int steps,
                const std::function<void(int, int)>& progress, Team* team = nullptr);
  Nll Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
               int64_t physics_states) const override;

  const nets::PartInfo& info() const override { return DropoutLstmInfo(); }
  // model.steps, and model.first_fit_factor times as many while it has never been fitted.
  int NextWork(const nets::Standing& now) const override;
  // Refit and Fit. Frozen (no steps), its function stays as it is, and what it is fed is a part of that: no Refit.
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  bool finite() const override { return net_.finite(); }
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  void set_dropout(double p) { dropout_ = p; }
  double dropout() const { return dropout_; }
  const LstmSpec& spec() const { return spec_; }
  nets::Parameters& parameters() { return net_; }
  const nets::Parameters& parameters() const { return net_; }
  nets::Adam& adam() { return adam_; }

  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;
  void SaveFunction(ArchiveWriter& out) const override;
  void LoadFunction(const ArchiveReader& in) override;

 private:
  struct FitPiece;  // some of the trajectories of a gradient step
  // Sums over a fit, and the means that are reported.
  class FitTally {
   public:
    FitTally(int steps, FitReport* report) : steps_(steps), report_(report) {}
    void Count(const nets::Adam::Outcome& outcome, double nll, int k);  // after step k, from 0
    void Finish();                                                      // sums become means

   private:
    int steps_, counted_ = 0;
    FitReport* report_;
  };
  // Adam's step size in step k of a fit.
  double StepSize(const config::Settings& s, int k, int steps) const;

  LstmSpec spec_;
  double dropout_;
  nets::Parameters net_;
  nets::Adam adam_;
  replay::Normaliser normaliser_;
  bool trained_ = false;
  const ModelParts* parts_;
};

}  // namespace equipoise::model
