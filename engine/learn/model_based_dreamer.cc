// The Dreamer-style half of the model-based learner; see model_based.h for the equations.
#include <algorithm>
#include <limits>
#include <memory>

#include "engine/base/interrupt.h"
#include "engine/learn/lambda_return.h"
#include "engine/learn/model_based_piece.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/value.h"
#include "engine/learn/value_bound.h"

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

// A few steps from the middle of recorded episodes.
struct DreamerPiece : ImaginedPiece {
  DreamerPiece(const ImaginationInputs& in, const PolicyInTraining& policy, const Value& critic, const Shard& which,
               int64_t all_rows, const ModelBasedSettings& mb, float value_bound)
      : ImaginedPiece(in, policy, which, all_rows, mb.imagination, mb.detach_input),
        value_of(critic, horizon * n),
        bound(value_bound) {
    const int64_t S = in.model->states();
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    room(carry, n * in.model->carry_size());
    room(dz, (horizon + 1) * n * S);
    for (auto* v : {&reward, &value, &returns, &dvalue}) room(*v, horizon * n);
    double w = 1;
    for (int64_t h = 0; h < horizon; ++h, w *= mb.gamma) weight.insert(weight.end(), static_cast<size_t>(n), w);
  }

  void Draw(const ImaginationInputs& in, const BurnIn& burn_in, uint64_t step) {
    const int64_t S = in.model->states(), A = in.model->actions(), C = in.model->carry_size(), T = in.data.horizon();
    const int64_t mask_size = static_cast<int64_t>(burn_in.beliefs.data.size()) / burn_in.batch;
    beliefs.count = n;
    beliefs.data.resize(static_cast<size_t>(n * mask_size));
    for (const DrawnShard& shard : shards) {
      Stream starts(static_cast<uint64_t>(in.settings.run.seed), "mb.start", in.iteration, step, shard.index);
      for (int64_t i = shard.rows.first; i < shard.rows.first + shard.rows.count; ++i) {
        const int64_t b = starts.Below(static_cast<uint32_t>(burn_in.batch)),
                      t = starts.Below(static_cast<uint32_t>(T));
        const int64_t row = t * burn_in.batch + b;
        std::copy_n(burn_in.x.data() + row * (S + A), S, start.data() + i * S);
        std::copy_n(burn_in.carries.data() + row * C, C, carry.data() + i * C);
        std::copy_n(burn_in.beliefs.data.data() + b * mask_size, mask_size, beliefs.data.data() + i * mask_size);
      }
    }
    DrawNoise(in, step);
  }

  // The actor's gradient, and the returns that the critic regresses on.
  void Differentiate(const ImaginationInputs& in, double temperature) {
    const ModelBasedSettings& mb = in.settings.Of<ModelBasedSettings>();
    const int64_t S = in.model->states();
    const replay::Normaliser& norm = in.model->normaliser();
    const auto last = static_cast<size_t>(S);
    const float reward_scale = mb.reward_units == "raw" ? norm.y_sd[last] : 1.0f;
    const float reward_shift = norm.y_mean[last] / norm.y_sd[last] * reward_scale;
    const auto alpha = static_cast<float>(temperature);
    Run(carry.data());

    // Values of the imagined states by the slower copy, and the returns built on them.
    value_of.Target(imagined->z(1), value.data());
    HoldValues(bound, horizon * n, value.data());
    const float *log_prob = imagined->log_prob(0), *imagined_reward = imagined->reward(0);
    for (size_t i = 0; i < reward.size(); ++i) {
      reward[i] = imagined_reward[i] * reward_scale + reward_shift;
      if (mb.soft_value) reward[i] -= alpha * log_prob[i];
    }
    LambdaReturn(horizon, n, reward.data(), value.data(), mb.gamma, mb.lambda, returns.data());
    LambdaReturnGradient(horizon, n, mb.gamma, mb.lambda, dreward.data(), dvalue.data());
    CutHeld(bound, horizon * n, value.data(), dvalue.data());
    mean_return = 0;
    for (size_t i = 0; i < reward.size(); ++i) {
      mean_return += returns[i];
      dlog_prob[i] = mb.soft_value ? -alpha * dreward[i] : alpha / static_cast<float>(horizon * n);
      dreward[i] *= reward_scale;
    }
    mean_return /= static_cast<double>(horizon * n);
    std::fill_n(dz.data(), n * S, 0.0f);
    value_of.TargetGradient(dvalue.data(), dz.data() + n * S);
    Backward(dz.data());
  }

