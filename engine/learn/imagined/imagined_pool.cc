#include "engine/learn/imagined/imagined_pool.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/imagined/noisy_actions.h"
#include "engine/model/imagination.h"

namespace equipoise::learn {
namespace {

constexpr int64_t kBranchesAtOnce = 512;

// Before the episode that comes after `picked`.
bool Stopped(const ImaginedPoolSettings& s, int picked) { return s.stop_after > 0 && picked >= s.stop_after; }

}  // namespace

int BranchLength(const config::Settings& settings, int episode) {
  const ImaginedPoolSettings& s = settings.Of<ImaginedPoolSettings>();
  if (s.length_last == s.length || episode <= s.length_from) return s.length;
  const double share = (episode - s.length_from) / static_cast<double>(s.length_to - s.length_from);
  return std::min(static_cast<int>(s.length + share * (s.length_last - s.length)), s.length_last);
}

ImaginedPool::ImaginedPool(const model::WorldModel& model) : model_(model) {}

int ImaginedPool::NextWork(const nets::Standing& now) const {
  const ImaginedPoolSettings& s = now.settings.Of<ImaginedPoolSettings>();
  if (Stopped(s, now.picked)) return 0;
  return static_cast<int>(std::lround(s.branches_per_step * static_cast<double>(now.data.horizon())));
}

struct ImaginedPool::Chunk {
  Chunk(const ImaginedPool& pool, const nets::TrainInputs& in, const Shard& branches, uint64_t index, int steps)
      : n(branches.count),
        k(steps),
        pool_(pool),
        in_(in),
        index_(index),
        S(pool.model_.states()),
        A(pool.model_.actions()) {}

  void Run() {
    PollInterrupt();
    const ImaginedPoolSettings& s = in_.settings.Of<ImaginedPoolSettings>();
    const model::WorldModel& model = pool_.model_;
    DrawStarts(s.action == "recorded");
    Stream noise = New("pool.dyn"), rewards = New("pool.reward"), acts = New("pool.act"), members = New("pool.member");
    std::vector<float> dynamics(static_cast<size_t>(k * n * S)), reward_noise(static_cast<size_t>(k * n));
    noise.Normal(dynamics.data(), dynamics.size());
    rewards.Normal(reward_noise.data(), reward_noise.size());
    // What a model remembers of the past of a branch belongs to one belief.
    const bool counted = model.beliefs_limit() != model::WorldModel::kBeyondCount && model.carry_size() == 0;
    if (counted) {
      for (int64_t i = 0; i < model.beliefs_limit(); ++i) beliefs.Append(model.Nth(i));
      for (int64_t i = 0; i < k * n; ++i)
        belief_of.push_back(static_cast<int32_t>(members.Below(static_cast<uint32_t>(beliefs.count))));
    } else {
      beliefs = model.Draw(n, members);
    }
    if (model.carry_size() > 0) BurnIn();
    model::ImaginationInputs inputs;
    inputs.rows = n;
    inputs.horizon = k;
    inputs.start = z.data();
    inputs.carry = carry.empty() ? nullptr : carry.data();
    inputs.beliefs = &beliefs;
    inputs.dynamics_noise = dynamics.data();
    inputs.belief_of = counted ? belief_of.data() : nullptr;
    inputs.reward_noise = s.mean_reward ? nullptr : reward_noise.data();
    std::vector<float> action_noise;
    if (s.action == "policy") {
      const nets::Policy& policy = pool_.learner_->policy();
      action_noise.resize(static_cast<size_t>(k * n * A));
      acts.Normal(action_noise.data(), action_noise.size());
      if (policy.spread.deterministic() && pool_.noise_ != nullptr) {
        imagined = std::make_unique<model::Imagination>(
            model, std::make_unique<NoisyActions>(policy, model.normaliser(), pool_.noise_(), action_noise.data()));
      } else {
        inputs.action_noise = action_noise.data();
        imagined = std::make_unique<model::Imagination>(model, policy);
      }
    } else {
      if (s.action == "random") {
        actions.resize(static_cast<size_t>(k * n * A));
        for (float& a : actions) a = static_cast<float>(acts.Uniform(-1.0, 1.0));
      }
      imagined =
          std::make_unique<model::Imagination>(model, std::make_unique<model::GivenActions>(actions.data(), n, A));
    }
    imagined->Run(inputs, model::Keep::kSteps);
  }

  // Its rows, branch by branch; those that are not finite are left out, and so is what follows from them.
  void AddTo(Fit* fit, int64_t* dropped) const {
    const replay::Normaliser& norm = pool_.model_.normaliser();
    std::vector<float> from(static_cast<size_t>(S)), to(from);
    for (int64_t b = 0; b < n; ++b) {
      std::copy_n(start.data() + b * S, S, from.begin());
      for (int64_t t = 0; t < k; ++t) {
        const float *next = imagined->z(t + 1) + b * S, *action = imagined->action(t) + b * A;
        for (size_t j = 0; j < to.size(); ++j) to[j] = next[j] * norm.x_sd[j] + norm.x_mean[j];
        const auto reward = static_cast<float>(imagined->raw_reward(t, b));
        const auto finite = [](float x) { return std::isfinite(x); };
        if (!std::isfinite(reward) || !std::all_of(to.begin(), to.end(), finite) ||
            !std::all_of(action, action + A, finite)) {
          *dropped += k - t;
          break;
        }
        fit->s.insert(fit->s.end(), from.begin(), from.end());
        fit->a.insert(fit->a.end(), action, action + A);
        fit->r.push_back(reward);
        fit->s_next.insert(fit->s_next.end(), to.begin(), to.end());
        ++fit->rows;
        std::swap(from, to);
      }
    }
  }

