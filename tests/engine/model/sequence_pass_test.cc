#include "engine/model/sequence_pass.h"

#include <gtest/gtest.h>

#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Double;

constexpr int64_t kSteps = 7, kBatch = 4, kHidden = 12;

struct Case {
  const char* name;
  float sd_max;  // a low ceiling caps some standard deviations and not others
  int64_t gate_groups;
};

class SequenceLoss : public ::testing::TestWithParam<Case> {
 protected:
  SequenceLoss() {
    spec.sd_max = GetParam().sd_max;
    data.Sequences({0, 3, 1, 3}, lstm.normaliser(), x.data(), y.data());
    tx = Double(x.data(), {kSteps, kBatch, spec.inputs()});
    ty = Double(y.data(), {kSteps, kBatch, spec.outputs()});
  }
  at::Tensor Terms(const at::Tensor& parameters) const {
    ReferenceModel reference = test::ReferenceOf(lstm, parameters);
    reference.spec = spec;
    return ReferenceNll(reference, tx, ty, test::Masks(beliefs, kHidden, kBatch));
  }
  // Scaled as a fit scales it, so that the gradient has a usual size.
  std::vector<float> Gradient(float scale) {
    SequencePass pass;
    pass.Forward(spec, lstm.parameters(), x.data(), kSteps, kBatch, beliefs, true);
    double physics = 0, other = 0;
    pass.Loss(y.data(), scale, 2, &physics, &other);
    std::vector<float> gradient(lstm.parameters().values.size(), 0.0f);
    pass.Backward(lstm.parameters(), x.data(), beliefs, gradient.data());
    return gradient;
  }

  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam().gate_groups);
  LstmSpec spec = lstm.spec();
  Belief beliefs = test::DrawMasks(lstm, kBatch);
  std::vector<float> x = std::vector<float>(kSteps * kBatch * 5), y = std::vector<float>(kSteps * kBatch * 4);
  at::Tensor tx, ty, flat = Double(lstm.parameters().values);
};

TEST_P(SequenceLoss, IsTheReferencesLikelihoodSplitIntoPhysicsAndTheRest) {
  SequencePass pass;
  pass.Forward(spec, lstm.parameters(), x.data(), kSteps, kBatch, beliefs, true);
  double physics = 0, other = 0;
  pass.Loss(y.data(), 0.0f, 2, &physics, &other);  // as if the third state were a distractor
  const at::Tensor terms = Terms(flat);
  const double rest = terms.select(2, 2).sum().item<double>(), all = terms.sum().item<double>();
  EXPECT_NEAR(other, rest, 1e-5 * std::fabs(rest) + 1e-5);
  EXPECT_NEAR(physics, all - rest, 1e-5 * std::fabs(all) + 1e-5);
  if (GetParam().sd_max < 5) {  // the case must exercise what it is there for
    const at::Tensor out = Double(pass.heads(), {kSteps * kBatch, 2 * spec.outputs()}).narrow(1, 4, 4);
    const auto capped = (at::softplus(out) + 1e-3 > GetParam().sd_max).sum().item<int64_t>();
    EXPECT_GT(capped, 5);
    EXPECT_LT(capped, kSteps * kBatch * 4 - 5);
  }
}

// float32 keeps 6e-8 per operation; seven steps of a few hundred products each stay below 1e-5 in every block.
TEST_P(SequenceLoss, GradientOfEveryBlockAgreesWithAutogradThroughTheReference) {
  const at::Tensor want = test::Gradient(flat, [&](auto& p) { return 0.01 * Terms(p).sum(); });
  EXPECT_LT(test::WorstBlockError(lstm.parameters().layout, Gradient(0.01f), want), 1e-5);
}

TEST_P(SequenceLoss, GradientAgreesWithFiniteDifferences) {
  const at::Tensor gradient = Double(Gradient(0.01f));
  for (const char* name : {"v1", "v2", "v3"}) {
    const at::Tensor v = Double(test::Normals(flat.numel(), name));
    const double want = test::DirectionalDifference(flat, v, 1e-6, [&](auto& p) { return 0.01 * Terms(p).sum(); });
    EXPECT_NEAR((gradient * v).sum().item<double>(), want, 1e-4 * std::fabs(want) + 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, SequenceLoss,
                         ::testing::Values(Case{"CeilingOutOfReach", 5.0f, 1}, Case{"CeilingThatCaps", 1.0f, 1},
                                           Case{"EachGateUnderMasksOfItsOwn", 5.0f, 4}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace equipoise::model
