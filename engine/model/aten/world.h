// world.h: a world model with constant weights on a device of LibTorch.
//
// Thread   one at a time
#pragma once

#include <memory>
#include <utility>

#include "engine/model/aten/reference.h"

namespace equipoise::model {

class AtenWorld {
 public:
  explicit AtenWorld(ReferenceUnits units) : units_(std::move(units)) {}
  virtual ~AtenWorld() = default;
  const ReferenceUnits& units() const { return units_; }
  // A rollout of `rows`, row r under belief r % count; `carry` [rows, carry_size] or null. It refers to this world.
  virtual ReferenceNetwork Begin(int64_t rows, const Belief& beliefs, const float* carry) = 0;

 private:
  ReferenceUnits units_;
};

// Of a dropout LSTM or a feed-forward model, which outlives it; InternalError for any other.
std::unique_ptr<AtenWorld> NewAtenWorld(const WorldModel& model, const at::Device& device);

// [rows, mask layers, H] of a dropout LSTM: row r under belief r % count.
at::Tensor MasksOf(const Belief& beliefs, int64_t hidden, int64_t rows, const at::Device& device);

}  // namespace equipoise::model
