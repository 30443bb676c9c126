// flush_to_zero.h: denormal numbers count as zero while in scope, on this thread.
//
// Gradients that fade through time end as denormals (below 1e-38), which mean nothing to a float32 network but cost many
// processors a hundred cycles each: a model fit was eight times slower with them. Physics is never inside this scope.
#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace equipoise {

class ScopedFlushToZero {
 public:
#if defined(__SSE__)
  ScopedFlushToZero() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }  // results (FTZ) and operands (DAZ)
  ~ScopedFlushToZero() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;

 public:
#else
  ScopedFlushToZero() = default;
#endif
  ScopedFlushToZero(const ScopedFlushToZero&) = delete;
  ScopedFlushToZero& operator=(const ScopedFlushToZero&) = delete;
};

// The opposite, for physics that is computed amid learning: denormal numbers count as what they are.
class ScopedDenormals {
 public:
#if defined(__SSE__)
  ScopedDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ & ~0x8040u); }
  ~ScopedDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;

 public:
#else
  ScopedDenormals() = default;
#endif
  ScopedDenormals(const ScopedDenormals&) = delete;
  ScopedDenormals& operator=(const ScopedDenormals&) = delete;
};

}  // namespace equipoise
