// The Dreamer-style half of the model-based learner; see model_based.h for the equations.
#include <algorithm>
#include <memory>

#include "engine/base/interrupt.h"
#include "engine/learn/lambda_return.h"
#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/imagination.h"
#include "engine/nets/guard.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {
namespace {

// Real trajectories fed through the model: the states, hidden states and masks that imagination may start from.
struct BurnIn {
  int64_t batch = 0;
  std::vector<float> x;        // [T, B, inputs], normalised
  std::vector<float> carries;  // [T, B, carry], before each step
  model::Belief beliefs;       // [B]

  void Draw(const ImaginationInputs& in, uint64_t step) {
    const config::Settings& s = in.settings;
    const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
    const auto seed = static_cast<uint64_t>(s.run.seed);
    const int64_t T = in.data.horizon(), inputs = in.model->states() + in.model->actions();
    batch = mb.burn_in_episodes;
    Stream episodes(seed, "mb.episode", in.iteration, step), masks(seed, "mb.mask", in.iteration, step);
    x.resize(static_cast<size_t>(T * batch * inputs));
    std::vector<float> targets(static_cast<size_t>(T * batch * (in.model->states() + 1)));
    in.data.Sequences(in.data.DrawEpisodes(batch, episodes), in.model->normaliser(), x.data(), targets.data());
    beliefs = in.model->Draw(batch, masks);
    carries.assign(static_cast<size_t>(T * batch * in.model->carry_size()), 0.0f);
    if (mb.burn_in) in.model->BurnIn(x.data(), T, batch, beliefs, carries.data(), in.team);
  }
};

// Some of the imagined trajectories of one gradient step: a smaller problem of the same kind, whose losses are means
// over its own rows.
struct DreamerShard {
  DreamerShard(const ImaginationInputs& in, const nets::Policy& policy, const nets::MlpSpec& value_spec,
               int64_t value_parameters, const Shard& which)
      : rows(which), n(which.count), imagination(*in.model, policy) {
    const int64_t H = in.settings.Of<ModelBasedSettings>().imagination, S = in.model->states(), A = in.model->actions();
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    room(start, n * S);
    room(carry, n * in.model->carry_size());
    room(action_noise, H * n * A);
    room(dynamics_noise, H * n * S);
    room(dz, (H + 1) * n * S);
    for (auto* v : {&reward, &value, &returns, &dlog_prob, &dreward, &dvalue}) room(*v, H * n);
    gradient.resize(policy.net.values.size());
    room(value_gradient, value_parameters);
    target_pass.Resize(value_spec, H * n, true);
    value_pass.Resize(value_spec, H * n, true);
  }

  void Draw(const ImaginationInputs& in, const BurnIn& burn_in, uint64_t step, uint64_t shard) {
    const auto seed = static_cast<uint64_t>(in.settings.run.seed);
    const int64_t S = in.model->states(), A = in.model->actions(), C = in.model->carry_size(), T = in.data.horizon();
    Stream starts(seed, "mb.start", in.iteration, step, shard), act(seed, "mb.act", in.iteration, step, shard),
        dyn(seed, "mb.dyn", in.iteration, step, shard);
    const int64_t mask_size = static_cast<int64_t>(burn_in.beliefs.data.size()) / burn_in.batch;
    beliefs.count = n;
    beliefs.data.resize(static_cast<size_t>(n * mask_size));
    for (int64_t i = 0; i < n; ++i) {
      const int64_t b = starts.Below(static_cast<uint32_t>(burn_in.batch)), t = starts.Below(static_cast<uint32_t>(T));
      const int64_t row = t * burn_in.batch + b;
      std::copy_n(burn_in.x.data() + row * (S + A), S, start.data() + i * S);
      std::copy_n(burn_in.carries.data() + row * C, C, carry.data() + i * C);
      std::copy_n(burn_in.beliefs.data.data() + b * mask_size, mask_size, beliefs.data.data() + i * mask_size);
    }
    act.Normal(action_noise.data(), action_noise.size());
    dyn.Normal(dynamics_noise.data(), dynamics_noise.size());
  }

  // The actor's gradient, and the returns that the critic regresses on.
  void Differentiate(const ImaginationInputs& in, const nets::Parameters& target, double temperature) {
    const config::Settings& s = in.settings;
    const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
    const int64_t H = mb.imagination, S = in.model->states();
    const replay::Normaliser& norm = in.model->normaliser();
    const auto last = static_cast<size_t>(S);
    const float reward_scale = mb.reward_units == "raw" ? norm.y_sd[last] : 1.0f;
    const float reward_shift = norm.y_mean[last] / norm.y_sd[last] * reward_scale;
    const auto value_scale = static_cast<float>(mb.value_scale), alpha = static_cast<float>(temperature);
    imagination.Run({n, H, start.data(), carry.data(), &beliefs, action_noise.data(), dynamics_noise.data()}, true);

    // Values of the imagined states by the target network, and the returns built on them.
    target_pass.Forward(target, imagination.z(1), 0, H * n);
    entropy = mean_return = 0;
    for (int64_t i = 0; i < H * n; ++i) {
      const auto u = static_cast<size_t>(i);
      const float log_prob = imagination.log_prob(0)[i];
      entropy -= log_prob;
      value[u] = value_scale * *target_pass.output(i);
      reward[u] = imagination.reward(0)[i] * reward_scale + reward_shift;
      if (mb.soft_value) reward[u] -= alpha * log_prob;
    }
    LambdaReturn(H, n, reward.data(), value.data(), mb.gamma, mb.lambda, returns.data());
    LambdaReturnGradient(H, n, mb.gamma, mb.lambda, dreward.data(), dvalue.data());
    for (int64_t i = 0; i < H * n; ++i) {
      const auto u = static_cast<size_t>(i);
      mean_return += returns[u];
      dlog_prob[u] = mb.soft_value ? -alpha * dreward[u] : alpha / static_cast<float>(H * n);
      dreward[u] *= reward_scale;
      *target_pass.output_gradient(i) = dvalue[u] * value_scale;
    }
    entropy /= static_cast<double>(H * n);
    mean_return /= static_cast<double>(H * n);
    std::fill_n(dz.data(), n * S, 0.0f);
    target_pass.BackwardData(target, 0, H * n, dz.data() + n * S);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    imagination.Backward(dz.data(), dreward.data(), dlog_prob.data(), mb.detach_input, gradient.data());
  }

