#include "engine/eps/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/eps/check_settings.h"
#include "engine/eps/information.h"
#include "engine/model/imagination.h"

namespace equipoise::eps {
namespace {

const char* PairingName(Pairing p) { return p == Pairing::kNone ? "none" : p == Pairing::kStarts ? "starts" : "noise"; }

// So many rows' activations stay in the second cache, and both threads find something to do; 512 took 1.3 times as
// long.
constexpr int64_t kRowsAtOnce = 128;

// One policy under some of a chunk's masks.
struct Piece {
  size_t policy = 0;
  int first = 0, count = 0;  // masks
  int block = 0;
  std::unique_ptr<model::Imagination> imagination;
  const model::Belief* beliefs = nullptr;    // one for each of them, the same for every policy
  std::unique_ptr<Information> information;  // with a bonus alone

  void Run(const CheckInputs& in) {
    if (imagination == nullptr)
      imagination = std::make_unique<model::Imagination>(in.model, *in.policies[policy].policy);
    const Draws d = DrawsOf(in, policy, first, count, block);
    imagination->Run({static_cast<int64_t>(in.BlockSize(block)) * count, in.horizon, d.start.data(), nullptr, beliefs,
                      d.action_noise.data(), d.dynamics_noise.data()},
                     in.bonus > 0 ? model::Keep::kSteps : model::Keep::kReturns);
    if (in.bonus <= 0) return;
    if (information == nullptr) information = std::make_unique<Information>(in.model, ProbesOf(in));
    information->Measure(*imagination);
  }
  // Of rollout m under the piece's mask i.
  double Return(int64_t m, int i) const { return imagination->Returns()[static_cast<size_t>(m * count + i)]; }
  double Nats(int64_t m, int i) const { return information->nats(m * count + i); }
};

// A chunk of masks: their groups, each imagined for every policy. The least preferred comes first in every group.
class Chunk {
 public:
  explicit Chunk(const CheckInputs& in)
      : in_(in), group_(static_cast<int>(std::max<int64_t>(1, kRowsAtOnce / in.rollouts))) {}

  void Run(int first, int count, int block = 0) {
    const int groups = (count + group_ - 1) / group_;
    const size_t policies = in_.policies.size();
    beliefs_.assign(static_cast<size_t>(groups), {});
    for (int i = 0; i < count; ++i) beliefs_[static_cast<size_t>(i / group_)].Append(MaskOf(in_, first + i));
    used_ = policies * static_cast<size_t>(groups);
    pieces_.resize(std::max(pieces_.size(), used_));
    for (int g = 0; g < groups; ++g) {
      for (size_t p = 0; p < policies; ++p) {
        Piece& piece = PieceOf(g, p);
        piece.policy = p;
        piece.first = first + g * group_;
        piece.count = std::min(group_, count - g * group_);
        piece.block = block;
        piece.beliefs = &beliefs_[static_cast<size_t>(g)];
      }
    }
    RunTasks(in_.team, static_cast<int>(used_), [this](int i) { pieces_[static_cast<size_t>(i)].Run(in_); });
    for (size_t i = 0; i < used_; ++i) {
      const double weight = block == 0 ? pieces_[i].count : static_cast<double>(in_.BlockSize(block)) / in_.rollouts;
      clamped_ += pieces_[i].imagination->clamped_fraction() * weight;
      imagined_ += weight;
    }
  }

  // Of a policy's rollout m under the chunk's mask i.
  double Return(size_t policy, int i, int64_t m) { return PieceOf(i / group_, policy).Return(m, i % group_); }
  // What it would teach; with a bonus alone.
  double Nats(size_t policy, int i, int64_t m) { return PieceOf(i / group_, policy).Nats(m, i % group_); }
  // What policies are compared by.
  double Worth(size_t policy, int i, int64_t m) {
    return in_.bonus > 0 ? Return(policy, i, m) + in_.bonus * Nats(policy, i, m) : Return(policy, i, m);
  }
  // Of all that two of them imagined.
  friend double ClampedFraction(const Chunk& a, const Chunk& b) {
    const double imagined = a.imagined_ + b.imagined_;
    return imagined > 0 ? (a.clamped_ + b.clamped_) / imagined : 0.0;
  }

