#include "engine/learn/ppo.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/learn/ppo_loss.h"
#include "engine/learn/targeted_net.h"
#include "engine/learn/value.h"
#include "engine/nets/input_affine.h"
#include "engine/nets/orthogonal.h"

namespace equipoise::learn {
namespace {

constexpr double kLargestReward = 10;  // in spreads of the discounted return
constexpr double kAdamEpsilon = 1e-5;

// Hidden layers that stretch nothing but for the half that a unit loses; `head`: gain of the last layer's columns.
void StartOrthogonal(int64_t columns, double head, Stream& stream, nets::Parameters* net) {
  const nets::Layout& layout = net->layout;
  for (int i = 0; i < layout.size(); ++i) {
    if (layout[i].name[0] == 'w' && layout[i].name != "w_out")
      nets::FillOrthogonal(i, layout[i].cols, std::sqrt(2.0), stream, net);
    if (layout[i].name[0] == 'b' && layout[i].name != "b_out") net->Fill(i, 0.0f);
  }
  nets::FillOrthogonal(layout.Find("w_out"), columns, head, stream, net);
}

// From rows of `width` numbers those that are asked for, one behind the other.
void Gather(const std::vector<float>& from, int64_t width, const uint32_t* which, int64_t count, float* to) {
  for (int64_t i = 0; i < count; ++i)
    std::copy_n(from.data() + static_cast<int64_t>(which[i]) * width, width, to + i * width);
}

OnPolicyWants WantsOf(const PpoSettings& ppo) { return {ppo.batch_steps, ppo.gamma}; }

double Variance(const std::vector<float>& x) {
  double mean = 0, square = 0;
  for (const float v : x) mean += v / static_cast<double>(x.size());
  for (const float v : x) square += (v - mean) * (v - mean) / static_cast<double>(x.size());
  return square;
}

}  // namespace

nets::Policy NewPpoPolicy(const std::string& id, int64_t states, int64_t actions, const config::Settings& s) {
  const PpoSettings& ppo = s.Of<PpoSettings>(id);
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = ppo.hidden;
  spec.layers = ppo.layers;
  spec.free_sd = true;
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy." + id);
  nets::Policy policy(spec, stream);
  StartOrthogonal(actions, 0.01, stream, &policy.net);
  if (ppo.start_sd != 1.0) policy.SetFreeSd(ppo.start_sd);
  return policy;
}

// Of one batch, or of one minibatch.
struct PpoLearner::Rows {
  Rows(int64_t rows, int64_t S, int64_t A) : n(rows) {
    auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    for (auto* v : {&s, &x}) room(*v, n * S);
    room(u, n * A);
    room(acted, n * 2 * A);
    for (auto* v : {&log_prob, &advantage, &value, &value_target}) room(*v, n);
  }
  int64_t n;
  std::vector<float> s, x;                            // observations, raw and as networks see them
  std::vector<float> u, log_prob;                     // what was drawn, and its density then
  std::vector<float> advantage, value, value_target;  // in spreads of the return
  std::vector<float> acted;                           // what the policy's network said that acted last
};

struct PpoLearner::Networks {
  Networks(PpoLearner* ppo, int64_t rows)
      : actor(ppo->parts_, &ppo->policy_, &ppo->actor_adam_, rows),
        value(ppo->parts_, ppo->value_spec_, &ppo->value_, &ppo->value_adam_, 1.0),
        piece(value, rows),
        batch(rows, ppo->policy_.states(), ppo->policy_.actions()),
        dlog_prob(static_cast<size_t>(rows)),
        dvalue(static_cast<size_t>(rows)) {}
  GaussianActor actor;
  Value value;
  Value::Piece piece;
  Rows batch;
  std::vector<float> dlog_prob, dvalue;
};

struct PpoLearner::Sums {
  int steps = 0, norm_clipped = 0, skipped = 0, rounds = 0;
  double policy_loss = 0, value_loss = 0, norm = 0, clipped = 0, kl = 0;
  double explained = 0, value = 0, batch_return = 0;  // of the last batch, before it was learnt from
  double kl_to_acted = 0;
  double step_size = 0;
  bool reloaded = false;
};

PpoLearner::PpoLearner(const nets::PartInfo& info, std::unique_ptr<OnPolicySource> source, int64_t states,
                       int64_t actions, const config::Settings& s, const nets::NetworkParts& parts,
                       std::unique_ptr<TrustRegion> trust)
    : info_(info),
      parts_(parts),
      source_(std::move(source)),
      trust_(std::move(trust)),
      policy_(NewPpoPolicy(info.id, states, actions, s)),
      value_spec_{states, policy_.spec.hidden, policy_.spec.layers, 1, nets::Activation::kTanh},
      actor_adam_(policy_.net.layout.total()) {
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.value." + info.id);
  value_ = nets::MakeMlp(value_spec_, stream);
  value_.Fill(value_.layout.Find("b_out"), 0.0f);
  StartOrthogonal(1, 1.0, stream, &value_);
  value_adam_ = nets::Adam(value_.layout.total());
  actor_adam_.epsilon = value_adam_.epsilon = kAdamEpsilon;
}

int PpoLearner::NextWork(const nets::Standing& now) const {
  const PpoSettings& ppo = now.settings.Of<PpoSettings>(id());
  return ppo.epochs == 0 ? 0 : source_->Rounds(WantsOf(ppo), now) * ppo.epochs * ppo.minibatches;
}

std::string PpoLearner::Waiting(const nets::Standing& now) const {
  const PpoSettings& ppo = now.settings.Of<PpoSettings>(id());
  return ppo.epochs == 0 ? "" : source_->Waiting(WantsOf(ppo), now.data);
}

TrainReport PpoLearner::Train(const TrainInputs& in) {
  const PpoSettings& ppo = in.settings.Of<PpoSettings>(id());
  Sums sums;
  const double gathered = source_->Gathered(WantsOf(ppo), in.data);
  // The step size falls over the run's episodes, of which `iteration` - 1 are over.
  const double over = static_cast<double>(in.iteration - 1) / in.settings.run.episodes;
  const double lr = sums.step_size = ppo.lr * (ppo.anneal ? std::max(0.0, 1 - over) : 1.0);
  const int per_round = ppo.epochs * ppo.minibatches, rounds = per_round > 0 ? in.steps / per_round : 0;
  if (const replay::Normaliser* by = source_->normaliser(); by != nullptr && rounds > 0) {
    const auto states = static_cast<std::ptrdiff_t>(policy_.states());
    NormaliseInputsBy({by->x_mean.begin(), by->x_mean.begin() + states}, {by->x_sd.begin(), by->x_sd.begin() + states});
  }
  if (start_ != nullptr && batches_ == 0) TakeOver(start_->policy(), ppo.start_sd);
  if (trust_ != nullptr) trust_->Begin(policy_);
  for (bool goes = true; goes && sums.rounds < rounds; ++sums.rounds) {
    const OnPolicyBatch batch = source_->Take(WantsOf(ppo), in, policy_, sums.rounds);
    CountRewardsIn(batch.return_sd);
    Rows rows = RowsOf(ppo, batch, &sums);
    if (trust_ != nullptr) rows.acted = RawOutputs(trust_->acted(), rows.s.data(), rows.n);
    Learn(in, rows, sums.rounds, lr, &sums);
    ++batches_;
    if (!batch.input_mean.empty()) NormaliseInputsBy(batch.input_mean, batch.input_sd);
    if (trust_ == nullptr) continue;
    goes = trust_->Goes(in.settings, policy_, rows.s.data(), rows.n);
    if (!goes || sums.rounds + 1 == rounds)
      sums.kl_to_acted = trust_->Hold(in.settings, rows.s.data(), rows.n, &policy_);
  }
  if (rounds > 0) in.progress(in.steps, in.steps);
  TrainReport report = Report(in, sums);
  report.scalars[Named("gathered")] = gathered;
  return report;
}

void PpoLearner::Learn(const TrainInputs& in, const Rows& rows, int round, double lr, Sums* sums) {
  const PpoSettings& ppo = in.settings.Of<PpoSettings>(id());
  const int64_t part = std::max<int64_t>(1, rows.n / ppo.minibatches);
  const auto parts = static_cast<int>(std::min<int64_t>(ppo.minibatches, rows.n));
  Networks nets(this, part);
  std::vector<uint32_t> order(static_cast<size_t>(rows.n));
  std::iota(order.begin(), order.end(), 0u);
  double moved = 0;
  for (int epoch = 0; epoch < ppo.epochs && !(ppo.target_kl > 0 && moved > ppo.target_kl); ++epoch) {
    Stream shuffle(static_cast<uint64_t>(in.settings.run.seed), Named("shuffle"), in.iteration,
                   static_cast<uint64_t>(epoch), static_cast<uint64_t>(round));
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[shuffle.Below(static_cast<uint32_t>(i))]);
    const double before = sums->kl;
    for (int k = 0; k < parts; ++k) {
      PollInterrupt();
      Step(ppo, rows, order.data() + k * part, lr, &nets, sums);
      in.progress((round * ppo.epochs + epoch) * ppo.minibatches + k + 1, in.steps);
    }
    moved = (sums->kl - before) / parts;
  }
  nets.actor.Store();
  nets.value.Store();
  sums->skipped += nets.actor.skipped();
  sums->reloaded = sums->reloaded || nets.actor.reloaded() || nets.value.reloaded();
}

