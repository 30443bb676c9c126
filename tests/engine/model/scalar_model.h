// scalar_model.h: the scalar linear-quadratic world as a model that is given, with its derivatives:
//
//   s' = a s + .5 u,   r = -(s^2 + .1 u^2)      in units of its own: z = s
#pragma once

#include <memory>
#include <vector>

#include "tests/engine/model/fixed_model.h"

namespace equipoise::test {

class ScalarModel : public FixedModel {
 public:
  explicit ScalarModel(double a) : a_(a) { normaliser_ = {{0, 0}, {1, 1}, {0, 0}, {1, 1}}; }
  int64_t states() const override { return 1; }
  int64_t actions() const override { return 1; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return true; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  model::Belief Draw(int64_t count, Stream&) const override {
    return {count, std::vector<float>(static_cast<size_t>(count), 0.0f)};
  }
  int64_t beliefs_limit() const override { return 1; }
  model::Belief Nth(int64_t) const override { return {1, {0.0f}}; }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Roll>(a_); }

 private:
  class Roll : public model::Rollout {
   public:
    explicit Roll(double a) : a_(a) {}
    void Begin(int64_t rows, int64_t horizon, bool, const model::Belief*, const float*) override {
      rows_ = rows;
      z_.resize(static_cast<size_t>(rows * horizon));
      u_.resize(z_.size());
    }
    void SetBeliefs(const int32_t*) override {}  // there is one
    void Step(int64_t t, const float* z, const float* action, const float*, float* next, float* reward) override {
      for (int64_t r = 0; r < rows_; ++r) {
        const double s = z[r], u = action[r];
        z_[At(t, r)] = s;
        u_[At(t, r)] = u;
        next[r] = static_cast<float>(a_ * s + 0.5 * u);
        reward[r] = static_cast<float>(-(s * s + 0.1 * u * u));
      }
    }
    void StepBackward(int64_t t, const float*, const float*, const float* dreward, float* gradient,
                      float* daction) override {
      for (int64_t r = 0; r < rows_; ++r) {
        const double dnext = gradient[r];
        daction[r] = static_cast<float>(0.5 * dnext - 0.2 * u_[At(t, r)] * dreward[r]);
        gradient[r] = static_cast<float>(a_ * dnext - 2 * z_[At(t, r)] * dreward[r]);
      }
    }
    int64_t clamped() const override { return 0; }

   private:
    size_t At(int64_t t, int64_t r) const { return static_cast<size_t>(t * rows_ + r); }
    double a_;
    int64_t rows_ = 0;
    std::vector<double> z_, u_;
  };

  double a_;
  replay::Normaliser normaliser_;
};

}  // namespace equipoise::test
