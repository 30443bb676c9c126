#include "engine/nets/kernels/gemm.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/engine/numeric.h"

namespace equipoise::nets {
namespace {

using test::Normals;

// op(A) op(B) + beta C in double precision, with padded rows.
struct Problem {
  Problem(int64_t rows, int64_t columns, int64_t inner, bool turn_a, bool turn_b)
      : m(rows), n(columns), k(inner), ta(turn_a), tb(turn_b) {
    lda = (ta ? m : k) + 3;
    ldb = (tb ? k : n) + 2;
    ldc = n + 5;
    a = Normals((ta ? k : m) * lda, "a");
    b = Normals((tb ? n : k) * ldb, "b");
    c = Normals(m * ldc, "c");
    bias = Normals(n, "bias");
  }
  double Product(int64_t i, int64_t j) const {
    double sum = 0;
    for (int64_t q = 0; q < k; ++q)
      sum += static_cast<double>(a[static_cast<size_t>(ta ? q * lda + i : i * lda + q)]) *
             b[static_cast<size_t>(tb ? j * ldb + q : q * ldb + j)];
    return sum;
  }
  // What lies behind the columns is not touched.
  void Expect(const std::vector<float>& got, double keep, bool with_bias) const {
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < ldc; ++j) {
        const auto u = static_cast<size_t>(i * ldc + j);
        const double want =
            j >= n ? c[u] : Product(i, j) + keep * c[u] + (with_bias ? bias[static_cast<size_t>(j)] : 0);
        ASSERT_NEAR(got[u], want, 4e-6 * (1 + std::sqrt(static_cast<double>(k))))
            << m << " x " << n << " x " << k << " at " << i << ", " << j;
      }
    }
  }

  int64_t m, n, k, lda, ldb, ldc;
  bool ta, tb;
  std::vector<float> a, b, c, bias;
};

TEST(Gemm, IsTheTripleLoopForEveryTransposeAndStride) {
  const int64_t shapes[][3] = {{5, 7, 6}, {1, 1, 1}, {70, 40, 33}, {300, 20, 10}, {9, 300, 600}};
  for (const auto& s : shapes) {
    for (bool ta : {false, true}) {
      for (bool tb : {false, true}) {
        for (float beta : {0.0f, 1.0f}) {
          const Problem p(s[0], s[1], s[2], ta, tb);
          std::vector<float> c = p.c;
          Gemm(ta, tb, p.m, p.n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, beta, c.data(), p.ldc);
          p.Expect(c, beta, false);
        }
      }
    }
  }
}

TEST(Gemm, AddsTheBiasToEveryRow) {
  for (const int64_t m : {3, 400}) {
    const Problem p(m, 37, 29, false, false);
    std::vector<float> c = p.c;
    GemmBias(p.m, p.n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, p.bias.data(), c.data(), p.ldc);
    p.Expect(c, 0, true);
  }
}

TEST(Gemm, HandlesEveryRemainder) {
  for (int64_t m = 1; m <= 18; ++m) {
    for (const int64_t n : {1, 3, 4, 8, 15, 16, 17, 31, 33, 48, 52, 64, 80, 112, 131}) {
      const Problem p(m, n, m == 5 ? 520 : 7, m % 2 == 0, false);
      std::vector<float> c = p.c;
      Gemm(p.ta, false, m, n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, 1.0f, c.data(), p.ldc);
      p.Expect(c, 1, false);
      if (p.ta) continue;
      c = p.c;
      GemmBias(m, n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, p.bias.data(), c.data(), p.ldc);
      p.Expect(c, 0, true);
      Factor b;
      b.Set(false, p.k, n, p.b.data(), p.ldb);
      c = p.c;
      GemmBias(m, p.a.data(), p.lda, b, p.bias.data(), c.data(), p.ldc);
      p.Expect(c, 0, true);
    }
  }
}

