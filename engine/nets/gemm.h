// gemm.h: matrix products of the CPU path, row-major float32.
//
// Small products (the many of an unroll over time) are our own register tiles, written once with vectors of the
// compiler and built for AVX-512, AVX2 and any processor; which one runs is decided at start-up. Large ones are
// oneDNN's. A tile reads its operands where they are, in their order, so a row of the result does not depend on the
// other rows.
//
// Shapes   op(A) [m, k], op(B) [k, n], C [m, n] with row strides lda, ldb, ldc
// Thread   no state; callers own all buffers. Each call computes on its own thread alone
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equipoise::nets {

// C = op(A) op(B) + beta C; beta is 0 (C is not read) or 1.
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float beta, float* c, int64_t ldc);
// C = A B + bias, the same row added to all: an affine map.
void GemmBias(int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb,
              const float* bias, float* c, int64_t ldc);
// y [cols, rows] = x [rows, cols] transposed. A product with a transposed weight that comes at every step of an unroll
// is faster with the weight turned round once.
void Transpose(int64_t rows, int64_t cols, const float* x, float* y);

std::string GemmVersion();  // of oneDNN, e.g. "2.6.3"

// One build of the tiles, for tests and benchmarks.
struct TileArguments {
  int64_t m, n, k;
  const float* a;
  int64_t a_row, a_column;  // strides of op(A): a[i * a_row + p * a_column]
  const float* b;
  int64_t ldb;
  const float* bias;  // null: none
  bool add;           // to what C holds; not with a bias
  float* c;
  int64_t ldc;
};
struct TileBuild {
  const char* name;
  bool usable;  // on this processor
  void (*multiply)(const TileArguments&);
};
std::vector<TileBuild> TileBuilds();  // best first

}  // namespace equipoise::nets
