// episode_block.h: one real episode as a block of fixed size, as replay.bin holds it.
//
// Shapes   states [T+1, ds], actions [T, da], rewards [T], phases [groups] as float32, then one byte: who acted. Phases
//          are NaN where the episode was recorded without distractors, or with fewer groups than there is room for
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
  // How many groups a block of so many bytes has room for, all else as here.
  int64_t GroupsIn(int64_t block_bytes) const {
    return groups + (block_bytes - bytes()) / static_cast<int64_t>(sizeof(float));
  }
};
// With room for the groups in force.
BlockShape ShapeOf(const replay::EpisodeBuffer& data);

// `groups`: in force, 0 while distractors are off; only their phases are written.
std::string EncodeBlock(const replay::Episode& episode, const BlockShape& shape, int64_t groups);
replay::Episode DecodeBlock(const std::string& block, const BlockShape& shape);

}  // namespace equipoise::run