PpoLearner::Rows PpoLearner::RowsOf(const PpoSettings& ppo, const OnPolicyBatch& batch, Sums* sums) const {
  const int64_t n = batch.trajectories, T = batch.horizon, S = policy_.states(), A = policy_.actions();
  Rows rows(n * T, S, A);
  std::vector<float> value = V(batch.s.data(), n * (T + 1)), reward(static_cast<size_t>(T));
  const auto unit = static_cast<float>(return_sd_);
  for (float& v : value) v /= unit;
  for (int64_t i = 0; i < n; ++i) {
    const float *r = batch.reward.data() + i * T, *v = value.data() + i * (T + 1);
    for (int64_t t = 0; t < T; ++t)
      reward[static_cast<size_t>(t)] =
          static_cast<float>(std::clamp(r[t] / return_sd_, -kLargestReward, kLargestReward));
    GeneralisedAdvantage(T, reward.data(), v, ppo.gamma, ppo.lambda, rows.advantage.data() + i * T,
                         rows.value_target.data() + i * T);
    std::copy_n(v, T, rows.value.data() + i * T);
    std::copy_n(batch.s.data() + i * (T + 1) * S, T * S, rows.s.data() + i * T * S);
  }
  rows.u = batch.u;
  rows.log_prob = batch.log_prob;
  for (int64_t i = 0; i < rows.n * S; ++i) {
    const auto j = static_cast<size_t>(i % S), at = static_cast<size_t>(i);
    rows.x[at] = (rows.s[at] - policy_.mean[j]) / policy_.sd[j];
  }
  std::vector<float> rest(rows.value.size());
  sums->value = sums->batch_return = 0;
  for (const float r : batch.reward) sums->batch_return += r / static_cast<double>(n);
  for (size_t i = 0; i < rest.size(); ++i) {
    rest[i] = rows.value_target[i] - rows.value[i];
    sums->value += return_sd_ * rows.value[i] / static_cast<double>(rest.size());
  }
  sums->explained = 1 - Variance(rest) / Variance(rows.value_target);
  return rows;
}

