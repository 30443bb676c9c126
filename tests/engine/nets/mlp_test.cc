#include "engine/nets/mlp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/nets/aten/reference.h"
#include "tests/engine/nets/activations.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 12, kInputs = 5, kHidden = 16, kOutputs = 3;

// A network whose biases, gains and shifts are not at their special starting values.
Parameters Network(const MlpSpec& spec) {
  Stream stream(1, "mlp");
  Parameters net = MakeMlp(spec, stream);
  const std::vector<float> extra = Normals(net.layout.total(), "extra", 0.2f);
  for (size_t i = 0; i < extra.size(); ++i) net.values[i] += extra[i];
  return net;
}

class Mlp : public ::testing::TestWithParam<Activation> {
 protected:
  MlpSpec spec{kInputs, kHidden, 2, kOutputs, GetParam()};
  Parameters net = Network(spec);
  std::vector<float> x = Normals(kRows * kInputs, "x"), weight = Normals(kRows * kOutputs, "weight");
  at::Tensor flat = Double(net.values), tx = Double(x.data(), {kRows, kInputs}),
             tw = Double(weight.data(), {kRows, kOutputs});

  at::Tensor Output(const at::Tensor& parameters, const at::Tensor& in) const {
    return ReferenceMlp(spec, ReferenceBlocks(net.layout, parameters), in);
  }
  // Loss = sum of weight * y, walked back in slices of `slice` rows.
  void Backward(int64_t slice, std::vector<float>* gradient, std::vector<float>* dx, std::vector<float>* y) {
    MlpPass pass;
    pass.Resize(spec, kRows, true);
    gradient->assign(net.values.size(), 0.0f);
    dx->assign(x.size(), 0.0f);
    for (int64_t r = 0; r < kRows; r += slice) pass.Forward(net, x.data() + r * kInputs, r, slice);
    y->assign(pass.output(0), pass.output(0) + kRows * kOutputs);
    std::copy(weight.begin(), weight.end(), pass.output_gradient(0));
    for (int64_t r = kRows - slice; r >= 0; r -= slice) pass.BackwardData(net, r, slice, dx->data() + r * kInputs);
    pass.BackwardWeights(net, x.data(), 0, kRows, gradient->data());
  }
};

TEST_P(Mlp, ComputesTheSameAsTheReferenceInDouble) {
  std::vector<float> gradient, dx, y;
  Backward(kRows, &gradient, &dx, &y);
  EXPECT_LT(test::RelativeError(y, Output(flat, tx)), 2e-6);
}

// float32 keeps 6e-8 per operation; sums of tens of terms stay well below 1e-5.
TEST_P(Mlp, GradientsOfAllBlocksAndOfTheInputAgreeWithAutograd) {
  std::vector<float> gradient, dx, y;
  Backward(kRows, &gradient, &dx, &y);
  const at::Tensor want = test::Gradient(flat, [&](auto& p) { return (Output(p, tx) * tw).sum(); });
  EXPECT_LT(test::WorstBlockError(net.layout, gradient, want), 1e-5);
  EXPECT_LT(test::RelativeError(dx, test::Gradient(tx, [&](auto& in) { return (Output(flat, in) * tw).sum(); })), 1e-5);
}

TEST_P(Mlp, GradientAgreesWithFiniteDifferences) {
  std::vector<float> gradient, dx, y;
  Backward(kRows, &gradient, &dx, &y);
  const at::Tensor v = Double(Normals(net.layout.total(), "direction"));
  const double want = test::DirectionalDifference(flat, v, 1e-6, [&](auto& p) { return (Output(p, tx) * tw).sum(); });
  EXPECT_NEAR((Double(gradient) * v).sum().item<double>(), want, 1e-4 * std::fabs(want) + 1e-4);
}

