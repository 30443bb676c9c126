#include "engine/learn/imagined/imagined_batch.h"

#include <algorithm>
#include <memory>

#include "engine/base/check.h"
#include "engine/config/section.h"
#include "engine/model/imagination.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {

config::Section ImagineSection() {
  using S = ImagineSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "batches from imagination",
      {
          {EQ_FIELD(iterations), 0, 10000, "batches", kEpisode,
           "batches that are imagined and learnt from before every episode; 0 freezes the policy"},
          {EQ_FIELD(steps), 0, 1000000, "steps", kEpisode, "length of an imagined trajectory; 0: of an episode"},
          {EQ_FIELD(start),
           {"reset", "recorded"},
           kEpisode,
           "they begin where episodes begin, or in recorded states, where the model carries nothing from step to step"},
      });
}

namespace {

// A policy acts, and what it saw, drew and how likely that was is written down, trajectory by trajectory.
class WritingDown : public model::ActionSource {
 public:
  // Rows are those of `batch` from `first` on.
  WritingDown(const nets::Policy& policy, const replay::Normaliser& normaliser, const float* noise, int64_t first,
              OnPolicyBatch* batch)
      : policy_(policy), normaliser_(normaliser), noise_(noise), first_(first), batch_(*batch) {}

  void Begin(int64_t rows, int64_t horizon, bool) override {
    rows_ = rows;
    horizon_ = horizon;
    const auto S = static_cast<size_t>(policy_.states()), A = static_cast<size_t>(policy_.actions());
    seen_.resize(static_cast<size_t>(rows) * S);
    input_.resize(seen_.size());
    u_.resize(static_cast<size_t>(rows) * A);
    log_prob_.resize(static_cast<size_t>(rows));
    pass_.Resize(policy_.spec, rows, false);
    pass_.PrepareForward(policy_.net);
  }
  void Act(int64_t t, const float* z, float* action) override {
    const int64_t S = policy_.states(), A = policy_.actions();
    See(t, z);
    for (size_t i = 0; i < input_.size(); ++i) {
      const size_t j = i % static_cast<size_t>(S);
      input_[i] = (seen_[i] - policy_.mean[j]) / policy_.sd[j];
    }
    pass_.Evaluate(policy_.net, input_.data(), 0, rows_);
    const float *raw = pass_.output(0), *noise = noise_ + t * rows_ * A;
    nets::TanhGaussian(rows_, A, raw, noise, policy_.spread, action, log_prob_.data());
    nets::Latents(rows_, A, raw, noise, policy_.spread, u_.data());
    nets::LogDensity(rows_, A, raw, u_.data(), policy_.spread, log_prob_.data());
    for (int64_t r = 0; r < rows_; ++r) {
      const int64_t at = (first_ + r) * horizon_ + t;
      std::copy_n(u_.data() + r * A, A, batch_.u.data() + at * A);
      batch_.log_prob[static_cast<size_t>(at)] = log_prob_[static_cast<size_t>(r)];
    }
  }
  // z_t in the units of observations.
  void See(int64_t t, const float* z) {
    const int64_t S = policy_.states();
    for (size_t i = 0; i < seen_.size(); ++i) {
      const size_t j = i % static_cast<size_t>(S);
      seen_[i] = z[i] * normaliser_.x_sd[j] + normaliser_.x_mean[j];
    }
    for (int64_t r = 0; r < rows_; ++r)
      std::copy_n(seen_.data() + r * S, S, batch_.s.data() + ((first_ + r) * (horizon_ + 1) + t) * S);
  }

 private:
  const nets::Policy& policy_;
  const replay::Normaliser& normaliser_;
  const float* noise_;
  const int64_t first_;
  OnPolicyBatch& batch_;
  int64_t rows_ = 0, horizon_ = 0;
  nets::MlpPass pass_;
  std::vector<float> seen_, input_, u_, log_prob_;
};

}  // namespace

int ImaginedBatches::Rounds(const OnPolicyWants&, const nets::Standing& now) const {
  return now.settings.Of<ImagineSettings>().iterations;
}

OnPolicyBatch ImaginedBatches::Take(const OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                                    int round) {
  const ImagineSettings& imagine = in.settings.Of<ImagineSettings>();
  const auto seed = static_cast<uint64_t>(in.settings.run.seed), k = static_cast<uint64_t>(round);
  const int64_t T = imagine.steps > 0 ? imagine.steps : in.data.horizon(), S = model_.states(), A = model_.actions();
  const int64_t n = std::max<int64_t>(1, wants.steps / T);
  const replay::Normaliser& norm = model_.normaliser();
  const auto size = [](int64_t count) { return static_cast<size_t>(count); };

  OnPolicyBatch batch;
  batch.trajectories = n;
  batch.horizon = T;
  batch.s.resize(size(n * (T + 1) * S));
  batch.u.resize(size(n * T * A));
  batch.log_prob.resize(size(n * T));
  batch.reward.resize(size(n * T));

  std::vector<float> start(size(n * S));
  Stream starts(seed, id_ + ".start", in.iteration, k), phases(seed, id_ + ".phases", in.iteration, k);
  if (imagine.start == "reset") {
    starts_.Fill(n, in.data.distracted() ? &in.data.distractors() : nullptr, starts, phases, start.data());
  } else {
    EQ_CHECK(model_.carry_size() == 0, "what \"" + model_.id() + "\" carries is not known in the middle of an episode");
    std::vector<float> a(size(n * A)), r(size(n)), next(start.size());
    in.data.Transitions(n, starts, start.data(), a.data(), r.data(), next.data());
  }
  for (size_t i = 0; i < start.size(); ++i) start[i] = (start[i] - norm.x_mean[i % size(S)]) / norm.x_sd[i % size(S)];

  Stream draw(seed, id_ + ".belief", in.iteration, k);
  const model::Belief beliefs = model_.Draw(n, draw);
  const std::vector<Shard> shards = ShardsOf(n);
  RunTasks(in.team, static_cast<int>(shards.size()), [&](int task) {
    const Shard& shard = shards[static_cast<size_t>(task)];
    const auto index = k * 64 + static_cast<uint64_t>(task);
    Stream act(seed, id_ + ".act", in.iteration, index), dyn(seed, id_ + ".dyn", in.iteration, index);
    std::vector<float> action_noise(size(T * shard.count * A)), dynamics_noise(size(T * shard.count * S));
    act.Normal(action_noise.data(), action_noise.size());
    dyn.Normal(dynamics_noise.data(), dynamics_noise.size());
    auto source = std::make_unique<WritingDown>(policy, norm, action_noise.data(), shard.first, &batch);
    WritingDown& wrote = *source;
    model::Imagination imagination(model_, std::move(source));
    const model::Belief part = beliefs.Part(shard);
    imagination.Run({shard.count, T, start.data() + shard.first * S, nullptr, &part, nullptr, dynamics_noise.data()},
                    model::Keep::kSteps);
    wrote.See(T, imagination.z(T));
    for (int64_t t = 0; t < T; ++t)
      for (int64_t r = 0; r < shard.count; ++r)
        batch.reward[size((shard.first + r) * T + t)] = static_cast<float>(imagination.raw_reward(t, r));
  });

  std::vector<const float*> rewards;
  for (int64_t i = 0; i < n; ++i) rewards.push_back(batch.reward.data() + i * T);
  batch.return_sd = SpreadOfReturns(rewards, T, wants.gamma);
  return batch;
}

}  // namespace equipoise::learn