void PpoLearner::Step(const PpoSettings& ppo, const Rows& rows, const uint32_t* which, double lr, Networks* nets,
                      Sums* sums) {
  const int64_t S = policy_.states(), A = policy_.actions();
  Rows& b = nets->batch;
  Gather(rows.s, S, which, b.n, b.s.data());
  Gather(rows.x, S, which, b.n, b.x.data());
  Gather(rows.u, A, which, b.n, b.u.data());
  if (trust_ != nullptr) Gather(rows.acted, 2 * A, which, b.n, b.acted.data());
  for (const auto field : {&Rows::log_prob, &Rows::advantage, &Rows::value, &Rows::value_target})
    Gather(rows.*field, 1, which, b.n, (b.*field).data());

  // Policy.
  Standardise(b.n, b.advantage.data());
  nets->actor.Density(b.s.data(), b.u.data());
  const PolicyLoss policy = ClippedPolicyLoss(b.n, nets->actor.log_prob(), b.log_prob.data(), b.advantage.data(),
                                              ppo.clip_ratio, nets->dlog_prob.data());
  const bool stays = batches_ < ppo.value_first;
  const double actor_norm =
      stays ? 0.0
            : nets->actor.Differentiate(nets->dlog_prob.data(), b.acted.data(), trust_ != nullptr ? trust_->beta() : 0);

  // Value.
  const float* v = nets->piece.Forward(b.x.data());
  const double value = ClippedValueLoss(b.n, v, b.value.data(), b.value_target.data(), ppo.clip_value, ppo.value_weight,
                                        nets->dvalue.data());
  nets->piece.Backward(nets->dvalue.data());
  nets->value.Clear();
  nets->value.Add(nets->piece, 1.0f);
  const double value_norm = nets->value.gradient_norm();

  // One step of both: clipped together, and where one is not finite neither moves.
  const double norm = std::hypot(actor_norm, value_norm), loss = std::isfinite(norm) ? policy.loss + value : NAN;
  const bool clipped = ppo.clip_norm > 0 && norm > ppo.clip_norm;
  const double share = clipped ? ppo.clip_norm / norm : 0;  // 0: not clipped
  if (!stays) nets->actor.Step(loss, lr, share * actor_norm);
  nets->value.Step(loss, lr, share * value_norm);
  ++sums->steps;
  sums->policy_loss += policy.loss;
  sums->value_loss += value;
  sums->clipped += policy.clipped;
  sums->kl += policy.kl;
  sums->norm += norm;
  sums->norm_clipped += clipped;
}

