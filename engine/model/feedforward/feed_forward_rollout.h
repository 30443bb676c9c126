// feed_forward_rollout.h: imagination in a feed-forward model, with gradients for states and actions. See
// world_model.h for the contract.
//
// Rows are put together by the network they roll under: one product a network, layer and step.
#pragma once

#include <vector>

#include "engine/model/feedforward/feed_forward.h"
#include "engine/model/model_units.h"

namespace equipoise::model {

class FeedForwardRollout : public Rollout {
 public:
  // The model outlives it.
  explicit FeedForwardRollout(const FeedForward& model);

  void SetBeliefs(const int32_t* of) override { belief_of_ = of; }
  void Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float* carry) override;
  void Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next, float* reward) override;
  void StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward, float* gradient,
                    float* daction) override;
  void SampleReward(int64_t t, const float* noise, float* reward) override;
  // The spread of means alone is what the last fit left of them.
  void Moments(int64_t t, float* mean, float* sd) override;
  int64_t clamped() const override { return clamped_; }

 private:
  // Which rows a step puts together: those of group g are order[begin[g]] to order[begin[g + 1]] - 1, and lie in its
  // pass from row first[g] on.
  struct Order {
    std::vector<int32_t> order;
    std::vector<int64_t> begin, first;
  };
  Order OrderOf(int64_t t, const Belief& beliefs) const;
  const Order& At(int64_t t) const { return orders_[static_cast<size_t>(belief_of_ != nullptr ? t : 0)]; }
  // Where step t lies in the pass of group g.
  int64_t First(const Order& order, size_t g, int64_t t) const;
  // Rows of `width` numbers in the order of a step, and back.
  const float* Packed(const Order& order, int64_t width, const float* rows, std::vector<float>* room) const;
  void Unpack(const Order& order, int64_t width, const float* packed, float* rows) const;

  const FeedForward& model_;
  const int64_t S_, A_;
  RolloutUnits units_;
  Angles angles_;
  int64_t rows_ = 0, clamped_ = 0;
  bool keep_ = false;
  const int32_t* belief_of_ = nullptr;
  NetGroups groups_;
  std::vector<Order> orders_;
  std::vector<nets::MlpPass> passes_;
  std::vector<float> x_, z_, noise_, next_, reward_, dreward_, gradient_, dx_;  // packed, of one step
};

}  // namespace equipoise::model