  // The critic regresses on the same returns, at the states they start from.
  void DifferentiateValue(const config::Settings& s, const nets::Parameters& net) {
    const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
    const int64_t H = mb.imagination;
    const double share = 1.0 / static_cast<double>(H * n);
    value_pass.Forward(net, imagination.z(0), 0, H * n);
    double weight = 1;
    value_loss = mean_value = 0;
    for (int64_t h = 0; h < H; ++h) {
      for (int64_t i = h * n; i < (h + 1) * n; ++i) {
        const float error =
            *value_pass.output(i) - returns[static_cast<size_t>(i)] / static_cast<float>(mb.value_scale);
        value_loss += weight * share * error * error;
        mean_value += share * mb.value_scale * *value_pass.output(i);
        *value_pass.output_gradient(i) = static_cast<float>(2.0 * weight * share) * error;
      }
      weight *= mb.gamma;
    }
    value_pass.BackwardData(net, 0, H * n, nullptr);
    std::fill(value_gradient.begin(), value_gradient.end(), 0.0f);
    value_pass.BackwardWeights(net, imagination.z(0), 0, H * n, value_gradient.data());
  }

  Shard rows;
  int64_t n;
  model::Imagination imagination;
  model::Belief beliefs;
  nets::MlpPass target_pass, value_pass;
  std::vector<float> start, carry, action_noise, dynamics_noise, reward, value, returns, dlog_prob, dreward, dvalue, dz;
  std::vector<float> gradient, value_gradient;
  double entropy = 0, mean_return = 0, value_loss = 0, mean_value = 0;  // means
};

}  // namespace

void ModelBasedLearner::TrainDreamer(const ImaginationInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const ModelBasedSettings& mb = s.Of<ModelBasedSettings>();
  const int64_t n = mb.starts, A = in.model->actions();
  const auto value_size = static_cast<int64_t>(value_.values.size());
  std::vector<std::unique_ptr<DreamerShard>> shards;
  for (const Shard& rows : ShardsOf(n))
    shards.push_back(std::make_unique<DreamerShard>(in, policy_, value_spec_, value_size, rows));
  std::vector<float> gradient(policy_.net.values.size()), value_gradient(value_.values.size());
  nets::Guard guard(&policy_.net, &adam_), value_guard(&value_, &value_adam_);
  BurnIn burn_in;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    if (k % mb.burn_in_every == 0) burn_in.Draw(in, step);
    RunTasks(in.team, static_cast<int>(shards.size()), [&](int i) {
      DreamerShard& shard = *shards[static_cast<size_t>(i)];
      shard.Draw(in, burn_in, step, static_cast<uint64_t>(i));
      shard.Differentiate(in, target_, temperature_.alpha());
      shard.DifferentiateValue(s, value_);
    });
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    std::fill(value_gradient.begin(), value_gradient.end(), 0.0f);
    double entropy = 0, mean_return = 0, imagined_return = 0, loss = 0, clamped = 0, value = 0;
    for (const auto& shard : shards) {
      const double share = static_cast<double>(shard->n) / static_cast<double>(n);
      nets::Accumulate(static_cast<float>(share), shard->gradient, &gradient);
      nets::Accumulate(static_cast<float>(share), shard->value_gradient, &value_gradient);
      entropy += share * shard->entropy;
      mean_return += share * shard->mean_return;
      loss += share * shard->value_loss;
      value += share * shard->mean_value;
      clamped += share * shard->imagination.clamped_fraction();
      for (double r : shard->imagination.Returns()) imagined_return += r / static_cast<double>(n);
    }
    const auto outcome = guard.Step(mean_return + entropy, gradient, mb.lr, mb.clip);
    if (mb.entropy_auto) temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);
    value_guard.Step(loss, value_gradient, mb.value_lr, 0.0);
    nets::Lerp(value_size, static_cast<float>(mb.value_tau), value_.values.data(), target_.values.data());
    sums.Count(outcome, entropy, imagined_return, clamped, mean_return, loss, value);
    in.progress(k + 1, in.steps);
  }
  sums.skipped = guard.skipped() + value_guard.skipped();
  sums.reloaded = guard.reloaded() || value_guard.reloaded();
}

}  // namespace equipoise::learn
