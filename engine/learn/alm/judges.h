// judges.h: what is fitted to recorded steps in latents that the slower encoder says: reward, classifier and critics.
//
//   z ~ ebar(s), z' ~ ebar(s')                                                  no gradient
//   reward      mean (r(z, a) - r)^2
//   classifier  mean cross entropy of c(z, a, z'), where the first half of the z' is drawn from p(z, a) instead: false
//   critics     mean (1/2) sum_j (Q_j(z, a) - y)^2,  y = r + gamma min_j Qbar_j(z', actor(z'))
//
// Episodes end by time only, so every target bootstraps.
//
// Shapes   s, s_next [n, S], a [n, A], r [n]; noise [3, n, L]: of z, z' and p; action_noise [n, A]
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/alm/alm_nets.h"
#include "engine/learn/alm/latent_actor.h"
#include "engine/learn/alm/latent_gaussian.h"
#include "engine/learn/alm/least_critic.h"

namespace equipoise::learn {

class Judges {
 public:
  Judges(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n);

  struct Rows {
    const float *s, *a, *r, *s_next;
  };
  struct Told {  // means over rows, before the steps
    double reward_loss = 0, classifier_loss = 0, critic_loss = 0;
    double accuracy = 0;      // of the classifier
    double q = 0, apart = 0;  // of the critics where they learn, and how far they are from each other
    double reward_norm = 0, classifier_norm = 0, critic_norm = 0;
  };
  // Draws z and z', and makes the gradients.
  Told Differentiate(const AlmWeights& weights, const Rows& rows, const float* noise, const float* action_noise,
                     LatentNoise acting, double gamma);
  void Step(AlmWeights* weights, double reward_lr, double critic_lr, double clip, Told* told);
  const std::vector<float>& z() const { return now_.z(); }  // that was drawn

 private:
  int64_t n_, latent_, actions_;
  LatentPass now_, next_, prior_;
  LatentActorPass actor_;
  LeastCritic targets_;
  std::unique_ptr<nets::NetworkPass> reward_, classifier_;
  std::vector<std::unique_ptr<nets::NetworkPass>> critics_;
  std::unique_ptr<nets::Gradient> reward_gradient_, classifier_gradient_;
  std::vector<std::unique_ptr<nets::Gradient>> critic_gradients_;
  std::vector<float> joint_, joint_next_, triple_, mixed_;
};

// Cross entropy of two logits [n, 2], rows [0, false_rows) being false and the others true: the mean, its derivatives
// unless dlogits is null, and the share of rows that the larger logit is right about.
struct CrossEntropy {
  double loss = 0, accuracy = 0;
};
CrossEntropy TwoLogits(int64_t n, int64_t false_rows, const float* logits, float* dlogits);

}  // namespace equipoise::learn
