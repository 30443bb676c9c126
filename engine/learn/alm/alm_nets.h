// alm_nets.h: the networks of an aligned latent model as they are kept between two phases of training, and while they
// are trained.
//
//   encoder     e(z | s)        bounded Gaussian (latent_gaussian.h); the only one that sees observations
//   model       p(z' | z, a)    bounded Gaussian
//   reward      r(z, a)
//   classifier  c(z, a, z')     two logits: not what followed in reality, and what did
//   critics     Q_0, Q_1(z, a)
//   actor       m(z);  a = tanh m, with noise of a given size (latent_actor.h)
//
// ELU units in encoder, model and actor; layer normalisation and ReLU in the others. Weights start orthogonal, biases 0.
//
// Shapes   z [latent]
// Thread   const use from several
// Errors   Load as nets/trainable.h
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "engine/learn/alm/alm_settings.h"
#include "engine/learn/kept_critics.h"
#include "engine/nets/network_parts.h"

namespace equipoise::learn {

struct AlmNet {
  nets::MlpSpec spec;
  nets::Parameters net;
  nets::Adam adam;
};

struct AlmNets {
  AlmNets(int64_t states, int64_t actions, const config::Settings& s);

  int64_t states() const { return encoder.spec.inputs; }
  int64_t actions() const { return actor.spec.outputs; }
  int64_t latent() const { return actor.spec.inputs; }
  const nets::MlpSpec& critic_spec() const { return reward.spec; }  // the same shape
  // `count` states appended to the observation (> 0) or removed from its end (< 0).
  void EditStates(int64_t count);
  bool finite() const;
  void Save(ArchiveWriter& out) const;
  void Load(const ArchiveReader& in);

  TargetedNet encoder;
  AlmNet model, reward, classifier, actor;
  KeptCritics critics;
};

struct AlmWeights {
  using Weights = std::unique_ptr<nets::Weights>;

  // `kept` outlives it; from now until Store the weights are the parts'.
  AlmWeights(const nets::NetworkParts& parts, AlmNets* kept);
  // Encoder and critics.
  void MoveSlower(double tau);
  void Store();
  int skipped() const;
  bool reloaded() const;

  Weights encoder, slow_encoder, model, reward, classifier, actor;
  std::vector<Weights> critics, slow_critics;

 private:
  std::vector<nets::Weights*> Stepped() const;
};

// Rows of several arrays side by side, each [n, its width].
struct Columns {
  const float* from;
  int64_t width;
};
void JoinColumns(int64_t n, const std::vector<Columns>& parts, std::vector<float>* joint);
// to [n, width] += the columns [first, first + width) of `joint` [n, all]
void AddColumns(int64_t n, int64_t all, int64_t first, int64_t width, const std::vector<float>& joint, float* to);

}  // namespace equipoise::learn
