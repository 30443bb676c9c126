#include "engine/learn/model_based.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/imagination.h"
#include "engine/nets/guard.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {

namespace {

nets::Parameters MakeValue(const nets::MlpSpec& spec, uint64_t seed) {
  Stream stream(seed, "init.value");
  return nets::MakeMlp(spec, stream);
}

}  // namespace

nets::Policy NewModelBasedPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.mb");
  return nets::Policy(states, actions, mb.hidden, 2, mb.sigma_max, stream);
}

ModelBasedLearner::ModelBasedLearner(const model::WorldModel& model, const StartPool& starts, const config::Settings& s)
    : policy_(NewModelBasedPolicy(model.states(), model.actions(), s)),
      adam_(policy_.net.layout.total()),
      value_spec_{model.states(), s.Of<ModelBasedSettings>().value_hidden, 2, 1, nets::Activation::kRelu},
      value_(MakeValue(value_spec_, static_cast<uint64_t>(s.run.seed))),
      target_(value_),
      value_adam_(value_.layout.total()),
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
  if (value_adam_.rate < 1) report.step_share["mb.value_lr"] = value_adam_.rate;
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
  if (now.value_lr != then.value_lr) value_adam_.rate = 1.0;
}

void ModelBasedLearner::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const float sd = count > 0 ? inserted.x_sd.front() : 1.0f;
  const int64_t at = count > 0 ? value_spec_.inputs : value_spec_.inputs + count;
  policy_.EditStates(count, sd, &adam_);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &value_, &value_adam_);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &target_, nullptr);
  value_spec_.inputs += count;
}

void ModelBasedLearner::RescaleValue(double reward_sd) {
  if (value_reward_sd_ > 0) {
    const auto ratio = static_cast<float>(value_reward_sd_ / reward_sd);
    for (nets::Parameters* net : {&value_, &target_})
      for (const char* block : {"w_out", "b_out"}) {
        const int i = net->layout.Find(block);
        std::for_each(net->at(i), net->at(i) + net->layout[i].size(), [ratio](float& w) { w *= ratio; });
      }
    const int64_t last = value_.layout[value_.layout.Find("w_out")].offset;
    nets::ScaleMoments(0, last, ratio * ratio, &value_adam_);
    nets::ScaleMoments(last, value_.layout.total() - last, ratio, &value_adam_);
  }
  value_reward_sd_ = reward_sd;
}

void ModelBasedLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "mb.policy");
  adam_.Save(out, "mb.adam");
  out.Put("mb.value", value_.values);
  out.Put("mb.target", target_.values);
  value_adam_.Save(out, "mb.value_adam");
  temperature_.Save(out, "mb.temperature");
  out.Put("mb.value_reward_sd", value_reward_sd_);
}

void ModelBasedLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "mb.policy");
  adam_.Load(in, "mb.adam", policy_.net.layout.total());
  in.Get("mb.value", value_.values.data(), value_.values.size());
  in.Get("mb.target", target_.values.data(), target_.values.size());
  value_adam_.Load(in, "mb.value_adam", value_.layout.total());
  temperature_.Load(in, "mb.temperature");
  value_reward_sd_ = in.Real("mb.value_reward_sd");
}

namespace {

// Some of the imagined trajectories of one gradient step: a smaller problem of the same kind, whose loss is the mean
// over its own rows.
struct FullShard {
  FullShard(const ImaginationInputs& in, const nets::Policy& policy, const Shard& which)
      : rows(which), imagination(*in.model, policy), gradient(policy.net.values.size()) {
    const int64_t P = rows.count, T = in.data.horizon(), S = in.model->states(), A = in.model->actions();
    start.resize(static_cast<size_t>(P * S));
    action_noise.resize(static_cast<size_t>(T * P * A));
    dynamics_noise.resize(static_cast<size_t>(T * P * S));
    dreward.resize(static_cast<size_t>(T * P));
    dlog_prob.resize(dreward.size());
  }

  void Draw(const ImaginationInputs& in, uint64_t step, uint64_t shard) {
    const auto seed = static_cast<uint64_t>(in.settings.run.seed);
    const replay::Normaliser& n = in.model->normaliser();
    const int64_t P = rows.count, S = in.model->states();
    Stream masks(seed, "mb.mask", in.iteration, step, shard), starts(seed, "mb.start", in.iteration, step, shard),
        phases(seed, "mb.start.distractor", in.iteration, step, shard), act(seed, "mb.act", in.iteration, step, shard),
        dyn(seed, "mb.dyn", in.iteration, step, shard);
    beliefs = in.model->Draw(P, masks);
    in.starts.Fill(P, in.data.distracted() ? &in.data.distractors() : nullptr, starts, phases, start.data());
    for (int64_t i = 0; i < P * S; ++i) {
      const auto u = static_cast<size_t>(i), j = static_cast<size_t>(i % S);
      start[u] = (start[u] - n.x_mean[j]) / n.x_sd[j];
    }
    act.Normal(action_noise.data(), action_noise.size());
    dyn.Normal(dynamics_noise.data(), dynamics_noise.size());
  }

  void Differentiate(int64_t T, float reward_scale, double alpha) {
    const int64_t P = rows.count;
    imagination.Run({P, T, start.data(), nullptr, &beliefs, action_noise.data(), dynamics_noise.data()}, true);
    entropy = objective = 0;
    for (int64_t t = 0; t < T; ++t)
      for (int64_t p = 0; p < P; ++p) entropy -= imagination.log_prob(t)[p];
    entropy /= static_cast<double>(T * P);
    for (double r : imagination.Returns()) objective += r / static_cast<double>(P);
    std::fill(dreward.begin(), dreward.end(), -reward_scale / static_cast<float>(P));
    std::fill(dlog_prob.begin(), dlog_prob.end(), static_cast<float>(alpha / static_cast<double>(P)));
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    imagination.Backward(nullptr, dreward.data(), dlog_prob.data(), false, gradient.data());
  }

  Shard rows;
  model::Imagination imagination;
  model::Belief beliefs;
  std::vector<float> start, action_noise, dynamics_noise, dreward, dlog_prob, gradient;
  double objective = 0, entropy = 0;  // means
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
  std::vector<std::unique_ptr<FullShard>> shards;
  for (const Shard& rows : ShardsOf(P)) shards.push_back(std::make_unique<FullShard>(in, policy_, rows));
  std::vector<float> gradient(policy_.net.values.size());
  nets::Guard guard(&policy_.net, &adam_);
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const bool fresh = k % mb.resample_every == 0;
    RunTasks(in.team, static_cast<int>(shards.size()), [&](int i) {
      FullShard& shard = *shards[static_cast<size_t>(i)];
      if (fresh) shard.Draw(in, static_cast<uint64_t>(k), static_cast<uint64_t>(i));
      shard.Differentiate(T, reward_scale, temperature_.alpha());
    });
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    double objective = 0, entropy = 0, clamped = 0;
    for (const auto& shard : shards) {
      const double share = static_cast<double>(shard->rows.count) / static_cast<double>(P);
      nets::Accumulate(static_cast<float>(share), shard->gradient, &gradient);
      objective += share * shard->objective;
      entropy += share * shard->entropy;
      clamped += share * shard->imagination.clamped_fraction();
    }
    const auto outcome = guard.Step(objective + entropy, gradient, mb.lr, mb.clip);
    if (mb.entropy_auto) temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);
    sums.Count(outcome, entropy, objective, clamped);
    in.progress(k + 1, in.steps);
  }
  sums.skipped = guard.skipped();
  sums.reloaded = guard.reloaded();
}

}  // namespace equipoise::learn
