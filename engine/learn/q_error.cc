#include "engine/learn/q_error.h"

#include <algorithm>
#include <limits>

#include "engine/base/check.h"

namespace equipoise::learn {

QError CompareWithReturn(const std::vector<double>& q, const std::vector<float>& rewards, double gamma) {
  EQ_CHECK(q.size() == rewards.size() && q.size() >= 2, "one value and one reward for each of two steps or more");
  const size_t counted = q.size() / 2;
  const double share = 1.0 / static_cast<double>(counted);
  QError out;
  double earned = 0, tail = q.back();
  for (size_t t = q.size() - 1; t-- > 0;) {
    earned = rewards[t] + gamma * earned;
    tail *= gamma;
    if (t >= counted) continue;
    out.q += share * q[t];
    out.monte_carlo += share * (earned + tail);
    out.tail += share * tail;
  }
  return out;
}

double BestReturn(const replay::EpisodeBuffer& data, double gamma) {
  double best = -std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < data.size(); ++i) {
    const std::vector<float>& rewards = data[i].rewards;
    double earned = 0, beyond = 1;
    for (size_t t = rewards.size(); t-- > 0;) {
      earned = rewards[t] + gamma * earned;
      beyond *= gamma;
      if (2 * t <= rewards.size()) best = std::max(best, earned / (1 - beyond));
    }
  }
  return data.size() > 0 ? best : 0;
}

}  // namespace equipoise::learn
