#include "engine/agent/episode_block.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>

#include "engine/base/archive.h"

namespace equipoise::run {

BlockShape ShapeOf(const replay::EpisodeBuffer& data) {
  return {data.horizon(), data.physics_states(), data.actions(), data.distractors().spec().groups};
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
  block.push_back(static_cast<char>(e.source));
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
  e.source = static_cast<uint8_t>(*from);
  return e;
}

}  // namespace equipoise::run
