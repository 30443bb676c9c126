#include "engine/learn/sac.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/learn/critics.h"
#include "engine/learn/expanded/expanded_actor.h"
#include "engine/learn/expanded/value_expansion.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/learn/q_error.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/svg_settings.h"

namespace equipoise::learn {
namespace {

KeptCritics MakeCritics(int64_t states, int64_t actions, const config::Settings& s) {
  const SacSettings& sac = s.Of<SacSettings>();
  const auto activation = sac.layer_norm ? nets::Activation::kLayerNormRelu : nets::Activation::kRelu;
  const nets::MlpSpec spec{states + actions, sac.hidden, sac.layers, 1, activation};
  return KeptCritics("sac", sac.critics, states, spec, static_cast<uint64_t>(s.run.seed), "init.critic");
}

CriticValue Climbed(const config::Settings& s) {
  return s.Of<SacSettings>().actor_value == "mean" ? CriticValue::kMean : CriticValue::kLeast;
}

}  // namespace

nets::Policy NewSacPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const SacSettings& sac = s.Of<SacSettings>();
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.sac");
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = sac.hidden;
  spec.layers = sac.layers;
  spec.activation = sac.actor_activation == "relu" ? nets::Activation::kRelu : nets::Activation::kTanh;
  spec.spread = nets::Spread::Below(sac.sigma_max);
  if (sac.sd == "log-clamp") spec.spread.kind = nets::Spread::Kind::kLogClamp;
  return nets::Policy(spec, stream);
}

const nets::PartInfo& SacLearner::info() const {
  return models_.climbed != nullptr ? ClimbingSacInfo() : models_.expanded != nullptr ? ExpandedSacInfo() : SacInfo();
}

struct SacLearner::Batch {
  Batch(int64_t rows, int64_t S, int64_t A, int horizon) : n(rows) {
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    for (auto* v : {&s, &s_next}) room(*v, n * S);
    for (auto* v : {&a, &noise_next, &daction}) room(*v, n * A);
    room(noise, horizon * n * A);
    for (auto* v : {&r, &dlog_prob}) room(*v, n);
  }
  int64_t n;
  std::vector<float> s, a, r, s_next, noise, noise_next, daction, dlog_prob;
  std::vector<float> further;  // [H, n, A]: noise of the actions behind the next one, where targets look ahead
  std::vector<double> errors;  // of the critics, likewise
};

struct SacLearner::Networks {
  Networks(SacLearner* sac, const config::Settings& s, int64_t rows, int horizon, Team* team)
      : expansion(sac->models_.expanded, s.Of<ValueExpansionSettings>(), rows, sac->policy_.states(),
                  sac->policy_.actions(), s.Of<SacSettings>().entropy_in_target),
        actor(sac->parts_, &sac->policy_, &sac->actor_adam_, rows),
        critics(sac->parts_, &sac->critics_.nets(), sac->policy_.states(), sac->policy_.actions(), rows, team,
                expansion.fit_rows()) {
    if (horizon > 1)
      ahead = std::make_unique<ExpandedActor>(sac->parts_, *sac->models_.climbed, sac->policy_, &actor, &critics, rows,
                                              horizon);
  }
  ValueExpansion expansion;
  GaussianActor actor;
  Critics critics;
  std::unique_ptr<ExpandedActor> ahead;  // null: the actor climbs the critics where it stands
};

SacLearner::SacLearner(int64_t states, int64_t actions, const config::Settings& s, const model::ModelParts& parts,
                       std::unique_ptr<TransitionSource> source, SacModels models)
    : parts_(parts),
      source_(source != nullptr ? std::move(source) : std::make_unique<RealTransitions>()),
      models_(models),
      policy_(NewSacPolicy(states, actions, s)),
      actor_adam_(policy_.net.layout.total()),
      critics_(MakeCritics(states, actions, s)),
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
  const double updates = std::round(episodes * static_cast<double>(now.data.horizon()) * sac.updates_per_step);
  return static_cast<int>(updates) * source_->UpdatesForOne(s);
}

int SacLearner::Horizon(const TrainInputs& in) const {
  const SvgSettings& svg = in.settings.Of<SvgSettings>();
  const model::WorldModel* climbed = models_.climbed;
  return climbed != nullptr && climbed->trained() && in.data.size() >= svg.warm_up ? svg.horizon : 1;
}

