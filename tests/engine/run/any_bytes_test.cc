// Any bytes in any file that is read: an answer, never a crash. tests/long/fuzz.sh is the long version.
#include <gtest/gtest.h>

#include "engine/base/clock.h"
#include "tests/fuzz/blind_changes.h"
#include "tests/fuzz/targets.h"

namespace equipoise::fuzz {
namespace {

void ReadAll(const std::vector<std::string>& seeds, void (*target)(const std::string&), int changes) {
  for (const std::string& seed : seeds) target(seed);
  for (int i = 0; i < changes; ++i) {
    const std::string bytes = Changed(seeds, static_cast<uint64_t>(i));
    SCOPED_TRACE(i);
    const double began = MonotonicSeconds();
    target(bytes);
    EXPECT_LT(MonotonicSeconds() - began, 10) << "a hang, also on a machine that is busy";
  }
}

TEST(AnyBytes, AsAConfiguration) { ReadAll(ConfigurationSeeds(), Configuration, 1000); }
TEST(AnyBytes, AsACheckpoint) { ReadAll(CheckpointSeeds(), Checkpoint, 1000); }
TEST(AnyBytes, AsATaskFileAndItsModel) { ReadAll(TaskFileSeeds(), TaskFile, 500); }
TEST(AnyBytes, AsALogOfARun) { ReadAll(RunLogSeeds(), RunLog, 500); }

}  // namespace
}  // namespace equipoise::fuzz
