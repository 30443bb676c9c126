// Networks of uncertain weights: against numbers worked out by hand, posteriors that are known, draws of the weights
// themselves, and automatic gradients in double, on every back end.
#include "engine/nets/variational.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/nets/kernels/kernels.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/nets/activations.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kRows = 20, kInputs = 5, kHidden = 12, kOutputs = 3;

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(Variational, DivergenceOfOneWeightIsTheNumberWorkedOutByHand) {
  const float mean = 0.3f, rho = RhoOf(0.1);
  EXPECT_NEAR(SpreadOf(rho), 0.1, 1e-7);
  float dmean = 0, drho = 0;
  EXPECT_NEAR(NormalKl(1, &mean, &rho, 0.5f, 1.0f, &dmean, &drho), 1.309438, 1e-6);
  EXPECT_NEAR(dmean, 1.2, 1e-6);
  EXPECT_NEAR(drho, -9.6 * Sigmoid(rho), 1e-5);
  // A prior is not divergent from itself.
  const float zero = 0, own = RhoOf(0.5);
  EXPECT_NEAR(NormalKl(1, &zero, &own, 0.5f, 1.0f, nullptr, nullptr), 0, 1e-6);
}

struct Case {
  std::string device;
  Activation activation;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const std::string& device : test::BackEnds())
    for (Activation a : test::kActivations)
      if (a != Activation::kLayerNormRelu) cases.push_back({device, a});
  return cases;
}

class UncertainWeights : public ::testing::TestWithParam<Case> {
 protected:
  UncertainWeights() {
    Stream stream(3, "net");
    net = MakeVariational(spec, -2, stream);
    const std::vector<float> extra = Normals(net.layout.total(), "extra", 0.4f);
    for (size_t i = 0; i < extra.size(); ++i) net.values[i] += extra[i];
    adam = Adam(net.layout.total());
  }
  at::Tensor Output(const at::Tensor& flat, const at::Tensor& in) const {
    return ReferenceVariational(spec, ReferenceBlocks(net.layout, flat), in, Double(noise));
  }
  // After one step of Adam the first moment is a tenth of the gradient.
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
  std::vector<float> noise = Normals(NoiseSize(spec, kRows), "noise"), x = Normals(kRows * kInputs, "x"),
                     dy = Normals(kRows * kOutputs, "dy");
  at::Tensor tx = Double(x.data(), {kRows, kInputs}), tdy = Double(dy.data(), {kRows, kOutputs});
};

