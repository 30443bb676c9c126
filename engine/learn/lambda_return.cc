#include "engine/learn/lambda_return.h"

namespace equipoise::learn {

void LambdaReturn(int64_t horizon, int64_t n, const float* reward, const float* value, double gamma, double lambda,
                  float* g) {
  for (int64_t i = 0; i < n; ++i) {
    double next = value[(horizon - 1) * n + i];
    for (int64_t k = horizon - 1; k >= 0; --k) {
      next = reward[k * n + i] + gamma * ((1.0 - lambda) * value[k * n + i] + lambda * next);
      g[k * n + i] = static_cast<float>(next);
    }
  }
}

void LambdaReturnGradient(int64_t horizon, int64_t n, double gamma, double lambda, float* dreward, float* dvalue) {
  // G_k depends on G_{k+1} with factor gamma lambda, so dLoss/dG_k gathers the weights of all earlier returns.
  double d = 0, weight = 1;
  const double share = 1.0 / static_cast<double>(horizon * n);
  for (int64_t k = 0; k < horizon; ++k) {
    d = -weight * share + gamma * lambda * d;
    const bool last = k == horizon - 1;
    for (int64_t i = 0; i < n; ++i) {
      dreward[k * n + i] = static_cast<float>(d);
      dvalue[k * n + i] = static_cast<float>(d * gamma * (last ? 1.0 : 1.0 - lambda));
    }
    weight *= gamma;
  }
}

}  // namespace equipoise::learn
