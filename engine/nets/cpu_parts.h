// cpu_parts.h: the parts of network_parts.h by hand-written kernels on the processor: weights stay where they are kept,
// and are trained there.
//
// Thread   as network_parts.h
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/nets/guard.h"
#include "engine/nets/network_parts.h"

namespace equipoise::nets {

class CpuGradient final : public Gradient {
 public:
  explicit CpuGradient(size_t size) : values_(size, 0.0f) {}
  void Clear() override;
  void Add(const Gradient& part, float share) override;
  void AddWeights(const Weights& weights, float share) override;
  double Norm() const override;
  void AddWeights(const Weights& weights, const std::vector<float>& shares) override;
  const std::vector<float>& values() const { return values_; }
  // Where a pass adds; null for null.
  static float* Into(Gradient* gradient);

 private:
  std::vector<float> values_;
};

class CpuWeights final : public Weights {
 public:
  CpuWeights(Parameters* net, Adam* adam);
  explicit CpuWeights(const Parameters& frozen) : read_(&frozen) {}
  std::unique_ptr<Gradient> NewGradient() const override;
  Adam::Outcome Step(double loss, const Gradient& gradient, double lr, double clip) override;
  void MoveTowards(const Weights& leader, double tau) override;
  double SumOfSquares() const override;
  void Store() override {}
  int skipped() const override { return guard_ ? guard_->skipped() : 0; }
  bool reloaded() const override { return guard_ && guard_->reloaded(); }
  // The network that these are the weights of.
  static const Parameters& Of(const Weights& weights);

 private:
  const Parameters* read_;
  Parameters* net_ = nullptr;  // null: frozen
  std::optional<Guard> guard_;
};

std::unique_ptr<NetworkPass> NewCpuPass(const MlpSpec& spec, int64_t rows);
std::unique_ptr<VariationalPass> NewCpuVariationalPass(const MlpSpec& spec, int64_t rows);

}  // namespace equipoise::nets
