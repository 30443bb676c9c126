#include "engine/nets/kernels/gemm.h"

#include <dlfcn.h>
#if EQUIPOISE_LIBXSMM
#include <libxsmm.h>
#endif
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"

namespace equipoise::nets {
namespace {

// B in panels: the columns [64 i, 64 i + 64) as k rows of 64 floats, one behind the other, and panel after panel; the
// last one is as wide as it must be, in steps of 16, padded with zeros. A kernel walks down a panel without a jump.
constexpr int64_t kPanelColumns = 64, kPanelStep = 16;
// Of the panel that begins with column `first`, a multiple of 64.
int64_t PanelWidth(int64_t n, int64_t first) {
  return n - first >= kPanelColumns ? kPanelColumns : (n - first + kPanelStep - 1) / kPanelStep * kPanelStep;
}

// Up to here the operands stay in the second cache and copying them into blocks, as a large product must, costs more
// than it gains.
bool Small(int64_t m, int64_t n, int64_t k) { return m <= 256 && n >= 8 && k <= 512 && k * n <= 131072; }

#if EQUIPOISE_LIBXSMM
constexpr bool kPanels = true;  // its kernels read them fastest

// libxsmm's kernels leave numbers in the upper halves of the vector registers. The rest of the program is compiled to
// instructions that keep those, and some processors are then many times as slow at each of them (Zen 3 at exp and tanh
// of the C library: 14 times), until somebody clears them.
void ClearUpperHalves() {
#if defined(__x86_64__)
  static const bool has_them = __builtin_cpu_supports("avx");
  if (has_them)
    asm volatile("vzeroupper" ::
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
#endif
}

// Its kernels for AVX-512 cut the sum of a product of few rows and columns into several, so that a row depended on how
// many rows there are. Those for AVX2 do not, and give the same bits on either kind of processor.
void KeepRowsApart() {
  static const bool done = [] {
    if (libxsmm_get_target_archid() > LIBXSMM_X86_AVX2) libxsmm_set_target_archid(LIBXSMM_X86_AVX2);
    return true;
  }();
  (void)done;
}

// C = op(A) B + beta C by libxsmm's kernel for just these sizes, made when they first come. Its matrices lie in
// columns: it computes C^T = B^T op(A)^T.
void SmallGemm(bool transpose_a, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b,
               int64_t ldb, float beta, float* c, int64_t ldc) {
  using Count = libxsmm_blasint;
  const auto stride_b = static_cast<Count>(ldb), stride_a = static_cast<Count>(lda), stride_c = static_cast<Count>(ldc);
  const float one = 1;
  const int flags = transpose_a ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_PREFETCH_NONE;
  KeepRowsApart();
  const libxsmm_smmfunction multiply =
      libxsmm_smmdispatch(static_cast<Count>(n), static_cast<Count>(m), static_cast<Count>(k), &stride_b, &stride_a,
                          &stride_c, &one, &beta, &flags, &prefetch);
  EQ_CHECK(multiply != nullptr,
           "libxsmm makes no kernel for " + std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k));
  multiply(b, a, c);
  ClearUpperHalves();
}
#else
constexpr bool kPanels = false;

void SmallGemm(bool transpose_a, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b,
               int64_t ldb, float beta, float* c, int64_t ldc) {
  for (int64_t i = 0; i < m; ++i) {
    float* row = c + i * ldc;
    if (beta == 0.0f) std::fill(row, row + n, 0.0f);
    for (int64_t p = 0; p < k; ++p) {
      const float factor = transpose_a ? a[p * lda + i] : a[i * lda + p];
      for (int64_t j = 0; j < n; ++j) row[j] += factor * b[p * ldb + j];
    }
  }
}
#endif

void FillRows(int64_t m, int64_t n, const float* bias, float* c, int64_t ldc) {
  for (int64_t r = 0; r < m; ++r) std::copy(bias, bias + n, c + r * ldc);
}

// Parallelism is ours, over shards, masks and learners. OpenMP, if oneDNN was built with it, keeps a number of threads
// for each thread that calls it.
bool UseOneOpenMpThread() {
  using SetThreads = void (*)(int);
  if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) set(1);
  return true;
}

void Large(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
           const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  static thread_local const bool one_thread = UseOneOpenMpThread();
  const dnnl_status_t status =
      dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
  EQ_CHECK(one_thread && status == dnnl_success, "dnnl_sgemm of " + std::to_string(m) + " x " + std::to_string(n));
}

// y [k, n], rows ldy, = w or w transposed; columns from n to ldy are zero.
void Copy(bool transpose, int64_t k, int64_t n, const float* w, int64_t ldw, float* y, int64_t ldy) {
  constexpr int64_t kBlock = 16;  // a block of either side stays in the first cache
  for (int64_t p0 = 0; p0 < k; p0 += kBlock) {
    const int64_t p1 = std::min(p0 + kBlock, k);
    for (int64_t j0 = 0; j0 < n; j0 += kBlock)
      for (int64_t p = p0; p < p1; ++p)
        for (int64_t j = j0; j < std::min(j0 + kBlock, n); ++j)
          y[p * ldy + j] = transpose ? w[j * ldw + p] : w[p * ldw + j];
    for (int64_t p = p0; p < p1; ++p) std::fill(y + p * ldy + n, y + (p + 1) * ldy, 0.0f);
  }
}

// C = A B + beta C, B in panels.
void PanelGemm(int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* panel, float beta, float* c,
               int64_t ldc) {
  for (int64_t first = 0; first < n; first += kPanelColumns) {
    const int64_t width = PanelWidth(n, first), columns = std::min(width, n - first);
    SmallGemm(false, m, columns, k, a, lda, panel, width, beta, c + first, ldc);
    panel += k * width;
  }
}

}  // namespace

