#include "engine/agent/episode_block.h"

#include <gtest/gtest.h>

#include "engine/base/archive.h"
#include "tests/engine/numeric.h"

namespace equipoise::run {
namespace {

constexpr int64_t T = 5, S = 3, A = 2;

replay::Episode Made(bool latents) {
  replay::Episode e;
  e.states = test::Normals((T + 1) * S, "s");
  e.actions = test::Normals(T * A, "a");
  e.rewards = test::Normals(T, "r");
  e.source = 2;
  if (latents) {
    e.latents = test::Normals(T * A, "u");
    e.log_probs = test::Normals(T, "lp");
  }
  return e;
}

TEST(EpisodeBlock, KeepsWhatAPolicyDrewWhereThereIsRoomAndSaysWhereItIsNotKnown) {
  const BlockShape with{T, S, A, 4, true}, without{T, S, A, 4, false};
  EXPECT_EQ(with.bytes() - without.bytes(), T * (A + 1) * 4 + 1);
  for (const bool known : {true, false}) {
    const replay::Episode e = Made(known);
    const replay::Episode back = DecodeBlock(EncodeBlock(e, with, 0), with);
    EXPECT_EQ(back.latents, e.latents);
    EXPECT_EQ(back.log_probs, e.log_probs);
    EXPECT_EQ(back.states, e.states);
    EXPECT_EQ(back.rewards, e.rewards);
    EXPECT_EQ(back.source, 2);
    EXPECT_TRUE(back.phases.empty());
    const replay::Episode narrow = DecodeBlock(EncodeBlock(e, without, 0), without);
    EXPECT_TRUE(narrow.latents.empty()) << "a block of an older run has no room for them";
    EXPECT_EQ(narrow.actions, e.actions);
  }
}

TEST(EpisodeBlock, SaysByItsSizeWhatItHasRoomFor) {
  const BlockShape now{T, S, A, 5, false};
  for (const int64_t groups : {0, 5, 64})
    for (const bool latents : {false, true}) {
      const BlockShape made{T, S, A, groups, latents}, read = now.FittedTo(made.bytes());
      EXPECT_EQ(read.groups, groups);
      EXPECT_EQ(read.latents, latents);
      EXPECT_EQ(read.bytes(), made.bytes());
    }
  EXPECT_LT(now.FittedTo(17).groups, 0);
  EXPECT_THROW(DecodeBlock(EncodeBlock(Made(false), now, 0) + "x", now), FormatError);
}

}  // namespace
}  // namespace equipoise::run
