#include "engine/learn/sac.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "engine/base/interrupt.h"
#include "engine/learn/q_error.h"
#include "engine/learn/sac_settings.h"
#include "engine/nets/guard.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {
namespace {

nets::Parameters MakeCritic(const nets::MlpSpec& spec, int seed, uint64_t which) {
  Stream stream(static_cast<uint64_t>(seed), "init.critic", which);
  return nets::MakeMlp(spec, stream);
}

std::vector<nets::Parameters> MakeCritics(const nets::MlpSpec& spec, const config::Settings& s) {
  std::vector<nets::Parameters> critics;
  const int count = s.Of<SacSettings>().critics;
  for (int j = 0; j < count; ++j) critics.push_back(MakeCritic(spec, s.run.seed, static_cast<uint64_t>(j)));
  return critics;
}

nets::MlpSpec CriticSpec(int64_t states, int64_t actions, const config::Settings& s) {
  const SacSettings& sac = s.Of<SacSettings>();
  const auto activation = sac.layer_norm ? nets::Activation::kLayerNormRelu : nets::Activation::kRelu;
  return {states + actions, sac.hidden, sac.layers, 1, activation};
}

// rows of [s, a] side by side
void Join(int64_t n, int64_t S, int64_t A, const float* s, const float* a, float* out) {
  for (int64_t i = 0; i < n; ++i) {
    std::copy_n(s + i * S, S, out + i * (S + A));
    std::copy_n(a + i * A, A, out + i * (S + A) + S);
  }
}

}  // namespace

nets::Policy NewSacPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const SacSettings& sac = s.Of<SacSettings>();
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.sac");
  return nets::Policy(states, actions, sac.hidden, sac.layers, sac.sigma_max, stream);
}

struct SacLearner::Work {
  Work(SacLearner* sac, int64_t batch, int64_t S, int64_t A)
      : n(batch), actor_guard(&sac->policy_.net, &sac->actor_adam_) {
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    room(s, n * S);
    room(s_next, n * S);
    room(a, n * A);
    room(r, n);
    room(noise, n * A);
    room(noise_next, n * A);
    room(input, n * S);
    room(action, n * A);
    room(log_prob, n);
    room(joint, n * (S + A));
    room(daction, n * A);
    room(dlog_prob, n);
    room(target, n);
    actor_gradient.resize(sac->policy_.net.values.size());
    actor.Resize(sac->policy_.spec, n, true);
    const size_t critics = sac->critics_.size();
    critic_gradient.resize(critics);
    djoint.resize(critics);
    climbed.resize(critics);
    critic.resize(critics);
    for (size_t j = 0; j < critics; ++j) {
      room(djoint[j], n * (S + A));
      critic_gradient[j].resize(sac->critics_[j].values.size());
      critic[j].Resize(sac->critic_spec_, n, true);
      critic_guards.emplace_back(std::make_unique<nets::Guard>(&sac->critics_[j], &sac->critic_adams_[j]));
    }
  }

  int64_t n;
  std::vector<float> s, s_next, a, r, noise, noise_next, input, action, log_prob, joint, daction, dlog_prob, target;
  std::vector<float> actor_gradient;
  std::vector<std::vector<float>> critic_gradient, djoint;  // each critic's own: several threads may compute them
  std::vector<std::vector<int64_t>> climbed;  // the rows in which the actor climbs a critic; those of djoint
  nets::MlpPass actor;
  std::vector<nets::MlpPass> critic;
  nets::Guard actor_guard;
  std::vector<std::unique_ptr<nets::Guard>> critic_guards;
};

SacLearner::SacLearner(int64_t states, int64_t actions, const config::Settings& s)
    : policy_(NewSacPolicy(states, actions, s)),
      actor_adam_(policy_.net.layout.total()),
      critic_spec_(CriticSpec(states, actions, s)),
      critics_(MakeCritics(critic_spec_, s)),
      targets_(critics_),
      critic_adams_(critics_.size(), nets::Adam(critics_[0].layout.total())),
      temperature_(s.Of<SacSettings>().entropy_bonus) {}

std::vector<size_t> SacLearner::TargetCritics(const config::Settings& s, uint64_t iteration, uint64_t k) {
  const SacSettings& sac = s.Of<SacSettings>();
  std::vector<size_t> all(static_cast<size_t>(sac.critics));
  std::iota(all.begin(), all.end(), size_t{0});
  if (sac.target_critics >= sac.critics) return all;
  // The first entries of a shuffle, in order again.
  Stream subset(static_cast<uint64_t>(s.run.seed), "sac.subset", iteration, k);
  const auto count = static_cast<size_t>(sac.target_critics);
  for (size_t i = 0; i < count; ++i) std::swap(all[i], all[i + subset.Below(static_cast<uint32_t>(all.size() - i))]);
  all.resize(count);
  std::sort(all.begin(), all.end());
  return all;
}

