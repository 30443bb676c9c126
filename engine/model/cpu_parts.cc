// The parts of model_parts.h on the processor: sequence_pass.h and imagination.h.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/model/model_parts.h"
#include "engine/model/sequence_pass.h"
#include "engine/nets/cpu_parts.h"

namespace equipoise::model {
namespace {

using nets::CpuGradient;
using nets::CpuWeights;

class CpuSequences final : public Sequences {
 public:
  explicit CpuSequences(const LstmSpec& spec) : spec_(spec) {}

  double Differentiate(const nets::Weights& net, const float* x, const float* y, int64_t horizon, int64_t batch,
                       const Belief& beliefs, float scale, nets::Gradient* gradient) override {
    const nets::Parameters& weights = CpuWeights::Of(net);
    pass_.Forward(spec_, weights, x, horizon, batch, beliefs, true);
    double sum = 0, none = 0;
    pass_.Loss(y, scale, spec_.outputs() - 1, &sum, &none);
    pass_.Backward(weights, x, beliefs, CpuGradient::Into(gradient));
    return sum;
  }

  void BurnIn(const nets::Weights& net, const float* x, int64_t horizon, int64_t batch, const Belief& beliefs,
              float* carries, int64_t stride) override {
    const int64_t H = spec_.hidden;
    pass_.Forward(spec_, CpuWeights::Of(net), x, horizon, batch, beliefs, false);
    for (int64_t t = 0; t < horizon; ++t) {
      for (int64_t b = 0; b < batch; ++b) {
        float* carry = carries + (t * stride + b) * 2 * H;
        std::copy_n(pass_.hidden(t) + b * H, H, carry);
        std::copy_n(pass_.cell(t) + b * H, H, carry + H);
      }
    }
  }

 private:
  LstmSpec spec_;
  SequencePass pass_;
};

class CpuTrajectories final : public Trajectories {
 public:
  CpuTrajectories(const WorldModel& model, const nets::Policy& policy, bool detach_input)
      : imagination_(model, policy), detach_input_(detach_input) {}

  void Run(const ImaginationInputs& inputs) override { imagination_.Run(inputs, Keep::kGradients); }
  const float* z(int64_t t) const override { return imagination_.z(t); }
  const float* reward(int64_t t) const override { return imagination_.reward(t); }
  const float* log_prob(int64_t t) const override { return imagination_.log_prob(t); }
  const std::vector<double>& Returns() const override { return imagination_.Returns(); }
  double clamped_fraction() const override { return imagination_.clamped_fraction(); }
  void Backward(const float* dz, const float* dreward, const float* dlog_prob, nets::Gradient* gradient) override {
    imagination_.Backward(dz, dreward, dlog_prob, detach_input_, CpuGradient::Into(gradient));
  }
  double state_gradient(int64_t t) const override { return imagination_.state_gradient(t); }

 private:
  Imagination imagination_;
  bool detach_input_;
};

class Cpu final : public ModelParts {
 public:
  std::unique_ptr<nets::Weights> NewWeights(nets::Parameters* net, nets::Adam* adam) const override {
    return std::make_unique<CpuWeights>(net, adam);
  }
  std::unique_ptr<const nets::Weights> Freeze(const nets::Parameters& net) const override {
    return std::make_unique<CpuWeights>(net);
  }
  std::unique_ptr<nets::NetworkPass> NewPass(const nets::MlpSpec& spec, int64_t rows) const override {
    return nets::NewCpuPass(spec, rows);
  }
  std::unique_ptr<nets::VariationalPass> NewVariationalPass(const nets::MlpSpec& spec, int64_t rows) const override {
    return nets::NewCpuVariationalPass(spec, rows);
  }
  std::vector<Shard> PiecesOf(int64_t rows) const override { return ShardsOf(rows); }
  std::unique_ptr<Sequences> NewSequences(const LstmSpec& spec) const override {
    return std::make_unique<CpuSequences>(spec);
  }
  std::unique_ptr<Trajectories> NewTrajectories(const WorldModel& model, const nets::Policy& policy,
                                                const nets::Weights& weights, bool detach_input) const override {
    EQ_CHECK(&CpuWeights::Of(weights) == &policy.net, "a policy imagines by its own weights");
    return std::make_unique<CpuTrajectories>(model, policy, detach_input);
  }
  std::unique_ptr<DeviceReturns> NewReturns(const WorldModel&, const nets::Policy&) const override { return nullptr; }
};

}  // namespace

const ModelParts& CpuParts() {
  static const Cpu parts;
  return parts;
}

}  // namespace equipoise::model
