#include "engine/learn/q_error.h"

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

}  // namespace equipoise::learn
