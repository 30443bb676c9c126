#include "engine/base/random.h"

#include <cmath>

namespace equipoise {
namespace {

constexpr double kTwoPi = 6.283185307179586476925;

uint64_t Mix(uint64_t x) {  // splitmix64's finaliser: a bijection with full avalanche
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

inline void Philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = 0xD2511F53ull * c0;
    const uint64_t p1 = 0xCD9E8D57ull * c2;
    const uint32_t n0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
    const uint32_t n2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c1 = static_cast<uint32_t>(p1);
    c3 = static_cast<uint32_t>(p0);
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

// 23 bits and a half: every value is exact in float32, so neither 0 nor 1 can come out.
inline float Open01(uint32_t bits) { return (static_cast<float>(bits >> 9) + 0.5f) * (1.0f / 8388608.0f); }

}  // namespace

uint64_t HashName(std::string_view name, uint64_t seed) {
  uint64_t h = Mix(seed ^ 0x51A5C0DEull);
  for (unsigned char c : name) h = (h ^ c) * 0x100000001B3ull;  // FNV-1a step, mixed once more below
  return Mix(h);
}

Stream::Stream(uint64_t seed, std::string_view name, uint64_t i, uint64_t j, uint64_t k) {
  const uint64_t key = Mix(Mix(Mix(HashName(name, seed) ^ i) + j) ^ (k * 0x9E3779B97F4A7C15ull));
  key_[0] = static_cast<uint32_t>(key);
  key_[1] = static_cast<uint32_t>(key >> 32);
  // The upper half of the counter carries the indices again, so equal keys of two streams need three equal indices too.
  counter_[2] = static_cast<uint32_t>(Mix(i + 1) ^ Mix(j + 2));
  counter_[3] = static_cast<uint32_t>(Mix(k + 3) >> 7);
}

void Stream::Refill() {
  Philox(key_, counter_, block_);
  if (++counter_[0] == 0) ++counter_[1];
  used_ = 0;
}

uint32_t Stream::NextU32() {
  if (used_ == 4) Refill();
  return block_[used_++];
}

uint32_t Stream::Below(uint32_t n) {
  const uint32_t limit = UINT32_MAX - (UINT32_MAX % n + 1) % n;  // largest multiple of n, less one
  uint32_t x = NextU32();
  while (x > limit) x = NextU32();
  return x % n;
}

double Stream::Uniform() {
  const uint64_t hi = NextU32() >> 5, lo = NextU32() >> 6;
  return (static_cast<double>((hi << 26) | lo) + 0.5) * (1.0 / 9007199254740992.0);
}

double Stream::Normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double r = std::sqrt(-2.0 * std::log(Uniform())), a = kTwoPi * Uniform();
  spare_ = r * std::sin(a);
  has_spare_ = true;
  return r * std::cos(a);
}

void Stream::Uniform(float* out, size_t n) {
  for (size_t i = 0; i < n; ++i) out[i] = Open01(NextU32());
}

void Stream::Normal(float* out, size_t n) {
  for (size_t i = 0; i < n; i += 2) {
    const float u = Open01(NextU32());
    const float r = std::sqrt(-2.0f * std::log(u));
    const float a = static_cast<float>(kTwoPi) * Open01(NextU32());
    out[i] = r * std::cos(a);
    if (i + 1 < n) out[i + 1] = r * std::sin(a);
  }
}

}  // namespace equipoise
