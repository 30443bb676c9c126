// episode_block.h: one real episode as a block of fixed size, as replay.bin holds it.
//
// Shapes   states [T+1, ds], actions [T, da], rewards [T], phases [groups] as float32, then one byte: who acted. Phases
// are
//          NaN when the episode was recorded without distractors
// Errors   Decode throws FormatError for a block of another size
#pragma once

#include <cstdint>
#include <string>

#include "engine/replay/episode_buffer.h"

namespace equipoise::run {

struct BlockShape {
  int64_t horizon = 0, states = 0, actions = 0, groups = 0;
  int64_t bytes() const {
    return ((horizon + 1) * states + horizon * actions + horizon + groups) * static_cast<int64_t>(sizeof(float)) + 1;
  }
};
BlockShape ShapeOf(const replay::EpisodeBuffer& data);

// `with_phases` false: distractors are off, phases are not written.
std::string EncodeBlock(const replay::Episode& episode, const BlockShape& shape, bool with_phases);
replay::Episode DecodeBlock(const std::string& block, const BlockShape& shape);

}  // namespace equipoise::run