TEST(Gemm, ARowDoesNotDependOnHowManyRowsThereAre) {
  const Problem p(37, 100, 60, false, false);
  std::vector<float> whole(static_cast<size_t>(p.m * p.n)), alone(static_cast<size_t>(p.n));
  Gemm(false, false, p.m, p.n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, 0.0f, whole.data(), p.n);
  for (int64_t i = 0; i < p.m; ++i) {
    Gemm(false, false, 1, p.n, p.k, p.a.data() + i * p.lda, p.lda, p.b.data(), p.ldb, 0.0f, alone.data(), p.n);
    for (int64_t j = 0; j < p.n; ++j)
      ASSERT_EQ(alone[static_cast<size_t>(j)], whole[static_cast<size_t>(i * p.n + j)]) << i << ", " << j;
  }
}

TEST(Gemm, NoRowOfASmallProductDependsOnHowManyThereAre) {
  constexpr int64_t kRows = 64;
  for (const int64_t k : {5, 16, 17, 64, 128}) {
    for (const int64_t n : {8, 9, 12, 16, 17, 20, 32, 64, 100, 128}) {
      const Problem p(kRows, n, k, false, false);
      std::vector<float> whole(static_cast<size_t>(kRows * n)), part(whole.size());
      Gemm(false, false, kRows, n, k, p.a.data(), p.lda, p.b.data(), p.ldb, 0.0f, whole.data(), n);
      Factor b;
      b.Set(false, k, n, p.b.data(), p.ldb);
      for (int64_t m = 1; m < kRows; ++m) {
        const auto same = [&] { return std::equal(part.begin(), part.begin() + m * n, whole.begin()); };
        Gemm(false, false, m, n, k, p.a.data(), p.lda, p.b.data(), p.ldb, 0.0f, part.data(), n);
        ASSERT_TRUE(same()) << m << " of " << kRows << " rows, " << n << " columns, " << k;
        Gemm(m, p.a.data(), p.lda, b, 0.0f, part.data(), n);
        ASSERT_TRUE(same()) << m << " of " << kRows << " rows, " << n << " columns, " << k << ", in panels";
      }
    }
  }
}

TEST(Gemm, WithoutKeepingDoesNotReadWhatWasThere) {
  for (const int64_t m : {3, 400}) {
    const Problem p(m, 20, 9, false, false);
    std::vector<float> c(p.c.size(), std::numeric_limits<float>::quiet_NaN());
    Gemm(false, false, p.m, p.n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, 0.0f, c.data(), p.ldc);
    for (int64_t i = 0; i < p.m; ++i)
      for (int64_t j = 0; j < p.n; ++j) ASSERT_TRUE(std::isfinite(c[static_cast<size_t>(i * p.ldc + j)]));
  }
}

#if defined(__x86_64__)
// The upper halves of the sixteen vector registers, as they are now: to [64]. Nothing may come in between.
void UpperHalves(float* to) {
  asm volatile(
      "vextractf128 $1, %%ymm0, (%0)\n\t"
      "vextractf128 $1, %%ymm1, 16(%0)\n\t"
      "vextractf128 $1, %%ymm2, 32(%0)\n\t"
      "vextractf128 $1, %%ymm3, 48(%0)\n\t"
      "vextractf128 $1, %%ymm4, 64(%0)\n\t"
      "vextractf128 $1, %%ymm5, 80(%0)\n\t"
      "vextractf128 $1, %%ymm6, 96(%0)\n\t"
      "vextractf128 $1, %%ymm7, 112(%0)\n\t"
      "vextractf128 $1, %%ymm8, 128(%0)\n\t"
      "vextractf128 $1, %%ymm9, 144(%0)\n\t"
      "vextractf128 $1, %%ymm10, 160(%0)\n\t"
      "vextractf128 $1, %%ymm11, 176(%0)\n\t"
      "vextractf128 $1, %%ymm12, 192(%0)\n\t"
      "vextractf128 $1, %%ymm13, 208(%0)\n\t"
      "vextractf128 $1, %%ymm14, 224(%0)\n\t"
      "vextractf128 $1, %%ymm15, 240(%0)"
      :
      : "r"(to)
      : "memory");
}

