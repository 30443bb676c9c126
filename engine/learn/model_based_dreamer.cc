// The Dreamer-style half of the model-based learner; see model_based.h for the equations.
#include <algorithm>
#include <cmath>

#include "engine/base/interrupt.h"
#include "engine/learn/lambda_return.h"
#include "engine/learn/model_based.h"
#include "engine/model/imagination.h"
#include "engine/nets/guard.h"
#include "engine/nets/kernels.h"

namespace equipoise::learn {
namespace {

// Real trajectories fed through the model: the states, hidden states and masks that imagination may start from.
struct BurnIn {
  int64_t batch = 0;
  std::vector<float> x;        // [T, B, inputs], normalised
  std::vector<float> carries;  // [T, B, carry], before each step
  model::Belief beliefs;       // [B]

  void Draw(const TrainInputs& in, uint64_t step) {
    const config::Settings& s = in.settings;
    const auto seed = static_cast<uint64_t>(s.run.seed);
    const int64_t T = in.data.horizon(), inputs = in.model->states() + in.model->actions();
    batch = s.mb.burn_in_episodes;
    Stream episodes(seed, "mb.episode", in.iteration, step), masks(seed, "mb.mask", in.iteration, step);
    x.resize(static_cast<size_t>(T * batch * inputs));
    std::vector<float> targets(static_cast<size_t>(T * batch * (in.model->states() + 1)));
    in.data.Sequences(in.data.DrawEpisodes(batch, episodes), in.model->normaliser(), x.data(), targets.data());
    beliefs = in.model->Draw(batch, masks);
    carries.assign(static_cast<size_t>(T * batch * in.model->carry_size()), 0.0f);
    if (s.mb.burn_in) in.model->BurnIn(x.data(), T, batch, beliefs, carries.data());
  }
};

}  // namespace

void ModelBasedLearner::TrainDreamer(const TrainInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int64_t n = s.mb.starts, H = s.mb.imagination, T = in.data.horizon();
  const int64_t S = in.model->states(), A = in.model->actions(), C = in.model->carry_size();
  const replay::Normaliser& norm = in.model->normaliser();
  const auto last = static_cast<size_t>(S);
  const float reward_scale = s.mb.reward_units == "raw" ? norm.y_sd[last] : 1.0f;
  const float reward_shift = norm.y_mean[last] / norm.y_sd[last] * reward_scale;
  const auto value_scale = static_cast<float>(s.mb.value_scale);
  auto buffer = [](int64_t count) { return std::vector<float>(static_cast<size_t>(count)); };
  auto start = buffer(n * S), carry = buffer(n * C), action_noise = buffer(H * n * A),
       dynamics_noise = buffer(H * n * S);
  auto reward = buffer(H * n), value = buffer(H * n), returns = buffer(H * n), dlog_prob = buffer(H * n);
  auto dreward = buffer(H * n), dvalue = buffer(H * n), dz = buffer((H + 1) * n * S);
  auto gradient = buffer(static_cast<int64_t>(policy_.net.values.size()));
  auto value_gradient = buffer(static_cast<int64_t>(value_.values.size()));
  nets::MlpPass target_pass, value_pass;
  target_pass.Resize(value_spec_, H * n, true);
  value_pass.Resize(value_spec_, H * n, true);
  model::Imagination imagination(*in.model, policy_);
  nets::Guard guard(&policy_.net, &adam_), value_guard(&value_, &value_adam_);
  BurnIn burn_in;
  model::Belief beliefs;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    if (k % s.mb.burn_in_every == 0) burn_in.Draw(in, step);
    Stream starts(seed, "mb.start", in.iteration, step), act(seed, "mb.act", in.iteration, step),
        dyn(seed, "mb.dyn", in.iteration, step);
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
    imagination.Run({n, H, start.data(), carry.data(), &beliefs, action_noise.data(), dynamics_noise.data()}, true);

    // Values of the imagined states by the target network, and the returns built on them.
    target_pass.Forward(target_, imagination.z(1), 0, H * n);
    const auto alpha = static_cast<float>(temperature_.alpha());
    double entropy = 0, mean_return = 0;
    for (int64_t i = 0; i < H * n; ++i) {
      const float log_prob = imagination.log_prob(0)[i];
      entropy -= log_prob;
      value[static_cast<size_t>(i)] = value_scale * *target_pass.output(i);
      reward[static_cast<size_t>(i)] = imagination.reward(0)[i] * reward_scale + reward_shift;
      if (s.mb.soft_value) reward[static_cast<size_t>(i)] -= alpha * log_prob;
    }
    LambdaReturn(H, n, reward.data(), value.data(), s.mb.gamma, s.mb.lambda, returns.data());
    LambdaReturnGradient(H, n, s.mb.gamma, s.mb.lambda, dreward.data(), dvalue.data());
    const float share = 1.0f / static_cast<float>(H * n);
    for (int64_t i = 0; i < H * n; ++i) {
      const auto u = static_cast<size_t>(i);
      mean_return += returns[u];
      dlog_prob[u] = s.mb.soft_value ? -alpha * dreward[u] : alpha * share;
      dreward[u] *= reward_scale;
      *target_pass.output_gradient(i) = dvalue[u] * value_scale;
    }
    entropy /= static_cast<double>(H * n);
    mean_return /= static_cast<double>(H * n);
    std::fill_n(dz.data(), n * S, 0.0f);
    target_pass.BackwardData(target_, 0, H * n, dz.data() + n * S);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    imagination.Backward(dz.data(), dreward.data(), dlog_prob.data(), s.mb.detach_input, gradient.data());
    const auto outcome = guard.Step(mean_return + entropy, gradient, s.mb.lr, s.mb.clip);
    if (s.mb.entropy_auto) temperature_.Tune(entropy, s.mb.target_entropy * static_cast<double>(A), s.mb.entropy_lr);

    // The critic regresses on the same returns, at the states they start from.
    value_pass.Forward(value_, imagination.z(0), 0, H * n);
    double weight = 1, loss = 0;
    for (int64_t h = 0; h < H; ++h) {
      for (int64_t i = h * n; i < (h + 1) * n; ++i) {
        const float error = *value_pass.output(i) - returns[static_cast<size_t>(i)] / value_scale;
        loss += weight * error * error * share;
        *value_pass.output_gradient(i) = static_cast<float>(2.0 * weight * share) * error;
      }
      weight *= s.mb.gamma;
    }
    value_pass.BackwardData(value_, 0, H * n, nullptr);
    std::fill(value_gradient.begin(), value_gradient.end(), 0.0f);
    value_pass.BackwardWeights(value_, imagination.z(0), 0, H * n, value_gradient.data());
    value_guard.Step(loss, value_gradient, s.mb.value_lr, 0.0);
    nets::Lerp(static_cast<int64_t>(value_.values.size()), static_cast<float>(s.mb.value_tau), value_.values.data(),
               target_.values.data());

    if (outcome.applied) {
      sums.gradient_norm += outcome.norm;
      sums.clipped += outcome.clipped ? 1 : 0;
      sums.entropy += entropy;
      sums.value += mean_return;
      sums.value_loss += loss;
      sums.clamped += imagination.clamped_fraction();
      for (double r : imagination.Returns()) sums.imagined_return += r / static_cast<double>(n);
      ++sums.steps;
    }
    in.progress(k + 1, in.steps);
  }
  sums.skipped = guard.skipped() + value_guard.skipped();
  sums.reloaded = guard.reloaded() || value_guard.reloaded();
}

}  // namespace equipoise::learn
