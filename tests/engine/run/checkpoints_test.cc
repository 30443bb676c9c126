#include "engine/run/checkpoints.h"

#include <cmath>

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

TEST(Checkpoints, AStateThatIsNotFiniteIsNotWrittenAndItsArrayIsNamed) {
  RunWriter writer{RunFiles{}};
  PendingChanges changes([](const std::string&) { return Status(); });
  Checkpoints checkpoints(&writer, &changes);
  ArchiveWriter state;
  state.Put("net", std::vector<float>{1, 2});
  state.Put("text", std::string("NaN"));
  checkpoints.Take(state);
  EXPECT_TRUE(checkpoints.Write().ok());
  state.Put("moments", std::vector<double>{1, NAN});
  checkpoints.Take(state);
  const Status written = checkpoints.Write();
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message.find("\"moments\""), std::string::npos) << written.error().message;
}

}  // namespace
}  // namespace equipoise::run
