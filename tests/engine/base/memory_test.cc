#include "engine/base/memory.h"

#include <gtest/gtest.h>

#include <new>
#include <string>

namespace equipoise {
namespace {

TEST(Memory, OfThisMachineIsKnown) {
  const MemoryLeft left = FindMemoryLeft();
  EXPECT_GT(left.bytes, 0);
  EXPECT_STRNE(left.limit, "");
}

TEST(Memory, IsWrittenForPeople) {
  EXPECT_EQ(BytesText(340'400'000), "340 MB");
  EXPECT_EQ(BytesText(1'240'000'000), "1.2 GB");
}

// A sanitizer brings an operator new of its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Memory, ThatThereIsNoneOfIsASentence) {
  try {
    ::operator delete(::operator new (size_t{1} << 62));  // called by name, it is not optimised away
    FAIL() << "there is no such memory";
  } catch (const std::bad_alloc& error) {
    EXPECT_EQ(std::string(error.what()).rfind("out of memory: 4611686018.4 GB more were asked for, and ", 0), 0u)
        << error.what();
  }
}
#endif

}  // namespace
}  // namespace equipoise
