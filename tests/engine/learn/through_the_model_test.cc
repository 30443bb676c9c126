// Back-propagation of an imagined return into a policy, where its value is known: the scalar linear-quadratic world
// under u = theta s. In an unstable world the gradient grows by 1.44 with every step, and a clipped step is as long as any.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/imagination.h"
#include "tests/engine/model/scalar_model.h"

namespace equipoise::learn {
namespace {

// u = tanh(theta tanh(s)): linear to 1e-4 at s = .01.
nets::Policy Linear(double theta) {
  Stream stream(1, "linear");
  nets::Policy policy(1, 1, 1, 1, 1e-9, stream);
  for (int block = 0; block < policy.net.layout.size(); ++block) policy.net.Fill(block, 0.0f);
  policy.net.at(policy.net.layout.Find("w0"))[0] = 1.0f;
  policy.net.at(policy.net.layout.Find("w_out"))[0] = static_cast<float>(theta);
  return policy;
}

struct Return {
  double value, gradient;  // over s_0^2
};
Return Imagined(double a, double theta, int64_t horizon, float start) {
  const test::ScalarModel model(a);
  const nets::Policy policy = Linear(theta);
  const auto T = static_cast<size_t>(horizon);
  const std::vector<float> none(T, 0.0f), one(T, 1.0f);
  const model::Belief belief{1, {0.0f}};
  model::Imagination imagination(model, policy);
  imagination.Run({1, horizon, &start, nullptr, &belief, none.data(), none.data()}, model::Keep::kGradients);
  std::vector<float> gradient(policy.net.values.size(), 0.0f);
  imagination.Backward(nullptr, one.data(), none.data(), false, gradient.data());
  const double unit = static_cast<double>(start) * start;
  return {imagination.Returns()[0] / unit,
          gradient[static_cast<size_t>(policy.net.layout[policy.net.layout.Find("w_out")].offset)] / unit};
}

TEST(ThroughTheModel, ReturnAndGradientAreThoseOfTheLinearQuadraticWorld) {
  for (const auto& [horizon, value, gradient] : {std::tuple{5, -1.750997, -1.616183}, {20, -1.774892, -1.824552}}) {
    const Return got = Imagined(0.9, -0.5, horizon, 0.01f);
    EXPECT_NEAR(got.value, value, 2e-4 * std::fabs(value)) << horizon;
    EXPECT_NEAR(got.gradient, gradient, 3e-4 * std::fabs(gradient)) << horizon;
  }
}

TEST(ThroughTheModel, InAnUnstableWorldTheGradientGrowsWithTheHorizon) {
  for (const auto& [horizon, gradient] : {std::pair{5, -26.4537}, {20, -4.65692e4}, {50, -7.32928e9}})
    EXPECT_NEAR(Imagined(1.2, 0.0, horizon, 1e-6f).gradient, gradient, 2e-3 * std::fabs(gradient)) << horizon;
}

// The learner's own steps, in the same worlds: its gradient is clipped to the norm that is asked for, whatever it was.
TEST(ThroughTheModel, AClippedStepIsAsLongAsAnyOther) {
  const learn::StartPool starts({0.05f}, 1);
  replay::EpisodeBuffer data(1, 1, 30, {}, 5);
  config::Settings s;
  s.run.seed = 3;
  auto& mb = s.Of<ModelBasedSettings>();
  mb.mode = "full";
  mb.hidden = 8;
  mb.trajectories = 4;
  mb.sigma_max = 0.02;
  mb.entropy_bonus = 0;
  mb.entropy_auto = false;
  mb.lr = 0.01;
  mb.clip = 10;
  double moved[2], norms[2];
  for (const int unstable : {0, 1}) {
    const test::ScalarModel model(unstable == 1 ? 1.3 : 0.5);
    ModelBasedLearner learner(model, starts, s);
    const std::vector<float> before = learner.policy().net.values;
    const TrainReport report = learner.Train({data, s, 1, 1, [](int, int) {}});
    norms[unstable] = report.scalars.at("mb.gradient_norm");
    double square = 0;
    for (size_t i = 0; i < before.size(); ++i) square += std::pow(learner.policy().net.values[i] - before[i], 2);
    moved[unstable] = std::sqrt(square);
    EXPECT_EQ(report.scalars.at("mb.clipped_share") == 1, norms[unstable] > 10);
  }
  EXPECT_LT(norms[0], 10);
  EXPECT_GT(norms[1], 1e3);
  EXPECT_LT(moved[1], 2 * moved[0]) << "the first step of Adam does not know how large a gradient is";
}

}  // namespace
}  // namespace equipoise::learn
