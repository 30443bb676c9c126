// The machine's own peak: square matrix products on one core and on two at once, by the engine's Gemm (oneDNN at these
// sizes) and by the BLAS that LibTorch uses; the largest counts.
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "engine/nets/kernels/gemm.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"

namespace equipoise::bench {
namespace {

using SgemmFunction = void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                               const int*, const float*, const int*, const float*, float*, const int*);

struct Square {
  explicit Square(int size) : n(size), a(Count(), 0.5f), b(Count(), 0.25f), c(Count(), 0.0f) {}
  size_t Count() const { return static_cast<size_t>(n) * static_cast<size_t>(n); }
  void Multiply(SgemmFunction sgemm) {
    const char plain = 'N';
    const float one = 1.0f, zero = 0.0f;
    if (sgemm == nullptr) {
      nets::Gemm(false, false, n, n, n, a.data(), n, b.data(), n, 0.0f, c.data(), n);
    } else {
      sgemm(&plain, &plain, &n, &n, &n, &one, a.data(), &n, b.data(), &n, &zero, c.data(), &n);
    }
  }
  int n;
  std::vector<float> a, b, c;
};

// `times` products on each of `threads` threads. `sgemm` null: the engine's.
void MultiplyOnThreads(SgemmFunction sgemm, int times, std::vector<Square>* squares) {
  auto work = [times, sgemm](Square* square) {
    for (int i = 0; i < times; ++i) square->Multiply(sgemm);
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < squares->size(); ++i) others.emplace_back(work, &(*squares)[i]);
  work(squares->data());
  for (std::thread& other : others) other.join();
}

int TimesOf(int size) { return size >= 1024 ? 2 : 2 * (1024 / size) * (1024 / size) * (1024 / size); }

double Flop(int size, int threads) { return 2.0 * size * size * size * TimesOf(size) * threads; }

void Multiply(benchmark::State& state, SgemmFunction sgemm, int size, int threads) {
  std::vector<Square> squares(static_cast<size_t>(threads), Square(size));
  for (auto _ : state) MultiplyOnThreads(sgemm, TimesOf(size), &squares);
  state.counters["sgemm_flop"] = Flop(size, threads);
  state.counters["threads"] = threads;
}

}  // namespace

double SgemmPeak(int threads) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int size : {512, 1024}) {
    std::vector<Square> squares(static_cast<size_t>(threads), Square(size));
    for (int repetition = 0; repetition < 10; ++repetition) {
      const auto start = Clock::now();
      MultiplyOnThreads(nullptr, TimesOf(size), &squares);
      best = std::max(best, Flop(size, threads) / std::chrono::duration<double>(Clock::now() - start).count());
    }
  }
  return best;
}

void AddSgemm() {
  const auto blas = reinterpret_cast<SgemmFunction>(dlsym(RTLD_DEFAULT, "sgemm_"));
  std::vector<SgemmFunction> products{nullptr};
  if (blas != nullptr) products.push_back(blas);
  for (SgemmFunction sgemm : products)
    for (int threads : {1, 2})
      for (int size : {256, 512, 1024, 2048}) {
        const std::string name = std::string(sgemm == nullptr ? "sgemm/engine/" : "sgemm/BLAS/") +
                                 std::to_string(size) + "/" + std::to_string(threads);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [=](benchmark::State& state) { Multiply(state, sgemm, size, threads); })
            ->Iterations(1)
            ->MeasureProcessCPUTime()
            ->UseRealTime();
      }
}

}  // namespace equipoise::bench