  // By how much the beliefs differ about where the last step of a branch leads, in sds of the states.
  double Disagreement() const {
    const std::vector<float> zero(static_cast<size_t>(n * S), 0.0f);
    const int64_t count = pool_.model_.beliefs_limit();
    std::vector<float> next(static_cast<size_t>(count * n * S)), reward(static_cast<size_t>(n));
    for (int64_t i = 0; i < count; ++i) {
      const model::Belief one = pool_.model_.Nth(i);
      const auto rollout = pool_.model_.NewRollout();
      // One that carries something is led there.
      const int64_t first = carry.empty() ? k - 1 : 0;
      rollout->Begin(n, k - first, false, &one, carry.empty() ? nullptr : carry.data());
      for (int64_t t = first; t < k; ++t)
        rollout->Step(t - first, imagined->z(t), imagined->action(t), zero.data(), next.data() + i * n * S,
                      reward.data());
    }
    double variance = 0;
    for (int64_t j = 0; j < n * S; ++j) {
      double sum = 0, square = 0;
      for (int64_t i = 0; i < count; ++i) {
        const double x = next[static_cast<size_t>(i * n * S + j)];
        sum += x / static_cast<double>(count);
        square += x * x / static_cast<double>(count);
      }
      variance += std::max(0.0, square - sum * sum);
    }
    return std::sqrt(variance / static_cast<double>(n * S));
  }

  int64_t n;
  int64_t k;
  model::Belief beliefs;
  std::unique_ptr<model::Imagination> imagined;
  double real_reward = 0;  // sum over the recorded steps that branches begin with

 private:
  Stream New(const char* name) const {
    return Stream(static_cast<uint64_t>(in_.settings.run.seed), name, in_.iteration, index_);
  }
  void DrawStarts(bool recorded) {
    const replay::EpisodeBuffer& data = in_.data;
    const replay::Normaliser& norm = pool_.model_.normaliser();
    const auto steps = static_cast<uint32_t>(data.horizon() - (recorded ? k - 1 : 0));
    const int64_t newest = in_.settings.Of<ImaginedPoolSettings>().newest,
                  first = newest > 0 ? std::max<int64_t>(0, data.size() - newest) : 0;
    Stream draw = New("pool.start");
    start.resize(static_cast<size_t>(n * S));
    z.resize(start.size());
    actions.resize(static_cast<size_t>(recorded ? k * n * A : 0));
    for (int64_t b = 0; b < n; ++b) {
      const int64_t i = first + draw.Below(static_cast<uint32_t>(data.size() - first)), t = draw.Below(steps);
      data.Observation(i, t, start.data() + b * S);
      episodes.push_back(i);
      times.push_back(t);
      real_reward += data[i].rewards[static_cast<size_t>(t)];
      for (int64_t h = 0; recorded && h < k; ++h)
        std::copy_n(data[i].actions.data() + (t + h) * A, A, actions.data() + (h * n + b) * A);
    }
    for (size_t i = 0; i < z.size(); ++i) {
      const size_t j = i % static_cast<size_t>(S);
      z[i] = (start[i] - norm.x_mean[j]) / norm.x_sd[j];
    }
  }

  // What the model carries where each branch begins, from the episode that it begins in.
  void BurnIn() {
    const int64_t T = in_.data.horizon(), C = pool_.model_.carry_size();
    std::vector<float> x(static_cast<size_t>(T * n * (S + A))), y(static_cast<size_t>(T * n * (S + 1))),
        carries(static_cast<size_t>(T * n * C));
    in_.data.Sequences(episodes, pool_.model_.normaliser(), x.data(), y.data());
    pool_.model_.BurnIn(x.data(), T, n, beliefs, carries.data(), nullptr);
    for (int64_t b = 0; b < n; ++b) {
      const float* from = carries.data() + (times[static_cast<size_t>(b)] * n + b) * C;
      carry.insert(carry.end(), from, from + C);
    }
  }

