#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace equipoise {
namespace {

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(AlignedNew, LargeArraysBeginOnACacheLine) {
  for (const size_t count : {256u, 257u, 1000u, 65536u, 1000003u}) {
    const std::vector<float> array(count, 1.0f);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data()) % 64, 0u) << count;
  }
}
#endif

TEST(AlignedNew, RefusesWhatNoMachineHas) {
  const size_t all = std::numeric_limits<size_t>::max();
  for (const size_t size : {all, all - 63, all / 2})
    EXPECT_THROW(::operator delete(::operator new(size)), std::bad_alloc) << size;
}

}  // namespace
}  // namespace equipoise
