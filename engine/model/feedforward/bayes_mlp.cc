#include "engine/model/feedforward/bayes_mlp.h"

#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/model_parts.h"
#include "engine/nets/variational.h"

namespace equipoise::model {
namespace {

constexpr int64_t kMeasured = 10;   // beliefs that its spread is measured by
constexpr float kOutside = 3.0f;    // times as far from the mean of the data as the data themselves
constexpr int64_t kSeedSize = 2;    // numbers of a belief
constexpr uint32_t kSeedShift = 8;  // 24 bits, which a float holds exactly

FitPlan PlanOf(const BayesMlpSettings& s) {
  FitPlan plan;
  plan.batch = s.batch;
  plan.lr = s.lr;
  plan.lr_final = s.lr_final;
  plan.clip = s.clip;
  plan.bound_penalty = s.bound_penalty;
  plan.prior = PriorPlan{s.prior_sd, s.prior_weight};
  return plan;
}

}  // namespace

std::unique_ptr<WorldModel> NewBayesMlp(const ModelPlan& plan, const config::Settings& s) {
  const BayesMlpSettings& bayes = s.Of<BayesMlpSettings>();
  FeedForwardSpec spec;
  spec.states = plan.states;
  spec.actions = plan.actions;
  spec.wrapped = plan.wrapped;
  spec.heads = HeadKind::kBounded;
  spec.hidden = bayes.hidden;
  spec.layers = bayes.layers;
  spec.activation = ActivationOf(bayes.activation);
  spec.low = bayes.log_variance_low;
  spec.high = bayes.log_variance_high;
  spec.rho = bayes.rho;
  return std::make_unique<BayesMlp>(std::move(spec), static_cast<uint64_t>(s.run.seed), *plan.parts);
}

BayesMlp::BayesMlp(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts)
    : FeedForward(std::move(spec), BayesMlpInfo().id, seed, parts) {
  EQ_CHECK(this->spec().rho.has_value(), "its weights are distributions");
}

Belief BayesMlp::Draw(int64_t count, Stream& stream) const {
  Belief belief;
  belief.count = count;
  for (int64_t i = 0; i < count * kSeedSize; ++i)
    belief.data.push_back(static_cast<float>(stream.NextU32() >> kSeedShift));
  return belief;
}

NetGroups BayesMlp::Group(const Belief& beliefs) const {
  EQ_CHECK(static_cast<int64_t>(beliefs.data.size()) == beliefs.count * kSeedSize, "a belief of another model");
  const Member& member = members().front();
  NetGroups groups;
  std::map<std::pair<float, float>, int32_t> group_of;
  for (size_t i = 0; i < beliefs.data.size(); i += kSeedSize) {
    const std::pair<float, float> seed{beliefs.data[i], beliefs.data[i + 1]};
    const auto [at, fresh] = group_of.emplace(seed, static_cast<int32_t>(groups.nets.size()));
    groups.of_belief.push_back(at->second);
    if (!fresh) continue;
    Stream draw(0, "bayes.draw", static_cast<uint64_t>(seed.first), static_cast<uint64_t>(seed.second));
    groups.drawn.push_back(std::make_unique<nets::Parameters>(nets::DrawWeights(member.net, draw)));
    groups.nets.push_back(groups.drawn.back().get());
    groups.heads.push_back(HeadsOf(member));
  }
  return groups;
}

int BayesMlp::NextWork(const nets::Standing& now) const {
  const BayesMlpSettings& s = now.settings.Of<BayesMlpSettings>();
  return static_cast<int>(std::lround(s.steps * (trained() ? 1.0 : s.first_fit_factor)));
}

// The newest episode is new to it: afterwards no one can say what it had not known.
void BayesMlp::MeasureBeliefs(const nets::TrainInputs& in, nets::TrainReport* report) const {
  Stream draws(static_cast<uint64_t>(in.settings.run.seed), "bayes.measure", in.iteration);
  const Belief beliefs = Draw(kMeasured, draws);
  const int64_t T = in.data.horizon();
  std::vector<float> x(static_cast<size_t>(T * spec().inputs())), y(static_cast<size_t>(T * spec().outputs()));
  in.data.Sequences({in.data.size() - 1}, normaliser(), x.data(), y.data());
  const Measured newest = Measure(T, x.data(), y.data(), beliefs);
  for (float& v : x) v *= kOutside;
  report->scalars = {{"bayes.unseen_error", newest.error},
                     {"bayes.epistemic", newest.epistemic},
                     {"bayes.epistemic_outside", Measure(T, x.data(), y.data(), beliefs).epistemic},
                     {"bayes.aleatoric", newest.aleatoric},
                     {"bayes.at_upper_bound", newest.at_upper}};
}

nets::TrainReport BayesMlp::Train(const nets::TrainInputs& in) {
  const BayesMlpSettings& s = in.settings.Of<BayesMlpSettings>();
  const Member& member = members().front();
  nets::TrainReport report;
  if (in.steps > 0 || !trained()) {
    if (trained()) MeasureBeliefs(in, &report);
    const FitOutcome fit = Fit(in, PlanOf(s), s.compensate_normaliser);
    const MemberOutcome& only = fit.members.front();
    report.steps = fit.steps;
    report.skipped = only.skipped;
    report.reloaded = only.reloaded;
    if (fit.steps > 0) {
      const std::vector<double> nats = Nats(only.sums, only.rows);
      const nets::Certainty certainty = nets::CertaintyOf(member.net);
      report.scalars.insert(
          {{"bayes.train_nll", only.rows > 0 ? std::accumulate(nats.begin(), nats.end(), 0.0) : NAN},
           {"bayes.divergence", only.divergence / static_cast<double>(in.data.size() * in.data.horizon())},
           {"bayes.gradient_norm", only.gradient_norm},
           {"bayes.clipped_share", only.clipped_share},
           {"bayes.signal_to_noise", certainty.signal_to_noise},
           {"bayes.weight_sd", certainty.sd},
           {"bayes.spread_moved", only.moved}});
    }
  }
  if (member.adam.rate < 1) report.step_share["bayes.lr"] = member.adam.rate;
  return report;
}

void BayesMlp::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (after.Of<BayesMlpSettings>().lr == before.Of<BayesMlpSettings>().lr) return;
  members().front().adam.rate = members().front().bounds_adam.rate = 1.0;
}

}  // namespace equipoise::model