void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  if (m == 0 || n == 0) return;
  if (!transpose_b && k > 0 && Small(m, n, k)) {
    SmallGemm(transpose_a, m, n, k, a, lda, b, ldb, beta, c, ldc);
  } else {
    Large(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc);
  }
}

void GemmBias(int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb,
              const float* bias, float* c, int64_t ldc) {
  FillRows(m, n, bias, c, ldc);
  Gemm(false, false, m, n, k, a, lda, b, ldb, 1.0f, c, ldc);
}

void Factor::Set(bool transpose, int64_t k, int64_t n, const float* w, int64_t ldw) {
  k_ = k;
  n_ = n;
  panels_ = kPanels && k > 0 && !Small(1, n, k) && n >= kPanelColumns / 2;
  outside_ = nullptr;
  if (panels_) {
    own_.resize(static_cast<size_t>(k * ((n + kPanelStep - 1) / kPanelStep * kPanelStep)));
    float* panel = own_.data();
    for (int64_t first = 0; first < n; first += kPanelColumns) {
      const int64_t width = PanelWidth(n, first);
      Copy(transpose, k, std::min(width, n - first), w + first * (transpose ? ldw : 1), ldw, panel, width);
      panel += k * width;
    }
  } else if (transpose) {
    ldb_ = n;
    own_.resize(static_cast<size_t>(k * n));
    Copy(true, k, n, w, ldw, own_.data(), n);
  } else {
    ldb_ = ldw;
    outside_ = w;
  }
}

void Gemm(int64_t m, const float* a, int64_t lda, const Factor& b, float beta, float* c, int64_t ldc) {
  if (m == 0 || b.n_ == 0) return;
  if (b.panels_) return PanelGemm(m, b.n_, b.k_, a, lda, b.data(), beta, c, ldc);
  // Where there are no panels the rows of a large factor's product must be independent all the same.
  if (!kPanels && b.k_ > 0) return SmallGemm(false, m, b.n_, b.k_, a, lda, b.data(), b.ldb_, beta, c, ldc);
  Gemm(false, false, m, b.n_, b.k_, a, lda, b.data(), b.ldb_, beta, c, ldc);
}

void GemmBias(int64_t m, const float* a, int64_t lda, const Factor& b, const float* bias, float* c, int64_t ldc) {
  FillRows(m, b.n_, bias, c, ldc);
  Gemm(m, a, lda, b, 1.0f, c, ldc);
}

std::string GemmVersion() {
  const dnnl_version_t* v = dnnl_version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

std::string GemmKernels() {
  const dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  std::string name = "instruction set " + std::to_string(static_cast<int>(isa));
  for (const auto& [value, text] : {std::pair(dnnl_cpu_isa_sse41, "sse41"),
                                    {dnnl_cpu_isa_avx, "avx"},
                                    {dnnl_cpu_isa_avx2, "avx2"},
                                    {dnnl_cpu_isa_avx512_core, "avx512_core"},
                                    {dnnl_cpu_isa_avx512_core_vnni, "avx512_core_vnni"},
                                    {dnnl_cpu_isa_avx512_core_bf16, "avx512_core_bf16"}})
    if (isa == value) name = text;
  if (static_cast<int>(isa) == 0) name = "all";  // dnnl_cpu_isa_all of oneDNN 2, dnnl_cpu_isa_default of oneDNN 3
#if EQUIPOISE_LIBXSMM
  KeepRowsApart();  // those that will be in use
  return std::string("libxsmm ") + libxsmm_get_target_arch() + ", oneDNN " + name;
#else
  return "oneDNN " + name;
#endif
}

}  // namespace equipoise::nets
