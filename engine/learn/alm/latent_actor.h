// latent_actor.h: the actor of latents while it is trained, and the noise on its actions, there and on the real task.
//
//   a = clamp(tanh m(z) + clamp(sd eps, -c, c), -1, 1)
//
// Derivatives go through the outer clamp as if it were not there: da/dm = 1 - tanh(m)^2.
//
// Shapes   z [n, L], eps and a [n, A]; n fixed
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/nets/network_parts.h"

namespace equipoise::learn {

struct LatentNoise {
  double sd = 0, clip = 0;  // clip 0: none
};

// clamp(tanh m + noise, -1, 1), count entries.
void NoisyAction(int64_t count, const float* m, const float* eps, LatentNoise noise, float* a);

class LatentActorPass {
 public:
  LatentActorPass(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows);

  void Act(const nets::Weights& net, const float* z, const float* eps, LatentNoise noise);
  // The same, of what will not be walked back.
  void Evaluate(const nets::Weights& net, const float* z, const float* eps, LatentNoise noise);
  const std::vector<float>& action() const { return action_; }
  // After Act. Nothing goes on to z: the actor's loss sees what it acts on as given.
  void Backward(const float* daction, nets::Gradient* gradient);
  // Of the last actions without noise, the share beyond tanh(+-3), where tanh is flat and an actor hardly learns.
  double SaturatedShare();

 private:
  std::unique_ptr<nets::NetworkPass> pass_;
  std::vector<float> action_;
};

}  // namespace equipoise::learn
