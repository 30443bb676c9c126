// problems.h: problems whose best plan is known, scored by a function and not by a model.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/settings.h"
#include "engine/plan/planner.h"

namespace equipoise::test {

// Remembers what it was asked.
class FunctionProblem : public plan::Problem {
 public:
  using Function = std::function<double(const float* knots)>;
  FunctionProblem(plan::PlanShape shape, Function score) : shape_(shape), score_(std::move(score)) {}
  const plan::PlanShape& shape() const override { return shape_; }
  std::vector<double> Score(const std::vector<float>& candidates) override {
    asked.push_back(candidates);
    std::vector<double> scores;
    for (size_t i = 0; i < candidates.size(); i += static_cast<size_t>(shape_.size())) {
      const double score = score_(candidates.data() + i);
      scores.push_back(std::isfinite(score) ? score : -std::numeric_limits<double>::infinity());
    }
    answered.push_back(scores);
    return scores;
  }

  std::vector<std::vector<float>> asked;
  std::vector<std::vector<double>> answered;

 private:
  plan::PlanShape shape_;
  Function score_;
};

inline plan::PlanShape Shape(int64_t knots, int64_t actions, int64_t hold = 1) {
  return {knots, actions, hold, knots * hold};
}

// Double integrator, dt .1: s' = [[1, .1], [0, 1]] s + [.005, .1] a, r = -(x^2 + .1 v^2 + .1 a^2) of the state before the
// step. From (.3, 0) over 50 steps the best sequence, which never meets the box, returns -0.816980 (the Riccati
// recursion); doing nothing returns -4.5.
inline constexpr double kBestOfDoubleIntegrator = -0.816980;
inline double DoubleIntegratorReturn(const float* actions, int64_t steps) {
  double x = 0.3, v = 0, sum = 0;
  for (int64_t t = 0; t < steps; ++t) {
    const double a = actions[t];
    sum -= x * x + 0.1 * v * v + 0.1 * a * a;
    x += 0.1 * v + 0.005 * a;
    v += 0.1 * a;
  }
  return sum;
}

struct Found {
  plan::Plan plan;
  plan::PlanTrace trace;
};
// A planner that knows of nothing before.
template <class Kind>
Found Find(const config::Settings& settings, plan::Problem* problem, const plan::PlanDraws& draws = {1, 0, 0, 0}) {
  Kind planner;
  planner.Begin(settings);
  Found out;
  out.plan = planner.Find(draws, problem, &out.trace);
  return out;
}

}  // namespace equipoise::test
