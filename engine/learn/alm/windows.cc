#include "engine/learn/alm/windows.h"

#include <algorithm>

namespace equipoise::learn {

void DrawWindows(const replay::EpisodeBuffer& data, int64_t n, int64_t steps, Stream& stream, Windows* out) {
  const int64_t S = data.states(), A = data.actions();
  out->n = n;
  out->steps = std::min(steps, data.horizon());
  out->s.resize(static_cast<size_t>((out->steps + 1) * n * S));
  out->a.resize(static_cast<size_t>(out->steps * n * A));
  const auto firsts = static_cast<uint32_t>(data.horizon() - out->steps + 1);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t episode = stream.Below(static_cast<uint32_t>(data.size())), first = stream.Below(firsts);
    for (int64_t k = 0; k <= out->steps; ++k) data.Observation(episode, first + k, out->s.data() + (k * n + i) * S);
    for (int64_t k = 0; k < out->steps; ++k)
      std::copy_n(data[episode].actions.data() + (first + k) * A, A, out->a.data() + (k * n + i) * A);
  }
}

}  // namespace equipoise::learn
