#include "engine/model/dropout_lstm.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/lstm_rollout.h"
#include "engine/model/model_parts.h"
#include "engine/model/sequence_pass.h"

namespace equipoise::model {
namespace {

constexpr float kUnitSdBias = 0.5413249f;  // softplus^-1(1): heads start at one standard deviation of the data

nets::Layout LstmLayout(const LstmSpec& s) {
  nets::Layout layout;
  layout.Add("w_in", s.inputs(), s.hidden);
  layout.Add("b_in", 1, s.hidden);
  layout.Add("w_gates", 2 * s.hidden, 4 * s.hidden);
  layout.Add("b_gates", 1, 4 * s.hidden);
  layout.Add("w_first", s.hidden, s.hidden);
  layout.Add("b_first", 1, s.hidden);
  layout.Add("w_second", s.hidden, s.hidden);
  layout.Add("b_second", 1, s.hidden);
  layout.Add("w_heads", s.hidden, 2 * s.outputs());
  layout.Add("b_heads", 1, 2 * s.outputs());
  return layout;
}

}  // namespace

LstmSpec LstmSpecOf(const config::Settings& s, int64_t states, int64_t actions, std::vector<int> wrapped) {
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  LstmSpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = lstm.hidden;
  spec.sd_min = static_cast<float>(lstm.sd_min);
  spec.sd_max = static_cast<float>(lstm.sd_max);
  spec.wrapped = std::move(wrapped);
  spec.gate_groups = lstm.masks == "untied" ? 4 : 1;
  return spec;
}

DropoutLstm::DropoutLstm(const LstmSpec& spec, double dropout, Stream& init, const ModelParts& parts)
    : spec_(spec), dropout_(dropout), net_(LstmLayout(spec)), adam_(net_.layout.total()), parts_(&parts) {
  double bound = 0;
  for (int i = 0; i < net_.layout.size(); ++i) {
    const nets::Block& block = net_.layout[i];
    // The packed gates see W_x and W_h side by side; each has fan-in H.
    if (block.rows > 1) bound = 1.0 / std::sqrt(static_cast<double>(i == kGateW ? spec.hidden : block.rows));
    net_.FillUniform(i, bound, init);
  }
  std::fill_n(net_.at(kGateB) + spec.hidden, spec.hidden, 1.0f);  // forget gates start open
  std::fill_n(net_.at(kHeadB) + spec.outputs(), spec.outputs(), kUnitSdBias);
}

std::unique_ptr<WorldModel> NewDropoutLstm(const ModelPlan& plan, const config::Settings& s) {
  Stream init(static_cast<uint64_t>(s.run.seed), "init.model");
  return std::make_unique<DropoutLstm>(LstmSpecOf(s, plan.states, plan.actions, plan.wrapped),
                                       s.Of<DropoutLstmSettings>().dropout, init, *plan.parts);
}

Belief DropoutLstm::Draw(int64_t count, Stream& stream) const {
  Belief belief;
  belief.count = count;
  belief.data.resize(static_cast<size_t>(count * spec_.mask_layers() * spec_.hidden));
  stream.Uniform(belief.data.data(), belief.data.size());
  const auto p = static_cast<float>(dropout_);
  const float keep = 1.0f / (1.0f - p);
  for (float& m : belief.data) m = m >= p ? keep : 0.0f;
  return belief;
}

std::unique_ptr<Rollout> DropoutLstm::NewRollout() const {
  return std::make_unique<LstmRollout>(spec_, net_, normaliser_);
}

std::unique_ptr<DeviceReturns> DropoutLstm::NewDeviceReturns(const nets::Policy& policy) const {
  return parts_->NewReturns(*this, policy);
}

void DropoutLstm::BurnIn(const float* x, int64_t horizon, int64_t batch, const Belief& beliefs, float* carries,
                         Team* team) const {
  const int64_t I = spec_.inputs();
  const std::unique_ptr<const nets::Weights> net = parts_->Freeze(net_);
  const std::vector<Shard> pieces = parts_->PiecesOf(batch);
  RunTasks(team, static_cast<int>(pieces.size()), [&](int i) {
    const Shard& rows = pieces[static_cast<size_t>(i)];
    std::vector<float> part(static_cast<size_t>(horizon * rows.count * I));
    for (int64_t t = 0; t < horizon; ++t)
      std::copy_n(x + (t * batch + rows.first) * I, rows.count * I, part.data() + t * rows.count * I);
    parts_->NewSequences(spec_)->BurnIn(*net, part.data(), horizon, rows.count, beliefs.Part(rows),
                                        carries + rows.first * 2 * spec_.hidden, batch);
  });
}

void DropoutLstm::Refit(const replay::EpisodeBuffer& data, bool compensate) {
  replay::Normaliser next = data.Fit();
  EQ_CHECK(static_cast<int64_t>(next.x_mean.size()) == spec_.inputs(), "model and data differ in width");
  if (compensate && normaliser_.ready()) {
    RescaleInputs(normaliser_, next, kInputW, kInputB, &net_, &adam_);
    // The sd heads have no exact compensation: under the same ones, a mean's gradient grows with its error.
    RescaleMeans(normaliser_, next, kHeadW, kHeadB, 1, &net_, &adam_);
  }
  normaliser_ = std::move(next);
}

struct DropoutLstm::FitPiece {
  Shard rows;
  std::vector<float> x, y;
  std::unique_ptr<Sequences> pass;
  std::unique_ptr<nets::Gradient> gradient;
  double loss = 0;  // sum over its trajectories
};

double DropoutLstm::StepSize(const config::Settings& s, int k, int steps) const {
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  // A fit after the first ends at the share lr_final of its step size.
  return lstm.lr * (trained_ ? 1.0 - (1.0 - lstm.lr_final) * k / std::max(steps, 1) : 1.0);
}

void DropoutLstm::FitTally::Count(const nets::Adam::Outcome& outcome, double nll, int k) {
  ++report_->steps;
  if (!outcome.applied) return;
  report_->gradient_norm += outcome.norm / steps_;
  report_->clipped_share += (outcome.clipped ? 1.0 : 0.0) / steps_;
  if (k < steps_ - std::max(steps_ / 4, 1)) return;
  report_->train_nll += nll;
  ++counted_;
}

void DropoutLstm::FitTally::Finish() { report_->train_nll = counted_ > 0 ? report_->train_nll / counted_ : NAN; }

FitReport DropoutLstm::Fit(const replay::EpisodeBuffer& data, const config::Settings& s, uint64_t iteration, int steps,
                           const std::function<void(int, int)>& progress, Team* team) {
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  FitReport report;
  const int64_t T = data.horizon(), batch = lstm.batch, D = spec_.outputs();
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const double per_output = 1.0 / static_cast<double>(T * D);  // conditions loss and prior alike
  const double eta_share = lstm.eta / static_cast<double>(data.size());
  const auto decay = static_cast<float>(2.0 * eta_share * per_output);
  const std::unique_ptr<nets::Weights> net = parts_->NewWeights(&net_, &adam_);
  const std::unique_ptr<nets::Gradient> gradient = net->NewGradient();
  std::vector<FitPiece> pieces;
  for (const Shard& rows : parts_->PiecesOf(batch))
    pieces.push_back({rows, {}, {}, parts_->NewSequences(spec_), net->NewGradient()});
  FitTally tally(steps, &report);
  for (int k = 0; k < steps; ++k) {
    PollInterrupt();
    Stream draw(seed, "model.batch", iteration, static_cast<uint64_t>(k)),
        masks(seed, "model.mask", iteration, static_cast<uint64_t>(k));
    const std::vector<int64_t> episodes = data.DrawEpisodes(batch, draw);
    const Belief beliefs = Draw(batch, masks);
    RunTasks(team, static_cast<int>(pieces.size()), [&](int i) {
      FitPiece& piece = pieces[static_cast<size_t>(i)];
      const Shard& r = piece.rows;
      piece.x.resize(static_cast<size_t>(T * r.count * spec_.inputs()));
      piece.y.resize(static_cast<size_t>(T * r.count * D));
      data.Sequences({episodes.begin() + r.first, episodes.begin() + r.first + r.count}, normaliser_, piece.x.data(),
                     piece.y.data());
      piece.gradient->Clear();
      piece.loss =
          piece.pass->Differentiate(*net, piece.x.data(), piece.y.data(), T, r.count, beliefs.Part(r),
                                    static_cast<float>(per_output / static_cast<double>(batch)), piece.gradient.get());
    });
    double loss = 0;
    gradient->Clear();
    gradient->AddWeights(*net, decay);
    for (const FitPiece& piece : pieces) {
      loss += piece.loss;
      gradient->Add(*piece.gradient, 1.0f);
    }
    const double nll = loss / static_cast<double>(batch * T);
    const nets::Adam::Outcome outcome =
        net->Step(nll, *gradient, StepSize(s, k, steps), s.Of<DropoutLstmSettings>().clip);
    tally.Count(outcome, nll, k);
    progress(k + 1, steps);
  }
  net->Store();
  report.skipped = net->skipped();
  report.reloaded = net->reloaded();
  tally.Finish();
  report.prior = eta_share * net->SumOfSquares();
  if (steps > 0) trained_ = true;
  return report;
}

int DropoutLstm::NextWork(const nets::Standing& now) const {
  const DropoutLstmSettings& lstm = now.settings.Of<DropoutLstmSettings>();
  const double factor = trained_ ? 1.0 : lstm.first_fit_factor;
  return static_cast<int>(std::lround(lstm.steps * factor));
}

nets::TrainReport DropoutLstm::Train(const nets::TrainInputs& in) {
  const config::Settings& s = in.settings;
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  dropout_ = lstm.dropout;
  if (in.steps > 0 || !trained_) Refit(in.data, lstm.compensate_normaliser);
  const FitReport fit = Fit(in.data, s, in.iteration, in.steps, in.progress, in.team);
  nets::TrainReport report;
  report.steps = fit.steps;
  report.skipped = fit.skipped;
  report.reloaded = fit.reloaded;
  if (adam_.rate < 1) report.step_share["model.lr"] = adam_.rate;
  report.scalars = {{"model.prior", fit.prior}, {"model.eta_over_n", lstm.eta / static_cast<double>(in.data.size())}};
  if (in.steps == 0) return report;  // nothing was measured
  report.scalars.insert({{"model.train_nll", fit.train_nll},
                         {"model.gradient_norm", fit.gradient_norm},
                         {"model.clipped_share", fit.clipped_share}});
  return report;
}

void DropoutLstm::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (after.Of<DropoutLstmSettings>().lr != before.Of<DropoutLstmSettings>().lr) adam_.rate = 1.0;
}

