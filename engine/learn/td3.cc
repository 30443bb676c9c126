#include "engine/learn/td3.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/learn/critics.h"
#include "engine/learn/expanded/value_expansion.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/learn/q_error.h"

namespace equipoise::learn {
namespace {

KeptCritics MakeCritics(const std::string& id, int64_t states, int64_t actions, const config::Settings& s) {
  const Td3Settings& td3 = s.Of<Td3Settings>(id);
  const nets::MlpSpec spec{states + actions, td3.hidden, td3.layers, 1, nets::Activation::kRelu};
  return KeptCritics(id, td3.critics, states, spec, static_cast<uint64_t>(s.run.seed), "init.critic." + id);
}

}  // namespace

nets::Policy NewTd3Policy(const std::string& id, int64_t states, int64_t actions, const config::Settings& s) {
  const Td3Settings& td3 = s.Of<Td3Settings>(id);
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = td3.hidden;
  spec.layers = td3.layers;
  spec.activation = nets::Activation::kRelu;
  spec.spread = nets::Spread::None();
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy." + id);
  return nets::Policy(spec, stream);
}

struct Td3Learner::Batch {
  Batch(int64_t rows, int64_t S, int64_t A) : n(rows) {
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    for (auto* v : {&s, &s_next}) room(*v, n * S);
    for (auto* v : {&a, &noise, &daction}) room(*v, n * A);
    room(r, n);
  }
  int64_t n;
  std::vector<float> s, a, r, s_next, noise, daction;
  std::vector<double> errors;  // of the critics
};

struct Td3Learner::Networks {
  Networks(Td3Learner* td3, const ValueExpansionSettings& looking, int64_t rows, Team* team)
      : expansion(td3->ahead_, looking, rows, td3->policy_.states(), td3->policy_.actions()),
        actor(td3->parts_, &td3->policy_, &td3->actor_adam_, rows),
        slow_actor(td3->parts_, &td3->target_policy_, nullptr, rows),
        critics(td3->parts_, &td3->critics_.nets(), td3->policy_.states(), td3->policy_.actions(), rows, team,
                expansion.fit_rows()),
        all(td3->critics_.all()) {}
  ValueExpansion expansion;
  GaussianActor actor, slow_actor;
  Critics critics;
  std::vector<size_t> all;  // critics
};

Td3Learner::Td3Learner(const nets::PartInfo& info, int64_t states, int64_t actions, const config::Settings& s,
                       const nets::NetworkParts& parts, std::unique_ptr<TransitionSource> source,
                       const model::WorldModel* ahead)
    : info_(info),
      parts_(parts),
      source_(source != nullptr ? std::move(source) : std::make_unique<RealTransitions>()),
      ahead_(ahead),
      policy_(NewTd3Policy(info.id, states, actions, s)),
      target_policy_(policy_),
      actor_adam_(policy_.net.layout.total()),
      critics_(MakeCritics(info.id, states, actions, s)) {}

int Td3Learner::NextWork(const nets::Standing& now) const {
  const Td3Settings& td3 = now.settings.Of<Td3Settings>(id());
  const double episodes = now.picked == 0 && td3.train_on_random ? now.settings.run.random_episodes : 1;
  const double updates = std::round(episodes * static_cast<double>(now.data.horizon()) * td3.updates_per_step);
  return static_cast<int>(updates) * source_->UpdatesForOne(now.settings);
}

TrainReport Td3Learner::Train(const TrainInputs& in) {
  const Td3Settings& td3 = in.settings.Of<Td3Settings>(id());
  const auto seed = static_cast<uint64_t>(in.settings.run.seed);
  Batch b(td3.batch, policy_.states(), policy_.actions());
  Networks nets(this, in.settings.Of<ValueExpansionSettings>(), b.n, in.team);
  Sums sums;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    source_->Draw({in.data, in.settings, id(), in.iteration, static_cast<uint64_t>(k)},
                  {b.n, b.s.data(), b.a.data(), b.r.data(), b.s_next.data()});
    Stream noise(seed, Named("target_noise"), in.iteration, static_cast<uint64_t>(k));
    if (td3.target_noise > 0) noise.Normal(b.noise.data(), b.noise.size());
    Update(td3, &b, &nets, &sums);
    in.progress(k + 1, in.steps);
  }
  if (ahead_ != nullptr) sums.ahead = nets.expansion.Scalars(id());
  nets.actor.Store();
  nets.slow_actor.Store();
  nets.critics.Store();
  TrainReport report = Report(in, sums);
  report.skipped = nets.actor.skipped() + nets.critics.skipped();
  report.reloaded = nets.actor.reloaded() || nets.critics.reloaded();
  return report;
}

