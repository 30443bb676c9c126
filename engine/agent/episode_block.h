// episode_block.h: one real episode as a block of fixed size, as replay.bin holds it.
//
// Shapes   states [T+1, ds], actions [T, da], rewards [T], phases [groups] as float32, then one byte: who acted. Phases
//          are NaN where the episode was recorded without distractors, or with fewer groups than there is room for.
//          With room for latents: latents [T, da] and log_probs [T] before that byte, and one more behind it: are they
//          known
// Errors   Decode throws FormatError for a block of another size
#pragma once

#include <cstdint>
#include <string>

#include "engine/replay/episode_buffer.h"

namespace equipoise::run {

struct BlockShape {
  int64_t horizon = 0, states = 0, actions = 0, groups = 0;
  bool latents = false;
  int64_t bytes() const {
    const int64_t floats = (horizon + 1) * states + horizon * actions + horizon + groups;
    const int64_t more = latents ? horizon * (actions + 1) : 0;
    return (floats + more) * static_cast<int64_t>(sizeof(float)) + (latents ? 2 : 1);
  }
  // What a block of so many bytes has room for beside the steps. Its size says so: floats, and one byte or two. Negative
  // groups: it is not of these steps.
  BlockShape FittedTo(int64_t block_bytes) const {
    BlockShape fitted = *this;
    fitted.latents = block_bytes % static_cast<int64_t>(sizeof(float)) == 2;
    fitted.groups += (block_bytes - fitted.bytes()) / static_cast<int64_t>(sizeof(float));
    return fitted;
  }
};
// With room for the groups in force, and none for latents.
BlockShape ShapeOf(const replay::EpisodeBuffer& data);

// `groups`: in force, 0 while distractors are off; only their phases are written.
std::string EncodeBlock(const replay::Episode& episode, const BlockShape& shape, int64_t groups);
replay::Episode DecodeBlock(const std::string& block, const BlockShape& shape);

}  // namespace equipoise::run
