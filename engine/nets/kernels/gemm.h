// gemm.h: matrix products of the CPU path, row-major float32.
//
// Small products (the many of an unroll over time) are our own register tiles, written once with vectors of the
// compiler and built for AVX-512, AVX2 and any processor; which one runs is decided at start-up. Large ones are
// oneDNN's. A tile reads its operands where they are, in their order, so a row of the result does not depend on the
// other rows.
//
// A weight that comes at every step of an unroll is a Factor: what has to be turned round, or put into another order to
// be read at full speed, is so once.
//
// Shapes   op(A) [m, k], op(B) [k, n], C [m, n] with row strides lda, ldb, ldc
// Thread   no state; callers own all buffers. Each call computes on its own thread alone
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equipoise::nets {

// The right factor B of many products.
class Factor {
 public:
  // B [k, n] is w with row stride ldw or, `transpose`, the transposed of w [n, k]. Where w need not be copied it is
  // read in place: it stays as it is, where it is, until the next Set or the last product.
  void Set(bool transpose, int64_t k, int64_t n, const float* w, int64_t ldw);

 private:
  friend void Gemm(int64_t m, const float* a, int64_t lda, const Factor& b, float beta, float* c, int64_t ldc);
  friend void GemmBias(int64_t m, const float* a, int64_t lda, const Factor& b, const float* bias, float* c,
                       int64_t ldc);
  const float* data() const { return outside_ != nullptr ? outside_ : own_.data(); }
  int64_t k_ = 0, n_ = 0, ldb_ = 0;
  bool panels_ = false;             // own_ holds panels (TileArguments), else rows of ldb_
  const float* outside_ = nullptr;  // null: own_
  std::vector<float> own_;
};

// C = op(A) op(B) + beta C; beta is 0 (C is not read) or 1.
void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float beta, float* c, int64_t ldc);
// C = A B + bias, the same row added to all: an affine map.
void GemmBias(int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb,
              const float* bias, float* c, int64_t ldc);
// The same with a B that many products share.
void Gemm(int64_t m, const float* a, int64_t lda, const Factor& b, float beta, float* c, int64_t ldc);
void GemmBias(int64_t m, const float* a, int64_t lda, const Factor& b, const float* bias, float* c, int64_t ldc);

std::string GemmVersion();  // of oneDNN, e.g. "2.6.3"
std::string GemmKernels();  // in use on this processor: "tiles avx512, oneDNN avx512_core"

// B in panels: the columns [64 i, 64 i + 64) as k rows of 64 floats, one behind the other, and panel after panel; the
// last one is as wide as it must be, in steps of 16, padded with zeros. A tile walks down a panel without a jump.
constexpr int64_t kPanelColumns = 64, kPanelStep = 16;
// Of the panel that begins with column `first`, a multiple of 64. Static: see gemm_tile.inc on inline functions.
static constexpr int64_t PanelWidth(int64_t n, int64_t first) {
  return n - first >= kPanelColumns ? kPanelColumns : (n - first + kPanelStep - 1) / kPanelStep * kPanelStep;
}

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
  bool panels = false;  // B is in panels; ldb is not read
};
struct TileBuild {
  const char* name;
  bool usable;  // on this processor
  void (*multiply)(const TileArguments&);
};
std::vector<TileBuild> TileBuilds();  // best first

}  // namespace equipoise::nets
