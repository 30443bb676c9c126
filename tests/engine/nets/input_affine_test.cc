#include "engine/nets/input_affine.h"

#include <gtest/gtest.h>

#include "engine/nets/mlp.h"
#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

constexpr int64_t kInputs = 4, kRows = 50;

std::vector<float> Outputs(const MlpSpec& spec, const Parameters& net, const InputAffine& by,
                           const std::vector<float>& x) {
  std::vector<float> p = x;
  for (size_t i = 0; i < p.size(); ++i) p[i] = (p[i] - by.mean[i % kInputs]) / by.sd[i % kInputs];
  MlpPass pass;
  pass.Resize(spec, kRows, false);
  pass.Forward(net, p.data(), 0, kRows);
  return {pass.output(0), pass.output(kRows)};
}

TEST(InputAffine, MovesAndTheFunctionStays) {
  const MlpSpec spec{kInputs, 16, 2, 3, Activation::kTanh};
  Stream stream(1, "net");
  Parameters net = MakeMlp(spec, stream);
  Adam adam(net.layout.total());
  adam.m.assign(adam.m.size(), 1.0f);
  adam.v.assign(adam.v.size(), 1.0f);
  const InputAffine from{{0, 0, 0.5f, -1}, {1, 1, 2, 0.5f}}, to{{0.3f, -2, 0.7f, -1}, {0.2f, 3, 2, 0.7f}};
  const auto x = test::Normals(kRows * kInputs, "x", 2.0f);
  const std::vector<float> before = Outputs(spec, net, from, x);
  MoveInputs(from, to, &net, &adam);
  const std::vector<float> after = Outputs(spec, net, to, x);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], before[i], 3e-6);
  // Gradients of w0's rows are s / s' times what they were.
  EXPECT_NEAR(adam.m[0], 1 / 0.2, 1e-5);
  EXPECT_NEAR(adam.v[16], 1 / 9.0, 1e-6);
  EXPECT_EQ(adam.m[2 * 16], 1.0f);
  EXPECT_EQ(adam.m.back(), 1.0f);
  MoveInputs(to, from, &net, nullptr);
  const std::vector<float> back = Outputs(spec, net, from, x);
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(back[i], before[i], 3e-6);
}

}  // namespace
}  // namespace equipoise::nets
