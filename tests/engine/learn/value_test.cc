// A state value in training on every back end, against automatic gradients.
#include "engine/learn/value.h"

#include <gtest/gtest.h>

#include "tests/engine/back_ends.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 24, S = 4;

class ValueInTraining : public ::testing::TestWithParam<std::string> {};

TEST_P(ValueInTraining, TwoPiecesTakeTheGradientOfTheWeightedErrorOfAllRows) {
  constexpr double kScale = 3.0;
  constexpr int64_t kFirst = 8;
  Stream init(2, "value");
  TargetedNet net({S, 12, 2, 1, nets::Activation::kRelu}, init);
  const auto extra = Normals(net.net.layout.total(), "target", 0.1f);
  for (size_t i = 0; i < extra.size(); ++i) net.target.values[i] += extra[i];
  const auto s = Normals(kRows * S, "s"), y = Normals(kRows, "y"), dv = Normals(kRows, "dv");
  const at::Tensor ts = Double(s.data(), {kRows, S}), flat = Double(net.net.values), slow = Double(net.target.values);
  std::vector<double> weight(kRows);
  for (size_t i = 0; i < weight.size(); ++i) weight[i] = 1.0 / (1.0 + static_cast<double>(i));
  const at::Tensor tw = at::from_blob(weight.data(), {kRows}, at::kDouble);
  auto value = [&](const at::Tensor& weights, const at::Tensor& in) {
    return kScale * nets::ReferenceMlp(net.spec, nets::ReferenceBlocks(net.net.layout, weights), in).squeeze(-1);
  };

  Value trained(test::PartsOf(GetParam()), &net, kScale);
  Value::Piece one(trained, kFirst), two(trained, kRows - kFirst);
  double loss = 0, mean = 0;
  trained.Clear();
  int64_t first = 0;
  for (auto& [piece, rows] : {std::pair{&one, kFirst}, std::pair{&two, kRows - kFirst}}) {
    std::vector<float> v(static_cast<size_t>(rows)), ds(static_cast<size_t>(rows * S));
    const at::Tensor in = ts.narrow(0, first, rows);
    piece->Target(s.data() + first * S, v.data());
    EXPECT_LT(test::RelativeError(v, value(slow, in)), 5e-6);
    piece->TargetGradient(dv.data() + first, ds.data());
    const at::Tensor tdv = Double(dv).narrow(0, first, rows);
    EXPECT_LT(test::RelativeError(ds, test::Gradient(in, [&](auto& t) { return (value(slow, t) * tdv).sum(); })), 1e-5);
    const auto fitted = piece->Differentiate(s.data() + first * S, y.data() + first, weight.data() + first);
    const double share = static_cast<double>(rows) / static_cast<double>(kRows);
    trained.Add(*piece, static_cast<float>(share));
    loss += share * fitted.loss;
    mean += share * fitted.mean;
    first += rows;
  }
  auto error = [&](const at::Tensor& p) { return (tw * ((value(p, ts) - Double(y)) / kScale).square()).mean(); };
  EXPECT_NEAR(loss, error(flat).item<double>(), 1e-6);
  EXPECT_NEAR(mean, value(flat, ts).mean().item<double>(), 1e-6);
  EXPECT_TRUE(trained.Step(loss, 1e-2).applied);
  trained.Polyak(0.25);
  trained.Store();
  std::vector<float> gradient = net.adam.m;  // after the first step a tenth of it
  for (float& g : gradient) g *= 10.0f;
  EXPECT_LT(test::WorstBlockError(net.net.layout, gradient, test::Gradient(flat, error)), 2e-5);
  EXPECT_LT(test::RelativeError(net.target.values, slow + 0.25 * (Double(net.net.values) - slow)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, ValueInTraining, ::testing::ValuesIn(test::BackEnds()),
                         [](const auto& param_info) { return param_info.param; });

}  // namespace
}  // namespace equipoise::learn
