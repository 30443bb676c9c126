// The model-based learner on the reference path; see model_based.h for the equations.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/learn/aten/learners.h"
#include "engine/learn/aten/reference.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/aten/lstm.h"

namespace equipoise::learn {
namespace {

using nets::ToDevice;

// A policy whose weights are put in at every step.
class AtenActor {
 public:
  AtenActor(nets::Policy* policy, nets::Adam* adam, const at::Device& device)
      : net(&policy->net, adam, device), constants_(nets::AtenPolicy(*policy, {}, device)) {}
  nets::ReferencePolicy WithGradients() const {
    nets::ReferencePolicy policy = constants_;
    policy.blocks = net.Blocks();
    return policy;
  }
  nets::AtenNet net;

 private:
  nets::ReferencePolicy constants_;
};

at::Tensor Normals(const std::vector<int64_t>& sizes, Stream& stream, const at::Device& device) {
  int64_t count = 1;
  for (int64_t size : sizes) count *= size;
  std::vector<float> values(static_cast<size_t>(count));
  stream.Normal(values.data(), values.size());
  return ToDevice(values.data(), sizes, device);
}

// What one gradient step on whole trajectories begins with; every shard of rows has streams of its own.
struct Draws {
  at::Tensor start, masks, action_noise, dynamics_noise;
};

Draws DrawFull(const ImaginationInputs& in, uint64_t step, const at::Device& device) {
  const auto seed = static_cast<uint64_t>(in.settings.run.seed);
  const int64_t T = in.data.horizon(), S = in.model->states(), A = in.model->actions();
  const env::Distractors* distractors = in.data.distracted() ? &in.data.distractors() : nullptr;
  std::vector<at::Tensor> start, masks, act_parts, dyn_parts;
  const std::vector<Shard> shards = ShardsOf(in.settings.Of<ModelBasedSettings>().trajectories);
  for (uint64_t i = 0; i < shards.size(); ++i) {
    const int64_t P = shards[i].count;
    Stream mask(seed, "mb.mask", in.iteration, step, i), starts(seed, "mb.start", in.iteration, step, i),
        phases(seed, "mb.start.distractor", in.iteration, step, i), act(seed, "mb.act", in.iteration, step, i),
        dyn(seed, "mb.dyn", in.iteration, step, i);
    masks.push_back(model::AtenMasks(in.model->Draw(P, mask), in.model->carry_size() / 2, P, device));
    std::vector<float> states(static_cast<size_t>(P * S));
    in.starts.Fill(P, distractors, starts, phases, states.data());
    start.push_back(ToDevice(states.data(), {P, S}, device));
    act_parts.push_back(Normals({T, P, A}, act, device));
    dyn_parts.push_back(Normals({T, P, S}, dyn, device));
  }
  return {at::cat(start), at::cat(masks), at::cat(act_parts, 1), at::cat(dyn_parts, 1)};
}

// Real trajectories fed through the model: what imagination may start from.
struct BurnIn {
  int64_t batch = 0;
  at::Tensor states;  // [T, B, S], raw
  at::Tensor h, c;    // [T, B, H], before each step
  at::Tensor masks;   // [B, mask layers, H]

  void Draw(const ImaginationInputs& in, uint64_t step, const model::ReferenceModel& model, const at::Device& device) {
    const at::NoGradGuard no_gradients;
    const config::Settings& s = in.settings;
    const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
    const auto seed = static_cast<uint64_t>(s.run.seed);
    const int64_t T = in.data.horizon(), S = model.spec.states, I = model.spec.inputs();
    batch = mb.burn_in_episodes;
    Stream episodes(seed, "mb.episode", in.iteration, step), draw(seed, "mb.mask", in.iteration, step);
    std::vector<float> x(static_cast<size_t>(T * batch * I)), y(static_cast<size_t>(T * batch * (S + 1)));
    in.data.Sequences(in.data.DrawEpisodes(batch, episodes), in.model->normaliser(), x.data(), y.data());
    masks = model::AtenMasks(in.model->Draw(batch, draw), model.spec.hidden, batch, device);
    const at::Tensor inputs = ToDevice(x.data(), {T, batch, I}, device);
    states = inputs.narrow(2, 0, S) * model.x_sd.narrow(0, 0, S) + model.x_mean.narrow(0, 0, S);
    model::ReferenceCarry carry = model::ReferenceStart(model, batch);
    std::vector<at::Tensor> hs, cs;
    for (int64_t t = 0; t < T; ++t) {
      hs.push_back(carry.h);
      cs.push_back(carry.c);
      if (mb.burn_in) model::ReferenceStep(model, inputs[t], masks, &carry);
    }
    h = at::stack(hs);
    c = at::stack(cs);
  }
};

}  // namespace

void AtenModelBased::TrainFull(const ImaginationInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const int64_t P = mb.trajectories, T = in.data.horizon(), S = in.model->states(), A = in.model->actions();
  const double unit = mb.reward_units == "raw" ? 1.0 : in.model->normaliser().y_sd[static_cast<size_t>(S)];
  const model::ReferenceModel model = model::FrozenAtenModel(*in.model, device_);
  AtenActor actor(&policy_, &adam_, device_);
  Draws draws;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    if (k % mb.resample_every == 0) draws = DrawFull(in, static_cast<uint64_t>(k), device_);
    model::ReferenceCarry carry = model::ReferenceStart(model, P);
    const model::ReferenceTrajectory imagined =
        model::ReferenceImagine(model, actor.WithGradients(), draws.start, &carry, draws.masks, draws.action_noise,
                                draws.dynamics_noise, false);
    const double objective = imagined.reward.sum(0).mean().item<double>();
    const double entropy = -imagined.log_prob.mean().item<double>();
    const at::Tensor loss = ReferenceFullLoss(imagined.reward / unit, imagined.log_prob, temperature_.alpha());
    const auto outcome = actor.net.Step(loss, objective + entropy, mb.lr, mb.clip);
    if (mb.entropy_auto) temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);
    sums.Count(outcome, entropy, objective, imagined.clamped.item<double>() / static_cast<double>(T * P * S));
    in.progress(k + 1, in.steps);
  }
  actor.net.Store();
  sums.skipped = actor.net.skipped();
  sums.reloaded = actor.net.reloaded();
}

