// The loss over several of a model's own steps: by hand where it is linear, against automatic differentiation, and with
// one step against the plain loss.
#include "engine/model/feedforward/unrolled_loss.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/feedforward/heads.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

struct Differentiated {
  double loss = 0, far = 0;
  std::vector<double> sums;
  std::vector<float> gradient;
};

Differentiated Differentiate(const nets::NetworkParts& parts, const nets::MlpSpec& spec, nets::Parameters net,
                             int64_t rows, int steps, const replay::Normaliser& n, const std::vector<float>& x,
                             const std::vector<float>& y, std::vector<int> wrapped = {}) {
  nets::Adam adam(net.layout.total());
  const auto weights = parts.NewWeights(&net, &adam);
  const auto gradient = weights->NewGradient();
  gradient->Clear();
  UnrolledLoss unrolled(parts, spec, rows, steps, n, std::move(wrapped));
  Differentiated did;
  did.sums.assign(static_cast<size_t>(spec.outputs), 0.0);
  did.loss = unrolled.Differentiate(*weights, x.data(), y.data(), gradient.get(), did.sums.data());
  did.far = unrolled.far();
  weights->Step(did.loss, *gradient, 0.001, 0);
  weights->Store();
  did.gradient = adam.m;  // a tenth of it, after one step
  for (float& g : did.gradient) g *= 10.0f;
  return did;
}

replay::Normaliser Units(int64_t states, int64_t actions) {
  const auto I = static_cast<size_t>(states + actions), D = static_cast<size_t>(states + 1);
  return {std::vector<float>(I, 0.0f), std::vector<float>(I, 1.0f), std::vector<float>(D, 0.0f),
          std::vector<float>(D, 1.0f)};
}