DropoutLstm::Nll DropoutLstm::Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
                                       int64_t physics_states) const {
  const int64_t T = data.horizon(), batch = beliefs.count;
  std::vector<float> x(static_cast<size_t>(T * batch * spec_.inputs())),
      y(static_cast<size_t>(T * batch * spec_.outputs()));
  data.Sequences(std::vector<int64_t>(static_cast<size_t>(batch), episode), normaliser_, x.data(), y.data());
  SequencePass pass;
  pass.Forward(spec_, net_, x.data(), T, batch, beliefs, true);
  double physics = 0, other = 0;
  pass.Loss(y.data(), 0.0f, physics_states, &physics, &other);
  const auto share = static_cast<double>(batch * T);
  Nll nll{physics / share, other / share, {}};
  const std::vector<double> sums = pass.LossByOutput(y.data());
  for (int64_t j = 0; j < spec_.outputs(); ++j)
    if (j < physics_states || j == spec_.states) nll.by_output.push_back(sums[static_cast<size_t>(j)] / share);
  return nll;
}

void DropoutLstm::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const int64_t at = count > 0 ? spec_.states : spec_.states + count, D = spec_.outputs();
  const int64_t head_at = D - 1 + std::min<int64_t>(count, 0);  // before the reward
  // The raw-sd columns come first, so that the means' edit does not move them.
  nets::ApplyEdits({{"w_in", 0, at, count, 0.0f},
                    {"w_heads", 1, D + head_at, count, 0.0f},
                    {"b_heads", 1, D + head_at, count, kUnitSdBias},
                    {"w_heads", 1, head_at, count, 0.0f},
                    {"b_heads", 1, head_at, count, 0.0f}},
                   &net_, &adam_);
  EditNormaliser(spec_.states, count, inserted, &normaliser_);
  spec_.states += count;
}

void DropoutLstm::Save(ArchiveWriter& out) const {
  out.Put("model.net", net_.values);
  adam_.Save(out, "model.adam");
  out.Put("model.trained", static_cast<int64_t>(trained_));
  PutNormaliser(normaliser_, "model", out);
}

void DropoutLstm::SaveFunction(ArchiveWriter& out) const {
  out.Put("model.net", net_.values);
  PutNormaliser(normaliser_, "model", out);
}

void DropoutLstm::Load(const ArchiveReader& in) {
  LoadFunction(in);
  adam_.Load(in, "model.adam", net_.layout.total());
  trained_ = in.Int("model.trained") != 0;
}

void DropoutLstm::LoadFunction(const ArchiveReader& in) {
  in.Get("model.net", net_.values.data(), net_.values.size());
  normaliser_ = NormaliserFrom(in, "model");
  trained_ = true;
}

}  // namespace equipoise::model