  const ImaginedPool& pool_;
  const nets::TrainInputs& in_;
  uint64_t index_;
  int64_t S, A;
  std::vector<int64_t> episodes, times;         // where branches begin
  std::vector<float> start, z, actions, carry;  // start: raw
  std::vector<int32_t> belief_of;
};

nets::TrainReport ImaginedPool::Train(const nets::TrainInputs& in) {
  const ImaginedPoolSettings& s = in.settings.Of<ImaginedPoolSettings>();
  EQ_CHECK(s.action != "policy" || learner_ != nullptr, "a pool that follows nobody");
  if (Stopped(s, static_cast<int>(in.iteration) - 1)) fits_.clear();
  while (!fits_.empty() && static_cast<int>(fits_.size()) >= s.retain) fits_.pop_front();
  nets::TrainReport report;
  report.scalars["pool.rows"] = static_cast<double>(size());
  if (in.steps == 0) return report;
  // A recording lends its actions for as long as it lasts.
  const int most = s.action == "recorded" ? static_cast<int>(in.data.horizon()) : 1 << 30;
  const int length = std::min(BranchLength(in.settings, static_cast<int>(in.iteration)), most);
  std::vector<Chunk> chunks;
  for (int64_t first = 0; first < in.steps; first += kBranchesAtOnce)
    chunks.emplace_back(*this, in, Shard{first, std::min(kBranchesAtOnce, in.steps - first)}, chunks.size(), length);
  Fit fit;
  fit.iteration = in.iteration;
  int64_t dropped = 0, done = 0;
  double clamped = 0, real_reward = 0, disagreement = NAN;
  // As many chunks at a time as there are threads would depend on their number: four.
  constexpr size_t kTogether = 4;
  for (size_t first = 0; first < chunks.size(); first += kTogether) {
    const size_t count = std::min(kTogether, chunks.size() - first);
    RunTasks(in.team, static_cast<int>(count), [&](int i) { chunks[first + static_cast<size_t>(i)].Run(); });
    for (size_t i = first; i < first + count; ++i) {
      Chunk& chunk = chunks[i];
      chunk.AddTo(&fit, &dropped);
      const double share = static_cast<double>(chunk.n) / in.steps;
      clamped += share * chunk.imagined->clamped_fraction();
      real_reward += chunk.real_reward / in.steps;
      if (i == 0 && model_.beliefs_limit() != model::WorldModel::kBeyondCount) disagreement = chunk.Disagreement();
      done += chunk.n;
      chunk.imagined.reset();
    }
    in.progress(static_cast<int>(done), in.steps);
  }
  double reward = 0;
  for (const float r : fit.r) reward += r / static_cast<double>(fit.rows);
  report.scalars = {{"pool.length", length},
                    {"pool.clamped_fraction", clamped},
                    {"pool.dropped_share", static_cast<double>(dropped) / (static_cast<double>(in.steps) * length)},
                    {"pool.reward", fit.rows > 0 ? reward : NAN},
                    {"pool.real_reward", real_reward}};
  if (std::isfinite(disagreement)) report.scalars["pool.disagreement"] = disagreement;
  if (fit.rows > 0) fits_.push_back(std::move(fit));
  report.scalars["pool.rows"] = static_cast<double>(size());
  report.scalars["pool.age"] =
      fits_.empty() ? 0.0 : static_cast<double>(in.iteration) - static_cast<double>(fits_.front().iteration);
  return report;
}

int64_t ImaginedPool::size() const {
  int64_t rows = 0;
  for (const Fit& fit : fits_) rows += fit.rows;
  return rows;
}

void ImaginedPool::Draw(Stream& stream, const TransitionRows& rows) const {
  const auto all = static_cast<uint32_t>(size());
  EQ_CHECK(all > 0, "an empty pool");
  const int64_t S = model_.states(), A = model_.actions();
  for (int64_t i = 0; i < rows.n; ++i) {
    int64_t row = stream.Below(all);
    auto fit = fits_.begin();
    for (; row >= fit->rows; ++fit) row -= fit->rows;
    std::copy_n(fit->s.data() + row * S, S, rows.s + i * S);
    std::copy_n(fit->a.data() + row * A, A, rows.a + i * A);
    rows.r[i] = fit->r[static_cast<size_t>(row)];
    std::copy_n(fit->s_next.data() + row * S, S, rows.s_next + i * S);
  }
}

void ImaginedPool::Save(ArchiveWriter& out) const {
  std::vector<int64_t> iterations;
  for (const Fit& fit : fits_) {
    const std::string name = "pool." + std::to_string(iterations.size());
    iterations.push_back(static_cast<int64_t>(fit.iteration));
    out.Put(name + ".s", fit.s);
    out.Put(name + ".a", fit.a);
    out.Put(name + ".r", fit.r);
    out.Put(name + ".s_next", fit.s_next);
  }
  out.Put("pool.iterations", iterations);
}

void ImaginedPool::Load(const ArchiveReader& in) {
  fits_.clear();
  const auto S = static_cast<size_t>(model_.states()), A = static_cast<size_t>(model_.actions());
  for (const int64_t iteration : in.Ints("pool.iterations")) {
    const std::string name = "pool." + std::to_string(fits_.size());
    Fit fit{static_cast<uint64_t>(iteration), static_cast<int64_t>(in.Count(name + ".r")),
            in.Floats(name + ".s"),           in.Floats(name + ".a"),
            in.Floats(name + ".r"),           in.Floats(name + ".s_next")};
    if (fit.s.size() != fit.r.size() * S || fit.a.size() != fit.r.size() * A || fit.s_next.size() != fit.s.size())
      throw FormatError(name + ": imagined steps of another shape");
    fits_.push_back(std::move(fit));
  }
}

}  // namespace equipoise::learn
