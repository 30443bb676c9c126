#include "tests/bench/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "engine/model/aten/world.h"
#include "engine/model/model_units.h"
#include "engine/nets/aten/parts.h"
#include "tests/bench/workload.h"

namespace equipoise::bench {
namespace {

using at::Tensor;
using nets::ToHost;

constexpr double kLimit = model::kClampLimit;

Tensor Copy(const float* data, at::IntArrayRef sizes) { return nets::ToDevice(data, sizes, at::Device(at::kCPU)); }
Tensor Copy(const std::vector<float>& values) { return nets::ToDevice(values, at::Device(at::kCPU)); }

// There is always a batch, and nothing of it is kept.
class Given : public learn::OnPolicySource {
 public:
  int Rounds(const learn::OnPolicyWants&, const nets::Standing&) const override { return 1; }
  double Gathered(const learn::OnPolicyWants&, const replay::EpisodeBuffer&) const override { return 1; }
  std::string Waiting(const learn::OnPolicyWants&, const replay::EpisodeBuffer&) const override { return ""; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}
};

class StandingBatch : public Given {
 public:
  learn::OnPolicyBatch Take(const learn::OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                            int) override {
    if (batch_.trajectories > 0) return batch_;
    const replay::EpisodeBuffer& data = in.data;
    const int64_t T = data.horizon(), S = data.states(), A = data.actions();
    batch_.trajectories = wants.steps / T;
    batch_.horizon = T;
    nets::Policy acts = policy;
    Stream stream(1, "bench.on_policy");
    std::vector<float> o(static_cast<size_t>(S)), eps(static_cast<size_t>(A)), a(eps), u(eps);
    for (int64_t i = 0; i < batch_.trajectories; ++i) {
      for (int64_t t = 0; t <= T; ++t) {
        data.Observation(i, t, o.data());
        batch_.s.insert(batch_.s.end(), o.begin(), o.end());
        if (t == T) break;
        float log_prob = 0;
        stream.Normal(eps.data(), eps.size());
        acts.Act(o.data(), eps.data(), a.data(), u.data(), &log_prob);
        batch_.u.insert(batch_.u.end(), u.begin(), u.end());
        batch_.log_prob.push_back(log_prob);
        batch_.reward.push_back(data[i].rewards[static_cast<size_t>(t)]);
      }
    }
    return batch_;
  }

 private:
  learn::OnPolicyBatch batch_;
};

class PlainBatches : public Given {
 public:
  explicit PlainBatches(const model::WorldModel& model) : model_(model) {}
  const replay::Normaliser* normaliser() const override { return &model_.normaliser(); }

  learn::OnPolicyBatch Take(const learn::OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                            int) override {
    const at::NoGradGuard no_gradients;
    const at::Device cpu(at::kCPU);
    const int64_t T = in.data.horizon(), n = std::max<int64_t>(1, wants.steps / T), S = model_.states(),
                  A = model_.actions();
    Stream starts(1, "bench.start"), phases(1, "bench.phases"), draw(1, "bench.belief"), act(1, "bench.act"),
        dyn(1, "bench.dyn");
    std::vector<float> start(static_cast<size_t>(n * S)), act_noise(static_cast<size_t>(T * n * A)),
        dyn_noise(static_cast<size_t>(T * n * S));
    Starts().Fill(n, nullptr, starts, phases, start.data());
    act.Normal(act_noise.data(), act_noise.size());
    dyn.Normal(dyn_noise.data(), dyn_noise.size());
    const model::Belief beliefs = model_.Draw(n, draw);

    const auto world = model::NewAtenWorld(model_, cpu);
    const model::ReferenceUnits& units = world->units();
    const model::ReferenceNetwork network = world->Begin(n, beliefs, nullptr);
    const nets::ReferencePolicy actor =
        nets::AtenPolicy(policy, nets::ReferenceBlocks(policy.net.layout, Copy(policy.net.values)), cpu);
    const Tensor s_mean = units.x_mean.narrow(0, 0, S), s_sd = units.x_sd.narrow(0, 0, S),
                 y_mean = units.y_mean.narrow(0, 0, S), y_sd = units.y_sd.narrow(0, 0, S),
                 eps = Copy(act_noise.data(), {T, n, A}), noise = Copy(dyn_noise.data(), {T, n, S});
    Tensor s = Copy(start.data(), {n, S});
    std::vector<Tensor> states{s}, latents, log_probs, rewards;
    for (int64_t t = 0; t < T; ++t) {
      const Tensor raw = nets::ReferenceMlp(actor.spec, actor.blocks, (s - actor.mean) / actor.sd);
      const std::vector<Tensor> halves = at::split(raw, A, 1);
      const Tensor u = halves[0] + (at::softplus(halves[1]) + 1e-3) * eps[t];
      latents.push_back(u);
      log_probs.push_back(nets::ReferenceLogDensity(raw, u, actor.spread));
      const model::ReferenceHeads heads = network((at::cat({s, at::tanh(u)}, 1) - units.x_mean) / units.x_sd);
      const Tensor delta = at::clamp(heads.mean.narrow(1, 0, S), -kLimit, kLimit) + heads.sd.narrow(1, 0, S) * noise[t];
      s = at::clamp((s + y_mean + y_sd * delta - s_mean) / s_sd, -kLimit, kLimit) * s_sd + s_mean;
      states.push_back(s);
      rewards.push_back(heads.mean.select(1, S) * units.y_sd[S] + units.y_mean[S]);
    }
    // Trajectory by trajectory.
    const auto whole = [n](const std::vector<Tensor>& steps, std::vector<float>* out) {
      const Tensor all = at::stack(steps, 1).contiguous();
      out->resize(static_cast<size_t>(all.numel()));
      ToHost(all, out->data());
    };
    learn::OnPolicyBatch batch;
    batch.trajectories = n;
    batch.horizon = T;
    whole(states, &batch.s);
    whole(latents, &batch.u);
    whole(log_probs, &batch.log_prob);
    whole(rewards, &batch.reward);
    std::vector<const float*> sums;
    for (int64_t i = 0; i < n; ++i) sums.push_back(batch.reward.data() + i * T);
    batch.return_sd = learn::SpreadOfReturns(sums, T, wants.gamma);
    return batch;
  }

 private:
  const model::WorldModel& model_;
};

}  // namespace

std::unique_ptr<learn::OnPolicySource> NewStandingBatch() { return std::make_unique<StandingBatch>(); }

std::unique_ptr<learn::OnPolicySource> NewPlainBatches(const model::WorldModel& model) {
  return std::make_unique<PlainBatches>(model);
}

}  // namespace equipoise::bench
