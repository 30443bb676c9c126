// kernels_math.h: the scalar functions inside the kernels, written so that a loop over them becomes vector code.
// Private to kernels*.cc, which are compiled with the flags that this needs.
//
// Errors   relative, against double: exp, log, tanh, sigmoid, softplus below 5e-7; NaN in, NaN out (log excepted)
#pragma once

#include <cstdint>

// One body, compiled for three instruction sets, chosen when the program starts. The levels are named, not processors:
// GCC matches "arch=skylake-avx512" on that very processor only. Sanitizers and clang 14 cannot follow the choice.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EQ_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define EQ_CLONES
#endif
#define EQ_INLINE inline __attribute__((always_inline))

namespace equipoise::nets {

// exp by range reduction to [-ln2/2, ln2/2] and a polynomial of degree 6 (coefficients of the Cephes library).
EQ_INLINE float Exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits: no conversion, which would be undefined for
  // NaN.
  const float shifted = x * 1.44269504088896341f + 12582912.0f, n = shifted - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  uint32_t bits;
  __builtin_memcpy(&bits, &shifted, 4);
  bits = (bits + 127u) << 23;
  float scale;
  __builtin_memcpy(&scale, &bits, 4);
  return p * scale;
}

// log((1 + m) 2^e) with 1 + m in [sqrt(1/2), sqrt(2)): polynomial of degree 8 (Cephes).
EQ_INLINE float LogOfMantissa(float m, float e) {
  const float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = m * z * p;
  y = y + e * -2.12194440e-4f;
  y = y - 0.5f * z;
  return m + y + e * 0.693359375f;
}

// log of a positive normal number.
EQ_INLINE float Log(float x) {
  int32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  int32_t e = (bits >> 23) - 126;
  bits = (bits & 0x007FFFFF) | 0x3F000000;
  float m;
  __builtin_memcpy(&m, &bits, 4);
  const bool low = m < 0.707106781186547524f;
  m = low ? m + m - 1.0f : m - 1.0f;
  e = low ? e - 1 : e;
  return LogOfMantissa(m, static_cast<float>(e));
}

EQ_INLINE float Sigmoid(float x) { return 1.0f / (1.0f + Exp(-x)); }

// Near 0 an odd polynomial (Cephes): 1 - 2 / (e^2x + 1) would lose its leading digits there.
EQ_INLINE float Tanh(float x) {
  const float size = __builtin_fabsf(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * x + x;
  const float far = __builtin_copysignf(1.0f - 2.0f / (Exp(2.0f * size) + 1.0f), x);
  return size < 0.625f ? near : far;
}

// max(x, 0) + log(1 + e^-|x|), where 1 + e^-|x| is never rounded: a standard deviation near its floor keeps its digits,
// and what is not a number stays so.
EQ_INLINE float Softplus(float x) {
  const float positive = x > 0.0f ? x : 0.0f;
  const float y = Exp(x > 0.0f ? -x : x);
  const bool low = y < 0.414213562373095049f;
  return positive + LogOfMantissa(low ? y : 0.5f * (y - 1.0f), low ? 0.0f : 1.0f);
}

// What is not a number must stay so: a policy or a state gone wrong would otherwise look healthy behind a ReLU.
EQ_INLINE float Relu(float x) { return x < 0.0f ? 0.0f : x; }

}  // namespace equipoise::nets
