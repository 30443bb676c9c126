#include "engine/learn/svg/heess.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/learn/critics.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/learn/svg/heess_settings.h"
#include "engine/learn/svg/recorded_steps.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/learn/value.h"

namespace equipoise::learn {
namespace {

constexpr double kMostUnsquashed = 9;  // |u| of an action at its bound: tanh is 1 to float's last digit there
const TargetedNames kValueNames{"heess.value", "heess.target", "heess.value_adam"};

// What was drawn in a recorded step and how likely the action was, whoever acted.
void RecordedDraw(const replay::Episode& episode, int64_t t, int64_t A, float* u, double* log_prob) {
  if (!episode.latents.empty()) {
    std::copy_n(episode.latents.begin() + t * A, A, u);
    *log_prob = episode.log_probs[static_cast<size_t>(t)];
    return;
  }
  for (int64_t j = 0; j < A; ++j) {
    const double a = episode.actions[static_cast<size_t>(t * A + j)];
    u[j] = static_cast<float>(std::clamp(std::atanh(std::clamp(a, -1.0, 1.0)), -kMostUnsquashed, kMostUnsquashed));
  }
  *log_prob = -static_cast<double>(A) * std::log(2.0);
}

// By its last actions.
double EntropyOf(const GaussianActor& actor, int64_t rows) {
  double entropy = 0;
  for (int64_t i = 0; i < rows; ++i) entropy -= actor.log_prob()[i] / static_cast<double>(rows);
  return entropy;
}

OnPolicyWants WantsOf(const HeessSettings& own, const replay::EpisodeBuffer& data) {
  return {own.batch_episodes * data.horizon(), own.gamma};
}

}  // namespace

nets::Policy NewHeessPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const HeessSettings& own = s.Of<HeessSettings>();
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = own.hidden;
  spec.layers = own.layers;
  spec.spread.kind = nets::Spread::Kind::kLogClamp;
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.heess");
  return nets::Policy(spec, stream);
}

struct HeessLearner::Batch {
  Batch(int64_t rows, int64_t S, int64_t A)
      : n(rows), s(Size(2 * n * S)), u(Size(n * A)), a(u), noise(u), daction(u), r(Size(n)), y(r), w(r), dv(r) {
    log_prob.resize(r.size());
    weight.resize(r.size());
  }
  static size_t Size(int64_t count) { return static_cast<size_t>(count); }
  const float* next() const { return s.data() + s.size() / 2; }
  int64_t n;
  std::vector<float> s;  // and, behind them, what followed
  std::vector<float> u, a, noise, daction, r, y, w, dv;
  std::vector<double> log_prob, weight;  // of who acted then; of the value's fit
};

struct HeessLearner::Sums {  // over updates
  double gathered = 0;       // of the batch that kind inf waits for
  double actor_norm = 0, value_loss = 0, value = 0, weight = 0, capped = 0, policy_noise = 0, model_noise = 0;
  double within_one = 0, within_two = 0;
  double first_gradient = 0, last_gradient = 0, entropy = 0;
  int walks = 0;  // along recorded steps, that were not refused
  int skipped = 0;
  bool reloaded = false;

  // What was refused may be infinite.
  void Stepped(const nets::Adam::Outcome& outcome, const RecordedSteps& steps, int64_t last) {
    if (!outcome.applied) return;
    actor_norm += outcome.norm;
    model_noise += steps.ModelNoise() * steps.ModelNoise();
    within_one += steps.ModelNoiseWithin(1);
    within_two += steps.ModelNoiseWithin(2);
    ++walks;
    first_gradient += steps.value_gradient(0);
    last_gradient += steps.value_gradient(last);
  }
};

HeessLearner::HeessLearner(int64_t states, int64_t actions, const config::Settings& s, const model::ModelParts& parts,
                           const model::WorldModel* model, std::unique_ptr<OnPolicySource> own)
    : parts_(parts),
      model_(model),
      kind_(s.Of<SvgSettings>().kind),
      policy_(NewHeessPolicy(states, actions, s)),
      actor_adam_(policy_.net.layout.total()),
      temperature_(s.Of<HeessSettings>().entropy_bonus),
      own_(std::move(own)) {
  EQ_CHECK((model == nullptr) == (kind_ == "0"), "value gradients of kind " + kind_ + " and their model");
  EQ_CHECK((own_ == nullptr) == (kind_ != "inf"), "value gradients of kind " + kind_ + " and their own episodes");
  const HeessSettings& sizes = s.Of<HeessSettings>();
  const auto seed = static_cast<uint64_t>(s.run.seed);
  if (kind_ == "0") {
    const nets::MlpSpec spec{states + actions, sizes.hidden, sizes.layers, 1, nets::Activation::kRelu};
    critics_.emplace("heess", 1, states, spec, seed, "init.critic.heess");
  }
  if (kind_ == "1") {
    Stream init(seed, "init.value.heess");
    value_.emplace(nets::MlpSpec{states, sizes.hidden, sizes.layers, 1, nets::Activation::kTanh}, init);
  }
}

