// memory.h: how much memory this process has left, and the error that says so when there is none.
//
// Every large block of the numeric code comes from operator new (aligned_new.cc), which throws OutOfMemory: a sentence
// for people, made without memory.
//
// Thread   any
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>

namespace equipoise {

// What the nearest of the limits leaves, and whose it is: the machine's memory and swap, `ulimit -v`, or the container's.
struct MemoryLeft {
  int64_t bytes = INT64_MAX;  // that: no limit is known
  const char* limit = "";     // "the memory of this machine"
  bool addresses = false;     // it counts what is mapped, used or not: `ulimit -v`
};
MemoryLeft FindMemoryLeft();

// "1.2 GB", "340 MB".
std::string BytesText(int64_t bytes);

// "out of memory: 134 MB more were asked for, and ulimit -v leaves 20 MB".
class OutOfMemory : public std::bad_alloc {
 public:
  explicit OutOfMemory(size_t asked) noexcept;
  const char* what() const noexcept override { return text_; }

 private:
  char text_[200];
};

}  // namespace equipoise
