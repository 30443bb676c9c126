// SAC's updates on the reference path; see sac.h for the equations.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/learn/aten/learners.h"
#include "engine/learn/aten/reference.h"
#include "engine/learn/sac_settings.h"

namespace equipoise::learn {

TrainReport AtenSac::Train(const TrainInputs& in) {
  const config::Settings& s = in.settings;
  const SacSettings& sac = s.Of<SacSettings>();
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int64_t n = sac.batch, S = policy_.states(), A = policy_.actions();
  nets::AtenNet actor(&policy_.net, &actor_adam_, device_);
  std::vector<nets::AtenNet> critics;
  std::vector<at::Tensor> targets;
  ReferenceCritics slow{critic_spec_, {}};
  const size_t count = critics_.size();
  for (size_t j = 0; j < count; ++j) {
    critics.emplace_back(&critics_[j], &critic_adams_[j], device_);
    targets.push_back(nets::ToDevice(targets_[j].values, device_));
    slow.blocks.push_back(nets::ReferenceBlocks(targets_[j].layout, targets[j]));
  }
  auto buffer = [](int64_t size) { return std::vector<float>(static_cast<size_t>(size)); };
  auto s_now = buffer(n * S), s_next = buffer(n * S), a = buffer(n * A), r = buffer(n), noise = buffer(n * A),
       noise_next = buffer(n * A);
  const nets::ReferencePolicy constants = nets::AtenPolicy(policy_, {}, device_);
  auto policy = [&](std::vector<at::Tensor> blocks) {
    nets::ReferencePolicy p = constants;
    p.blocks = std::move(blocks);
    return p;
  };
  Losses sums;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    Stream batch(seed, "sac.batch", in.iteration, step), draw(seed, "sac.noise", in.iteration, step);
    in.data.Transitions(n, batch, s_now.data(), a.data(), r.data(), s_next.data());
    draw.Normal(noise_next.data(), noise_next.size());
    draw.Normal(noise.data(), noise.size());
    const at::Tensor ts = nets::ToDevice(s_now.data(), {n, S}, device_), ta = nets::ToDevice(a.data(), {n, A}, device_),
                     tr = nets::ToDevice(r.data(), {n}, device_),
                     tnext = nets::ToDevice(s_next.data(), {n, S}, device_),
                     teps_next = nets::ToDevice(noise_next.data(), {n, A}, device_),
                     teps = nets::ToDevice(noise.data(), {n, A}, device_);
    const double alpha = temperature_.alpha();

    ReferenceCritics chosen{critic_spec_, {}};
    for (size_t j : TargetCritics(s, in.iteration, step)) chosen.blocks.push_back(slow.blocks[j]);
    at::Tensor target;
    {
      const at::NoGradGuard no_gradients;
      target = ReferenceSacTarget(chosen, policy(actor.FrozenBlocks()), tr, tnext, teps_next, sac.gamma,
                                  sac.entropy_in_target ? alpha : 0.0);
    }
    ReferenceCritics frozen{critic_spec_, {}};
    for (size_t j = 0; j < count; ++j) {
      const at::Tensor loss = (ReferenceQ({critic_spec_, {critics[j].Blocks()}}, 0, ts, ta) - target).square().mean();
      const double value = loss.item<double>();
      sums.critic_norm += critics[j].Step(loss, value, sac.critic_lr, 0.0).norm / static_cast<double>(count);
      sums.critic += value;
      frozen.blocks.push_back(critics[j].FrozenBlocks());
    }

    const nets::ReferenceSample sample = nets::ReferenceAct(policy(actor.Blocks()), ts, teps);
    const at::Tensor all_q = ReferenceAllQ(frozen, ts, sample.action), log_prob = sample.log_prob.mean();
    const at::Tensor q = ReferenceActorValue(all_q, sac.actor_value == "mean").mean();
    const double objective = q.item<double>(), entropy = -log_prob.item<double>();
    const double larger = all_q.max().item<double>();
    sums.max_q = k == 0 ? larger : std::max(sums.max_q, larger);
    sums.actor_norm += actor.Step(alpha * log_prob - q, objective + entropy, sac.actor_lr, 0.0).norm;
    if (sac.entropy_auto) temperature_.Tune(entropy, sac.target_entropy * static_cast<double>(A), sac.entropy_lr);
    for (size_t j = 0; j < count; ++j) targets[j].lerp_(critics[j].flat().detach(), sac.tau);
    sums.q += objective;
    sums.entropy += entropy;
    in.progress(k + 1, in.steps);
  }
  actor.Store();
  for (size_t j = 0; j < count; ++j) {
    critics[j].Store();
    targets_[j].values = nets::ToHost(targets[j]);
  }
  TrainReport report = Report(sums, in.steps);
  report.skipped = actor.skipped();
  report.reloaded = actor.reloaded();
  for (size_t j = 0; j < count; ++j) {
    report.skipped += critics[j].skipped();
    report.reloaded = report.reloaded || critics[j].reloaded();
  }
  return report;
}

}  // namespace equipoise::learn
