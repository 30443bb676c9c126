// Large blocks begin on a cache line.
//
// malloc's begin 16 bytes behind one, so that each access of a 64-byte vector register touches two lines: layer
// normalisation with two results took 2.5 times as long, a whole SAC update 7 % longer. Every array of the numeric code
// is a std::vector; this is the one place through which all of them go. Memory still comes from malloc's heap: free
// takes either kind, so blocks from here may be released by libraries that know nothing of it.
#include <cstddef>
#include <cstdlib>
#include <new>

#include "engine/base/memory.h"

// Sanitizers bring their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

constexpr std::size_t kLine = 64, kLarge = 1024;

void* Allocate(std::size_t size) {
  if (size < kLarge) return std::malloc(size > 0 ? size : 1);
  const std::size_t whole = (size + kLine - 1) / kLine * kLine;
  return whole >= size ? std::aligned_alloc(kLine, whole) : nullptr;  // it turned over: more than there can be
}

}  // namespace

void* operator new(std::size_t size) {
  for (;;) {
    if (void* block = Allocate(size)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw equipoise::OutOfMemory(size);
    handler();
  }
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }

#endif