// One unit that is never off: [change, reward] = [.6, .2] (.3 s + .8 a), a change counted in halves of the state's unit.
//   s = .4, .1, -.3;  a = .5, -.2;  r = .1, -.4
//   d_1 = .5 (.312 + .6) = .456;  on from .556:  d_2 = .456 + .5 (.00408 + .8) = .85804
TEST(UnrolledLoss, OfTwoStepsOfALinearModelIsWhatTheHandSays) {
  replay::Normaliser n = Units(1, 1);
  n.y_sd[0] = 0.5f;
  const nets::MlpSpec spec{2, 1, 1, 2, nets::Activation::kRelu};
  Stream unused(1, "layout");
  nets::Parameters net = nets::MakeMlp(spec, unused);
  net.values = {0.3f, 0.8f, 10.0f, 0.6f, 0.2f, -6.0f, -2.0f};
  const std::vector<float> x = {0.4f, 0.5f, 0.1f, -0.2f}, y = {-0.6f, 0.1f, -0.8f, -0.4f};
  for (const std::string& device : test::BackEnds()) {
    const Differentiated did = Differentiate(test::PartsOf(device), spec, net, 1, 2, n, x, y);
    EXPECT_NEAR(did.loss, 0.4922226, 1e-6);
    EXPECT_NEAR(did.far, 0.85804 * 0.85804, 1e-6);
    EXPECT_NEAR(did.sums[0], 0.912 * 0.912, 1e-5);
    EXPECT_NEAR(did.sums[1], 0.004 * 0.004, 1e-6);
    const std::vector<double> want = {0.322033, 0.1541966, 0.6968652, 11.6428312, 1.0146023, 1.127662, 0.10134};
    ASSERT_EQ(did.gradient.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(did.gradient[i], want[i], 2e-5 * (1 + want[i])) << i;
  }
}

constexpr int64_t S = 3, A = 2, D = S + 1, kRows = 5;
constexpr int kSteps = 4;
const nets::MlpSpec kSpec{S + A, 8, 2, D, nets::Activation::kSwish};

struct Case {
  Case() : n(Units(S, A)) {
    n.x_sd = {0.5f, 2.0f, 1.0f, 1.0f, 1.0f};
    n.x_mean = {0.1f, -0.3f, 0.0f, 0.2f, 0.0f};
    n.y_sd = {0.1f, 0.7f, 1.5f, 2.0f};
    Stream stream(2, "net");
    net = nets::MakeMlp(kSpec, stream);
  }
  replay::Normaliser n;
  nets::Parameters net;
  std::vector<float> x = Normals(kSteps * kRows * (S + A), "x"), y = Normals(kSteps * kRows * D, "y");
};

TEST(UnrolledLoss, ItsGradientIsThatOfAutomaticDifferentiation) {
  const Case c;
  const at::Tensor k = Double(c.n.y_sd).narrow(0, 0, S) / Double(c.n.x_sd).narrow(0, 0, S);
  const at::Tensor x = Double(c.x.data(), {kSteps, kRows, S + A}), y = Double(c.y.data(), {kSteps, kRows, D});
  const auto loss = [&](const at::Tensor& flat) {
    const auto blocks = nets::ReferenceBlocks(c.net.layout, flat);
    at::Tensor apart = at::zeros({kRows, S}, at::kDouble), sum = at::zeros({}, at::kDouble);
    for (int64_t h = 0; h < kSteps; ++h) {
      const at::Tensor z = x[h].narrow(1, 0, S) + apart;
      const at::Tensor out = nets::ReferenceMlp(kSpec, blocks, at::cat({z, x[h].narrow(1, S, A)}, 1));
      apart = apart + k * (out - y[h]).narrow(1, 0, S);
      sum = sum + (apart / k).square().sum() + (out - y[h]).narrow(1, S, 1).square().sum();
    }
    return sum / (2.0 * kSteps * kRows * D);
  };
  const at::Tensor flat = Double(c.net.values);
  const at::Tensor want = test::Gradient(flat, loss);
  for (const std::string& device : test::BackEnds()) {
    const Differentiated did = Differentiate(test::PartsOf(device), kSpec, c.net, kRows, kSteps, c.n, c.x, c.y);
    EXPECT_NEAR(did.loss, loss(flat).item<double>(), 1e-5 * did.loss) << device;
    EXPECT_LT(test::WorstBlockError(c.net.layout, did.gradient, want), 2e-5) << device;
  }
}

TEST(UnrolledLoss, OfOneStepIsTheLossOfMeans) {
  const Case c;
  const Differentiated did = Differentiate(CpuParts(), kSpec, c.net, kRows, 1, c.n, c.x, c.y);
  nets::MlpPass pass;
  pass.Resize(kSpec, kRows, true);
  pass.Forward(c.net, c.x.data(), 0, kRows);
  std::vector<double> sums(D, 0.0);
  Heads{HeadKind::kMeans, S, nullptr, nullptr}.Sums(kRows, pass.output(0), c.y.data(), sums.data(),
                                                    pass.output_gradient(0));
  pass.BackwardData(c.net, 0, kRows, nullptr);
  std::vector<float> gradient(c.net.values.size(), 0.0f);
  pass.BackwardWeights(c.net, c.x.data(), 0, kRows, gradient.data());
  double squares = 0;
  for (size_t j = 0; j < sums.size(); ++j) {
    EXPECT_EQ(did.sums[j], sums[j]);
    squares += sums[j];
  }
  EXPECT_NEAR(did.loss, squares / (2.0 * kRows * D), 1e-6 * did.loss);
  EXPECT_LT(test::RelativeError(did.gradient, Double(gradient)), 1e-6);
}

// What it goes on from is one and the same angle, on whichever side of pi.
TEST(UnrolledLoss, AnglesComeBackWhereItsOwnStepsCarryThemAcrossPi) {
  Case c;
  c.n = Units(S, A);
  std::vector<float> across = c.x;
  // The second step of row 0 begins at an angle of 3, where its own first step comes 2 or more too far.
  c.y[0] = -3.0f;
  const auto second = static_cast<size_t>(kRows * (S + A));
  c.x[second] = 3.0f;
  across[second] = 3.0f - 6.283185307f;
  const Differentiated far = Differentiate(CpuParts(), kSpec, c.net, kRows, 2, c.n, c.x, c.y, {0}),
                       near = Differentiate(CpuParts(), kSpec, c.net, kRows, 2, c.n, across, c.y, {0}),
                       plain = Differentiate(CpuParts(), kSpec, c.net, kRows, 2, c.n, c.x, c.y);
  EXPECT_NEAR(far.loss, near.loss, 1e-5 * near.loss);
  EXPECT_NE(far.loss, plain.loss) << "it did cross";
}

// Windows of recorded steps: one that would reach into the next episode is none.
TEST(UnrolledLoss, IsOfWindowsThatLieInOneEpisode) {
  constexpr int64_t kHorizon = 8, kBatch = 19, TS = test::kTinyStates, I = TS + test::kTinyActions, TD = TS + 1;
  const auto data = test::TinyBuffer(6, kHorizon);
  config::Settings s;
  s.run.seed = 4;
  auto& mlp = s.Of<DeterministicMlpSettings>();
  mlp.hidden = 16;
  mlp.batch = kBatch;
  mlp.clip = 0;
  mlp.loss_steps = 3;
  mlp.compensate_normaliser = false;
  const auto model = test::TinyMembers<DeterministicMlp>(DeterministicMlpInfo(), data, s);
  const nets::Parameters before = model->members()[0].net;
  const nets::TrainReport report = model->Train({data, s, 9, 1, [](int, int) {}});
  std::vector<int64_t> starts;
  for (int64_t episode = 0; episode < 6; ++episode)
    for (int64_t t = 0; t < kHorizon - 2; ++t) starts.push_back(episode * kHorizon + t);
  Stream draw(4, "mlp.batch", 9, 0);
  std::vector<int64_t> rows(kBatch);
  for (int64_t& row : rows) row = starts[draw.Below(static_cast<uint32_t>(starts.size()))];
  std::vector<float> x(3 * kBatch * I), y(3 * kBatch * TD);
  for (int64_t h = 0; h < 3; ++h) {
    data.Rows(rows, model->normaliser(), x.data() + h * kBatch * I, y.data() + h * kBatch * TD);
    for (int64_t& row : rows) ++row;
  }
  const Differentiated want =
      Differentiate(CpuParts(), model->spec().net(), before, kBatch, 3, model->normaliser(), x, y);
  EXPECT_EQ(model->members()[0].adam.m.size(), want.gradient.size());
  std::vector<float> gradient = model->members()[0].adam.m;
  for (float& g : gradient) g *= 10.0f;
  EXPECT_EQ(gradient, want.gradient);
  EXPECT_EQ(report.scalars.at("mlp.far_error"), std::sqrt(want.far));
  mlp.loss_steps = 100;  // more than there are
  EXPECT_EQ(model->Train({data, s, 10, 2, [](int, int) {}}).steps, 2);
  mlp.loss_steps = 1;
  EXPECT_EQ(model->Train({data, s, 11, 2, [](int, int) {}}).scalars.count("mlp.far_error"), 0u);
}

}  // namespace
}  // namespace equipoise::model
