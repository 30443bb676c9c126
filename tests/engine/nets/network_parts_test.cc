// Networks in training on every back end, against automatic gradients and the hand-written Adam.
#include "engine/nets/network_parts.h"

#include <gtest/gtest.h>

#include "engine/base/check.h"
#include "engine/nets/guard.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/nets/activations.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 20, kInputs = 5, kHidden = 12, kOutputs = 3;

struct Case {
  std::string device;
  Activation activation;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const std::string& device : test::BackEnds())
    for (Activation a : test::kActivations) cases.push_back({device, a});
  return cases;
}

class NetworkInTraining : public ::testing::TestWithParam<Case> {
 protected:
  NetworkInTraining() {
    Stream stream(3, "net");
    net = MakeMlp(spec, stream);
    const std::vector<float> extra = Normals(net.layout.total(), "extra", 0.2f);
    for (size_t i = 0; i < extra.size(); ++i) net.values[i] += extra[i];
    adam = Adam(net.layout.total());
  }
  at::Tensor Output(const at::Tensor& flat, const at::Tensor& in) const {
    return ReferenceMlp(spec, ReferenceBlocks(net.layout, flat), in);
  }
  // What one guarded step against `gradient` alone makes of the moments: a tenth of it.
  std::vector<float> Measured(Weights* weights, const Gradient& gradient) {
    EXPECT_TRUE(weights->Step(0.0, gradient, 1e-3, 0.0).applied);
    weights->Store();
    std::vector<float> g = adam.m;
    for (float& v : g) v *= 10.0f;
    return g;
  }

  const NetworkParts& parts = test::PartsOf(GetParam().device);
  MlpSpec spec{kInputs, kHidden, 2, kOutputs, GetParam().activation};
  Parameters net;
  Adam adam;
  std::vector<float> x = Normals(kRows * kInputs, "x"), dy = Normals(kRows * kOutputs, "dy");
  at::Tensor tx = Double(x.data(), {kRows, kInputs}), tdy = Double(dy.data(), {kRows, kOutputs});
};

// float32 keeps 6e-8 per operation; sums of tens of terms stay well below 1e-5.
TEST_P(NetworkInTraining, OutputsAndAllGradientsAreThoseOfAutogradInDouble) {
  const at::Tensor flat = Double(net.values);
  const auto weights = parts.NewWeights(&net, &adam);
  const auto pass = parts.NewPass(spec, kRows);
  const auto gradient = weights->NewGradient();
  pass->Forward(*weights, x.data());
  EXPECT_LT(test::RelativeError(pass->output(), Output(flat, tx)), 2e-6);
  std::copy(dy.begin(), dy.end(), pass->output_gradient());
  std::vector<float> dx(x.size());
  pass->Backward(gradient.get(), dx.data());
  EXPECT_LT(test::RelativeError(dx, test::Gradient(tx, [&](auto& in) { return (Output(flat, in) * tdy).sum(); })),
            1e-5);
  const at::Tensor want = test::Gradient(flat, [&](auto& p) { return (Output(p, tx) * tdy).sum(); });
  EXPECT_LT(test::WorstBlockError(net.layout, Measured(weights.get(), *gradient), want), 1e-5);
}

TEST_P(NetworkInTraining, GradientsAddUpByTheirSharesAndWithTheWeights) {
  const at::Tensor flat = Double(net.values);
  const auto weights = parts.NewWeights(&net, &adam);
  const auto pass = parts.NewPass(spec, kRows);
  const auto once = weights->NewGradient(), sum = weights->NewGradient();
  for (int k = 0; k < 2; ++k) {  // what is there is added to, until it is cleared
    pass->Forward(*weights, x.data());
    std::copy(dy.begin(), dy.end(), pass->output_gradient());
    pass->Backward(once.get(), nullptr);
  }
  sum->Add(*once, 3.0f);
  sum->Clear();
  sum->Add(*once, 0.25f);
  sum->Add(*once, 1.0f);
  sum->AddWeights(*weights, 0.5f);
  const at::Tensor want =
      test::Gradient(flat, [&](auto& p) { return 2.5 * (Output(p, tx) * tdy).sum() + 0.25 * p.square().sum(); });
  EXPECT_LT(test::WorstBlockError(net.layout, Measured(weights.get(), *sum), want), 1e-5);
}

