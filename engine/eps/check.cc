#include "engine/eps/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

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

// So many rows' activations stay in the second cache, and both threads find something to do; 512 took 1.3 times as
// long.
constexpr int64_t kRowsAtOnce = 128;

// One policy under some of a chunk's masks.
struct Piece {
  bool model_free = false;
  int first = 0, count = 0;  // masks
  std::unique_ptr<model::Imagination> imagination;
  const model::Belief* beliefs = nullptr;  // one for each of them, the same for both policies

  void Run(const CheckInputs& in) {
    const nets::Policy* policy = model_free ? in.model_free : in.model_based;
    if (imagination == nullptr) imagination = std::make_unique<model::Imagination>(in.model, *policy);
    const Draws d = DrawChunk(in, first, count, model_free && in.pairing == Pairing::kNone,
                              model_free && in.pairing != Pairing::kNoise);
    imagination->Run({static_cast<int64_t>(in.rollouts) * count, in.horizon, d.start.data(), nullptr, beliefs,
                      d.action_noise.data(), d.dynamics_noise.data()},
                     false);
  }
  // Of rollout m under the piece's mask i.
  double Return(int64_t m, int i) const { return imagination->Returns()[static_cast<size_t>(m * count + i)]; }
};

}  // namespace

CheckInputs CheckInputsOf(const config::Settings& s, const model::WorldModel& model, const nets::Policy& model_based,
                          const nets::Policy* model_free, const learn::StartPool& starts,
                          const env::Distractors* distractors, int64_t physics_states, int horizon, int episode) {
  const bool both = model_free != nullptr;
  Pairing pairing = Pairing::kNoise;
  if (s.eps.pairing == "none") pairing = Pairing::kNone;
  if (s.eps.pairing == "starts") pairing = Pairing::kStarts;
  const int masks = both ? s.eps.masks : std::min(s.eps.masks, s.log.holdout_masks);
  const int rollouts = both ? s.eps.rollouts : std::min(s.eps.rollouts, 5);
  return {model,
          &model_based,
          model_free,
          starts,
          distractors,
          physics_states,
          horizon,
          static_cast<uint64_t>(s.run.seed),
          static_cast<uint64_t>(episode),
          masks,
          rollouts,
          pairing,
          both && s.eps.early_exit,
          {}};
}

Decision Check(const CheckInputs& in) {
  Decision decision;
  decision.checked = in.model_free != nullptr;
  decision.masks = in.masks;
  decision.rollouts = in.rollouts;
  decision.seed = in.seed;
  decision.pairing = PairingName(in.pairing);
  const int64_t M = in.rollouts;
  const int policies = decision.checked ? 2 : 1;
  const int group = static_cast<int>(std::max<int64_t>(1, kRowsAtOnce / M));
  bool refuted = false;
  double clamped = 0;
  int imagined = 0;  // masks, counted once for each policy
  std::vector<Piece> pieces;
  // Chunks grow 2, 4, 8, 16, 20, 20, ... whether or not stopping early is allowed: a clear "no" is nearly free, a "yes"
  // is still batched, and both modes multiply matrices of the same shapes, so their numbers are the same bits.
  int size = 2;
  for (int first = 0; first < in.masks && !(refuted && in.early_exit); first += size, size = std::min(2 * size, 20)) {
    const int count = std::min(size, in.masks - first), groups = (count + group - 1) / group;
    std::vector<model::Belief> beliefs(static_cast<size_t>(groups));
    for (int i = 0; i < count; ++i) {
      Stream mask(in.seed, "eps.mask", in.iteration, static_cast<uint64_t>(first + i));
      beliefs[static_cast<size_t>(i / group)].Append(in.model.Draw(1, mask));
    }
    pieces.resize(std::max(pieces.size(), static_cast<size_t>(policies * groups)));
    for (int g = 0; g < groups; ++g) {
      for (int p = 0; p < policies; ++p) {
        Piece& piece = pieces[static_cast<size_t>(policies * g + p)];
        piece.model_free = p == 1;
        piece.first = first + g * group;
        piece.count = std::min(group, count - g * group);
        piece.beliefs = &beliefs[static_cast<size_t>(g)];
      }
    }
    RunTasks(in.team, policies * groups, [&](int i) { pieces[static_cast<size_t>(i)].Run(in); });
    for (int i = 0; i < policies * groups; ++i) {
      const Piece& piece = pieces[static_cast<size_t>(i)];
      clamped += piece.imagination->clamped_fraction() * piece.count;
      imagined += piece.count;
    }
    for (int i = 0; i < count && !(refuted && in.early_exit); ++i) {
      const Piece& mb = pieces[static_cast<size_t>(policies * (i / group))];
      const Piece& mf = pieces[static_cast<size_t>(policies * (i / group) + policies - 1)];
      double j_mb = 0, j_mf = 0, sum = 0, square = 0;
      for (int64_t m = 0; m < M; ++m) {
        const double a = mb.Return(m, i % group), b = decision.checked ? mf.Return(m, i % group) : 0.0;
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
      if (!decision.checked) continue;
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
