// Any bytes in the files that the window keeps; tests/long/fuzz.sh is the long version.
#include <gtest/gtest.h>

#include "tests/fuzz/blind_changes.h"
#include "tests/fuzz/targets.h"

namespace equipoise::fuzz {
namespace {

TEST(AnyBytes, AsWhatTheWindowKeeps) {
  const std::vector<std::string> seeds = WindowStateSeeds();
  for (const std::string& seed : seeds) WindowState(seed);
  for (int i = 0; i < 2000; ++i) {
    SCOPED_TRACE(i);
    WindowState(Changed(seeds, static_cast<uint64_t>(i)));
  }
}

}  // namespace
}  // namespace equipoise::fuzz
