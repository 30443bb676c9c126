// random.h: every random number of a run comes from a named stream.
//
// A stream is a counter-based generator (Philox 4x32-10, Salmon et al. 2011): its numbers are a function of the run's
// seed, the stream's name and up to three indices (iteration, mask, ...), and of nothing else. So no thread, no chunk
// size and no order of evaluation can change a draw, and a stream that is made anew at each iteration needs no saved state.
//
//   Stream masks(seed, "eps.mask", iteration, mask_index);
//   masks.Normal(buffer, n);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace equipoise {

class Stream {
 public:
  Stream(uint64_t seed, std::string_view name, uint64_t i = 0, uint64_t j = 0, uint64_t k = 0);

  uint32_t NextU32();
  // Uniform in [0, n), n > 0; without modulo bias.
  uint32_t Below(uint32_t n);
  // Uniform in the open interval (0, 1): double with 53 bits, float with 23.
  double Uniform();
  double Uniform(double lo, double hi) { return lo + (hi - lo) * Uniform(); }
  double Normal();

  // Fill a buffer: uniforms in (0, 1) or standard normals (Box-Muller), float32.
  void Uniform(float* out, size_t n);
  void Normal(float* out, size_t n);

 private:
  void Refill();

  uint32_t key_[2];
  uint32_t counter_[4] = {0, 0, 0, 0};
  uint32_t block_[4];
  int used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0;
};

// 64-bit mix of a name and numbers; the base of every stream's key.
uint64_t HashName(std::string_view name, uint64_t seed);

}  // namespace equipoise
