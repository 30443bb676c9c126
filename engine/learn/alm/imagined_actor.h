// imagined_actor.h: the actor, fitted to what it earns in some steps of the latent model.
//
//   z_0 given;  a_k = actor(z_k, held),  z_{k+1} ~ p(z_k, a_k)                                     reparameterised
//   r~_k = r(z_k, a_k) + cost (c_1 - c_0)(z_k, a_k, z_{k+1} held)
//   loss = -(1/(H n)) sum_k gamma^k G_k,  G the lambda-return of r~ with V_k = min_j Q_j(z_k, a_k held)
//
// Held: no gradient goes through there. Gradients go to the actor alone: by its actions through r, c and p, and by the
// latents that follow through r, c, p and Q.
//
// Shapes   z [n, L]; noise [H, n, L]; action_noise [H + 1, n, A]
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/alm/alm_nets.h"
#include "engine/learn/alm/latent_actor.h"
#include "engine/learn/alm/latent_gaussian.h"
#include "engine/learn/alm/least_critic.h"

namespace equipoise::learn {

struct ImaginedReturn {
  double gamma = 0, lambda = 0, cost = 0;
};

class ImaginedActor {
 public:
  ImaginedActor(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n,
                int64_t horizon);

  struct Told {  // means over rows
    double loss = 0;
    double bound = 0;      // G_0: what the actor is promised, and climbs
    double likeness = 0;   // c_1 - c_0 of an imagined step
    double saturated = 0;  // share of the first actions that lie where tanh is flat
    double norm = 0;
  };
  Told Differentiate(const AlmWeights& weights, const float* z, const float* noise, const float* action_noise,
                     LatentNoise acting, const ImaginedReturn& settings);
  void Step(AlmWeights* weights, double lr, double clip, Told* told);

 private:
  struct Imagined {  // one step
    Imagined(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n);
    LatentActorPass actor;
    LatentPass prior;
    std::unique_ptr<nets::NetworkPass> reward, classifier;
    LeastCritic critics;
    std::vector<float> joint, triple;  // [z, a], [z, a, z']
  };
  void WalkBack(const ImaginedReturn& settings);

  int64_t n_, horizon_, latent_, actions_;
  std::vector<Imagined> at_;  // the last one has an action and a value alone
  std::unique_ptr<nets::Gradient> gradient_;
  std::vector<float> rewards_, values_, returns_;
};

}  // namespace equipoise::learn
