// windows.h: some steps in a row, out of recorded episodes. None crosses the end of an episode: what comes next there
// is another beginning, not what the actions led to.
//
// Shapes   s [steps + 1, n, S], a [steps, n, A]: time first
// Units    raw
// Thread   any; no state
#pragma once

#include <vector>

#include "engine/replay/episode_buffer.h"

namespace equipoise::learn {

struct Windows {
  int64_t n = 0, steps = 0;
  std::vector<float> s, a;
};

// n of them, uniform over all that there are, with replacement. Of no more steps than an episode has.
void DrawWindows(const replay::EpisodeBuffer& data, int64_t n, int64_t steps, Stream& stream, Windows* out);

}  // namespace equipoise::learn
