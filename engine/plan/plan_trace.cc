#include "engine/plan/plan_trace.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace equipoise::plan {

std::vector<int64_t> Ranked(const std::vector<double>& scores) {
  std::vector<int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&scores](int64_t a, int64_t b) {
    return scores[static_cast<size_t>(a)] > scores[static_cast<size_t>(b)];
  });
  return order;
}

void AddRound(const std::vector<double>& scores, PlanTrace* trace) {
  PlanTrace::Round round;
  double sum = 0, square = 0, n = 0;
  for (double s : scores) {
    if (!std::isfinite(s)) continue;
    sum += s;
    ++n;
    round.best = std::isnan(round.best) ? s : std::max(round.best, s);
  }
  if (n > 0) {
    round.mean = sum / n;
    for (double s : scores)
      if (std::isfinite(s)) square += (s - round.mean) * (s - round.mean);
    round.spread = std::sqrt(square / n);
  }
  trace->rounds.push_back(round);
}

void ShowCandidates(const std::vector<double>& scores, const std::vector<float>& weights, PlanTrace* trace) {
  const std::vector<int64_t> order = Ranked(scores);
  const float most = weights.empty() ? 1.0f : *std::max_element(weights.begin(), weights.end());
  const size_t best = std::min(order.size(), kShownCandidates / 2), rest = order.size() - best,
               others = std::min(rest, kShownCandidates - best);
  trace->candidates.clear();
  for (size_t i = 0; i < best + others; ++i) {
    const int64_t index = order[i < best ? i : best + (i - best) * rest / others];
    const auto at = static_cast<size_t>(index);
    PlanTrace::Candidate shown;
    shown.index = index;
    shown.score = scores[at];
    shown.weight = weights.empty() ? 1.0f : most > 0 ? weights[at] / most : 0.0f;
    trace->candidates.push_back(std::move(shown));
  }
}

}  // namespace equipoise::plan