TrainReport PpoLearner::Report(const TrainInputs&, const Sums& sums) const {
  TrainReport report;
  report.steps = sums.steps;
  report.skipped = sums.skipped;
  report.reloaded = sums.reloaded;
  if (const double rate = std::min(actor_adam_.rate, value_adam_.rate); rate < 1) report.step_share[Named("lr")] = rate;
  const int64_t A = policy_.actions();
  const float* raw = policy_.net.at(policy_.net.layout.Find("b_out")) + A;
  double sum = 0, most = 0;
  for (int64_t j = 0; j < A; ++j) {
    const double sd = std::log1p(std::exp(static_cast<double>(raw[j]))) + 1e-3;
    sum += sd;
    most = std::max(most, sd);
  }
  report.scalars = {{Named("sd"), sum / static_cast<double>(A)}, {Named("sd_most"), most}};
  if (sums.steps == 0) return report;  // nothing was measured
  const double share = 1.0 / sums.steps;
  report.scalars.insert({{Named("policy_loss"), sums.policy_loss * share},
                         {Named("value_loss"), sums.value_loss * share},
                         {Named("clipped"), sums.clipped * share},
                         {Named("kl"), sums.kl * share},
                         {Named("gradient_norm"), sums.norm * share},
                         {Named("clipped_share"), sums.norm_clipped * share},
                         {Named("explained"), sums.explained},
                         {Named("value"), sums.value},
                         {Named("batch_return"), sums.batch_return},
                         {Named("return_sd"), return_sd_},
                         {Named("step_size"), sums.step_size}});
  if (trust_ != nullptr)
    report.scalars.insert(
        {{Named("kl_to_acted"), sums.kl_to_acted}, {Named("beta"), trust_->beta()}, {Named("rounds"), sums.rounds}});
  return report;
}

void PpoLearner::TakeOver(const nets::Policy& policy, double sd) {
  EQ_CHECK(policy.net.values.size() == policy_.net.values.size(), "it goes on from a policy of its own shape");
  policy_.net.values = policy.net.values;
  policy_.mean = policy.mean;
  policy_.sd = policy.sd;
  policy_.SetFreeSd(sd);
}

void PpoLearner::CountRewardsIn(double return_sd) {
  if (return_sd_ > 0) RescaleOutput(static_cast<float>(return_sd_ / return_sd), &value_, &value_adam_);
  return_sd_ = return_sd;
}

void PpoLearner::NormaliseInputsBy(const std::vector<float>& mean, const std::vector<float>& sd) {
  const nets::InputAffine from{policy_.mean, policy_.sd}, to{mean, sd};
  nets::MoveInputs(from, to, &policy_.net, &actor_adam_);
  nets::MoveInputs(from, to, &value_, &value_adam_);
  policy_.mean = mean;
  policy_.sd = sd;
}

std::vector<float> PpoLearner::V(const float* s, int64_t n) const {
  const auto S = static_cast<size_t>(policy_.states());
  std::vector<float> x(s, s + static_cast<size_t>(n) * S);
  for (size_t i = 0; i < x.size(); ++i) x[i] = (x[i] - policy_.mean[i % S]) / policy_.sd[i % S];
  nets::MlpPass pass;
  pass.Resize(value_spec_, n, false);
  pass.Evaluate(value_, x.data(), 0, n);
  std::vector<float> v(pass.output(0), pass.output(0) + n);
  const auto unit = static_cast<float>(return_sd_ > 0 ? return_sd_ : 1.0);
  for (float& y : v) y *= unit;
  return v;
}

void PpoLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (after.Of<PpoSettings>(id()).lr != before.Of<PpoSettings>(id()).lr) actor_adam_.rate = value_adam_.rate = 1.0;
  if (trust_ != nullptr) trust_->OnSettings(before, after);
}

void PpoLearner::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const int64_t at = count > 0 ? value_spec_.inputs : value_spec_.inputs + count;
  policy_.EditStates(count, count > 0 ? inserted.x_sd.front() : 1.0f, &actor_adam_);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &value_, &value_adam_);
  value_spec_.inputs += count;
}

void PpoLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, Named("policy"));
  out.Put(Named("value"), value_.values);
  actor_adam_.Save(out, Named("actor_adam"));
  value_adam_.Save(out, Named("value_adam"));
  out.Put(Named("return_sd"), return_sd_);
  out.Put(Named("batches"), batches_);
  source_->Save(out);
  if (trust_ != nullptr) trust_->Save(out, Named("beta"));
}

void PpoLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, Named("policy"));
  in.Get(Named("value"), value_.values.data(), value_.values.size());
  actor_adam_.Load(in, Named("actor_adam"), policy_.net.layout.total());
  value_adam_.Load(in, Named("value_adam"), value_.layout.total());
  return_sd_ = in.Real(Named("return_sd"));
  batches_ = in.Has(Named("batches")) ? in.Int(Named("batches")) : 0;  // older states do not count them
  source_->Load(in);
  if (trust_ != nullptr) trust_->Load(in, Named("beta"));
}

}  // namespace equipoise::learn