TEST_P(NetworkInTraining, TheInputsGradientOfSomeRowsIsThatOfAll) {
  const auto weights = parts.Freeze(net);
  const auto pass = parts.NewPass(spec, kRows);
  pass->Forward(*weights, x.data());
  std::copy(dy.begin(), dy.end(), pass->output_gradient());
  std::vector<float> all(x.size()), some(x.size());
  pass->Backward(nullptr, all.data());
  for (const std::vector<int64_t>& rows : {std::vector<int64_t>{1, 4, 5, 19}, {0}, {}}) {
    pass->Forward(*weights, x.data());
    std::fill_n(pass->output_gradient(), dy.size(), NAN);  // of the others nothing is read
    for (int64_t r : rows) std::copy_n(dy.data() + r * kOutputs, kOutputs, pass->output_gradient() + r * kOutputs);
    pass->BackwardInput(rows, some.data());
    for (size_t k = 0; k < rows.size(); ++k)
      for (int64_t i = 0; i < kInputs; ++i)
        EXPECT_NEAR(some[k * kInputs + static_cast<size_t>(i)], all[static_cast<size_t>(rows[k] * kInputs + i)], 1e-6);
  }
}

TEST_P(NetworkInTraining, EvaluatesToTheSameBits) {
  const auto weights = parts.Freeze(net);
  const auto pass = parts.NewPass(spec, kRows);
  const float* output = pass->output();
  pass->Forward(*weights, x.data());
  const std::vector<float> kept(output, output + dy.size());
  std::fill_n(x.data(), x.size(), 0.0f);
  pass->Forward(*weights, x.data());
  x = Normals(kRows * kInputs, "x");
  pass->Evaluate(*weights, x.data());
  EXPECT_EQ(std::vector<float>(output, output + dy.size()), kept);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, NetworkInTraining, ::testing::ValuesIn(Cases()), [](const auto& param_info) {
  return param_info.param.device + test::Name(param_info.param.activation);
});

// --------------------------------------------------------------------------------------------------------- weights

class WeightsInTraining : public ::testing::TestWithParam<std::string> {
 protected:
  static constexpr int64_t kSize = 18;
  static Parameters Net(const char* name = "net") {
    Layout layout;
    layout.Add("w", 5, 3);
    layout.Add("b", 1, 3);
    Parameters net(layout);
    net.values = Normals(kSize, name);
    return net;
  }
  // A gradient of given numbers: those of weights that are never stepped.
  std::unique_ptr<Gradient> Given(const std::vector<float>& slope) const {
    Parameters numbers = Net();
    numbers.values = slope;
    const auto frozen = parts.Freeze(numbers);
    auto gradient = frozen->NewGradient();
    gradient->AddWeights(*frozen, 1.0f);
    return gradient;
  }
  const NetworkParts& parts = test::PartsOf(GetParam());
};

TEST_P(WeightsInTraining, StepAndClipAsTheGuardedAdamDoes) {
  for (double clip : {0.0, 1.0, 100.0}) {
    Parameters one = Net(), two = one;
    Adam adam_one(kSize), adam_two(kSize);
    Guard guard(&one, &adam_one);
    const auto weights = parts.NewWeights(&two, &adam_two);
    for (int k = 0; k < 5; ++k) {
      const std::vector<float> slope = Normals(kSize, "slope" + std::to_string(k), 3.0f);
      const auto want = guard.Step(0.0, slope, 0.01, clip), got = weights->Step(0.0, *Given(slope), 0.01, clip);
      EXPECT_TRUE(got.applied);
      EXPECT_EQ(got.clipped, want.clipped);
      EXPECT_EQ(got.clipped, clip == 1.0);
      EXPECT_NEAR(got.norm, want.norm, 1e-5 * want.norm);
    }
    EXPECT_NEAR(weights->SumOfSquares(), Double(one.values).square().sum().item<double>(), 1e-4);
    weights->Store();
    EXPECT_LT(test::RelativeError(two.values, Double(one.values)), 1e-5);
    EXPECT_LT(test::RelativeError(adam_two.m, Double(adam_one.m)), 1e-6);
    EXPECT_LT(test::RelativeError(adam_two.v, Double(adam_one.v)), 1e-4);  // 1 - 0.999f is not 0.001
    EXPECT_EQ(adam_two.steps, 5);
  }
}

