#include "engine/learn/transition_source.h"

#include <cmath>
#include <vector>

namespace equipoise::learn {

int64_t RealTransitions::Draw(const DrawInputs& in, const TransitionRows& rows) const {
  Stream batch(static_cast<uint64_t>(in.settings.run.seed), in.id + ".batch", in.iteration, in.update);
  const double share = own_ != nullptr ? own_(in.settings) : 0;
  std::vector<int64_t> own;  // episodes
  for (int64_t i = 0; share > 0 && i < in.data.size(); ++i)
    if (in.data[i].source == source_) own.push_back(i);
  const int64_t count = own.empty() ? 0 : std::llround(share * static_cast<double>(rows.n));
  in.data.Transitions(own, count, batch, rows.s, rows.a, rows.r, rows.s_next);
  const int64_t states = count * in.data.states();
  in.data.Transitions(rows.n - count, batch, rows.s + states, rows.a + count * in.data.actions(), rows.r + count,
                      rows.s_next + states);
  return rows.n;
}

}  // namespace equipoise::learn
