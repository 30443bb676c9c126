#include "engine/learn/ppo_loss.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {

void GeneralisedAdvantage(int64_t steps, const float* reward, const float* value, double gamma, double lambda,
                          float* advantage, float* value_target) {
  double next = 0;
  for (int64_t t = steps - 1; t >= 0; --t) {
    const double d = reward[t] + gamma * value[t + 1] - value[t];
    next = d + gamma * lambda * next;
    advantage[t] = static_cast<float>(next);
    value_target[t] = static_cast<float>(next + value[t]);
  }
}

void Standardise(int64_t n, float* advantage) {
  double mean = 0, square = 0;
  for (int64_t i = 0; i < n; ++i) mean += advantage[i] / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) square += (advantage[i] - mean) * (advantage[i] - mean);
  const double sd = n > 1 ? std::sqrt(square / static_cast<double>(n - 1)) : 0;
  for (int64_t i = 0; i < n; ++i) advantage[i] = static_cast<float>((advantage[i] - mean) / (sd + 1e-8));
}

PolicyLoss ClippedPolicyLoss(int64_t n, const float* log_prob, const float* old_log_prob, const float* advantage,
                             double clip, float* dlog_prob) {
  PolicyLoss out;
  const double share = 1.0 / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) {
    const double log_rho = static_cast<double>(log_prob[i]) - old_log_prob[i], rho = std::exp(log_rho);
    const double A = advantage[i], free = rho * A, held = std::clamp(rho, 1 - clip, 1 + clip) * A;
    out.loss -= share * std::min(free, held);
    out.clipped += share * (std::fabs(rho - 1) > clip);
    out.kl += share * ((rho - 1) - log_rho);
    // Where the held product is the lesser one, rho is beyond the clip and the loss is flat. Not a number stays so.
    const bool flat = held < free;
    dlog_prob[i] = flat ? 0.0f : static_cast<float>(-share * A * rho);
  }
  return out;
}

double ClippedValueLoss(int64_t n, const float* v, const float* old_v, const float* value_target, double clip,
                        double weight, float* dv) {
  double loss = 0;
  const double share = weight / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) {
    const double error = static_cast<double>(v[i]) - value_target[i], moved = static_cast<double>(v[i]) - old_v[i];
    double used = error, slope = 1;
    if (clip > 0) {
      const double held = old_v[i] + std::clamp(moved, -clip, clip) - value_target[i];
      if (error * error < held * held) {
        used = held;
        slope = std::fabs(moved) <= clip ? 1 : 0;
      }
    }
    loss += share * used * used;
    dv[i] = static_cast<float>(2 * share * used * slope);
  }
  return loss;
}

}  // namespace equipoise::learn