int HeessLearner::NextWork(const nets::Standing& now) const {
  const HeessSettings& own = now.settings.Of<HeessSettings>();
  if (own_ != nullptr) return own.steps == 0 ? 0 : own_->Rounds(WantsOf(own, now.data), now) * own.steps;
  const double episodes = now.picked == 0 && own.train_on_random ? now.settings.run.random_episodes : 1;
  return static_cast<int>(std::round(episodes * static_cast<double>(now.data.horizon()) * own.updates_per_step));
}

std::string HeessLearner::Waiting(const nets::Standing& now) const {
  const HeessSettings& own = now.settings.Of<HeessSettings>();
  return own_ == nullptr || own.steps == 0 ? "" : own_->Waiting(WantsOf(own, now.data), now.data);
}

TrainReport HeessLearner::Train(const TrainInputs& in) {
  Sums sums;
  if (own_ != nullptr) sums.gathered = own_->Gathered(WantsOf(in.settings.Of<HeessSettings>(), in.data), in.data);
  if (in.steps > 0) {
    if (kind_ == "0") LearnFromQ(in, &sums);
    if (kind_ == "1") LearnFromV(in, &sums);
    if (kind_ == "inf") LearnFromEpisodes(in, &sums);
  }
  return Report(in, sums);
}

void HeessLearner::Draw(const TrainInputs& in, int k, Batch* batch) const {
  Batch& b = *batch;
  const int64_t T = in.data.horizon(), S = policy_.states(), A = policy_.actions();
  Stream stream(static_cast<uint64_t>(in.settings.run.seed), "heess.batch", in.iteration, static_cast<uint64_t>(k));
  for (int64_t row = 0; row < b.n; ++row) {
    const auto step = static_cast<int64_t>(stream.Below(static_cast<uint32_t>(in.data.size() * T)));
    const int64_t episode = step / T, t = step % T;
    const auto at = static_cast<size_t>(row);
    in.data.Observation(episode, t, b.s.data() + row * S);
    in.data.Observation(episode, t + 1, b.s.data() + (b.n + row) * S);
    b.r[at] = in.data[episode].rewards[static_cast<size_t>(t)];
    RecordedDraw(in.data[episode], t, A, b.u.data() + row * A, &b.log_prob[at]);
  }
  for (size_t i = 0; i < b.u.size(); ++i) b.a[i] = std::tanh(b.u[i]);
}

void HeessLearner::Tune(const HeessSettings& own, double entropy, Sums* sums) {
  sums->entropy += entropy;
  if (own.entropy_auto)
    temperature_.Tune(entropy, own.target_entropy * static_cast<double>(policy_.actions()), own.entropy_lr);
}

void HeessLearner::LearnFromQ(const TrainInputs& in, Sums* sums) {
  const HeessSettings& own = in.settings.Of<HeessSettings>();
  Batch b(own.batch, policy_.states(), policy_.actions());
  GaussianActor actor(parts_, &policy_, &actor_adam_, b.n);
  Critics critics(parts_, &critics_->nets(), policy_.states(), policy_.actions(), b.n, in.team);
  std::vector<float> noise_next(b.u.size()), dlog_prob(b.r.size());
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    Draw(in, k, &b);
    Stream stream(static_cast<uint64_t>(in.settings.run.seed), "heess.noise", in.iteration, static_cast<uint64_t>(k));
    stream.Normal(noise_next.data(), noise_next.size());
    stream.Normal(b.noise.data(), b.noise.size());
    actor.Evaluate(b.next(), noise_next.data());
    critics.Target(b.next(), actor.action(), {0}, b.y.data());
    for (size_t i = 0; i < b.y.size(); ++i) b.y[i] = static_cast<float>(b.r[i] + own.gamma * b.y[i]);
    sums->value_loss += critics.Fit(b.s.data(), b.a.data(), b.y.data(), own.value_lr).loss;

    actor.Sample(b.s.data(), b.noise.data());
    const double entropy = EntropyOf(actor, b.n);
    const Critics::Valued valued =
        critics.ActionGradient(b.s.data(), actor.action(), CriticValue::kFirst, -1.0f, b.daction.data());
    sums->value += valued.mean;
    std::fill(dlog_prob.begin(), dlog_prob.end(), static_cast<float>(temperature_.alpha() / static_cast<double>(b.n)));
    sums->actor_norm += actor.Update(b.daction.data(), dlog_prob.data(), valued.mean, own.actor_lr, own.clip).norm;
    Tune(own, entropy, sums);
    critics.Polyak(own.tau);
    in.progress(k + 1, in.steps);
  }
  actor.Store();
  critics.Store();
  sums->skipped = actor.skipped() + critics.skipped();
  sums->reloaded = actor.reloaded() || critics.reloaded();
}

