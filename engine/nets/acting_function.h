// acting_function.h: what somebody who acts makes of one observation, as a value: enough to act by elsewhere.
//
//   p = (observation - mean) / sd
//   encodes()       [m | s] = encoder(p) is a bounded Gaussian (learn/alm/latent_gaussian.h); p = m + sd(s) eps
//   [m | s] = net(p)
//   with a spread   a = tanh(m + sigma(s) eps)                      spread.h
//   without one     a = clamp(tanh(m) + noise_sd eps, -1, 1)        exploration
//
// The mean action is the same with eps = 0. Of noise that remembers (theta below 1) eps is n_t / noise_sd with
// n_t = (1 - theta) n_{t-1} + noise_sd N(0, 1), which whoever acts keeps.
//
// Shapes   observation [states]; action [actions]; eps [noise()]: of the latent first, then of the actions
// Thread   a value; any
#pragma once

#include <vector>

#include "engine/nets/policy.h"

namespace equipoise::nets {

struct ActingFunction {
  std::vector<float> mean, sd;  // the input affine, [states]
  MlpSpec encoder_spec = {};
  Parameters encoder = {};
  MlpSpec spec = {};
  Parameters net = {};
  Spread spread = Spread::None();
  double noise_sd = 0, noise_theta = 1;
  int64_t actions = 0;

  int64_t states() const { return static_cast<int64_t>(mean.size()); }
  bool encodes() const { return encoder_spec.outputs > 0; }
  int64_t noise() const { return actions + (encodes() ? encoder_spec.outputs / 2 : 0); }

  static ActingFunction Of(const Policy& policy) {
    ActingFunction f;
    f.mean = policy.mean;
    f.sd = policy.sd;
    f.spec = policy.spec;
    f.net = policy.net;
    f.spread = policy.spread;
    f.actions = policy.actions();
    return f;
  }
};

}  // namespace equipoise::nets
