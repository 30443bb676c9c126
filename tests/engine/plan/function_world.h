// function_world.h: a world model whose step is a function of raw numbers, seen through a normaliser as every model is.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tests/engine/model/fixed_model.h"

namespace equipoise::test {

class FunctionWorld : public FixedModel {
 public:
  // Writes the next state and returns the reward. `belief`: the number that a belief is; `noise` [states].
  using Function =
      std::function<double(const double* state, const float* action, const float* noise, float belief, double* next)>;

  FunctionWorld(int64_t states, int64_t actions, Function step)
      : states_(states), actions_(actions), step_(std::move(step)) {
    for (int64_t j = 0; j < states + actions; ++j) {
      normaliser_.x_mean.push_back(0.1f * static_cast<float>(j));
      normaliser_.x_sd.push_back(0.5f + 0.25f * static_cast<float>(j));
    }
    normaliser_.y_mean.assign(static_cast<size_t>(states + 1), 0.5f);
    normaliser_.y_sd.assign(static_cast<size_t>(states + 1), 2.0f);
  }
  int64_t states() const override { return states_; }
  int64_t actions() const override { return actions_; }
  int64_t carry_size() const override { return carries_; }
  bool trained() const override { return true; }
  bool has_spread() const override { return noisy; }
  int64_t beliefs_limit() const override { return noisy ? kBeyondCount : 1; }
  model::Belief Nth(int64_t) const override { return {1, {0.0f}}; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  // One number from the stream each.
  model::Belief Draw(int64_t count, Stream& stream) const override {
    model::Belief belief{count, std::vector<float>(static_cast<size_t>(count))};
    stream.Normal(belief.data.data(), belief.data.size());
    return belief;
  }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Roll>(*this); }

  bool noisy = false;
  // The carry counts the steps and adds up the actions: a reward of `memory` times that sum.
  void Remember(double memory) {
    carries_ = 2;
    memory_ = memory;
  }

 private:
  class Roll : public model::Rollout {
   public:
    explicit Roll(const FunctionWorld& world) : w_(world) {}
    void Begin(int64_t rows, int64_t, bool, const model::Belief* beliefs, const float* carry) override {
      rows_ = rows;
      beliefs_ = beliefs;
      carry_.assign(static_cast<size_t>(2 * rows), 0.0f);
      if (carry != nullptr && w_.carries_ > 0) carry_.assign(carry, carry + 2 * rows);
    }
    void Step(int64_t, const float* z, const float* action, const float* noise, float* next, float* reward) override {
      const int64_t S = w_.states_;
      std::vector<double> now(static_cast<size_t>(S)), then(now.size());
      const replay::Normaliser& n = w_.normaliser_;
      for (int64_t r = 0; r < rows_; ++r) {
        const auto of = [](const std::vector<float>& v, int64_t j) { return double(v[static_cast<size_t>(j)]); };
        for (int64_t j = 0; j < S; ++j) now[static_cast<size_t>(j)] = z[r * S + j] * of(n.x_sd, j) + of(n.x_mean, j);
        double raw = w_.step_(now.data(), action + r * w_.actions_, noise + r * S,
                              beliefs_->data[static_cast<size_t>(r % beliefs_->count)], then.data());
        float* carry = carry_.data() + 2 * r;
        carry[0] += 1;
        carry[1] += action[r * w_.actions_];
        raw += w_.memory_ * static_cast<double>(carry[1]);
        for (int64_t j = 0; j < S; ++j)
          next[r * S + j] = static_cast<float>((then[static_cast<size_t>(j)] - of(n.x_mean, j)) / of(n.x_sd, j));
        reward[r] = static_cast<float>((raw - of(n.y_mean, S)) / of(n.y_sd, S));
      }
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    int64_t clamped() const override { return 0; }
    void Carry(float* out) const override { std::copy(carry_.begin(), carry_.end(), out); }

   private:
    const FunctionWorld& w_;
    int64_t rows_ = 0;
    const model::Belief* beliefs_ = nullptr;
    std::vector<float> carry_;
  };

  const int64_t states_, actions_;
  int64_t carries_ = 0;
  double memory_ = 0;
  const Function step_;
  replay::Normaliser normaliser_;
};

// The double integrator of problems.h.
inline FunctionWorld DoubleIntegrator() {
  return {2, 1, [](const double* s, const float* a, const float*, float, double* next) {
            next[0] = s[0] + 0.1 * s[1] + 0.005 * a[0];
            next[1] = s[1] + 0.1 * a[0];
            return -(s[0] * s[0] + 0.1 * s[1] * s[1] + 0.1 * a[0] * a[0]);
          }};
}

}  // namespace equipoise::test
