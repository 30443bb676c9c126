// Two members that contradict each other: A says s' = s + 1, B says s' = s - 1, both r = s'. Under one member for a whole
// trajectory of three steps the return is +6 or -6; under one drawn anew for each step its mean is 0 and its variance
// 3^2 + 2^2 + 1^2, and the last state's variance is 3.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/imagination.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::model {
namespace {

constexpr int64_t kSteps = 3;

class OppositeMembers : public ::testing::Test {
 protected:
  OppositeMembers() {
    config::Settings s;
    auto& own = s.Of<BootstrapEnsembleSettings>();
    own.members = 2;
    own.hidden = 4;
    own.layers = 1;
    own.activation = "relu";
    own.log_variance_low = -30;
    auto made = NewBootstrapEnsemble({1, 1, {}, &CpuParts()}, s);
    model.reset(dynamic_cast<BootstrapEnsemble*>(made.release()));
    for (size_t e = 0; e < 2; ++e) {
      nets::Parameters& net = model->members()[e].net;
      for (int block = 0; block < net.layout.size(); ++block) net.Fill(block, 0.0f);
      const float step = e == 0 ? 1.0f : -1.0f;
      float *w = net.at(net.layout.Find("w0")), *out = net.at(net.layout.Find("w_out")),
            *b = net.at(net.layout.Find("b_out"));
      w[0] = 1.0f;  // relu(s) - relu(-s) = s
      w[1] = -1.0f;
      out[0 * 4 + 1] = 1.0f;
      out[1 * 4 + 1] = -1.0f;
      b[0] = step;
      b[1] = step;
      b[2] = b[3] = -29.0f;  // no spread of its own
    }
    model->Refit({{0, 0}, {1, 1}, {0, 0}, {1, 1}}, false);
  }
  // Returns of `rows` trajectories from 0 under these beliefs; `of` as in ImaginationInputs.
  std::vector<double> Returns(int64_t rows, const Belief& beliefs, const int32_t* of,
                              std::vector<float>* last = nullptr) {
    const std::vector<float> zero(static_cast<size_t>(kSteps * rows), 0.0f);
    std::vector<float> actions(kSteps, 0.0f);
    Imagination imagination(*model, std::make_unique<GivenActions>(actions.data(), 1, 1));
    imagination.Run({rows, kSteps, zero.data(), nullptr, &beliefs, nullptr, zero.data(), of, nullptr}, Keep::kSteps);
    if (last != nullptr) last->assign(imagination.z(kSteps), imagination.z(kSteps) + rows);
    return imagination.Returns();
  }
  std::unique_ptr<BootstrapEnsemble> model;
};

double Mean(const std::vector<double>& v) {
  double sum = 0;
  for (double x : v) sum += x / static_cast<double>(v.size());
  return sum;
}
double Variance(const std::vector<double>& v) {
  const double mean = Mean(v);
  double sum = 0;
  for (double x : v) sum += (x - mean) * (x - mean) / static_cast<double>(v.size());
  return sum;
}

TEST_F(OppositeMembers, OneMemberForATrajectoryGivesSixOrMinusSix) {
  constexpr int64_t kRows = 1000;
  Stream stream(1, "members");
  const Belief drawn = model->Draw(kRows, stream);
  const std::vector<double> returns = Returns(kRows, drawn, nullptr);
  for (size_t r = 0; r < kRows; ++r) EXPECT_NEAR(returns[r], drawn.data[r] == 0 ? 6 : -6, 1e-4);
  EXPECT_NEAR(std::sqrt(Variance(returns)), 6, 0.05);
}

TEST_F(OppositeMembers, OneDrawnForEachStepAddsTheVariancesOfTheSteps) {
  constexpr int64_t kRows = 20000;
  const Belief both{2, {0, 1}};
  Stream stream(1, "steps");
  std::vector<int32_t> of;
  for (int64_t i = 0; i < kSteps * kRows; ++i) of.push_back(static_cast<int32_t>(stream.Below(2)));
  std::vector<float> last;
  const std::vector<double> returns = Returns(kRows, both, of.data(), &last);
  EXPECT_NEAR(Mean(returns), 0, 4 * 3.7417 / std::sqrt(kRows));
  EXPECT_NEAR(std::sqrt(Variance(returns)), 3.7417, 0.03 * 3.7417);
  EXPECT_NEAR(Variance({last.begin(), last.end()}), 3, 0.1);
}

TEST_F(OppositeMembers, OfOneMemberTheTwoAreTheSameToTheBit) {
  constexpr int64_t kRows = 7;
  const Belief one{1, {1}}, many{3, {1, 1, 1}};
  const std::vector<int32_t> of(kSteps * kRows, 0),
      shuffled = {0, 2, 1, 1, 0, 2, 0, 2, 1, 1, 0, 2, 0, 1, 0, 2, 1, 1, 0, 2, 2};
  const std::vector<double> held = Returns(kRows, one, nullptr);
  EXPECT_EQ(Returns(kRows, one, of.data()), held);
  EXPECT_EQ(Returns(kRows, many, shuffled.data()), held);
}

}  // namespace
}  // namespace equipoise::model