void Td3Learner::Update(const Td3Settings& td3, Batch* batch, Networks* nets, Sums* sums) {
  Batch& b = *batch;
  GaussianActor &actor = nets->actor, &slow_actor = nets->slow_actor;
  Critics& critics = nets->critics;

  // Targets: the slower actor's next action, smoothed, by the least of the slower critics.
  const auto act = [&](int64_t, const float* s, bool smoothed, float* a, double*) {
    slow_actor.Evaluate(s, nullptr);
    std::copy_n(slow_actor.action(), b.noise.size(), a);
    if (!smoothed || td3.target_noise <= 0) return;
    const auto sd = static_cast<float>(td3.target_noise), clip = static_cast<float>(td3.target_noise_clip);
    for (size_t i = 0; i < b.noise.size(); ++i)
      a[i] = std::clamp(a[i] + std::clamp(sd * b.noise[i], -clip, clip), -1.0f, 1.0f);
  };
  const ValueExpansion::Fit fit = nets->expansion.Targets({b.s.data(), b.a.data(), b.r.data(), b.s_next.data()},
                                                          td3.gamma, act, &critics, nets->all);

  // Critics.
  const bool looks_ahead = ahead_ != nullptr;
  if (looks_ahead) b.errors.resize(static_cast<size_t>(nets->expansion.fit_rows()));
  const Critics::Fitted fitted =
      critics.Fit(fit.s, fit.a, fit.y, td3.critic_lr, looks_ahead ? b.errors.data() : nullptr);
  if (looks_ahead) nets->expansion.Count(b.errors);
  sums->critic += fitted.loss;
  sums->critic_norm += fitted.norm;
  sums->data_q += fitted.mean;
  sums->apart += fitted.apart;

  // The actor, and all that is slower, less often.
  ++updates_;
  if (td3.target_every > 0 && updates_ % td3.target_every == 0) {
    slow_actor.MoveTowards(actor, 1.0);
    critics.Polyak(1.0);
  }
  if (updates_ % td3.delay != 0) return;
  actor.Sample(b.s.data(), nullptr);
  const Critics::Valued valued =
      critics.ActionGradient(b.s.data(), actor.action(), CriticValue::kFirst, -1.0f, b.daction.data());
  sums->saturated += actor.SaturatedShare();
  sums->actor_norm += actor.Update(b.daction.data(), nullptr, valued.mean, td3.actor_lr, 0.0, td3.pretanh_penalty).norm;
  if (td3.target_every == 0) {
    slow_actor.MoveTowards(actor, td3.tau);
    critics.Polyak(td3.tau);
  }
  sums->q += valued.mean;
  sums->max_q = sums->actor_steps == 0 ? valued.largest : std::max(sums->max_q, valued.largest);
  ++sums->actor_steps;
}

TrainReport Td3Learner::Report(const TrainInputs& in, const Sums& sums) const {
  TrainReport report;
  report.steps = in.steps;
  if (actor_adam_.rate < 1) report.step_share[Named("actor_lr")] = actor_adam_.rate;
  if (critics_.rate() < 1) report.step_share[Named("critic_lr")] = critics_.rate();
  if (in.steps == 0) return report;  // nothing was measured
  const double share = 1.0 / in.steps;
  report.scalars = {{Named("critic_loss"), sums.critic * share},
                    {Named("critic_gradient_norm"), sums.critic_norm * share},
                    {Named("data_q"), sums.data_q * share},
                    {Named("best_return"), BestReturn(in.data, in.settings.Of<Td3Settings>(id()).gamma)},
                    {Named("actor_steps"), sums.actor_steps}};
  if (critics_.size() > 1) report.scalars[Named("critics_apart")] = sums.apart * share;
  report.scalars.insert(sums.ahead.begin(), sums.ahead.end());
  if (sums.actor_steps == 0) return report;
  const double actor_share = 1.0 / sums.actor_steps;
  report.scalars.insert({{Named("q"), sums.q * actor_share},
                         {Named("max_q"), sums.max_q},
                         {Named("actor_gradient_norm"), sums.actor_norm * actor_share},
                         {Named("saturated"), sums.saturated * actor_share}});
  return report;
}

void Td3Learner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const Td3Settings &then = before.Of<Td3Settings>(id()), &now = after.Of<Td3Settings>(id());
  if (now.actor_lr != then.actor_lr) actor_adam_.rate = 1.0;
  if (now.critic_lr != then.critic_lr) critics_.ResetRate();
}

// Observations are raw, so appended inputs keep mean 0 and sd 1 whatever their spread.
void Td3Learner::EditStates(int64_t count, const replay::Normaliser&) {
  policy_.EditStates(count, 1.0f, &actor_adam_);
  target_policy_.EditStates(count, 1.0f, nullptr);
  critics_.EditStates(count);
}

std::map<std::string, double> Td3Learner::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                  const config::Settings& settings) const {
  return critics_.Examine(CriticValue::kFirst, data, episode, settings.Of<Td3Settings>(id()).gamma);
}

void Td3Learner::Save(ArchiveWriter& out) const {
  policy_.Save(out, Named("policy"));
  target_policy_.Save(out, Named("target_policy"));
  actor_adam_.Save(out, Named("actor_adam"));
  critics_.Save(out);
  out.Put(Named("updates"), updates_);
}

void Td3Learner::Load(const ArchiveReader& in) {
  policy_.Load(in, Named("policy"));
  target_policy_.Load(in, Named("target_policy"));
  actor_adam_.Load(in, Named("actor_adam"), policy_.net.layout.total());
  critics_.Load(in);
  updates_ = in.Int(Named("updates"));
}

}  // namespace equipoise::learn
