#include "engine/agent/episode_block.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>

#include "engine/base/archive.h"

namespace equipoise::run {

BlockShape ShapeOf(const replay::EpisodeBuffer& data) {
  return {data.horizon(), data.physics_states(), data.actions(), data.distractors().spec().groups, false};
}

std::string EncodeBlock(const replay::Episode& e, const BlockShape& shape, int64_t groups) {
  std::string block;
  auto put = [&block](const std::vector<float>& v) {
    block.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
  };
  put(e.states);
  put(e.actions);
  put(e.rewards);
  // NaN: recorded without distractors; phases drawn later follow from the seed.
  std::vector<float> phases(
      e.phases.begin(),
      e.phases.begin() + std::min<std::ptrdiff_t>(groups, static_cast<std::ptrdiff_t>(e.phases.size())));
  phases.resize(static_cast<size_t>(shape.groups), std::numeric_limits<float>::quiet_NaN());
  put(phases);
  const bool known = !e.latents.empty();
  if (shape.latents) {
    const auto steps = static_cast<size_t>(shape.horizon);
    put(known ? e.latents : std::vector<float>(steps * static_cast<size_t>(shape.actions), 0.0f));
    put(known ? e.log_probs : std::vector<float>(steps, 0.0f));
  }
  block.push_back(static_cast<char>(e.source));
  if (shape.latents) block.push_back(static_cast<char>(known));
  return block;
}

replay::Episode DecodeBlock(const std::string& block, const BlockShape& shape) {
  if (static_cast<int64_t>(block.size()) != shape.bytes()) throw FormatError("a recorded episode of another size");
  replay::Episode e;
  const char* from = block.data();
  auto take = [&from](std::vector<float>& v, int64_t n) {
    v.resize(static_cast<size_t>(n));
    std::memcpy(v.data(), from, v.size() * sizeof(float));
    from += v.size() * sizeof(float);
  };
  take(e.states, (shape.horizon + 1) * shape.states);
  take(e.actions, shape.horizon * shape.actions);
  take(e.rewards, shape.horizon);
  take(e.phases, shape.groups);
  while (!e.phases.empty() && std::isnan(e.phases.back())) e.phases.pop_back();
  if (shape.latents) {
    take(e.latents, shape.horizon * shape.actions);
    take(e.log_probs, shape.horizon);
  }
  e.source = static_cast<uint8_t>(*from);
  if (shape.latents && from[1] == 0) {
    e.latents.clear();
    e.log_probs.clear();
  }
  return e;
}

}  // namespace equipoise::run
