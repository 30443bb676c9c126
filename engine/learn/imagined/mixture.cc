#include "engine/learn/imagined/mixture.h"

#include <algorithm>
#include <cmath>

#include "engine/learn/imagined/imagined_pool_settings.h"

namespace equipoise::learn {
namespace {

bool ByUpdate(const MixtureSettings& s) { return s.unit == "update"; }

// Of n rows of this update.
int64_t RealRows(const MixtureSettings& s, uint64_t update, int64_t n) {
  if (ByUpdate(s)) return update % static_cast<uint64_t>(s.imagined_updates + 1) == 0 ? n : 0;
  if (s.real_share <= 0 || s.real_share >= 1) return s.real_share <= 0 ? 0 : n;
  return std::clamp<int64_t>(std::llround(s.real_share * static_cast<double>(n)), std::min<int64_t>(1, n),
                             std::max<int64_t>(n - 1, 1));
}

}  // namespace

int64_t Mixture::Draw(const DrawInputs& in, const TransitionRows& rows) const {
  const int64_t real = pool_.size() > 0 ? RealRows(in.settings.Of<MixtureSettings>(), in.update, rows.n) : rows.n;
  if (real > 0) real_.Draw(in, {real, rows.s, rows.a, rows.r, rows.s_next});
  if (real == rows.n) return real;
  const int64_t S = in.data.states(), A = in.data.actions();
  Stream imagined(static_cast<uint64_t>(in.settings.run.seed), in.id + ".imagined", in.iteration, in.update);
  pool_.Draw(imagined, {rows.n - real, rows.s + real * S, rows.a + real * A, rows.r + real, rows.s_next + real * S});
  return real;
}

int Mixture::UpdatesForOne(const config::Settings& settings) const {
  const MixtureSettings& s = settings.Of<MixtureSettings>();
  return ByUpdate(s) ? s.imagined_updates + 1 : 1;
}

}  // namespace equipoise::learn