 private:
  Piece& PieceOf(int group, size_t policy) {
    const size_t policies = in_.policies.size();
    return pieces_[policies * static_cast<size_t>(group) + (policies - 1 - policy)];
  }

  const CheckInputs& in_;
  const int group_;
  std::vector<Piece> pieces_;  // kept from chunk to chunk: an Imagination owns large buffers
  std::vector<model::Belief> beliefs_;
  size_t used_ = 0;
  double clamped_ = 0;
  double imagined_ = 0;  // masks, counted once for each policy
};

// What each policy's rollouts under one mask came to.
struct MaskRollouts {
  explicit MaskRollouts(size_t policies) : returns(policies), nats(policies), worth(policies) {}
  // The next ones: `count` under a chunk's mask i.
  void Add(Chunk& chunk, int i, int64_t count, bool informed) {
    for (size_t p = 0; p < returns.size(); ++p) {
      for (int64_t m = 0; m < count; ++m) {
        returns[p].push_back(chunk.Return(p, i, m));
        if (informed) nats[p].push_back(chunk.Nats(p, i, m));
        worth[p].push_back(chunk.Worth(p, i, m));
      }
    }
  }
  int count() const { return static_cast<int>(returns.front().size()); }
  std::vector<std::vector<double>> returns, nats, worth;  // worth: what policies are compared by
};

double MeanOf(const std::vector<double>& values) {
  double mean = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  return mean;
}

// Of two policies under one mask: summed pair by pair, so that identical policies differ by exactly 0.
struct Difference {
  Difference(const std::vector<double>& preferred, const std::vector<double>& challenger) {
    const auto M = static_cast<double>(preferred.size());
    double sum = 0, square = 0;
    for (size_t m = 0; m < preferred.size(); ++m) {
      const double difference = challenger[m] - preferred[m];
      sum += difference;
      square += difference * difference;
    }
    delta = sum / M;
    double variance = std::nan("");  // of one pair; a single pair has none, nor has a mask that is not finite
    if (preferred.size() > 1 && std::isfinite(delta)) variance = std::max(0.0, (square - sum * sum / M) / (M - 1));
    if (!std::isfinite(delta)) delta = -std::numeric_limits<double>::infinity();
    standard_error = std::sqrt(variance / M);
  }
  // The sign may be an accident of the rollouts; of a single one nothing is known.
  bool doubtful() const { return std::isfinite(delta) && !(std::fabs(delta) >= 2 * standard_error); }
  double delta = 0, standard_error = 0;
};

// The sign of some challenger's difference from the preferred policy is in doubt.
bool Doubtful(const MaskRollouts& mask) {
  for (size_t q = 1; q < mask.worth.size(); ++q)
    if (Difference(mask.worth[0], mask.worth[q]).doubtful()) return true;
  return false;
}

bool AllAbove(const std::vector<double>& delta) {
  return std::all_of(delta.begin(), delta.end(), [](double d) { return d > 0; });
}
bool AllBelow(const std::vector<double>& delta) {
  return std::all_of(delta.begin(), delta.end(), [](double d) { return std::isfinite(d) && d < 0; });
}

// The comparison that shows why the preferred policy may not act; where it may, the one that came nearest to it.
size_t Decisive(const std::vector<Comparison>& comparisons, size_t policies) {
  size_t best = 0;
  double best_least = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i + 1 < policies; ++i) {  // (0, 1), (0, 2), ... come first
    const std::vector<double>& delta = comparisons[i].delta;
    const double least = delta.empty() ? best_least : *std::min_element(delta.begin(), delta.end());
    if (least > best_least) {
      best = i;
      best_least = least;
    }
  }
  return best;
}

}  // namespace

