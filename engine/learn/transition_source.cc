#include "engine/learn/transition_source.h"

namespace equipoise::learn {

int64_t RealTransitions::Draw(const DrawInputs& in, const TransitionRows& rows) const {
  Stream batch(static_cast<uint64_t>(in.settings.run.seed), in.id + ".batch", in.iteration, in.update);
  in.data.Transitions(rows.n, batch, rows.s, rows.a, rows.r, rows.s_next);
  return rows.n;
}

}  // namespace equipoise::learn
