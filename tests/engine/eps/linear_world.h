// linear_world.h: a world model whose returns are known in closed form, and policies that always do the same.
//
//   z' = A z + B a + G eps,   r = q z + w a      (one action, two states; w is the whole belief)
#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "engine/nets/policy.h"
#include "tests/engine/model/fixed_model.h"

namespace equipoise::test {

struct LinearSystem {
  double a[2][2] = {{0.9, 0.2}, {-0.1, 0.8}};
  double b[2] = {0.5, -0.3}, g[2] = {0.0, 0.0}, q[2] = {1.0, -2.0};
};

class LinearWorld : public test::FixedModel {
 public:
  // `draw` gives the next mask's w.
  LinearWorld(LinearSystem system, std::function<float(Stream&)> draw) : system_(system), draw_(std::move(draw)) {
    normaliser_ = {{1.0f, -2.0f, 0.0f}, {0.5f, 4.0f, 1.0f}, {0.0f, 0.0f, 3.0f}, {1.0f, 1.0f, 2.0f}};
  }
  int64_t states() const override { return 2; }
  int64_t actions() const override { return 1; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return true; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}
  model::Belief Draw(int64_t count, Stream& stream) const override {
    model::Belief belief;
    belief.count = count;
    for (int64_t i = 0; i < count; ++i) belief.data.push_back(draw_(stream));
    return belief;
  }
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Roll>(system_); }

  // The mean return, in raw units, of the constant action from the raw start.
  double Return(double action, double w, double s0, double s1, int horizon) const {
    double z[2] = {(s0 - 1.0) / 0.5, (s1 + 2.0) / 4.0}, sum = 0;
    for (int t = 0; t < horizon; ++t) {
      sum += 2.0 * (system_.q[0] * z[0] + system_.q[1] * z[1] + w * action) + 3.0;
      Advance(z, action);
    }
    return sum;
  }
  // The variance that the dynamics' noise gives to one return.
  double Variance(int horizon) const {
    double sum = 0;
    for (int noise = 0; noise < 2; ++noise) {
      for (int at = 0; at < horizon; ++at) {
        double z[2] = {noise == 0 ? system_.g[0] : 0, noise == 1 ? system_.g[1] : 0}, effect = 0;
        for (int t = at + 1; t < horizon; ++t) {
          effect += 2.0 * (system_.q[0] * z[0] + system_.q[1] * z[1]);
          Advance(z, 0);
        }
        sum += effect * effect;
      }
    }
    return sum;
  }

 private:
  void Advance(double* z, double action) const {
    const double next[2] = {system_.a[0][0] * z[0] + system_.a[0][1] * z[1] + system_.b[0] * action,
                            system_.a[1][0] * z[0] + system_.a[1][1] * z[1] + system_.b[1] * action};
    z[0] = next[0];
    z[1] = next[1];
  }

  class Roll : public model::Rollout {
   public:
    explicit Roll(const LinearSystem& system) : s_(system) {}
    void Begin(int64_t rows, int64_t, bool, const model::Belief* beliefs, const float*) override {
      rows_ = rows;
      beliefs_ = beliefs;
    }
    void Step(int64_t, const float* z, const float* action, const float* noise, float* next, float* reward) override {
      for (int64_t r = 0; r < rows_; ++r) {
        const float w = beliefs_->data[static_cast<size_t>(r % beliefs_->count)];
        const double z0 = z[2 * r], z1 = z[2 * r + 1], a = action[r];
        reward[r] = static_cast<float>(s_.q[0] * z0 + s_.q[1] * z1 + w * a);
        for (int j = 0; j < 2; ++j)
          next[2 * r + j] =
              static_cast<float>(s_.a[j][0] * z0 + s_.a[j][1] * z1 + s_.b[j] * a + s_.g[j] * noise[2 * r + j]);
      }
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    int64_t clamped() const override { return 0; }

   private:
    LinearSystem s_;
    int64_t rows_ = 0;
    const model::Belief* beliefs_ = nullptr;
  };

  LinearSystem system_;
  std::function<float(Stream&)> draw_;
  replay::Normaliser normaliser_;
};

// Always the same action (within 1e-4), or spread around it by `sigma`.
inline nets::Policy ConstantPolicy(int64_t states, const std::vector<double>& action, double sigma = 0) {
  Stream stream(1, "constant");
  const auto actions = static_cast<int64_t>(action.size());
  nets::Policy policy(states, actions, 4, 1, sigma > 0 ? 2 * sigma : 1e-9, stream);  // sigmoid(0) = 1/2
  policy.net.Fill(policy.net.layout.Find("w_out"), 0.0f);
  for (size_t j = 0; j < action.size(); ++j)
    policy.net.at(policy.net.layout.Find("b_out"))[j] = static_cast<float>(std::atanh(action[j]));
  return policy;
}

}  // namespace equipoise::test
