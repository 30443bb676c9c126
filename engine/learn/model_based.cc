#include "engine/learn/model_based.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/learn/model_based_piece.h"
#include "engine/learn/model_based_settings.h"

namespace equipoise::learn {

namespace {

TargetedNet NewValue(int64_t states, const config::Settings& s) {
  Stream init(static_cast<uint64_t>(s.run.seed), "init.value");
  return TargetedNet({states, s.Of<ModelBasedSettings>().value_hidden, 2, 1, nets::Activation::kRelu}, init);
}

constexpr const char *kValueNet = "mb.value", *kValueTarget = "mb.target", *kValueAdam = "mb.value_adam";

}  // namespace

nets::Policy NewModelBasedPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.mb");
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = mb.hidden;
  spec.spread = mb.head == "deterministic" ? nets::Spread::None() : nets::Spread::Below(mb.sigma_max);
  return nets::Policy(spec, stream);
}

ModelBasedLearner::ModelBasedLearner(const model::WorldModel& model, const StartPool& starts, const config::Settings& s,
                                     const model::ModelParts& parts)
    : parts_(parts),
      policy_(NewModelBasedPolicy(model.states(), model.actions(), s)),
      adam_(policy_.net.layout.total()),
      value_(NewValue(model.states(), s)),
      temperature_(s.Of<ModelBasedSettings>().entropy_bonus),
      model_(model),
      starts_(starts),
      dreamer_(s.Of<ModelBasedSettings>().mode == "dreamer") {}

TrainReport ModelBasedLearner::Train(const TrainInputs& in) {
  EQ_CHECK(model_.trained(), "a model-based policy needs a trained model");
  const replay::Normaliser& n = model_.normaliser();
  const auto S = policy_.mean.size();
  if (in.steps > 0) {
    policy_.mean.assign(n.x_mean.begin(), n.x_mean.begin() + static_cast<int64_t>(S));
    policy_.sd.assign(n.x_sd.begin(), n.x_sd.begin() + static_cast<int64_t>(S));
    // In raw units the value does not depend on the spread.
    RescaleValue(in.settings.Of<ModelBasedSettings>().reward_units == "raw" ? 1.0 : static_cast<double>(n.y_sd[S]));
  }
  Sums sums;
  const ImaginationInputs inputs{in, &model_, starts_};
  if (dreamer_) {
    TrainDreamer(inputs, sums);
  } else {
    TrainFull(inputs, sums);
  }
  TrainReport report;
  report.steps = in.steps;
  report.skipped = sums.skipped;
  report.reloaded = sums.reloaded;
  if (adam_.rate < 1) report.step_share["mb.lr"] = adam_.rate;
  if (value_.adam.rate < 1) report.step_share["mb.value_lr"] = value_.adam.rate;
  report.scalars = {{"mb.alpha", temperature_.alpha()}};
  if (in.steps == 0) return report;  // nothing was measured
  const double share = sums.steps > 0 ? 1.0 / sums.steps : NAN;
  report.scalars.insert({{"mb.gradient_norm", sums.gradient_norm * share},
                         {"mb.clipped_share", sums.clipped * share},
                         {"mb.entropy", sums.entropy * share},
                         {"mb.clamped_fraction", sums.clamped * share},
                         {"mb.imagined_return", sums.imagined_return * share}});
  if (dreamer_) {
    report.scalars["mb.value"] = sums.value * share;
    report.scalars["mb.value_loss"] = sums.value_loss * share;
    // The network's unit is the reward's spread.
    report.scalars["mb.state_value"] = sums.state_value * share * value_reward_sd_;
  }
  return report;
}

int ModelBasedLearner::NextWork(const nets::Standing& now) const { return now.settings.Of<ModelBasedSettings>().steps; }

void ModelBasedLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const ModelBasedSettings &then = before.Of<ModelBasedSettings>(), &now = after.Of<ModelBasedSettings>();
  const bool moved = now.entropy_bonus != then.entropy_bonus;
  const bool fixed_now = then.entropy_auto && !now.entropy_auto;
  if (moved || fixed_now) temperature_.Set(now.entropy_bonus);
  if (now.lr != then.lr) adam_.rate = 1.0;
  if (now.value_lr != then.value_lr) value_.adam.rate = 1.0;
}

void ModelBasedLearner::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const float sd = count > 0 ? inserted.x_sd.front() : 1.0f;
  const int64_t at = count > 0 ? value_.spec.inputs : value_.spec.inputs + count;
  policy_.EditStates(count, sd, &adam_);
  value_.EditInputs(at, count);
}

void ModelBasedLearner::RescaleValue(double reward_sd) {
  if (value_reward_sd_ > 0) {
    const auto ratio = static_cast<float>(value_reward_sd_ / reward_sd);
    RescaleOutput(ratio, &value_.net, &value_.adam);
    RescaleOutput(ratio, &value_.target, nullptr);
  }
  value_reward_sd_ = reward_sd;
}

void ModelBasedLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "mb.policy");
  adam_.Save(out, "mb.adam");
  learn::Save(value_, {kValueNet, kValueTarget, kValueAdam}, out);
  temperature_.Save(out, "mb.temperature");
  out.Put("mb.value_reward_sd", value_reward_sd_);
}

void ModelBasedLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "mb.policy");
  adam_.Load(in, "mb.adam", policy_.net.layout.total());
  learn::Load(in, {kValueNet, kValueTarget, kValueAdam}, &value_);
  temperature_.Load(in, "mb.temperature");
  value_reward_sd_ = in.Real("mb.value_reward_sd");
}

namespace {

// Whole episodes.
struct FullPiece : ImaginedPiece {
  using ImaginedPiece::ImaginedPiece;

  void Draw(const ImaginationInputs& in, uint64_t step) {
    const auto seed = static_cast<uint64_t>(in.settings.run.seed);
    const replay::Normaliser& norm = in.model->normaliser();
    const int64_t S = in.model->states();
    beliefs = {};
    for (const DrawnShard& shard : shards) {
      Stream masks(seed, "mb.mask", in.iteration, step, shard.index),
          starts(seed, "mb.start", in.iteration, step, shard.index),
          phases(seed, "mb.start.distractor", in.iteration, step, shard.index);
      beliefs.Append(in.model->Draw(shard.rows.count, masks));
      in.starts.Fill(shard.rows.count, in.data.distracted() ? &in.data.distractors() : nullptr, starts, phases,
                     start.data() + shard.rows.first * S);
    }
    for (int64_t i = 0; i < n * S; ++i) {
      const auto u = static_cast<size_t>(i), j = static_cast<size_t>(i % S);
      start[u] = (start[u] - norm.x_mean[j]) / norm.x_sd[j];
    }
    DrawNoise(in, step);
  }

  void Differentiate(float reward_scale, double alpha) {
    Run(nullptr);
    objective = 0;
    for (double r : imagined->Returns()) objective += r / static_cast<double>(n);
    std::fill(dreward.begin(), dreward.end(), -reward_scale / static_cast<float>(n));
    std::fill(dlog_prob.begin(), dlog_prob.end(), static_cast<float>(alpha / static_cast<double>(n)));
    Backward(nullptr);
  }

  double objective = 0;  // mean return
};

}  // namespace

void ModelBasedLearner::Sums::Count(const nets::Adam::Outcome& outcome, double step_entropy, double imagined,
                                    double clamped_share, double mean_return, double loss_of_value,
                                    double mean_state_value) {
  if (!outcome.applied) return;
  gradient_norm += outcome.norm;
  clipped += outcome.clipped ? 1 : 0;
  entropy += step_entropy;
  imagined_return += imagined;
  clamped += clamped_share;
  value += mean_return;
  value_loss += loss_of_value;
  state_value += mean_state_value;
  ++steps;
}

void ModelBasedLearner::TrainFull(const ImaginationInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const int64_t P = mb.trajectories, T = in.data.horizon(), A = in.model->actions();
  const float reward_scale =
      mb.reward_units == "raw" ? in.model->normaliser().y_sd[static_cast<size_t>(in.model->states())] : 1.0f;
  PolicyInTraining policy(parts_, &policy_, &adam_);
  std::vector<std::unique_ptr<FullPiece>> pieces;
  for (const Shard& rows : parts_.PiecesOf(P))
    pieces.push_back(std::make_unique<FullPiece>(in, policy, rows, P, T, false));
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const bool fresh = k % mb.resample_every == 0;
    RunTasks(in.team, static_cast<int>(pieces.size()), [&](int i) {
      FullPiece& piece = *pieces[static_cast<size_t>(i)];
      if (fresh) piece.Draw(in, static_cast<uint64_t>(k));
      piece.Differentiate(reward_scale, temperature_.alpha());
    });
    policy.gradient->Clear();
    double objective = 0, entropy = 0, clamped = 0;
    for (const auto& piece : pieces) {
      const double share = static_cast<double>(piece->n) / static_cast<double>(P);
      policy.gradient->Add(*piece->gradient, static_cast<float>(share));
      objective += share * piece->objective;
      entropy += share * piece->entropy;
      clamped += share * piece->imagined->clamped_fraction();
    }
    const auto outcome = policy.weights->Step(objective + entropy, *policy.gradient, mb.lr, mb.clip);
    if (mb.entropy_auto && !policy_.spread.deterministic())
      temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);
    sums.Count(outcome, entropy, objective, clamped);
    in.progress(k + 1, in.steps);
  }
  policy.weights->Store();
  sums.skipped = policy.weights->skipped();
  sums.reloaded = policy.weights->reloaded();
}

}  // namespace equipoise::learn