int SacLearner::NextWork(const nets::Standing& now) const {
  const config::Settings& s = now.settings;
  const SacSettings& sac = s.Of<SacSettings>();
  const double episodes = now.picked == 0 && sac.train_on_random ? s.run.random_episodes : 1;
  return static_cast<int>(std::lround(episodes * static_cast<double>(now.data.horizon()) * sac.updates_per_step));
}

TrainReport SacLearner::Train(const TrainInputs& in) {
  const config::Settings& s = in.settings;
  const auto seed = static_cast<uint64_t>(s.run.seed);
  Work work(this, s.Of<SacSettings>().batch, policy_.states(), policy_.actions());
  Losses sums;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    Stream batch(seed, "sac.batch", in.iteration, static_cast<uint64_t>(k)),
        noise(seed, "sac.noise", in.iteration, static_cast<uint64_t>(k));
    in.data.Transitions(work.n, batch, work.s.data(), work.a.data(), work.r.data(), work.s_next.data());
    noise.Normal(work.noise_next.data(), work.noise_next.size());
    noise.Normal(work.noise.data(), work.noise.size());
    const Losses l = Update(s, TargetCritics(s, in.iteration, static_cast<uint64_t>(k)), work, in.team);
    sums.critic += l.critic;
    sums.q += l.q;
    sums.max_q = k == 0 ? l.max_q : std::max(sums.max_q, l.max_q);
    sums.entropy += l.entropy;
    sums.actor_norm += l.actor_norm;
    sums.critic_norm += l.critic_norm;
    in.progress(k + 1, in.steps);
  }
  TrainReport report = Report(sums, in.steps);
  report.skipped = work.actor_guard.skipped();
  report.reloaded = work.actor_guard.reloaded();
  for (const auto& guard : work.critic_guards) {
    report.skipped += guard->skipped();
    report.reloaded = report.reloaded || guard->reloaded();
  }
  return report;
}

TrainReport SacLearner::Report(const Losses& sums, int steps) const {
  TrainReport report;
  report.steps = steps;
  if (actor_adam_.rate < 1) report.step_share["sac.actor_lr"] = actor_adam_.rate;
  double critics = 1;  // the least of theirs
  for (const nets::Adam& adam : critic_adams_) critics = std::min(critics, adam.rate);
  if (critics < 1) report.step_share["sac.critic_lr"] = critics;
  report.scalars = {{"sac.alpha", temperature_.alpha()}};
  if (steps == 0) return report;  // nothing was measured
  const double share = 1.0 / steps;
  report.scalars.insert({{"sac.critic_loss", sums.critic * share},
                         {"sac.q", sums.q * share},
                         {"sac.max_q", sums.max_q},
                         {"sac.entropy", sums.entropy * share},
                         {"sac.actor_gradient_norm", sums.actor_norm * share},
                         {"sac.critic_gradient_norm", sums.critic_norm * share}});
  return report;
}

