#include "engine/plan/gradient_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/view.h"
#include "engine/config/section.h"

namespace equipoise::plan {

config::Section GradientPlanSection() {
  using S = GradientPlanSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "pushing a policy",
      {
          {EQ_FIELD(form),
           {"descent", "adjoint"},
           kEpisode,
           "steps up the gradient from the pushes of the last plan, or one push of the first action, as large as the "
           "policy's variance allows"},
          {EQ_FIELD(lr), 0.0, 100.0, "", kEpisode, "step size of nudge.form = descent; 0 leaves the policy alone"},
          {EQ_FIELD(iterations), 1, 1000, "steps", kEpisode, "such steps for one plan"},
          {EQ_FIELD(by_variance), kEpisode,
           "each push's step is multiplied by the policy's variance there, so that it goes far where the policy is "
           "unsure; without, steps are as published and large where it is sure"},
          {EQ_FIELD(reach), 0.0, 1000.0, "standard deviations", kEpisode,
           "no push is larger, in standard deviations of the policy there; 0: however large"},
      });
}

const std::string& GradientPlan::id() const {
  static const std::string id = GradientPlanSettings::kSection;
  return id;
}

void GradientPlan::Begin(const config::Settings& settings) {
  settings_ = settings.Of<GradientPlanSettings>();
  before_ = 0;
  plans_ = 0;
  Forget();
}

bool GradientPlan::Improve(PolicyRolls* rolls, std::vector<float>* du) const {
  const bool adjoint = settings_.form == "adjoint";
  for (int i = 0; i < (adjoint ? 1 : settings_.iterations); ++i) {
    if (adjoint) std::fill(du->begin(), du->end(), 0.0f);
    const PolicyRolls::Slopes slopes = rolls->Differentiate(*du);
    const auto finite = [](double x) { return std::isfinite(x); };
    if (!std::all_of(slopes.du.begin(), slopes.du.end(), finite) ||
        !std::all_of(slopes.ahead.begin(), slopes.ahead.end(), finite))
      return false;
    const PolicyRolls::Head head = rolls->Root();
    for (size_t k = 0; k < du->size(); ++k) {
      const double sd = slopes.sd[k];
      double next = double{(*du)[k]} + settings_.lr * slopes.du[k] * (settings_.by_variance ? sd * sd : 1.0);
      if (adjoint) {
        const double mu = k < head.mean.size() ? std::tanh(double{head.mean[k]}) : 0.0;
        next = k < head.mean.size() ? sd * sd * (1 - mu * mu) * slopes.ahead[k] : 0.0;
      }
      if (settings_.reach > 0) next = std::clamp(next, -settings_.reach * sd, settings_.reach * sd);
      (*du)[k] = static_cast<float>(next);
    }
  }
  return true;
}

Plan GradientPlan::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const PlanShape& shape = problem->shape();
  const auto width = static_cast<size_t>(shape.size()), A = static_cast<size_t>(shape.actions);
  PolicyRolls* rolls = problem->Rolls(policy_);
  EQ_CHECK(rolls != nullptr, "a problem that no policy can be rolled in");
  std::vector<float> du = Shifted(du_, draws.step - last_step_, shape, Behind::kZero);
  if (!Improve(rolls, &du)) {
    Forget();
    return DoNothing(shape);
  }
  const PolicyRolls::Head head = rolls->Root();
  std::vector<float> switched(A);
  double size = 0;
  for (size_t j = 0; j < A; ++j) {
    switched[j] = std::tanh(head.mean[j] + du[j]);
    size += std::fabs(double{du[j]}) / static_cast<double>(A);
  }
  const double insertion = rolls->Insertion(switched);

  // The policy's own way, and the one that is taken: with the same noise in what is acted, and none behind it.
  std::vector<float> eps(2 * width, 0.0f), both(2 * width, 0.0f);
  Stream stream = draws.NewStream("nudge.noise");
  stream.Normal(eps.data(), A);
  std::copy_n(eps.begin(), A, eps.begin() + static_cast<std::ptrdiff_t>(width));
  std::copy(du.begin(), du.end(), both.begin() + static_cast<std::ptrdiff_t>(width));
  const PolicyRolls::Rolled rolled = rolls->Roll(2, eps, both);
  std::vector<double> returns(2, 0.0);
  for (size_t i = 0; i < rolled.rewards.size(); ++i) returns[i / static_cast<size_t>(shape.knots)] += rolled.rewards[i];
  const bool sound = std::isfinite(returns[1]) && std::isfinite(insertion);
  for (double& g : returns) g = std::isfinite(g) ? g : -std::numeric_limits<double>::infinity();
  AddRound(returns, trace);
  if (!sound) {
    Forget();
    return DoNothing(shape);
  }
  ShowCandidates(returns, {0.3f, 1.0f}, trace);
  trace->numbers["nudge.du"] = size;
  trace->numbers["nudge.growth"] = plans_ > 0 ? size - before_ / plans_ : 0.0;
  trace->numbers["nudge.insertion"] = insertion;
  trace->numbers["nudge.insertion_pays"] = insertion > 0 ? 1.0 : 0.0;
  before_ += size;
  ++plans_;
  du_ = std::move(du);
  last_step_ = draws.step;
  return {{rolled.actions.begin() + static_cast<std::ptrdiff_t>(width), rolled.actions.end()}};
}

}  // namespace equipoise::plan
