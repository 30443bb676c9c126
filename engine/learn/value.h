// value.h: a state value while it is trained, on any back end; a gradient step may be cut into pieces of rows.
//
//   V(s) = scale * net(s), V' by the slower copy
//   loss = sum_i w_i (net(s_i) - y_i / scale)^2 / n     in the network's own units
//
// Shapes   s and ds [n, S], v, dv, y and w [n]
// Thread   a piece belongs to one thread, pieces may be computed beside each other; the rest on one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/targeted_net.h"
#include "engine/nets/network_parts.h"

namespace equipoise::learn {

class Value {
 public:
  // `net` is the caller's and outlives this; from now until Store the weights are the parts'.
  Value(const nets::NetworkParts& parts, TargetedNet* net, double scale);
  // One without a slower copy: neither Target nor Polyak.
  Value(const nets::NetworkParts& parts, const nets::MlpSpec& spec, nets::Parameters* net, nets::Adam* adam,
        double scale);

  class Piece {
   public:
    Piece(const Value& value, int64_t rows);
    // Of the slower copy; then from dLoss/dv to dLoss/ds.
    void Target(const float* s, float* v);
    void TargetGradient(const float* dv, float* ds);

    struct Fitted {
      double loss = 0;  // as above
      double mean = 0;  // of V(s)
    };
    // The loss on this piece alone, whose gradient it keeps for Value::Add.
    Fitted Differentiate(const float* s, const float* y, const double* weight);
    // The same in two, for another loss: the network's own outputs, and from dLoss/dnet [n] to the gradient.
    const float* Forward(const float* s);
    void Backward(const float* dnet);

   private:
    friend class Value;
    const Value& value_;
    int64_t rows_;
    std::unique_ptr<nets::NetworkPass> target_pass_, pass_;
    std::unique_ptr<nets::Gradient> gradient_;
  };

  // One step: Clear, Add every piece by its share of the rows, Step.
  void Clear() { gradient_->Clear(); }
  void Add(const Piece& piece, float share) { gradient_->Add(*piece.gradient_, share); }
  nets::Adam::Outcome Step(double loss, double lr, double clip = 0) { return net_->Step(loss, *gradient_, lr, clip); }
  double gradient_norm() const { return gradient_->Norm(); }
  void Polyak(double tau) { target_->MoveTowards(*net_, tau); }

  void Store();
  int skipped() const { return net_->skipped(); }
  bool reloaded() const { return net_->reloaded(); }

 private:
  const nets::NetworkParts& parts_;
  nets::MlpSpec spec_;
  double scale_;
  std::unique_ptr<nets::Weights> net_, target_;
  std::unique_ptr<nets::Gradient> gradient_;
};

}  // namespace equipoise::learn
