// network_parts.h: what a back end makes for whoever trains a network: the parts that live where it keeps numbers.
//
// Weights are on the back end's device from the beginning of a phase of training until Store; whatever passes between
// parts (inputs, outputs and their derivatives, a batch of rows at a time) is in host arrays. So a learner is written
// once, and a back end is a handful of these.
//
// Shapes   x and dx [rows, inputs], y and dy [rows, outputs]
// Thread   a pass and its gradient belong to one thread at a time; Weights may be read by several, and are changed when
//          nobody reads them
// Errors   parts of two back ends do not fit together: InternalError
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/team.h"
#include "engine/nets/mlp.h"

namespace equipoise::nets {

class Weights;

// Of a loss with respect to one network's weights: a sum that passes add to.
class Gradient {
 public:
  virtual ~Gradient() = default;
  virtual void Clear() = 0;
  // sum += share * part
  virtual void Add(const Gradient& part, float share) = 0;
  virtual void AddWeights(const Weights& weights, float share) = 0;
  virtual double Norm() const = 0;
  // By a share for each block of the layout.
  virtual void AddWeights(const Weights& weights, const std::vector<float>& shares) = 0;
};

// All weights of one network, and Adam's moments under a guard (guard.h) where they are trained.
class Weights {
 public:
  virtual ~Weights() = default;
  virtual std::unique_ptr<Gradient> NewGradient() const = 0;
  // One guarded step. `loss` is what must be finite beside the gradient; clip 0: no clipping.
  virtual Adam::Outcome Step(double loss, const Gradient& gradient, double lr, double clip) = 0;
  // w += tau (leader - w), for a slower copy of `leader`.
  virtual void MoveTowards(const Weights& leader, double tau) = 0;
  virtual double SumOfSquares() const = 0;
  // To where they were taken from, which is not looked at before. Until then, what is there may be out of date, and a
  // phase that ends with an exception may leave it so.
  virtual void Store() = 0;
  // Of the guard, since the phase began.
  virtual int skipped() const = 0;
  virtual bool reloaded() const = 0;
};

// One multilayer perceptron on a fixed number of rows, forwards and back.
class NetworkPass {
 public:
  virtual ~NetworkPass() = default;
  // `x` and `net` stay as they are until the last Backward.
  virtual void Forward(const Weights& net, const float* x) = 0;
  // The same outputs, quicker, for what will not be walked back before the next Forward.
  virtual void Evaluate(const Weights& net, const float* x) = 0;
  // Where the outputs of the last Forward or Evaluate are, always the same place; and where the caller writes dLoss/dy
  // before walking back.
  virtual const float* output() = 0;
  virtual float* output_gradient() = 0;
  // After Forward, once: adds the weights' gradient to *gradient and writes the inputs' to dx, each unless it is null.
  virtual void Backward(Gradient* gradient, float* dx) = 0;
  // In its place: the inputs' gradient of the rows listed, in rising order, one behind the other. The other rows'
  // dLoss/dy does not matter. dx has room for all rows.
  virtual void BackwardInput(const std::vector<int64_t>& rows, float* dx) = 0;
};

// The same of one that is not sure of its weights (variational.h): Forward draws activations, Evaluate takes the means.
class VariationalPass : public NetworkPass {
 public:
  // Standard normals for the next Forward, NoiseSize of them, which stay as they are until the last Backward.
  virtual void SetNoise(const float* noise) = 0;
  // KL of all weights to N(0, prior_sd^2), in nats; adds `share` times its derivatives.
  virtual double AddDivergence(const Weights& net, double prior_sd, float share, Gradient* gradient) const = 0;
};

class NetworkParts {
 public:
  virtual ~NetworkParts() = default;
  // Both are the caller's and outlive the weights. adam null: never stepped (a slower copy).
  virtual std::unique_ptr<Weights> NewWeights(Parameters* net, Adam* adam) const = 0;
  virtual std::unique_ptr<const Weights> Freeze(const Parameters& net) const = 0;
  virtual std::unique_ptr<NetworkPass> NewPass(const MlpSpec& spec, int64_t rows) const = 0;
  virtual std::unique_ptr<VariationalPass> NewVariationalPass(const MlpSpec& spec, int64_t rows) const = 0;
  // How rows of one gradient step are cut into pieces that are computed beside each other: made of whole shards
  // (ShardsOf), which have random streams of their own, so that draws do not depend on it.
  virtual std::vector<Shard> PiecesOf(int64_t rows) const = 0;
};

}  // namespace equipoise::nets
