#include "engine/nets/kernels/gemm.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"

namespace equipoise::nets {

void MultiplyBaseline(const TileArguments& t);
#if defined(__x86_64__)
void MultiplyAvx2(const TileArguments& t);
void MultiplyAvx512(const TileArguments& t);
#endif

std::vector<TileBuild> TileBuilds() {
  return {
#if defined(__x86_64__)
    {"avx512", __builtin_cpu_supports("avx512f") != 0, MultiplyAvx512},
        {"avx2", __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0, MultiplyAvx2},
#endif
    {
      "baseline", true, MultiplyBaseline
    }
  };
}

namespace {

TileBuild BestTiles() {
  const std::vector<TileBuild> builds = TileBuilds();
  return *std::find_if(builds.begin(), builds.end(), [](const TileBuild& b) { return b.usable; });
}

// Up to here the operands stay in the second cache and copying them into blocks, as a large product must, costs more
// than it gains.
bool Small(int64_t m, int64_t n, int64_t k) { return m <= 256 && n >= 8 && k <= 512 && k * n <= 131072; }

void Tiles(const TileArguments& t) {
  static void (*const multiply)(const TileArguments&) = BestTiles().multiply;
  multiply(t);
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

}  // namespace

void Gemm(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, const float* a, int64_t lda,
          const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  if (m == 0 || n == 0) return;
  if (!transpose_b && Small(m, n, k)) {
    Tiles({m, n, k, a, transpose_a ? 1 : lda, transpose_a ? lda : 1, b, ldb, nullptr, beta != 0.0f, c, ldc});
  } else {
    Large(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc);
  }
}

void GemmBias(int64_t m, int64_t n, int64_t k, const float* a, int64_t lda, const float* b, int64_t ldb,
              const float* bias, float* c, int64_t ldc) {
  if (m == 0 || n == 0) return;
  if (Small(m, n, k)) {
    Tiles({m, n, k, a, lda, 1, b, ldb, bias, false, c, ldc});
    return;
  }
  for (int64_t r = 0; r < m; ++r) std::copy(bias, bias + n, c + r * ldc);
  Large(false, false, m, n, k, a, lda, b, ldb, 1.0f, c, ldc);
}

void Factor::Set(bool transpose, int64_t k, int64_t n, const float* w, int64_t ldw) {
  k_ = k;
  n_ = n;
  panels_ = !Small(1, n, k) && n >= kPanelColumns / 2;
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
  if (b.panels_) return Tiles({m, b.n_, b.k_, a, lda, 1, b.data(), 0, nullptr, beta != 0.0f, c, ldc, true});
  Gemm(false, false, m, b.n_, b.k_, a, lda, b.data(), b.ldb_, beta, c, ldc);
}

void GemmBias(int64_t m, const float* a, int64_t lda, const Factor& b, const float* bias, float* c, int64_t ldc) {
  if (b.panels_) return Tiles({m, b.n_, b.k_, a, lda, 1, b.data(), 0, bias, false, c, ldc, true});
  GemmBias(m, b.n_, b.k_, a, lda, b.data(), b.ldb_, bias, c, ldc);
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
  return std::string("tiles ") + BestTiles().name + ", oneDNN " + name;
}

}  // namespace equipoise::nets