TrainReport SacLearner::Train(const TrainInputs& in) {
  const config::Settings& s = in.settings;
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int horizon = Horizon(in);
  Batch b(s.Of<SacSettings>().batch, policy_.states(), policy_.actions(), horizon);
  Networks nets(this, s, b.n, horizon, in.team);
  b.further.resize(static_cast<size_t>(nets.expansion.horizon() * b.n * policy_.actions()));
  Losses sums;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    Stream noise(seed, "sac.noise", in.iteration, static_cast<uint64_t>(k));
    const int64_t recorded = source_->Draw({in.data, s, id(), in.iteration, static_cast<uint64_t>(k)},
                                           {b.n, b.s.data(), b.a.data(), b.r.data(), b.s_next.data()});
    noise.Normal(b.noise_next.data(), b.noise_next.size());
    noise.Normal(b.noise.data(), b.noise.size());
    if (!b.further.empty())
      Stream(seed, "sac.look_ahead", in.iteration, static_cast<uint64_t>(k)).Normal(b.further.data(), b.further.size());
    const Losses l = Update(s, TargetCritics(s, in.iteration, static_cast<uint64_t>(k)), &b, &nets);
    sums.critic += l.critic;
    if (recorded == 0) {
      sums.imagined_critic += l.critic;
      ++sums.imagined;
    }
    sums.q += l.q;
    sums.max_q = k == 0 ? l.max_q : std::max(sums.max_q, l.max_q);
    sums.entropy += l.entropy;
    sums.actor_norm += l.actor_norm;
    sums.critic_norm += l.critic_norm;
    sums.clamped += l.clamped;
    sums.value_gradient.resize(l.value_gradient.size());
    for (size_t i = 0; i < l.value_gradient.size(); ++i) sums.value_gradient[i] += l.value_gradient[i];
    in.progress(k + 1, in.steps);
  }
  if (models_.expanded != nullptr) sums.ahead = nets.expansion.Scalars(id());
  nets.actor.Store();
  nets.critics.Store();
  TrainReport report = Report(in, sums);
  report.skipped = nets.actor.skipped() + nets.critics.skipped();
  report.reloaded = nets.actor.reloaded() || nets.critics.reloaded();
  return report;
}

SacLearner::Losses SacLearner::Update(const config::Settings& s, const std::vector<size_t>& target_critics,
                                      Batch* batch, Networks* nets) {
  const SacSettings& sac = s.Of<SacSettings>();
  Batch& b = *batch;
  GaussianActor& actor = nets->actor;
  Critics& critics = nets->critics;
  const double alpha = temperature_.alpha();
  Losses losses;

  // Targets: the next action by the present policy, valued by the slower critics; of several steps ahead all of them.
  const auto act = [&](int64_t step, const float* at, bool, float* a, double* paid) {
    const size_t size = b.noise_next.size();
    actor.Evaluate(at, step == 1 ? b.noise_next.data() : b.further.data() + static_cast<size_t>(step - 2) * size);
    std::copy_n(actor.action(), size, a);
    if (!sac.entropy_in_target) return;
    for (int64_t i = 0; i < b.n; ++i) paid[i] = -(alpha * actor.log_prob()[i]);
  };
  const ValueExpansion::Fit fit = nets->expansion.Targets({b.s.data(), b.a.data(), b.r.data(), b.s_next.data()},
                                                          sac.gamma, act, &critics, target_critics);

  // Critics.
  const bool looks_ahead = models_.expanded != nullptr;
  if (looks_ahead) b.errors.resize(static_cast<size_t>(nets->expansion.fit_rows()));
  const Critics::Fitted fitted =
      critics.Fit(fit.s, fit.a, fit.y, sac.critic_lr, looks_ahead ? b.errors.data() : nullptr);
  if (looks_ahead) nets->expansion.Count(b.errors);
  losses.critic = fitted.loss;
  losses.critic_norm = fitted.norm;

  // Actor.
  Critics::Valued valued;
  if (nets->ahead != nullptr) {
    ExpandedActor::Climbed climbed =
        nets->ahead->Update(b.s.data(), b.noise.data(), {Climbed(s), sac.gamma, alpha}, sac.actor_lr);
    valued = climbed.end;
    losses.entropy = climbed.entropy;
    losses.actor_norm = climbed.norm;
    losses.clamped = climbed.clamped_fraction;
    losses.value_gradient = std::move(climbed.value_gradient);
  } else {
    actor.Sample(b.s.data(), b.noise.data());
    valued = critics.ActionGradient(b.s.data(), actor.action(), Climbed(s), -1.0f, b.daction.data());
    for (int64_t i = 0; i < b.n; ++i) losses.entropy -= actor.log_prob()[i] / static_cast<double>(b.n);
    std::fill(b.dlog_prob.begin(), b.dlog_prob.end(), static_cast<float>(alpha / static_cast<double>(b.n)));
    losses.actor_norm =
        actor.Update(b.daction.data(), b.dlog_prob.data(), valued.mean + losses.entropy, sac.actor_lr, 0.0).norm;
  }
  losses.q = valued.mean;
  losses.max_q = valued.largest;

  // Temperature.
  const double target_entropy = sac.target_entropy * static_cast<double>(policy_.actions());
  if (sac.entropy_auto) temperature_.Tune(losses.entropy, target_entropy, sac.entropy_lr);

  // Polyak.
  critics.Polyak(sac.tau);
  return losses;
}

