// representation.h: encoder and latent model, fitted to what a lower bound on the return wants of them (Ghugare et al.
// 2022).
//
//   z_0 ~ e(s_0);  for t < W:  z_{t+1} ~ p(z_t, a_t)                          recorded actions, reparameterised
//   loss = mean of  sum_t [ KL(p(z_t, a_t) | ebar(s_{t+1})) - r(z_t, a_t) ]  -  min_j Q_j(z_W, a ~ actor(z_W))
//
// undiscounted. Gradients go to e and p alone: through r and Q, which stay as they are, but not through ebar nor through
// the last action.
//
// Shapes   windows.h; noise [W + 1, n, L]; action_noise [n, A]
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/alm/alm_nets.h"
#include "engine/learn/alm/latent_actor.h"
#include "engine/learn/alm/latent_gaussian.h"
#include "engine/learn/alm/least_critic.h"
#include "engine/learn/alm/windows.h"

namespace equipoise::learn {

class Representation {
 public:
  // For n windows of that many steps; `nets` says the shapes.
  Representation(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n,
                 int64_t steps);

  struct Told {  // means over rows
    double loss = 0;
    double kl = 0;                 // of one step
    double reward = 0, value = 0;  // sum of a window's r, and Q behind it
    double at_least_sd = 0;        // share of the encoder's deviations that are nearly as small as they can be
    double at_edge = 0;            // share of its means near +-30
    double model_norm = 0, encoder_norm = 0;
  };
  // The loss's gradients at these windows.
  Told Differentiate(const AlmWeights& weights, const Windows& windows, const float* noise, const float* action_noise,
                     LatentNoise acting);
  // One guarded step of each.
  void Step(AlmWeights* weights, double lr, double clip, Told* told);

 private:
  struct Unrolled {  // a step of the window
    Unrolled(const nets::NetworkParts& parts, const AlmNets& nets, int64_t n)
        : prior(parts, nets.model.spec, n), reward(parts.NewPass(nets.reward.spec, n)) {}
    LatentPass prior;
    std::unique_ptr<nets::NetworkPass> reward;
    std::vector<float> joint;  // [z_t, a_t]
  };

  int64_t n_, steps_, latent_, actions_;
  LatentPass encoder_, target_;
  LatentActorPass actor_;
  LeastCritic critics_;
  std::vector<Unrolled> at_;
  std::vector<float> last_, dz_, djoint_;
  std::unique_ptr<nets::Gradient> encoder_gradient_, model_gradient_;
};

}  // namespace equipoise::learn