  // The critic regresses on the same returns, at the states they start from.
  void DifferentiateValue() { fitted = value_of.Differentiate(imagined->z(0), returns.data(), weight.data()); }

  Value::Piece value_of;
  const float bound;  // of a value, in the units of `reward`
  std::vector<float> carry, reward, value, returns, dvalue, dz;
  std::vector<double> weight;  // gamma^k, by row
  double mean_return = 0;
  Value::Piece::Fitted fitted;
};

}  // namespace

void ModelBasedLearner::TrainDreamer(const ImaginationInputs& in, Sums& sums) {
  const ModelBasedSettings& mb = in.settings.Of<ModelBasedSettings>();
  const int64_t n = mb.starts, A = in.model->actions();
  PolicyInTraining policy(parts_, &policy_, &adam_);
  Value critic(parts_, &value_, mb.value_scale);
  std::vector<std::unique_ptr<DreamerPiece>> pieces;
  const double unit =
      mb.reward_units == "raw" ? 1.0 : in.model->normaliser().y_sd[static_cast<size_t>(in.model->states())];
  // Entropy that counts as reward has no bound.
  const auto bound = mb.soft_value ? std::numeric_limits<float>::infinity()
                                   : static_cast<float>(LargestValue(in.data, mb.gamma) / unit);
  for (const Shard& rows : parts_.PiecesOf(n))
    pieces.push_back(std::make_unique<DreamerPiece>(in, policy, critic, rows, n, mb, bound));
  BurnIn burn_in;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    if (k % mb.burn_in_every == 0) burn_in.Draw(in, step);
    RunTasks(in.team, static_cast<int>(pieces.size()), [&](int i) {
      DreamerPiece& piece = *pieces[static_cast<size_t>(i)];
      piece.Draw(in, burn_in, step);
      piece.Differentiate(in, temperature_.alpha());
      piece.DifferentiateValue();
    });
    policy.gradient->Clear();
    critic.Clear();
    double entropy = 0, mean_return = 0, imagined_return = 0, loss = 0, clamped = 0, value = 0;
    for (const auto& piece : pieces) {
      const double share = static_cast<double>(piece->n) / static_cast<double>(n);
      policy.gradient->Add(*piece->gradient, static_cast<float>(share));
      critic.Add(piece->value_of, static_cast<float>(share));
      entropy += share * piece->entropy;
      mean_return += share * piece->mean_return;
      loss += share * piece->fitted.loss;
      value += share * piece->fitted.mean;
      clamped += share * piece->imagined->clamped_fraction();
      for (double r : piece->imagined->Returns()) imagined_return += r / static_cast<double>(n);
    }
    const auto outcome = policy.weights->Step(mean_return + entropy, *policy.gradient, mb.lr, mb.clip);
    if (mb.entropy_auto && !policy_.spread.deterministic())
      temperature_.Tune(entropy, mb.target_entropy * static_cast<double>(A), mb.entropy_lr);
    critic.Step(loss, mb.value_lr, mb.value_clip);
    critic.Polyak(mb.value_tau);
    sums.Count(outcome, entropy, imagined_return, clamped, mean_return, loss, value);
    in.progress(k + 1, in.steps);
  }
  policy.weights->Store();
  critic.Store();
  sums.skipped = policy.weights->skipped() + critic.skipped();
  sums.reloaded = policy.weights->reloaded() || critic.reloaded();
}

}  // namespace equipoise::learn