SacLearner::Losses SacLearner::Update(const config::Settings& s, const std::vector<size_t>& target_critics, Work& w,
                                      Team* team) {
  const SacSettings& sac = s.Of<SacSettings>();
  const int64_t n = w.n, S = policy_.states(), A = policy_.actions();
  const double alpha = temperature_.alpha();
  Losses losses;

  // Target: the next action by the present policy, valued by the slower critics.
  auto act = [&](const float* states, const float* noise) {
    std::copy_n(states, n * S, w.input.data());
    for (int64_t i = 0; i < n * S; ++i) {
      const auto j = static_cast<size_t>(i % S);
      w.input[static_cast<size_t>(i)] = (w.input[static_cast<size_t>(i)] - policy_.mean[j]) / policy_.sd[j];
    }
    w.actor.Forward(policy_.net, w.input.data(), 0, n);
    nets::TanhGaussian(n, A, w.actor.output(0), noise, policy_.sigma_max, w.action.data(), w.log_prob.data());
  };
  act(w.s_next.data(), w.noise_next.data());
  Join(n, S, A, w.s_next.data(), w.action.data(), w.joint.data());
  RunTasks(team, static_cast<int>(target_critics.size()), [&](int k) {
    const size_t j = target_critics[static_cast<size_t>(k)];
    w.critic[j].Evaluate(targets_[j], w.joint.data(), 0, n);
  });
  for (int64_t i = 0; i < n; ++i) {
    double next = *w.critic[target_critics[0]].output(i);
    for (size_t j : target_critics) next = std::min<double>(next, *w.critic[j].output(i));
    if (sac.entropy_in_target) next -= alpha * w.log_prob[static_cast<size_t>(i)];
    w.target[static_cast<size_t>(i)] = static_cast<float>(w.r[static_cast<size_t>(i)] + sac.gamma * next);
  }

  // Critics.
  Join(n, S, A, w.s.data(), w.a.data(), w.joint.data());
  const size_t critics = critics_.size();
  auto each_critic = [&](auto&& work) {
    RunTasks(team, static_cast<int>(critics), [&](int j) { work(static_cast<size_t>(j)); });
  };
  std::vector<double> loss(critics, 0.0), norm(critics, 0.0);
  each_critic([&](size_t j) {
    w.critic[j].Forward(critics_[j], w.joint.data(), 0, n);
    for (int64_t i = 0; i < n; ++i) {
      const float error = *w.critic[j].output(i) - w.target[static_cast<size_t>(i)];
      loss[j] += static_cast<double>(error) * error / static_cast<double>(n);
      *w.critic[j].output_gradient(i) = 2.0f * error / static_cast<float>(n);
    }
    w.critic[j].BackwardData(critics_[j], 0, n, nullptr);
    std::fill(w.critic_gradient[j].begin(), w.critic_gradient[j].end(), 0.0f);
    w.critic[j].BackwardWeights(critics_[j], w.joint.data(), 0, n, w.critic_gradient[j].data());
    norm[j] = w.critic_guards[j]->Step(loss[j], w.critic_gradient[j], sac.critic_lr, 0.0).norm;
  });
  losses.critic = std::accumulate(loss.begin(), loss.end(), 0.0);
  losses.critic_norm = std::accumulate(norm.begin(), norm.end(), 0.0) / static_cast<double>(critics);

  // Actor: the gradient of the smallest Q reaches the action (where some are equal, the first one's), or that of the
  // mean.
  act(w.s.data(), w.noise.data());
  Join(n, S, A, w.s.data(), w.action.data(), w.joint.data());
  each_critic([&](size_t j) { w.critic[j].Forward(critics_[j], w.joint.data(), 0, n); });
  std::fill(w.daction.begin(), w.daction.end(), 0.0f);
  double entropy = 0, objective = 0;
  for (std::vector<int64_t>& rows : w.climbed) rows.clear();
  const bool mean = sac.actor_value == "mean";
  const float share = -1.0f / static_cast<float>(mean ? n * static_cast<int64_t>(critics) : n);
  for (int64_t i = 0; i < n; ++i) {
    size_t least = 0;
    double sum = 0, largest = *w.critic[0].output(i);
    for (size_t j = 0; j < critics; ++j) {
      const float q = *w.critic[j].output(i);
      if (!(*w.critic[least].output(i) <= q)) least = j;
      sum += q;
      largest = std::max<double>(largest, q);
    }
    for (size_t j = mean ? 0 : least; j < (mean ? critics : least + 1); ++j) {
      *w.critic[j].output_gradient(i) = share;
      w.climbed[j].push_back(i);
    }
    entropy -= w.log_prob[static_cast<size_t>(i)] / static_cast<double>(n);
    objective += (mean ? sum / static_cast<double>(critics) : *w.critic[least].output(i)) / static_cast<double>(n);
    losses.max_q = i == 0 ? largest : std::max(losses.max_q, largest);
  }
  each_critic([&](size_t j) {
    w.critic[j].BackwardInput(critics_[j], w.climbed[j], w.djoint[j].data());
    nets::Lerp(static_cast<int64_t>(critics_[j].values.size()), static_cast<float>(sac.tau), critics_[j].values.data(),
               targets_[j].values.data());
  });
  for (size_t j = 0; j < critics; ++j) {
    const float* djoint = w.djoint[j].data() + S;
    for (const int64_t i : w.climbed[j]) {
      for (int64_t k = 0; k < A; ++k) w.daction[static_cast<size_t>(i * A + k)] += djoint[k];
      djoint += S + A;
    }
  }
  std::fill(w.dlog_prob.begin(), w.dlog_prob.end(), static_cast<float>(alpha / static_cast<double>(n)));
  nets::TanhGaussianBackward(n, A, w.actor.output(0), w.noise.data(), policy_.sigma_max, w.action.data(),
                             w.daction.data(), w.dlog_prob.data(), w.actor.output_gradient(0));
  w.actor.BackwardData(policy_.net, 0, n, nullptr);
  std::fill(w.actor_gradient.begin(), w.actor_gradient.end(), 0.0f);
  w.actor.BackwardWeights(policy_.net, w.input.data(), 0, n, w.actor_gradient.data());
  losses.actor_norm = w.actor_guard.Step(objective + entropy, w.actor_gradient, sac.actor_lr, 0.0).norm;
  if (sac.entropy_auto) temperature_.Tune(entropy, sac.target_entropy * static_cast<double>(A), sac.entropy_lr);
  losses.q = objective;
  losses.entropy = entropy;
  return losses;
}

void SacLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const SacSettings &then = before.Of<SacSettings>(), &now = after.Of<SacSettings>();
  const bool moved = now.entropy_bonus != then.entropy_bonus;
  const bool fixed_now = then.entropy_auto && !now.entropy_auto;
  if (moved || fixed_now) temperature_.Set(now.entropy_bonus);
  if (now.actor_lr != then.actor_lr) actor_adam_.rate = 1.0;
  if (now.critic_lr != then.critic_lr)
    for (nets::Adam& adam : critic_adams_) adam.rate = 1.0;
}

// SAC sees raw observations, so appended inputs keep mean 0 and sd 1 whatever their spread.
void SacLearner::EditStates(int64_t count, const replay::Normaliser&) {
  const int64_t states = policy_.states(), at = count > 0 ? states : states + count;
  policy_.EditStates(count, 1.0f, &actor_adam_);
  for (size_t j = 0; j < critics_.size(); ++j) {  // between state and action
    nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &critics_[j], &critic_adams_[j]);
    nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &targets_[j], nullptr);
  }
  critic_spec_.inputs += count;
}

void SacLearner::Q(int j, const float* s, const float* a, int64_t n, float* out) const {
  const int64_t S = policy_.states(), A = policy_.actions();
  std::vector<float> joint(static_cast<size_t>(n * (S + A)));
  Join(n, S, A, s, a, joint.data());
  nets::MlpPass pass;
  pass.Resize(critic_spec_, n, false);
  pass.Evaluate(critics_[static_cast<size_t>(j)], joint.data(), 0, n);
  std::copy_n(pass.output(0), n, out);
}

std::vector<double> SacLearner::ClimbedQ(const config::Settings& settings, const float* s, const float* a,
                                         int64_t n) const {
  const bool mean = settings.Of<SacSettings>().actor_value == "mean";
  std::vector<double> climbed(static_cast<size_t>(n), mean ? 0.0 : std::numeric_limits<double>::infinity());
  std::vector<float> q(climbed.size());
  for (size_t j = 0; j < critics_.size(); ++j) {
    Q(static_cast<int>(j), s, a, n, q.data());
    for (size_t i = 0; i < q.size(); ++i) {
      if (mean) {
        climbed[i] += q[i] / static_cast<double>(critics_.size());
      } else if (!(climbed[i] <= q[i])) {
        climbed[i] = q[i];
      }
    }
  }
  return climbed;
}

std::map<std::string, double> SacLearner::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                  const config::Settings& settings) const {
  const SacSettings& sac = settings.Of<SacSettings>();
  const int64_t T = data.horizon(), S = data.states();
  if (sac.entropy_in_target || T < 2) return {};
  std::vector<float> states(static_cast<size_t>(T * S));
  for (int64_t t = 0; t < T; ++t) data.Observation(episode, t, states.data() + t * S);
  const std::vector<double> q = ClimbedQ(settings, states.data(), data[episode].actions.data(), T);
  const QError found = CompareWithReturn(q, data[episode].rewards, sac.gamma);
  return {{"sac.q_acted", found.q},
          {"sac.monte_carlo", found.monte_carlo},
          {"sac.monte_carlo_tail", found.tail},
          {"sac.q_minus_return", found.error()}};
}

void SacLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "sac.policy");
  actor_adam_.Save(out, "sac.actor_adam");
  for (size_t j = 0; j < critics_.size(); ++j) {
    const std::string n = std::to_string(j);
    out.Put("sac.critic" + n, critics_[j].values);
    out.Put("sac.target" + n, targets_[j].values);
    critic_adams_[j].Save(out, "sac.critic_adam" + n);
  }
  temperature_.Save(out, "sac.temperature");
}

void SacLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "sac.policy");
  actor_adam_.Load(in, "sac.actor_adam", policy_.net.layout.total());
  for (size_t j = 0; j < critics_.size(); ++j) {
    const std::string n = std::to_string(j);
    in.Get("sac.critic" + n, critics_[j].values.data(), critics_[j].values.size());
    in.Get("sac.target" + n, targets_[j].values.data(), targets_[j].values.size());
    critic_adams_[j].Load(in, "sac.critic_adam" + n, critics_[j].layout.total());
  }
  temperature_.Load(in, "sac.temperature");
}

}  // namespace equipoise::learn
