#include "engine/nets/cpu_parts.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/nets/kernels/kernels.h"
#include "engine/nets/variational.h"

namespace equipoise::nets {
namespace {

const CpuGradient& Ours(const Gradient& gradient) {
  const auto* ours = dynamic_cast<const CpuGradient*>(&gradient);
  EQ_CHECK(ours != nullptr, "a gradient of another back end");
  return *ours;
}

class CpuPass final : public NetworkPass {
 public:
  CpuPass(const MlpSpec& spec, int64_t rows) : rows_(rows) { pass_.Resize(spec, rows, true); }

  void Forward(const Weights& net, const float* x) override {
    net_ = &CpuWeights::Of(net);
    x_ = x;
    pass_.Forward(*net_, x, 0, rows_);
  }
  void Evaluate(const Weights& net, const float* x) override { pass_.Evaluate(CpuWeights::Of(net), x, 0, rows_); }
  const float* output() override { return pass_.output(0); }
  float* output_gradient() override { return pass_.output_gradient(0); }
  void Backward(Gradient* gradient, float* dx) override {
    pass_.BackwardData(*net_, 0, rows_, dx);
    if (gradient != nullptr) pass_.BackwardWeights(*net_, x_, 0, rows_, CpuGradient::Into(gradient));
  }
  void BackwardInput(const std::vector<int64_t>& rows, float* dx) override { pass_.BackwardInput(*net_, rows, dx); }

 private:
  int64_t rows_;
  MlpPass pass_;
  const Parameters* net_ = nullptr;
  const float* x_ = nullptr;
};

class CpuVariationalPass final : public VariationalPass {
 public:
  CpuVariationalPass(const MlpSpec& spec, int64_t rows) : spec_(spec), rows_(rows) { pass_.Resize(spec, rows); }

  void SetNoise(const float* noise) override { noise_ = noise; }
  void Forward(const Weights& net, const float* x) override {
    net_ = &CpuWeights::Of(net);
    pass_.Forward(*net_, x, noise_);
  }
  void Evaluate(const Weights& net, const float* x) override {
    means_.Resize(spec_, rows_, false);
    means_.Evaluate(CpuWeights::Of(net), x, 0, rows_);
    std::copy_n(means_.output(0), rows_ * spec_.outputs, pass_.output());
  }
  const float* output() override { return pass_.output(); }
  float* output_gradient() override { return pass_.output_gradient(); }
  void Backward(Gradient* gradient, float* dx) override { pass_.Backward(*net_, CpuGradient::Into(gradient), dx); }
  void BackwardInput(const std::vector<int64_t>& rows, float* dx) override {
    for (int64_t r = 0, k = 0; r < rows_; ++r) {
      const bool wanted = k < static_cast<int64_t>(rows.size()) && rows[static_cast<size_t>(k)] == r;
      if (wanted) ++k;
      if (!wanted) std::fill_n(pass_.output_gradient() + r * spec_.outputs, spec_.outputs, 0.0f);
    }
    pass_.Backward(*net_, nullptr, dx);
    for (size_t k = 0; k < rows.size(); ++k)
      if (rows[k] != static_cast<int64_t>(k))
        std::copy_n(dx + rows[k] * spec_.inputs, spec_.inputs, dx + static_cast<int64_t>(k) * spec_.inputs);
  }
  double AddDivergence(const Weights& net, double prior_sd, float share, Gradient* gradient) const override {
    return Divergence(CpuWeights::Of(net), prior_sd, share, CpuGradient::Into(gradient));
  }

 private:
  MlpSpec spec_;
  int64_t rows_;
  VariationalMlp pass_;
  MlpPass means_;
  const Parameters* net_ = nullptr;
  const float* noise_ = nullptr;
};

}  // namespace

void CpuGradient::Clear() { std::fill(values_.begin(), values_.end(), 0.0f); }

void CpuGradient::Add(const Gradient& part, float share) { Accumulate(share, Ours(part).values_, &values_); }

void CpuGradient::AddWeights(const Weights& weights, float share) {
  Accumulate(share, CpuWeights::Of(weights).values, &values_);
}

double CpuGradient::Norm() const {
  return std::sqrt(nets::SumOfSquares(static_cast<int64_t>(values_.size()), values_.data()));
}

void CpuGradient::AddWeights(const Weights& weights, const std::vector<float>& shares) {
  const Parameters& net = CpuWeights::Of(weights);
  for (int i = 0; i < net.layout.size(); ++i) {
    const float share = shares[static_cast<size_t>(i)], *from = net.at(i);
    float* to = values_.data() + net.layout[i].offset;
    for (int64_t k = 0; share != 0.0f && k < net.layout[i].size(); ++k) to[k] += share * from[k];
  }
}

float* CpuGradient::Into(Gradient* gradient) {
  if (gradient == nullptr) return nullptr;
  auto* ours = dynamic_cast<CpuGradient*>(gradient);
  EQ_CHECK(ours != nullptr, "a gradient of another back end");
  return ours->values_.data();
}

CpuWeights::CpuWeights(Parameters* net, Adam* adam) : read_(net), net_(net) {
  if (adam != nullptr) guard_.emplace(net, adam);
}

std::unique_ptr<Gradient> CpuWeights::NewGradient() const {
  return std::make_unique<CpuGradient>(read_->values.size());
}

Adam::Outcome CpuWeights::Step(double loss, const Gradient& gradient, double lr, double clip) {
  EQ_CHECK(guard_.has_value(), "weights without moments");
  return guard_->Step(loss, Ours(gradient).values(), lr, clip);
}

void CpuWeights::MoveTowards(const Weights& leader, double tau) {
  EQ_CHECK(net_ != nullptr, "frozen weights");
  if (tau == 1) {  // w + (leader - w) would be rounded
    net_->values = Of(leader).values;
    return;
  }
  Lerp(static_cast<int64_t>(net_->values.size()), static_cast<float>(tau), Of(leader).values.data(),
       net_->values.data());
}

double CpuWeights::SumOfSquares() const {
  return nets::SumOfSquares(static_cast<int64_t>(read_->values.size()), read_->values.data());
}

const Parameters& CpuWeights::Of(const Weights& weights) {
  const auto* ours = dynamic_cast<const CpuWeights*>(&weights);
  EQ_CHECK(ours != nullptr, "weights of another back end");
  return *ours->read_;
}

std::unique_ptr<NetworkPass> NewCpuPass(const MlpSpec& spec, int64_t rows) {
  return std::make_unique<CpuPass>(spec, rows);
}

std::unique_ptr<VariationalPass> NewCpuVariationalPass(const MlpSpec& spec, int64_t rows) {
  return std::make_unique<CpuVariationalPass>(spec, rows);
}

}  // namespace equipoise::nets