int CheckInputs::BlockSize(int block) const {
  int64_t before = 0, size = rollouts;
  for (int b = 0; b < block; ++b) {
    before += size;
    size = std::clamp<int64_t>(most_rollouts - before, 0, before);
  }
  return static_cast<int>(size);
}

Draws DrawsOf(const CheckInputs& in, size_t policy, int first, int count, int block) {
  const int64_t S = in.model.states(), A = in.model.actions(), P = in.physics_states, D = S - P;
  const int64_t M = in.BlockSize(block), T = in.horizon, rows = M * count;
  const auto apart = static_cast<uint64_t>(in.StreamOf(policy));
  const uint64_t own_starts = in.pairing == Pairing::kNone ? apart : 0;
  const uint64_t own_noise = in.pairing != Pairing::kNoise ? apart : 0;
  const replay::Normaliser& n = in.model.normaliser();
  Draws draws;
  draws.start.resize(static_cast<size_t>(rows * S));
  draws.action_noise.resize(static_cast<size_t>(T * rows * A));
  draws.dynamics_noise.resize(static_cast<size_t>(T * rows * S));
  std::vector<float> starts, act, dyn, extra;
  for (int i = 0; i < count; ++i) {
    const auto mask = static_cast<uint64_t>(first + i);
    auto stream = [&](const char* name, uint64_t own) { return Stream(in.seed, name, in.iteration, mask, own); };
    Stream start = stream("eps.start", own_starts), phases = stream("eps.start.distractor", own_starts);
    Stream action = stream("eps.act", own_noise), dynamics = stream("eps.dyn", own_noise);
    Stream distractor = stream("eps.dyn.distractor", own_noise);
    for (int b = 0; b <= block; ++b) {  // the streams go on: what earlier blocks took is drawn and left
      const int64_t here = in.BlockSize(b);
      starts.resize(static_cast<size_t>(here * S));
      in.starts.Fill(here, in.distractors, start, phases, starts.data());
      for (auto [normals, numbers, size] :
           {std::tuple(&action, &act, A), std::tuple(&dynamics, &dyn, P), std::tuple(&distractor, &extra, D)}) {
        numbers->resize(static_cast<size_t>(T * here * size));
        normals->Normal(numbers->data(), numbers->size());
      }
    }
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

model::Belief ProbesOf(const CheckInputs& in) {
  const int64_t limit = in.model.beliefs_limit();
  if (limit != model::WorldModel::kBeyondCount) {
    model::Belief probes;
    for (int64_t l = 0; l < std::min<int64_t>(in.probes, limit); ++l) probes.Append(in.model.Nth(l));
    return probes;
  }
  Stream stream(in.seed, "eps.probe", in.iteration);
  return in.model.Draw(in.probes, stream);
}

model::Belief MaskOf(const CheckInputs& in, int mask) {
  if (in.model.beliefs_limit() != model::WorldModel::kBeyondCount) return in.model.Nth(mask);
  Stream stream(in.seed, "eps.mask", in.iteration, static_cast<uint64_t>(mask));
  return in.model.Draw(1, stream);
}

CheckInputs CheckInputsOf(const config::Settings& s, const model::WorldModel& model,
                          std::vector<ImaginedPolicy> policies, const learn::StartPool& starts,
                          const env::Distractors* distractors, int64_t physics_states, int horizon, int episode) {
  const CheckSettings& eps = s.Of<CheckSettings>();
  const bool compared = policies.size() > 1;
  Pairing pairing = Pairing::kNoise;
  if (eps.pairing == "none") pairing = Pairing::kNone;
  if (eps.pairing == "starts") pairing = Pairing::kStarts;
  const int wanted = compared ? eps.masks : std::min(eps.masks, s.log.holdout_masks);
  const auto masks = static_cast<int>(std::min<int64_t>(wanted, model.beliefs_limit()));
  const int rollouts = compared ? eps.rollouts : std::min(eps.rollouts, 5);
  const double reward_sd = model.normaliser().y_sd.back();
  const double bonus = compared && eps.bonus > 0 ? eps.bonus * reward_sd / std::sqrt(std::max(episode, 1)) : 0;
  return {model,
          std::move(policies),
          starts,
          distractors,
          physics_states,
          horizon,
          static_cast<uint64_t>(s.run.seed),
          static_cast<uint64_t>(episode),
          masks,
          rollouts,
          pairing,
          compared && eps.early_exit,
          {},
          nullptr,
          bonus,
          eps.probes,
          compared ? eps.most_rollouts : 0};
}

Decision Check(const CheckInputs& in) {
  const size_t policies = in.policies.size();
  const int64_t M = in.rollouts;
  Decision decision;
  decision.checked = policies > 1;
  decision.masks = in.masks;
  decision.rollouts = in.rollouts;
  decision.seed = in.seed;
  decision.pairing = PairingName(in.pairing);
  decision.bonus = in.bonus;
  decision.most_rollouts = in.most_rollouts;
  for (const ImaginedPolicy& p : in.policies) decision.policies.push_back({p.id, {}});
  for (size_t p = 0; p < policies; ++p)
    for (size_t q = p + 1; q < policies; ++q)
      decision.comparisons.push_back({in.policies[p].id, in.policies[q].id, {}, {}});
  std::vector<bool> open(policies, true);  // challengers that may still turn out better than the preferred one
  const auto refuted = [&] { return policies > 1 && std::count(open.begin() + 1, open.end(), true) == 0; };
  Chunk chunk(in), further(in);
  // Chunks grow 2, 4, 8, 16, 20, 20, ... whether or not stopping early is allowed: a clear "no" is nearly free, a "yes"
  // is still batched, and both modes multiply matrices of the same shapes, so their numbers are the same bits.
  int size = 2;
  for (int first = 0; first < in.masks && !(refuted() && in.early_exit); first += size, size = std::min(2 * size, 20)) {
    const int count = std::min(size, in.masks - first);
    chunk.Run(first, count);
    for (int i = 0; i < count && !(refuted() && in.early_exit); ++i) {
      MaskRollouts mask(policies);
      mask.Add(chunk, i, M, in.bonus > 0);
      for (int block = 1; in.BlockSize(block) > 0 && Doubtful(mask); ++block) {
        further.Run(first + i, 1, block);
        mask.Add(further, 0, in.BlockSize(block), in.bonus > 0);
      }
      if (in.most_rollouts > 0) decision.mask_rollouts.push_back(mask.count());
      for (size_t p = 0; p < policies; ++p) {
        decision.policies[p].returns.push_back(MeanOf(mask.returns[p]));
        if (in.bonus > 0) decision.policies[p].information.push_back(MeanOf(mask.nats[p]));
      }
      size_t pair = 0;
      for (size_t p = 0; p < policies; ++p) {
        for (size_t q = p + 1; q < policies; ++q, ++pair) {
          const Difference difference(mask.worth[p], mask.worth[q]);
          decision.comparisons[pair].delta.push_back(difference.delta);
          decision.comparisons[pair].standard_error.push_back(difference.standard_error);
        }
      }
      for (size_t q = 1; q < policies; ++q) open[q] = open[q] && decision.comparisons[q - 1].delta.back() > 0;
      ++decision.evaluated;
    }
    if (in.progress) in.progress(first + count, in.masks);
  }
  decision.decisive = Decisive(decision.comparisons, policies);
  decision.proved = Dominated(decision, 0);
  decision.clamped_fraction = ClampedFraction(chunk, further);
  return decision;
}

bool Dominated(const Decision& decision, size_t policy) {
  if (decision.evaluated < decision.masks || decision.evaluated == 0) return false;
  size_t pair = 0;
  for (size_t p = 0; p < decision.policies.size(); ++p) {
    for (size_t q = p + 1; q < decision.policies.size(); ++q, ++pair) {
      const std::vector<double>& delta = decision.comparisons[pair].delta;
      if ((p == policy && AllAbove(delta)) || (q == policy && AllBelow(delta))) return true;
    }
  }
  return false;
}

}  // namespace equipoise::eps