TEST_P(Mlp, SlicesOfRowsGiveTheSameAsAllRowsAtOnce) {
  std::vector<float> gradient, dx, y, sliced_gradient, sliced_dx, sliced_y;
  Backward(kRows, &gradient, &dx, &y);
  Backward(3, &sliced_gradient, &sliced_dx, &sliced_y);
  EXPECT_LT(test::RelativeError(sliced_y, Double(y)), 1e-6);
  EXPECT_LT(test::RelativeError(sliced_dx, Double(dx)), 1e-6);
  EXPECT_LT(test::RelativeError(sliced_gradient, Double(gradient)), 1e-6);
}

TEST_P(Mlp, WeightGradientsAreAdded) {
  MlpPass pass;
  pass.Resize(spec, kRows, true);
  std::vector<float> once, dx, y, twice(net.values.size(), 0.0f);
  Backward(kRows, &once, &dx, &y);
  pass.Forward(net, x.data(), 0, kRows);
  for (int i = 0; i < 2; ++i) {
    std::copy(weight.begin(), weight.end(), pass.output_gradient(0));
    pass.BackwardData(net, 0, kRows, nullptr);
    pass.BackwardWeights(net, x.data(), 0, kRows, twice.data());
  }
  EXPECT_LT(test::RelativeError(twice, 2.0 * Double(once)), 1e-6);
}

TEST_P(Mlp, TheInputsGradientOfSomeRowsIsThatOfAll) {
  constexpr int64_t kMany = 40;
  const std::vector<float> in = Normals(kMany * kInputs, "in"), dy = Normals(kMany * kOutputs, "dy");
  MlpPass pass;
  pass.Resize(spec, kMany, true);
  const auto gradients = [&](std::vector<float>* dx) {
    std::vector<float> sum(net.values.size(), 0.0f);
    dx->resize(in.size());
    pass.Forward(net, in.data(), 0, kMany);
    std::copy(dy.begin(), dy.end(), pass.output_gradient(0));
    pass.BackwardData(net, 0, kMany, dx->data());
    pass.BackwardWeights(net, in.data(), 0, kMany, sum.data());
    return sum;
  };
  std::vector<float> all, ignored;
  const std::vector<float> weights = gradients(&all);
  std::vector<int64_t> every, odd;
  for (int64_t r = 0; r < kMany; ++r) every.push_back(r);
  for (int64_t r = 1; r < kMany; r += 2) odd.push_back(r);
  for (const std::vector<int64_t>& rows : {every, odd, {0, 3, 4, 39}, {5}, {}}) {
    pass.Forward(net, in.data(), 0, kMany);
    std::fill_n(pass.output_gradient(0), kMany * kOutputs, NAN);  // of the others nothing is read
    for (int64_t r : rows) std::copy_n(dy.data() + r * kOutputs, kOutputs, pass.output_gradient(r));
    std::vector<float> dx(in.size());
    pass.BackwardInput(net, rows, dx.data());
    for (size_t k = 0; k < rows.size(); ++k) {
      const float *row = dx.data() + k * kInputs, *same = all.data() + rows[k] * kInputs;
      for (int64_t i = 0; i < kInputs; ++i) EXPECT_NEAR(row[i], same[i], 1e-6) << rows.size() << " rows";
    }
    EXPECT_EQ(gradients(&ignored), weights) << "it counted towards the weights";
  }
}

TEST_P(Mlp, EvaluatesToTheSameBits) {
  MlpPass kept, quick, narrow;
  kept.Resize(spec, kRows, true);
  quick.Resize(spec, kRows, true);
  narrow.Resize(spec, kRows, false);  // no room to walk back at all
  kept.Forward(net, x.data(), 0, kRows);
  quick.Evaluate(net, x.data(), 0, kRows);
  narrow.Forward(net, x.data(), 0, kRows);
  const std::vector<float> want(kept.output(0), kept.output(kRows));
  EXPECT_EQ(std::vector<float>(quick.output(0), quick.output(kRows)), want);
  EXPECT_EQ(std::vector<float>(narrow.output(0), narrow.output(kRows)), want);
}

INSTANTIATE_TEST_SUITE_P(Activations, Mlp, ::testing::ValuesIn(test::kActivations),
                         [](const auto& param_info) { return test::Name(param_info.param); });

}  // namespace
}  // namespace equipoise::nets
