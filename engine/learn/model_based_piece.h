// model_based_piece.h: some of the imagined trajectories of one gradient step on a policy: a smaller problem of the same
// kind, whose loss is a mean over its own rows, computed beside the other pieces.
//
// Draws belong to the shards of all rows (ShardsOf), each of which has random streams of its own; a back end decides
// how many shards make up a piece.
//
// Shapes   start [rows, S] normalised, noise [T, rows, A] and [T, rows, S], dreward and dlog_prob [T, rows]
// Thread   one thread at a time
#pragma once

#include <memory>
#include <vector>

#include "engine/learn/model_based.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

// A policy in training and the whole gradient of a step.
struct PolicyInTraining {
  PolicyInTraining(const model::ModelParts& with, nets::Policy* trained, nets::Adam* adam)
      : parts(with),
        policy(*trained),
        weights(with.NewWeights(&trained->net, adam)),
        gradient(weights->NewGradient()) {}
  const model::ModelParts& parts;
  const nets::Policy& policy;
  std::unique_ptr<nets::Weights> weights;
  std::unique_ptr<nets::Gradient> gradient;
};

struct ImaginedPiece {
  ImaginedPiece(const ImaginationInputs& in, const PolicyInTraining& policy, const Shard& which, int64_t all_rows,
                int64_t steps, bool detach_input);

  struct DrawnShard {
    uint64_t index = 0;  // of its streams
    Shard rows;          // within the piece
  };
  // Of actions and dynamics: "mb.act" and "mb.dyn".
  void DrawNoise(const ImaginationInputs& in, uint64_t step);
  // `carry`: [rows, carry size], or null for the start of an episode. Also measures `entropy`.
  void Run(const float* carry);
  void Backward(const float* dz);

  int64_t n, horizon;
  std::vector<DrawnShard> shards;
  std::unique_ptr<model::Trajectories> imagined;
  std::unique_ptr<nets::Gradient> gradient;
  model::Belief beliefs;
  std::vector<float> start, action_noise, dynamics_noise, dreward, dlog_prob;
  double entropy = 0;  // mean of -log pi
};

}  // namespace equipoise::learn
