#include "engine/nets/orthogonal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace equipoise::nets {
namespace {

// W [rows, cols] with the given gain; the product of its shorter side with itself must be gain^2 times one.
class Orthogonal : public ::testing::TestWithParam<std::pair<int64_t, int64_t>> {};

TEST_P(Orthogonal, ItsShorterSideIsOrthogonalAndOfOneLength) {
  const auto [rows, cols] = GetParam();
  Layout layout;
  layout.Add("w", rows, cols + 2);
  Parameters net(layout);
  net.Fill(0, 7.0f);
  Stream stream(1, "orthogonal");
  FillOrthogonal(0, cols, 1.5, stream, &net);
  const auto at = [&net, width = cols + 2](int64_t r, int64_t c) {
    return static_cast<double>(net.at(0)[r * width + c]);
  };
  const int64_t few = std::min(rows, cols), many = std::max(rows, cols);
  for (int64_t i = 0; i < few; ++i) {
    for (int64_t j = 0; j < few; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < many; ++k) sum += cols <= rows ? at(k, i) * at(k, j) : at(i, k) * at(j, k);
      EXPECT_NEAR(sum, i == j ? 2.25 : 0.0, 1e-5) << i << " " << j;
    }
  }
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = cols; c < cols + 2; ++c) EXPECT_EQ(at(r, c), 7.0) << "a column that was not asked for";
  Parameters other(layout);
  Stream again(2, "orthogonal");
  FillOrthogonal(0, cols, 1.5, again, &other);
  EXPECT_NE(other.values, net.values);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Orthogonal,
                         ::testing::Values(std::pair{64, 64}, std::pair{5, 64}, std::pair{64, 1}, std::pair{64, 6},
                                           std::pair{1, 1}));

}  // namespace
}  // namespace equipoise::nets