void HeessLearner::LearnFromV(const TrainInputs& in, Sums* sums) {
  const HeessSettings& own = in.settings.Of<HeessSettings>();
  Batch b(own.batch, policy_.states(), policy_.actions());
  GaussianActor actor(parts_, &policy_, &actor_adam_, b.n);
  Value value(parts_, &*value_, 1.0);
  Value::Piece piece(value, b.n);
  RecordedSteps steps(*model_, &actor, b.n, 1, in.data.wrapped());
  std::vector<float> dend(b.s.size() / 2);
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    Draw(in, k, &b);
    // What was recorded says nothing of the policy's entropy: that takes actions of its own.
    Stream stream(static_cast<uint64_t>(in.settings.run.seed), "heess.noise", in.iteration, static_cast<uint64_t>(k));
    stream.Normal(b.noise.data(), b.noise.size());
    actor.Evaluate(b.s.data(), b.noise.data());
    const double entropy = EntropyOf(actor, b.n);
    steps.Infer(b.s.data(), b.u.data());
    for (size_t i = 0; i < b.w.size(); ++i) {
      const double ratio = std::exp(steps.log_prob(0)[i] - b.log_prob[i]);
      b.weight[i] = std::min(ratio, own.weight_cap);
      b.w[i] = static_cast<float>(b.weight[i]);
      sums->weight += b.weight[i] / static_cast<double>(b.n);
      if (ratio >= own.weight_cap) sums->capped += 1.0 / static_cast<double>(b.n);
    }
    piece.Target(b.next(), b.y.data());
    for (size_t i = 0; i < b.dv.size(); ++i)
      b.dv[i] = static_cast<float>(-own.gamma * b.weight[i] / static_cast<double>(b.n));
    piece.TargetGradient(b.dv.data(), dend.data());
    for (size_t i = 0; i < b.y.size(); ++i) b.y[i] = static_cast<float>(b.r[i] + own.gamma * b.y[i]);
    const Value::Piece::Fitted fitted = piece.Differentiate(b.s.data(), b.y.data(), b.weight.data());
    value.Clear();
    value.Add(piece, 1.0f);
    value.Step(fitted.loss, own.value_lr);
    sums->value_loss += fitted.loss;
    sums->value += fitted.mean;

    steps.Walk({own.gamma, temperature_.alpha(), b.w.data(), dend.data()});
    sums->Stepped(actor.Step(fitted.loss, own.actor_lr, own.clip), steps, 1);
    Tune(own, entropy, sums);
    value.Polyak(own.tau);
    in.progress(k + 1, in.steps);
  }
  actor.Store();
  value.Store();
  sums->skipped = actor.skipped() + value.skipped();
  sums->reloaded = actor.reloaded() || value.reloaded();
}

void HeessLearner::LearnFromEpisodes(const TrainInputs& in, Sums* sums) {
  const HeessSettings& own = in.settings.Of<HeessSettings>();
  const OnPolicyBatch batch = own_->Take(WantsOf(own, in.data), in, policy_, 0);
  const int64_t T = batch.horizon, S = policy_.states(), A = policy_.actions(), n = batch.trajectories;
  std::vector<float> s(batch.s.size()), u(batch.u.size());  // by steps, where the batch is by episodes
  for (int64_t row = 0; row < n; ++row) {
    for (int64_t t = 0; t <= T; ++t) {
      std::copy_n(batch.s.data() + (row * (T + 1) + t) * S, S, s.data() + (t * n + row) * S);
      if (t < T) std::copy_n(batch.u.data() + (row * T + t) * A, A, u.data() + (t * n + row) * A);
    }
  }
  GaussianActor actor(parts_, &policy_, &actor_adam_, n);
  RecordedSteps steps(*model_, &actor, n, T, in.data.wrapped());
  steps.Infer(s.data(), u.data());
  sums->policy_noise = steps.PolicyNoise();
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    if (k > 0) steps.Follow();
    steps.Walk({own.gamma, temperature_.alpha(), nullptr, nullptr});
    sums->Stepped(actor.Step(0.0, own.actor_lr, own.clip), steps, T - 1);
    Tune(own, steps.entropy(), sums);
    in.progress(k + 1, in.steps);
  }
  actor.Store();
  sums->skipped = actor.skipped();
  sums->reloaded = actor.reloaded();
}