TEST_P(UncertainWeights, OutputsAndAllGradientsAreThoseOfAutogradInDouble) {
  const at::Tensor flat = Double(net.values);
  const auto weights = parts.NewWeights(&net, &adam);
  const auto pass = parts.NewVariationalPass(spec, kRows);
  const auto gradient = weights->NewGradient();
  pass->SetNoise(noise.data());
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

TEST_P(UncertainWeights, TheDivergenceOfAllWeightsIsAddedByItsShare) {
  const at::Tensor flat = Double(net.values);
  const auto weights = parts.NewWeights(&net, &adam);
  const auto pass = parts.NewVariationalPass(spec, kRows);
  const auto gradient = weights->NewGradient();
  gradient->AddWeights(*weights, 0.5f);
  const double divergence = pass->AddDivergence(*weights, 0.7, 3.0f, gradient.get());
  EXPECT_NEAR(divergence, ReferenceDivergence(flat, 0.7).item<double>(), 1e-6 * divergence);
  const at::Tensor want =
      test::Gradient(flat, [](auto& p) { return 3.0 * ReferenceDivergence(p, 0.7) + 0.25 * p.square().sum(); });
  EXPECT_LT(test::WorstBlockError(net.layout, Measured(weights.get(), *gradient), want), 1e-5);
}

TEST_P(UncertainWeights, TheInputsGradientOfSomeRowsIsThatOfAll) {
  const auto weights = parts.Freeze(net);
  const auto pass = parts.NewVariationalPass(spec, kRows);
  pass->SetNoise(noise.data());
  pass->Forward(*weights, x.data());
  std::copy(dy.begin(), dy.end(), pass->output_gradient());
  std::vector<float> all(x.size()), some(x.size());
  pass->Backward(nullptr, all.data());
  pass->Forward(*weights, x.data());
  std::fill_n(pass->output_gradient(), dy.size(), NAN);  // of the others nothing is read
  const std::vector<int64_t> rows{1, 4, 5, 19};
  for (int64_t r : rows) std::copy_n(dy.data() + r * kOutputs, kOutputs, pass->output_gradient() + r * kOutputs);
  pass->BackwardInput(rows, some.data());
  for (size_t k = 0; k < rows.size(); ++k)
    for (int64_t i = 0; i < kInputs; ++i)
      EXPECT_NEAR(some[k * kInputs + static_cast<size_t>(i)], all[static_cast<size_t>(rows[k] * kInputs + i)], 1e-6);
}

TEST_P(UncertainWeights, EvaluatesItsMeansAsAnMlpDoes) {
  const auto weights = parts.Freeze(net);
  const auto pass = parts.NewVariationalPass(spec, kRows);
  const auto plain = parts.NewPass(spec, kRows);
  pass->Evaluate(*weights, x.data());
  plain->Evaluate(*weights, x.data());
  EXPECT_EQ(std::vector<float>(pass->output(), pass->output() + kRows * kOutputs),
            std::vector<float>(plain->output(), plain->output() + kRows * kOutputs));
}

INSTANTIATE_TEST_SUITE_P(Variational, UncertainWeights, ::testing::ValuesIn(Cases()),
                         [](const auto& named) { return named.param.device + test::Name(named.param.activation); });

TEST(Variational, WithoutSpreadItIsTheMlpToTheBitForwardsAndBack) {
  const MlpSpec spec{kInputs, kHidden, 2, kOutputs, Activation::kSwish};
  Stream one(3, "net"), other(3, "net");
  const Parameters net = MakeVariational(spec, -200, one), plain = MakeMlp(spec, other);
  EXPECT_EQ(std::vector<float>(net.values.begin(), net.values.begin() + plain.layout.total()), plain.values);
  const std::vector<float> x = Normals(kRows * kInputs, "x"), dy = Normals(kRows * kOutputs, "dy"),
                           noise = Normals(NoiseSize(spec, kRows), "noise");
  VariationalMlp pass;
  pass.Resize(spec, kRows);
  pass.Forward(net, x.data(), noise.data());
  MlpPass want;
  want.Resize(spec, kRows, true);
  want.Forward(plain, x.data(), 0, kRows);
  EXPECT_EQ(std::vector<float>(pass.output(), pass.output() + kRows * kOutputs),
            std::vector<float>(want.output(0), want.output(0) + kRows * kOutputs));
  std::copy(dy.begin(), dy.end(), pass.output_gradient());
  std::copy(dy.begin(), dy.end(), want.output_gradient(0));
  std::vector<float> gradient(net.values.size(), 0.0f), plain_gradient(plain.values.size(), 0.0f), dx(x.size()),
      plain_dx(x.size());
  pass.Backward(net, gradient.data(), dx.data());
  want.BackwardData(plain, 0, kRows, plain_dx.data());
  want.BackwardWeights(plain, x.data(), 0, kRows, plain_gradient.data());
  EXPECT_EQ(dx, plain_dx);
  const auto half = static_cast<std::ptrdiff_t>(plain_gradient.size());
  EXPECT_EQ(std::vector<float>(gradient.begin(), gradient.begin() + half), plain_gradient);
  for (auto g = gradient.begin() + half; g != gradient.end(); ++g) EXPECT_EQ(*g, 0.0f);
  Stream draw(1, "draw");
  EXPECT_EQ(DrawWeights(net, draw).values, plain.values);
}

// One layer, of which what follows can be said.
MlpSpec Linear(int64_t inputs, int64_t outputs) { return {inputs, inputs, 0, outputs, Activation::kTanh}; }

TEST(Variational, DrawnActivationsHaveTheMomentsOfDrawnWeights) {
  const MlpSpec spec = Linear(3, 2);
  Stream init(3, "net");
  Parameters net = MakeVariational(spec, -1, init);
  net.values = {0.8f, -0.5f, 1.2f, 0.9f, 0.6f, 1.5f, 3.4f, 0.7f, 0.1f, -0.4f, 0.3f, -1.0f, -0.2f, 0.2f, -0.6f, -0.8f};
  const std::vector<float> row{0.5f, -1.5f, 2.0f};
  constexpr int64_t kDraws = 400000;
  std::vector<float> x;
  for (int64_t r = 0; r < kDraws; ++r) x.insert(x.end(), row.begin(), row.end());
  const std::vector<float> noise = Normals(NoiseSize(spec, kDraws), "noise");
  VariationalMlp pass;
  pass.Resize(spec, kDraws);
  pass.Forward(net, x.data(), noise.data());
  std::vector<double> drawn[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};  // activations, weights: mean and mean square of each
  Stream draw(1, "draw");
  for (int64_t r = 0; r < kDraws; ++r) {
    const Parameters w = DrawWeights(net, draw);
    for (size_t j = 0; j < 2; ++j) {
      double act = w.values[6 + j];
      for (size_t i = 0; i < 3; ++i) act += row[i] * w.values[2 * i + j];
      const double local = pass.output()[static_cast<size_t>(r) * 2 + j];
      for (size_t k = 0; k < 2; ++k) {
        const double value = k == 0 ? local : act;
        drawn[k][j] += value / kDraws;
        drawn[k][2 + j] += value * value / kDraws;
      }
    }
  }
  for (size_t j = 0; j < 2; ++j) {
    double mean = net.values[6 + j], variance = std::pow(SpreadOf(net.values[14 + j]), 2);
    for (size_t i = 0; i < 3; ++i) {
      mean += row[i] * net.values[2 * i + j];
      variance += std::pow(row[i] * SpreadOf(net.values[8 + 2 * i + j]), 2);
    }
    for (size_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(drawn[k][j], mean, 0.01 * std::fabs(mean)) << k;
      EXPECT_NEAR(drawn[k][2 + j] - drawn[k][j] * drawn[k][j], variance, 0.01 * variance) << k;
    }
  }
  // Rows do not share a draw, as those of one drawn network would.
  EXPECT_NE(pass.output()[0], pass.output()[2]);
}

// y = w x + 0.5 eps, w ~ N(0, 1), at x = 1, 2, 3: the posterior is a normal with precision 1 + 14 / 0.25.
TEST(Variational, FindsTheExactPosteriorOfOneWeightAndItsEvidence) {
  const MlpSpec spec = Linear(1, 1);
  Stream init(3, "net");
  Parameters net = MakeVariational(spec, -5, init);
  net.values = {0.2f, 0.0f, -5.0f, -200.0f};  // the bias is 0, and nothing is learned of it
  const std::vector<double> points{1, 2, 3}, targets{1.1, 1.9, 3.2};
  const double noise_sd = 0.5;
  // Each point a hundred times, with a draw of its own, so that little of the gradient is chance.
  constexpr int64_t kCopies = 100, n = 3 * kCopies;
  std::vector<float> x, y, eps(static_cast<size_t>(n));
  for (int64_t r = 0; r < n; ++r) {
    x.push_back(static_cast<float>(points[static_cast<size_t>(r % 3)]));
    y.push_back(static_cast<float>(targets[static_cast<size_t>(r % 3)]));
  }
  VariationalMlp pass;
  pass.Resize(spec, n);
  Adam adam(4);
  constexpr int kSteps = 6000;
  for (int k = 0; k < kSteps; ++k) {
    Stream(5, "noise", static_cast<uint64_t>(k)).Normal(eps.data(), eps.size());
    pass.Forward(net, x.data(), eps.data());
    for (int64_t r = 0; r < n; ++r)
      pass.output_gradient()[r] =
          static_cast<float>((pass.output()[r] - y[static_cast<size_t>(r)]) / (noise_sd * noise_sd) / kCopies);
    std::vector<float> gradient(4, 0.0f);
    pass.Backward(net, gradient.data(), nullptr);
    NormalKl(1, &net.values[0], &net.values[2], 1.0f, 1.0f, &gradient[0], &gradient[2]);
    gradient[1] = gradient[3] = 0;
    adam.Step(net.values, gradient, 0.01 * (1 - static_cast<double>(k) / kSteps), 0);
  }
  const double m = net.values[0], s = SpreadOf(net.values[2]);
  EXPECT_NEAR(m, 1.017544, 0.01 * 1.017544);
  EXPECT_NEAR(s, 0.132453, 0.01 * 0.132453);
  double bound = -NormalKl(1, &net.values[0], &net.values[2], 1.0f, 1.0f, nullptr, nullptr);
  for (size_t i = 0; i < 3; ++i)
    bound -= (std::pow(targets[i] - m * points[i], 2) + std::pow(s * points[i], 2)) / (2 * noise_sd * noise_sd) +
             std::log(noise_sd * std::sqrt(2 * std::acos(-1.0)));
  EXPECT_NEAR(bound, -3.310128, 0.01 * 3.310128);
  EXPECT_LE(bound, -3.310128 + 1e-4) << "a lower bound";
}

TEST(Variational, WithoutDataItBecomesThePrior) {
  const MlpSpec spec{2, 6, 1, 2, Activation::kTanh};
  Stream init(3, "net");
  Parameters net = MakeVariational(spec, -5, init);
  Adam adam(net.layout.total());
  EXPECT_GT(Divergence(net, 0.8, 1.0f, nullptr), 100);
  constexpr int kSteps = 4000;
  for (int k = 0; k < kSteps; ++k) {
    std::vector<float> gradient(net.values.size(), 0.0f);
    Divergence(net, 0.8, 1.0f, gradient.data());
    adam.Step(net.values, gradient, 0.02 * (1 - static_cast<double>(k) / kSteps), 0);
  }
  EXPECT_LT(Divergence(net, 0.8, 1.0f, nullptr), 1e-3);
  const Certainty certainty = CertaintyOf(net);
  EXPECT_NEAR(certainty.sd, 0.8, 0.01);
  EXPECT_LT(certainty.signal_to_noise, 0.01);
  // What it predicts spreads as what the prior predicts: in a layer by itself sqrt(p^2 (|x|^2 + 1)).
  Parameters linear(MakeVariational(Linear(2, 1), 0, init));
  std::copy_n(net.values.begin(), 3, linear.values.begin());
  std::copy_n(net.values.begin() + net.layout.total() / 2, 3, linear.values.begin() + 3);
  Stream draw(1, "draw");
  double square = 0;
  constexpr int kDraws = 40000;
  for (int k = 0; k < kDraws; ++k) {
    const Parameters w = DrawWeights(linear, draw);
    square += std::pow(2.0 * w.values[0] - 1.0 * w.values[1] + w.values[2], 2) / kDraws;
  }
  EXPECT_NEAR(std::sqrt(square), 0.8 * std::sqrt(6.0), 0.02 * 0.8 * std::sqrt(6.0));
}

TEST(Variational, ADrawIsAFunctionOfItsStream) {
  Stream init(3, "net");
  const Parameters net = MakeVariational({kInputs, kHidden, 2, kOutputs, Activation::kTanh}, -2, init);
  Stream a(1, "draw", 4), b(1, "draw", 4), c(1, "draw", 5);
  const Parameters drawn = DrawWeights(net, a);
  EXPECT_EQ(drawn.values, DrawWeights(net, b).values);
  EXPECT_NE(drawn.values, DrawWeights(net, c).values);
  EXPECT_EQ(drawn.layout.Find("w_out"), net.layout.Find("w_out"));
  EXPECT_EQ(drawn.layout.Find("rho.w0"), -1);
}

}  // namespace
}  // namespace equipoise::nets
