// SAC's updates on the reference path; see sac.h for the equations.
#include <ATen/ATen.h>

#include <algorithm>

#include "engine/base/interrupt.h"
#include "engine/learn/aten_learners.h"
#include "engine/learn/reference.h"

namespace equipoise::learn {

TrainReport AtenSac::Train(const TrainInputs& in) {
  const config::Settings& s = in.settings;
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int64_t n = s.sac.batch, S = policy_.states(), A = policy_.actions();
  nets::AtenNet actor(&policy_.net, &actor_adam_, device_);
  std::array<nets::AtenNet, 2> critics{nets::AtenNet(&critics_[0], &critic_adams_[0], device_),
                                       nets::AtenNet(&critics_[1], &critic_adams_[1], device_)};
  std::array<at::Tensor, 2> targets;
  ReferenceCritics slow{critic_spec_, {}};
  for (size_t j = 0; j < 2; ++j) {
    targets[j] = nets::ToDevice(targets_[j].values, device_);
    slow.blocks[j] = nets::ReferenceBlocks(targets_[j].layout, targets[j]);
  }
  auto buffer = [](int64_t count) { return std::vector<float>(static_cast<size_t>(count)); };
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

    at::Tensor target;
    {
      const at::NoGradGuard no_gradients;
      target = ReferenceSacTarget(slow, policy(actor.FrozenBlocks()), tr, tnext, teps_next, s.sac.gamma,
                                  s.sac.entropy_in_target ? alpha : 0.0);
    }
    ReferenceCritics frozen{critic_spec_, {}};
    for (size_t j = 0; j < 2; ++j) {
      ReferenceCritics own{critic_spec_, {}};
      own.blocks[j] = critics[j].Blocks();
      const at::Tensor loss = (ReferenceQ(own, j, ts, ta) - target).square().mean();
      const double value = loss.item<double>();
      sums.critic_norm += critics[j].Step(loss, value, s.sac.critic_lr, 0.0).norm / 2;
      sums.critic += value;
      frozen.blocks[j] = critics[j].FrozenBlocks();
    }

    const nets::ReferenceSample sample = nets::ReferenceAct(policy(actor.Blocks()), ts, teps);
    const at::Tensor q0 = ReferenceQ(frozen, 0, ts, sample.action), q1 = ReferenceQ(frozen, 1, ts, sample.action);
    const at::Tensor q = at::minimum(q0, q1).mean(), log_prob = sample.log_prob.mean();
    const double objective = q.item<double>(), entropy = -log_prob.item<double>();
    const double larger = at::maximum(q0, q1).max().item<double>();
    sums.max_q = k == 0 ? larger : std::max(sums.max_q, larger);
    sums.actor_norm += actor.Step(alpha * log_prob - q, objective + entropy, s.sac.actor_lr, 0.0).norm;
    if (s.sac.entropy_auto) temperature_.Tune(entropy, s.sac.target_entropy * static_cast<double>(A), s.sac.entropy_lr);
    for (size_t j = 0; j < 2; ++j) targets[j].lerp_(critics[j].flat().detach(), s.sac.tau);
    sums.q += objective;
    sums.entropy += entropy;
    in.progress(k + 1, in.steps);
  }
  actor.Store();
  for (size_t j = 0; j < 2; ++j) {
    critics[j].Store();
    targets_[j].values = nets::ToHost(targets[j]);
  }
  TrainReport report = Report(sums, in.steps);
  report.skipped = actor.skipped() + critics[0].skipped() + critics[1].skipped();
  report.reloaded = actor.reloaded() || critics[0].reloaded() || critics[1].reloaded();
  return report;
}

}  // namespace equipoise::learn