TrainReport SacLearner::Report(const TrainInputs& in, const Losses& sums) const {
  TrainReport report;
  report.steps = in.steps;
  if (actor_adam_.rate < 1) report.step_share["sac.actor_lr"] = actor_adam_.rate;
  if (critics_.rate() < 1) report.step_share["sac.critic_lr"] = critics_.rate();
  report.scalars = {{"sac.alpha", temperature_.alpha()}};
  if (in.steps == 0) return report;  // nothing was measured
  const double share = 1.0 / in.steps;
  report.scalars.insert({{"sac.critic_loss", sums.critic * share},
                         {"sac.q", sums.q * share},
                         {"sac.max_q", sums.max_q},
                         {"sac.entropy", sums.entropy * share},
                         {"sac.actor_gradient_norm", sums.actor_norm * share},
                         {"sac.critic_gradient_norm", sums.critic_norm * share}});
  if (sums.imagined > 0) report.scalars["sac.imagined_critic_loss"] = sums.imagined_critic / sums.imagined;
  if (!sums.value_gradient.empty()) report.scalars["sac.clamped_fraction"] = sums.clamped * share;
  for (size_t i = 0; i < sums.value_gradient.size(); ++i)
    report.scalars["sac.value_gradient_" + std::to_string(i + 1)] = sums.value_gradient[i] * share;
  report.scalars.insert(sums.ahead.begin(), sums.ahead.end());
  // A value that holds entropy cannot be held against a return; what it must not exceed for long can be told.
  if (in.settings.Of<SacSettings>().entropy_in_target) {
    report.scalars["sac.best_return"] = BestReturn(in.data, in.settings.Of<SacSettings>().gamma);
    report.scalars["sac.entropy_per_action"] = sums.entropy * share / static_cast<double>(policy_.actions());
  }
  return report;
}

void SacLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const SacSettings &then = before.Of<SacSettings>(), &now = after.Of<SacSettings>();
  const bool moved = now.entropy_bonus != then.entropy_bonus;
  const bool fixed_now = then.entropy_auto && !now.entropy_auto;
  if (moved || fixed_now) temperature_.Set(now.entropy_bonus);
  if (now.actor_lr != then.actor_lr) actor_adam_.rate = 1.0;
  if (now.critic_lr != then.critic_lr) critics_.ResetRate();
}

// SAC sees raw observations, so appended inputs keep mean 0 and sd 1 whatever their spread.
void SacLearner::EditStates(int64_t count, const replay::Normaliser&) {
  policy_.EditStates(count, 1.0f, &actor_adam_);
  critics_.EditStates(count);
}

void SacLearner::Q(int j, const float* s, const float* a, int64_t n, float* out) const {
  const std::vector<float> q = critics_.Q(static_cast<size_t>(j), s, a, n);
  std::copy(q.begin(), q.end(), out);
}

std::vector<double> SacLearner::ClimbedQ(const config::Settings& settings, const float* s, const float* a,
                                         int64_t n) const {
  return critics_.Valued(Climbed(settings), s, a, n);
}

std::map<std::string, double> SacLearner::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                  const config::Settings& settings) const {
  const SacSettings& sac = settings.Of<SacSettings>();
  if (sac.entropy_in_target) return {};
  return critics_.Examine(Climbed(settings), data, episode, sac.gamma);
}

void SacLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "sac.policy");
  actor_adam_.Save(out, "sac.actor_adam");
  critics_.Save(out);
  temperature_.Save(out, "sac.temperature");
}

void SacLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "sac.policy");
  actor_adam_.Load(in, "sac.actor_adam", policy_.net.layout.total());
  critics_.Load(in);
  temperature_.Load(in, "sac.temperature");
}

}  // namespace equipoise::learn
