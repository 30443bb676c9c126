#include "engine/plan/policy_mppi.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/view.h"
#include "engine/config/section.h"
#include "engine/plan/weights.h"

namespace equipoise::plan {
namespace {

constexpr double kLeastWeight = 1e-5;  // beside the largest, which is 1

}  // namespace

config::Section PolicyMppiSection() {
  using S = PolicyMppiSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "re-weighting a policy",
      {
          {EQ_FIELD(candidates), 1, 1000000, "rollouts", kEpisode,
           "ways that the policy would go, imagined for one plan"},
          {EQ_FIELD(temperature), 0.0, 1000.0, "x mix.unit", kEpisode,
           "how far apart two returns must be to count differently: 0 takes the best way alone, much leaves it to the "
           "policy"},
          {EQ_FIELD(unit),
           {"spread", "reward"},
           kEpisode,
           "what mix.temperature is counted in: the spread of a step's reward in the data times the root of the steps, "
           "or raw reward"},
      });
}

std::vector<double> ProposalWeights(const std::vector<double>& returns, const std::vector<double>& log_density,
                                    double lambda) {
  if (!(lambda > 0)) return SoftmaxWeights(returns, 0);
  const auto scores = [&](size_t i) { return returns[i] / lambda + log_density[i]; };
  double largest = -std::numeric_limits<double>::infinity(), sum = 0;
  for (size_t i = 0; i < returns.size(); ++i)
    if (std::isfinite(scores(i))) largest = std::max(largest, scores(i));
  std::vector<double> weights(returns.size(), 0.0);
  for (size_t i = 0; i < returns.size(); ++i) {
    if (!std::isfinite(scores(i))) continue;
    weights[i] = std::exp(scores(i) - largest) + kLeastWeight;
    sum += weights[i];
  }
  for (double& w : weights) w = sum > 0 ? w / sum : 0.0;
  return weights;
}

const std::string& PolicyMppi::id() const {
  static const std::string id = PolicyMppiSettings::kSection;
  return id;
}

void PolicyMppi::Begin(const config::Settings& settings) { settings_ = settings.Of<PolicyMppiSettings>(); }

Plan PolicyMppi::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const PlanShape& shape = problem->shape();
  const int64_t n = settings_.candidates, K = shape.knots, A = shape.actions;
  PolicyRolls* rolls = problem->Rolls(policy_);
  EQ_CHECK(rolls != nullptr, "a problem that no policy can be rolled in");
  std::vector<float> eps(static_cast<size_t>(n * shape.size()));
  Stream stream = draws.NewStream("mix.noise");
  stream.Normal(eps.data(), eps.size());
  const PolicyRolls::Rolled rolled = rolls->Roll(n, eps, {});
  const double lambda = settings_.temperature *
                        (settings_.unit == "spread" ? rolls->reward_sd() * std::sqrt(static_cast<double>(K)) : 1.0);

  Plan plan;
  plan.knots.assign(static_cast<size_t>(shape.size()), 0.0f);
  std::vector<double> ahead(static_cast<size_t>(n), 0.0), density(ahead.size()), weights;
  for (int64_t k = K - 1; k >= 0; --k) {  // the first step's returns and weights are left at the end
    std::vector<double> mean(static_cast<size_t>(A), 0.0);
    for (size_t s = 0; s < ahead.size(); ++s) {
      const size_t at = s * static_cast<size_t>(K) + static_cast<size_t>(k);
      ahead[s] += rolled.rewards[at];
      density[s] = rolled.log_density[at];
    }
    weights = ProposalWeights(ahead, density, lambda);
    for (int64_t s = 0; s < n; ++s)
      for (int64_t j = 0; j < A; ++j)
        mean[static_cast<size_t>(j)] += View(weights)[s] * double{View(rolled.actions)[(s * K + k) * A + j]};
    std::copy(mean.begin(), mean.end(), plan.knots.begin() + k * A);
  }
  for (double& g : ahead) g = std::isfinite(g) ? g : -std::numeric_limits<double>::infinity();
  AddRound(ahead, trace);
  const double effective = EffectiveSamples(weights);
  if (effective == 0) return DoNothing(shape);
  ShowCandidates(ahead, {weights.begin(), weights.end()}, trace);
  const PolicyRolls::Head head = rolls->Root();
  double moved = 0;
  for (int64_t j = 0; j < A; ++j)
    moved += std::fabs(double{View(plan.knots)[j]} - std::tanh(double{View(head.mean)[j]})) / static_cast<double>(A);
  trace->numbers["mix.effective_samples"] = effective;
  trace->numbers["mix.moved"] = moved;
  return plan;
}

}  // namespace equipoise::plan