TEST_P(WeightsInTraining, RefuseWhatIsNotFiniteAndReturnAfterTenInARow) {
  Parameters net = Net();
  Adam adam(kSize);
  const auto weights = parts.NewWeights(&net, &adam);
  const std::vector<float> slope = Normals(kSize, "slope");
  std::vector<float> broken = slope;
  broken[3] = NAN;
  EXPECT_TRUE(weights->Step(0.0, *Given(slope), 0.01, 0.0).applied);
  weights->Store();
  const std::vector<float> moved = net.values;
  EXPECT_NE(moved, Net().values);
  for (int k = 0; k < 9; ++k)
    EXPECT_FALSE(k % 2 == 0 ? weights->Step(0.0, *Given(broken), 0.01, 0.0).applied
                            : weights->Step(INFINITY, *Given(slope), 0.01, 0.0).applied);
  weights->Store();
  EXPECT_EQ(net.values, moved);
  EXPECT_FALSE(weights->reloaded());
  EXPECT_FALSE(weights->Step(0.0, *Given(broken), 0.01, 0.0).applied);
  EXPECT_TRUE(weights->reloaded());
  EXPECT_EQ(weights->skipped(), 10);
  weights->Store();
  EXPECT_EQ(net.values, Net().values);
  EXPECT_EQ(adam.steps, 0);
  // Adam's first step is one step size long; it is half as long now, and stays so in the next phase.
  auto expect_half_a_step = [&](Weights* stepped) {
    const std::vector<float> before = net.values;
    stepped->Step(0.0, *Given(slope), 0.01, 0.0);
    stepped->Store();
    for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(std::abs(net.values[i] - before[i]), 0.005, 1e-5);
  };
  expect_half_a_step(weights.get());
  EXPECT_EQ(adam.rate, 0.5);
  adam.m.assign(kSize, 0.0f);
  adam.v.assign(kSize, 0.0f);
  adam.steps = 0;
  const auto next = parts.NewWeights(&net, &adam);
  expect_half_a_step(next.get());
}

TEST_P(WeightsInTraining, ASlowerCopyMovesByItsShareTowardsWhatIsTrained) {
  Parameters fast = Net(), slow = Net("slow");
  Adam adam(kSize);
  const at::Tensor from = Double(slow.values);
  const auto leader = parts.NewWeights(&fast, &adam), copy = parts.NewWeights(&slow, nullptr);
  leader->Step(0.0, *Given(Normals(kSize, "slope")), 0.1, 0.0);
  copy->MoveTowards(*leader, 0.25);
  copy->Store();
  leader->Store();
  EXPECT_LT(test::RelativeError(slow.values, from + 0.25 * (Double(fast.values) - from)), 1e-6);
  EXPECT_THROW(copy->Step(0.0, *Given(Normals(kSize, "slope")), 0.1, 0.0), InternalError);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, WeightsInTraining, ::testing::ValuesIn(test::BackEnds()),
                         [](const auto& param_info) { return param_info.param; });

TEST(NetworkParts, OfTwoBackEndsDoNotMix) {
  const NetworkParts &cpu = test::PartsOf("cpu"), &reference = test::PartsOf("reference");
  const MlpSpec spec{2, 3, 1, 1, Activation::kTanh};
  Stream stream(3, "net");
  Parameters net = MakeMlp(spec, stream);
  Adam adam(net.layout.total());
  const std::vector<float> x(2, 0.5f);
  for (const auto& [one, other] : {std::pair{&cpu, &reference}, std::pair{&reference, &cpu}}) {
    const auto weights = one->NewWeights(&net, &adam), foreign = other->NewWeights(&net, &adam);
    const auto pass = one->NewPass(spec, 1);
    const auto gradient = foreign->NewGradient();
    EXPECT_THROW(pass->Forward(*foreign, x.data()), InternalError);
    EXPECT_THROW(weights->Step(0.0, *gradient, 0.1, 0.0), InternalError);
    EXPECT_THROW(weights->MoveTowards(*foreign, 0.1), InternalError);
    pass->Forward(*weights, x.data());
    *pass->output_gradient() = 1.0f;
    EXPECT_THROW(pass->Backward(gradient.get(), nullptr), InternalError);
  }
}

// A phase on a device that ends with an exception leaves the arrays as they were.
TEST(NetworkParts, OnADeviceNothingIsWrittenBeforeStore) {
  const NetworkParts& parts = test::PartsOf("reference");
  Stream stream(3, "net");
  Parameters net = MakeMlp({2, 3, 1, 1, Activation::kTanh}, stream);
  const std::vector<float> before = net.values;
  Adam adam(net.layout.total());
  {
    const auto weights = parts.NewWeights(&net, &adam);
    const auto gradient = weights->NewGradient();
    gradient->AddWeights(*weights, 1.0f);
    EXPECT_TRUE(weights->Step(0.0, *gradient, 0.1, 0.0).applied);
  }
  EXPECT_EQ(net.values, before);
  EXPECT_EQ(adam.steps, 0);
}

}  // namespace
}  // namespace equipoise::nets