TrainReport HeessLearner::Report(const TrainInputs& in, const Sums& sums) const {
  TrainReport report;
  report.steps = in.steps;
  report.skipped = sums.skipped;
  report.reloaded = sums.reloaded;
  if (actor_adam_.rate < 1) report.step_share["heess.actor_lr"] = actor_adam_.rate;
  const double value_rate = critics_ ? critics_->rate() : value_ ? value_->adam.rate : 1.0;
  if (value_rate < 1) report.step_share["heess.value_lr"] = value_rate;
  report.scalars = {{"heess.alpha", temperature_.alpha()}};
  if (kind_ == "inf") report.scalars["heess.gathered"] = sums.gathered;
  if (in.steps == 0) return report;  // nothing was measured
  const double share = 1.0 / in.steps;
  report.scalars["heess.actor_gradient_norm"] = sums.actor_norm * share;
  report.scalars["heess.entropy"] = sums.entropy * share;
  if (kind_ == "inf") {
    report.scalars["heess.policy_noise"] = sums.policy_noise;
  } else {
    report.scalars["heess.value"] = sums.value * share;
    report.scalars["heess.value_loss"] = sums.value_loss * share;
  }
  if (kind_ != "0") {
    const double each = 1.0 / std::max(1, sums.walks);
    report.scalars["heess.value_gradient_first"] = sums.first_gradient * each;
    report.scalars["heess.value_gradient_last"] = sums.last_gradient * each;
    if (model_->has_spread())
      report.scalars.insert({{"heess.model_noise", std::sqrt(sums.model_noise * each)},
                             {"heess.within_one", sums.within_one * each},
                             {"heess.within_two", sums.within_two * each}});
  }
  if (kind_ == "1") {
    report.scalars["heess.weight"] = sums.weight * share;
    report.scalars["heess.weight_capped"] = sums.capped * share;
  }
  return report;
}

void HeessLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const HeessSettings &then = before.Of<HeessSettings>(), &now = after.Of<HeessSettings>();
  const bool fixed_now = then.entropy_auto && !now.entropy_auto;
  if (now.entropy_bonus != then.entropy_bonus || fixed_now) temperature_.Set(now.entropy_bonus);
  if (now.actor_lr != then.actor_lr) actor_adam_.rate = 1.0;
  if (now.value_lr == then.value_lr) return;
  if (critics_) critics_->ResetRate();
  if (value_) value_->adam.rate = 1.0;
}

// Observations are raw, so appended inputs keep mean 0 and sd 1 whatever their spread.
void HeessLearner::EditStates(int64_t count, const replay::Normaliser&) {
  policy_.EditStates(count, 1.0f, &actor_adam_);
  if (critics_) critics_->EditStates(count);
  if (value_) value_->EditInputs(count > 0 ? value_->spec.inputs : value_->spec.inputs + count, count);
}

std::vector<float> HeessLearner::V(const float* s, int64_t n) const {
  nets::MlpPass pass;
  pass.Resize(value_->spec, n, false);
  pass.Evaluate(value_->net, s, 0, n);
  return {pass.output(0), pass.output(0) + n};
}

void HeessLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "heess.policy");
  actor_adam_.Save(out, "heess.actor_adam");
  if (critics_) critics_->Save(out);
  if (value_) learn::Save(*value_, kValueNames, out);
  temperature_.Save(out, "heess.temperature");
  if (own_ != nullptr) own_->Save(out);
}

void HeessLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "heess.policy");
  actor_adam_.Load(in, "heess.actor_adam", policy_.net.layout.total());
  if (critics_) critics_->Load(in);
  if (value_) learn::Load(in, kValueNames, &*value_);
  temperature_.Load(in, "heess.temperature");
  if (own_ != nullptr) own_->Load(in);
}

}  // namespace equipoise::learn