// Left as they were, some processors run what follows many times slower: exp of the C library, and all that is compiled
// for any processor.
TEST(Gemm, LeavesTheUpperHalvesOfTheVectorRegistersClear) {
  if (!__builtin_cpu_supports("avx")) GTEST_SKIP() << "there are none";
  std::vector<float> halves(64, 1.0f);
  const std::vector<float> clear(64, 0.0f);
  const int64_t shapes[][3] = {{20, 64, 23}, {50, 256, 128}, {128, 12, 64}, {300, 600, 600}};
  for (const auto& s : shapes) {
    for (const bool turned : {false, true}) {
      const Problem p(s[0], s[1], s[2], turned, false);
      std::vector<float> c = p.c;
      Gemm(turned, false, p.m, p.n, p.k, p.a.data(), p.lda, p.b.data(), p.ldb, 1.0f, c.data(), p.ldc);
      UpperHalves(halves.data());
      EXPECT_EQ(halves, clear) << p.m << " x " << p.n << " x " << p.k;
      if (turned) continue;
      Factor factor;
      factor.Set(false, p.k, p.n, p.b.data(), p.ldb);
      GemmBias(p.m, p.a.data(), p.lda, factor, p.bias.data(), c.data(), p.ldc);
      UpperHalves(halves.data());
      EXPECT_EQ(halves, clear) << p.m << " x " << p.n << " x " << p.k << ", in panels";
    }
  }
  // And they are seen where somebody leaves them.
  asm volatile("vcmpps $15, %%ymm9, %%ymm9, %%ymm9" ::: "xmm9");
  UpperHalves(halves.data());
  asm volatile("vzeroupper");
  EXPECT_NE(halves, clear);
}
#endif

// 600 x 320 is put into panels, 30 x 40 is not; 257 and 7 leave a last panel that is not full.
TEST(Factor, IsTheTripleLoopForEveryTransposeAndSize) {
  const int64_t shapes[][3] = {{5, 40, 30},     {1, 320, 600}, {25, 257, 700},
                               {13, 1024, 200}, {300, 7, 40},  {3, 12, 1030}};
  for (const auto& s : shapes) {
    for (bool tb : {false, true}) {
      const Problem p(s[0], s[1], s[2], false, tb);
      Factor b;
      b.Set(!tb, 3, 2, p.b.data(), p.ldb);  // is replaced
      b.Set(tb, p.k, p.n, p.b.data(), p.ldb);
      for (float beta : {0.0f, 1.0f}) {
        std::vector<float> c = p.c;
        Gemm(p.m, p.a.data(), p.lda, b, beta, c.data(), p.ldc);
        p.Expect(c, beta, false);
      }
      std::vector<float> c = p.c;
      GemmBias(p.m, p.a.data(), p.lda, b, p.bias.data(), c.data(), p.ldc);
      p.Expect(c, 0, true);
    }
  }
}

TEST(Factor, ARowDoesNotDependOnHowManyRowsThereAre) {
  const Problem p(37, 400, 500, false, false);
  Factor b;
  b.Set(false, p.k, p.n, p.b.data(), p.ldb);
  std::vector<float> whole(static_cast<size_t>(p.m * p.n)), alone(static_cast<size_t>(p.n));
  Gemm(p.m, p.a.data(), p.lda, b, 0.0f, whole.data(), p.n);
  for (int64_t i = 0; i < p.m; ++i) {
    Gemm(1, p.a.data() + i * p.lda, p.lda, b, 0.0f, alone.data(), p.n);
    for (int64_t j = 0; j < p.n; ++j)
      ASSERT_EQ(alone[static_cast<size_t>(j)], whole[static_cast<size_t>(i * p.n + j)]) << i << ", " << j;
  }
}

}  // namespace
}  // namespace equipoise::nets
