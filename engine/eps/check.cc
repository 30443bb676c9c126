#include "engine/eps/check.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/interrupt.h"
#include "engine/model/imagination.h"

namespace equipoise::eps {
namespace {

// Starts and noise of a chunk of masks for one policy; row m * masks + i is rollout m under the chunk's mask i.
struct Draws {
  std::vector<float> start, action_noise, dynamics_noise;
};

Draws DrawChunk(const CheckInputs& in, int first, int count, bool own_starts, bool own_noise) {
  const int64_t S = in.model.states(), A = in.model.actions(), P = in.physics_states, D = S - P;
  const int64_t M = in.rollouts, T = in.horizon, rows = M * count;
  const replay::Normaliser& n = in.model.normaliser();
  Draws draws;
  draws.start.resize(static_cast<size_t>(rows * S));
  draws.action_noise.resize(static_cast<size_t>(T * rows * A));
  draws.dynamics_noise.resize(static_cast<size_t>(T * rows * S));
  std::vector<float> starts(static_cast<size_t>(M * S)), act(static_cast<size_t>(T * M * A)),
      dyn(static_cast<size_t>(T * M * P)), extra(static_cast<size_t>(T * M * D));
  for (int i = 0; i < count; ++i) {
    const auto mask = static_cast<uint64_t>(first + i);
    auto stream = [&](const char* name, bool own) { return Stream(in.seed, name, in.iteration, mask, own ? 1 : 0); };
    Stream start = stream("eps.start", own_starts), phases = stream("eps.start.distractor", own_starts);
    Stream action = stream("eps.act", own_noise), dynamics = stream("eps.dyn", own_noise);
    Stream distractor = stream("eps.dyn.distractor", own_noise);
    in.starts.Fill(M, in.distractors, start, phases, starts.data());
    action.Normal(act.data(), act.size());
    dynamics.Normal(dyn.data(), dyn.size());
    distractor.Normal(extra.data(), extra.size());
    for (int64_t m = 0; m < M; ++m) {
      const int64_t row = m * count + i;
      for (int64_t j = 0; j < S; ++j) {
        const auto k = static_cast<size_t>(j);
        draws.start[static_cast<size_t>(row * S + j)] =
            (starts[static_cast<size_t>(m * S + j)] - n.x_mean[k]) / n.x_sd[k];
      }
      for (int64_t t = 0; t < T; ++t) {
        std::copy_n(act.data() + (t * M + m) * A, A, draws.action_noise.data() + (t * rows + row) * A);
        float* to = draws.dynamics_noise.data() + (t * rows + row) * S;
        std::copy_n(dyn.data() + (t * M + m) * P, P, to);
        std::copy_n(extra.data() + (t * M + m) * D, D, to + P);
      }
    }
    PollInterrupt();
  }
  return draws;
}

const char* PairingName(Pairing p) { return p == Pairing::kNone ? "none" : p == Pairing::kStarts ? "starts" : "noise"; }

}  // namespace

Decision Check(const CheckInputs& in) {
  Decision decision;
  decision.checked = in.model_free != nullptr;
  decision.masks = in.masks;
  decision.rollouts = in.rollouts;
  decision.seed = in.seed;
  decision.pairing = PairingName(in.pairing);
  const int64_t M = in.rollouts;
  model::Imagination mb(in.model, *in.model_based);
  model::Imagination mf(in.model, in.model_free != nullptr ? *in.model_free : *in.model_based);
  bool refuted = false;
  double clamped = 0;
  int imagined = 0;  // masks, counted once for each policy
  // Chunks grow 2, 4, 8, 16, 20, 20, ... whether or not stopping early is allowed: a clear "no" is nearly free, a "yes"
  // is still batched, and both modes multiply matrices of the same shapes, so their numbers are the same bits.
  int size = 2;
  for (int first = 0; first < in.masks && !(refuted && in.early_exit); first += size, size = std::min(2 * size, 20)) {
    const int count = std::min(size, in.masks - first);
    model::Belief beliefs;
    for (int i = 0; i < count; ++i) {
      Stream mask(in.seed, "eps.mask", in.iteration, static_cast<uint64_t>(first + i));
      beliefs.Append(in.model.Draw(1, mask));
    }
    const Draws shared = DrawChunk(in, first, count, false, false);
    auto run = [&](model::Imagination& imagination, const Draws& d) {
      imagination.Run(
          {M * count, in.horizon, d.start.data(), nullptr, &beliefs, d.action_noise.data(), d.dynamics_noise.data()},
          false);
      clamped += imagination.clamped_fraction() * count;
      imagined += count;
    };
    run(mb, shared);
    if (in.model_free != nullptr)
      run(mf, in.pairing == Pairing::kNoise ? shared : DrawChunk(in, first, count, in.pairing == Pairing::kNone, true));
    for (int i = 0; i < count && !(refuted && in.early_exit); ++i) {
      double j_mb = 0, j_mf = 0, sum = 0, square = 0;
      for (int64_t m = 0; m < M; ++m) {
        const auto row = static_cast<size_t>(m * count + i);
        const double a = mb.Returns()[row], b = in.model_free != nullptr ? mf.Returns()[row] : 0.0;
        j_mb += a / static_cast<double>(M);
        j_mf += b / static_cast<double>(M);
        sum += a - b;
        square += (a - b) * (a - b);
      }
      // Summed pair by pair, so that identical policies differ by exactly 0.
      double delta = sum / static_cast<double>(M);
      double variance = std::nan("");  // of one pair; a single pair has none, nor has a mask that is not finite
      if (M > 1 && std::isfinite(delta))
        variance = std::max(0.0, (square - sum * sum / static_cast<double>(M)) / static_cast<double>(M - 1));
      if (!std::isfinite(delta)) delta = -std::numeric_limits<double>::infinity();
      decision.return_mb.push_back(j_mb);
      ++decision.evaluated;
      if (in.model_free == nullptr) continue;
      decision.return_mf.push_back(j_mf);
      decision.delta.push_back(delta);
      decision.standard_error.push_back(std::sqrt(variance / static_cast<double>(M)));
      refuted = refuted || !(delta > 0);
    }
    if (in.progress) in.progress(first + count, in.masks);
  }
  decision.proved = decision.checked && !refuted && decision.evaluated == in.masks;
  decision.clamped_fraction = imagined > 0 ? clamped / imagined : 0.0;
  return decision;
}

}  // namespace equipoise::eps
