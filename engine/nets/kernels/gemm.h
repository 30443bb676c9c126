// gemm.h: matrix products of the CPU path, row-major float32.
//
// Small products (the many of an unroll over time) are libxsmm's, which makes a kernel for each size that comes; on a
// processor other than x86-64, for which it makes none, three plain loops. Large ones are oneDNN's. A small product reads
// its operands where they are, in their order, so a row of the result does not depend on the other rows.
// Of libxsmm the kernels for AVX2 are taken at most: those for AVX-512 do not keep to that (and are no faster on Zen 4).
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
  bool panels_ = false;             // own_ holds panels (gemm.cc), else rows of ldb_
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
std::string GemmKernels();  // in use on this processor: "libxsmm skx, oneDNN avx512_core"

}  // namespace equipoise::nets