void AtenModelBased::TrainDreamer(const ImaginationInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int64_t n = mb.starts, H = mb.imagination, T = in.data.horizon();
  const int64_t S = in.model->states(), A = in.model->actions();
  const double unit = mb.reward_units == "raw" ? 1.0 : in.model->normaliser().y_sd[static_cast<size_t>(S)];
  const model::ReferenceModel model = model::FrozenAtenModel(*in.model, device_);
  const at::Tensor s_mean = model.x_mean.narrow(0, 0, S), s_sd = model.x_sd.narrow(0, 0, S);
  AtenActor actor(&policy_, &adam_, device_);
  nets::AtenNet critic(&value_, &value_adam_, device_);
  const at::Tensor target = ToDevice(target_.values, device_);
  const std::vector<at::Tensor> target_blocks = nets::ReferenceBlocks(target_.layout, target);
  auto value = [&](const std::vector<at::Tensor>& blocks, const at::Tensor& state) {
    return nets::ReferenceMlp(value_spec_, blocks, (state - s_mean) / s_sd).squeeze(-1);
  };
  std::vector<int64_t> row(static_cast<size_t>(n)), episode(row.size());
  BurnIn burn_in;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    if (k % mb.burn_in_every == 0) burn_in.Draw(in, step, model, device_);
    int64_t next = 0;
    std::vector<at::Tensor> act_parts, dyn_parts;
    const std::vector<Shard> shards = ShardsOf(n);
    for (uint64_t i = 0; i < shards.size(); ++i) {
      Stream starts(seed, "mb.start", in.iteration, step, i), act(seed, "mb.act", in.iteration, step, i),
          dyn(seed, "mb.dyn", in.iteration, step, i);
      for (int64_t j = 0; j < shards[i].count; ++j, ++next) {
        const auto u = static_cast<size_t>(next);
        episode[u] = starts.Below(static_cast<uint32_t>(burn_in.batch));
        row[u] = starts.Below(static_cast<uint32_t>(T)) * burn_in.batch + episode[u];
      }
      act_parts.push_back(Normals({H, shards[i].count, A}, act, device_));
      dyn_parts.push_back(Normals({H, shards[i].count, S}, dyn, device_));
    }
    const at::Tensor rows = at::tensor(row).to(device_), episodes = at::tensor(episode).to(device_);
    auto picked = [&](const at::Tensor& x) { return x.flatten(0, 1).index_select(0, rows); };
    model::ReferenceCarry carry{picked(burn_in.h), picked(burn_in.c)};
    const model::ReferenceTrajectory imagined = model::ReferenceImagine(
        model, actor.WithGradients(), picked(burn_in.states), &carry, burn_in.masks.index_select(0, episodes),
        at::cat(act_parts, 1), at::cat(dyn_parts, 1), mb.detach_input);

    const at::Tensor reward = imagined.reward / unit, &log_prob = imagined.log_prob;
    const at::Tensor next_value = value(target_blocks, imagined.state.narrow(0, 1, H)) * mb.value_scale;
    const double alpha = temperature_.alpha();
    const at::Tensor soft = mb.soft_value ? reward - alpha * log_prob : reward;
    const at::Tensor returns = ReferenceLambdaReturn(soft.detach(), next_value.detach(), mb.gamma, mb.lambda);
    const double entropy = -log_prob.mean().item<double>(), mean_return = returns.mean().item<double>();
    const at::Tensor actor_loss =
        ReferenceDreamerActorLoss(reward, log_prob, next_value, mb.gamma, mb.lambda, alpha, mb.soft_value);
    const auto outcome = actor.net.Step(actor_loss, mean_return + entropy, mb.lr, mb.clip);
    if (mb.entropy_auto) temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);

    // The critic regresses on the same returns, at the states they start from.
    const at::Tensor now = value(critic.Blocks(), imagined.state.narrow(0, 0, H).detach());
    const at::Tensor critic_loss = ReferenceDreamerCriticLoss(now, returns / mb.value_scale, mb.gamma);
    const double loss = critic_loss.item<double>();
    critic.Step(critic_loss, loss, mb.value_lr, 0.0);
    target.lerp_(critic.flat().detach(), mb.value_tau);

    sums.Count(outcome, entropy, imagined.reward.sum(0).mean().item<double>(),
               imagined.clamped.item<double>() / static_cast<double>(H * n * S), mean_return, loss,
               now.mean().item<double>() * mb.value_scale);
    in.progress(k + 1, in.steps);
  }
  actor.net.Store();
  critic.Store();
  target_.values = nets::ToHost(target);
  sums.skipped = actor.net.skipped() + critic.skipped();
  sums.reloaded = actor.net.reloaded() || critic.reloaded();
}

}  // namespace equipoise::learn
