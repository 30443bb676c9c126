#include "engine/base/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace equipoise {
namespace {

std::vector<uint32_t> First(Stream stream, int n = 16) {
  std::vector<uint32_t> out;
  for (int i = 0; i < n; ++i) out.push_back(stream.NextU32());
  return out;
}

double Correlation(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

TEST(Stream, IsAFunctionOfSeedNameAndIndicesAndOfNothingElse) {
  const auto want = First(Stream(1, "eps.mask", 2, 3, 4));
  First(Stream(9, "another"), 1000);  // what other streams do does not matter
  EXPECT_EQ(First(Stream(1, "eps.mask", 2, 3, 4)), want);
  // Negative controls: each argument alone makes another stream.
  EXPECT_NE(First(Stream(2, "eps.mask", 2, 3, 4)), want);
  EXPECT_NE(First(Stream(1, "eps.masks", 2, 3, 4)), want);
  EXPECT_NE(First(Stream(1, "eps.mask", 3, 3, 4)), want);
  EXPECT_NE(First(Stream(1, "eps.mask", 2, 4, 4)), want);
  EXPECT_NE(First(Stream(1, "eps.mask", 2, 3, 5)), want);
  EXPECT_NE(First(Stream(1, "eps.mask", 3, 2, 4)), want);  // indices have places
}

TEST(Stream, NeighbouringStreamsNeverMeet) {
  std::vector<uint32_t> firsts;
  for (uint64_t i = 0; i < 40; ++i)
    for (uint64_t j = 0; j < 40; ++j)
      for (uint64_t k = 0; k < 3; ++k) firsts.push_back(Stream(0, "eps.start", i, j, k).NextU32());
  const size_t n = firsts.size();
  std::sort(firsts.begin(), firsts.end());
  firsts.erase(std::unique(firsts.begin(), firsts.end()), firsts.end());
  // 4800 draws of 32 bits: 0.003 coincidences expected.
  EXPECT_GE(firsts.size() + 1, n);
}

TEST(Stream, UniformsHaveTheMomentsOfTheUniformDistributionAndStayInside) {
  Stream stream(3, "uniform");
  const int n = 200000;
  std::vector<float> u(n);
  stream.Uniform(u.data(), u.size());
  double mean = 0, square = 0;
  for (float x : u) {
    ASSERT_GT(x, 0.0f);
    ASSERT_LT(x, 1.0f);
    mean += x / n;
    square += static_cast<double>(x) * x / n;
  }
  // Four standard errors: 4 sqrt(1/12/n) and 4 sqrt(4/45/n).
  EXPECT_NEAR(mean, 0.5, 0.0026);
  EXPECT_NEAR(square, 1.0 / 3, 0.0027);
  double d = 0;
  for (int i = 0; i < n; ++i) d += stream.Uniform(2, 4) / n;
  EXPECT_NEAR(d, 3.0, 0.0052);
}

TEST(Stream, NormalsHaveTheFirstFourMomentsAndTheTailsOfTheNormalDistribution) {
  const int n = 200000;
  std::vector<float> many(n);
  Stream(3, "normal").Normal(many.data(), many.size());
  std::vector<float> single;
  Stream one(3, "normal.single");
  for (int i = 0; i < n; ++i) single.push_back(static_cast<float>(one.Normal()));
  for (const auto& x : {many, single}) {
    double m1 = 0, m2 = 0, m3 = 0, m4 = 0, beyond2 = 0;
    for (float v : x) {
      m1 += v / n;
      m2 += std::pow(v, 2) / n;
      m3 += std::pow(v, 3) / n;
      m4 += std::pow(v, 4) / n;
      beyond2 += std::fabs(v) > 2 ? 1.0 / n : 0;
    }
    EXPECT_NEAR(m1, 0, 0.009);  // four standard errors of 200000 draws each
    EXPECT_NEAR(m2, 1, 0.013);
    EXPECT_NEAR(m3, 0, 0.035);
    EXPECT_NEAR(m4, 3, 0.09);
    EXPECT_NEAR(beyond2, 0.0455, 0.0019);
  }
}

TEST(Stream, NumbersAreIndependentOfTheirNeighboursAndOfOtherStreams) {
  const size_t n = 100000;
  std::vector<float> a(n + 2), b(n), c(n);
  Stream(3, "act", 1).Normal(a.data(), a.size());
  Stream(3, "act", 2).Normal(b.data(), b.size());
  Stream(4, "act", 1).Normal(c.data(), c.size());
  const std::vector<float> now(a.begin(), a.begin() + n), next(a.begin() + 1, a.begin() + 1 + n),
      after(a.begin() + 2, a.end());
  const double bound = 4 / std::sqrt(static_cast<double>(n));
  EXPECT_LT(std::fabs(Correlation(now, next)), bound);
  EXPECT_LT(std::fabs(Correlation(now, after)), bound);
  EXPECT_LT(std::fabs(Correlation(now, b)), bound);
  EXPECT_LT(std::fabs(Correlation(now, c)), bound);
}

TEST(Stream, BelowIsUniformAlsoWhereItIsNotAPowerOfTwo) {
  Stream stream(3, "below");
  std::vector<int> count(7, 0);
  for (int i = 0; i < 70000; ++i) {
    const uint32_t x = stream.Below(7);
    ASSERT_LT(x, 7u);
    ++count[x];
  }
  double chi_square = 0;
  for (int c : count) chi_square += (c - 10000.0) * (c - 10000.0) / 10000.0;
  EXPECT_LT(chi_square, 22.5);  // 6 degrees of freedom, one in a thousand
  for (int i = 0; i < 100; ++i) EXPECT_EQ(stream.Below(1), 0u);
}

TEST(Stream, FillingInPiecesOfEvenLengthIsFillingAtOnce) {
  std::vector<float> whole(64), pieces(64);
  Stream(3, "pieces").Normal(whole.data(), whole.size());
  Stream stream(3, "pieces");
  for (size_t i = 0; i < 64; i += 8) stream.Normal(pieces.data() + i, 8);
  EXPECT_EQ(whole, pieces);
}

}  // namespace
}  // namespace equipoise
