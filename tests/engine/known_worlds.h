// known_worlds.h: worlds with known answers, for every learner: what the best is, what a value must be.
//
//   ScalarLq          s' = .9 s + .5 a, r = -(s^2 + .1 a^2): of a = -.5 s and gamma .9, V = -1.653893 s^2
//   DoubleIntegrator  s' = [[1, .1], [0, 1]] s + [.005, .1] a, r = -(x^2 + .1 v^2 + .1 a^2), x_0 in (-.3, .3), v_0 = 0,
//                     50 steps: the best mean return is -.272; doing nothing earns -1.5, random actions -22.7
//   Bandit            one step, r = -(a - .3)^2
//   ConstantReward    r = 1 whatever happens: every value is 1 / (1 - gamma)
//
// Thread   values; any
#pragma once

#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/agent/controller.h"
#include "engine/agent/controllers/uniform_random.h"
#include "engine/learn/learner.h"

namespace equipoise::test {

struct KnownWorld {
  int64_t states = 1, actions = 1;
  int horizon = 20;
  std::function<std::vector<double>(Stream& stream)> start;
  // From s under a to `next`; returns the reward.
  std::function<double(const std::vector<double>& s, const float* a, std::vector<double>* next)> step;
};

inline KnownWorld ScalarLq(double largest_start = 1.0) {
  KnownWorld w;
  w.start = [largest_start](Stream& stream) {
    return std::vector<double>{stream.Uniform(-largest_start, largest_start)};
  };
  w.step = [](const std::vector<double>& s, const float* a, std::vector<double>* next) {
    *next = {0.9 * s[0] + 0.5 * a[0]};
    return -(s[0] * s[0] + 0.1 * a[0] * a[0]);
  };
  return w;
}

inline KnownWorld DoubleIntegrator() {
  KnownWorld w;
  w.states = 2;
  w.horizon = 50;
  w.start = [](Stream& stream) { return std::vector<double>{stream.Uniform(-0.3, 0.3), 0.0}; };
  w.step = [](const std::vector<double>& s, const float* a, std::vector<double>* next) {
    *next = {s[0] + 0.1 * s[1] + 0.005 * a[0], s[1] + 0.1 * a[0]};
    return -(s[0] * s[0] + 0.1 * s[1] * s[1] + 0.1 * a[0] * a[0]);
  };
  return w;
}

inline KnownWorld Bandit() {
  KnownWorld w;
  w.horizon = 1;
  w.start = [](Stream&) { return std::vector<double>{0.5}; };
  w.step = [](const std::vector<double>& s, const float* a, std::vector<double>* next) {
    *next = s;
    return -(a[0] - 0.3) * (a[0] - 0.3);
  };
  return w;
}

inline KnownWorld ConstantReward() {
  KnownWorld w = ScalarLq();
  w.step = [lq = w.step](const std::vector<double>& s, const float* a, std::vector<double>* next) {
    lq(s, a, next);
    return 1.0;
  };
  return w;
}

// A life in such a world: `random` uniform episodes, then training and acting by turns, as the trainer does.
class Life {
 public:
  Life(KnownWorld world, const config::Settings& settings)
      : settings_(settings),
        world_(std::move(world)),
        data_(world_.states, world_.actions, world_.horizon, {}, static_cast<uint64_t>(settings.run.seed)) {}

  // One episode; returns what it earned. `source`: as it is recorded.
  double Act(agent::Controller* who, uint8_t source = 0) {
    const auto seed = static_cast<uint64_t>(settings_.run.seed);
    const int64_t index = data_.size();
    Stream reset(seed, "env.reset", static_cast<uint64_t>(index));
    std::vector<double> s = world_.start(reset), next;
    who->Begin({seed, index, 0, world_.horizon, world_.states, world_.actions});
    replay::Episode episode;
    episode.source = source;
    double earned = 0;
    for (int t = 0;; ++t) {
      const std::vector<float> seen(s.begin(), s.end());
      episode.states.insert(episode.states.end(), seen.begin(), seen.end());
      if (t == world_.horizon) break;
      const agent::ActResult did = who->Act({t, seen.data()});
      const double reward = world_.step(s, did.action.data(), &next);
      episode.actions.insert(episode.actions.end(), did.action.begin(), did.action.end());
      episode.rewards.push_back(static_cast<float>(reward));
      if (!did.latent.empty()) {
        episode.latents.insert(episode.latents.end(), did.latent.begin(), did.latent.end());
        episode.log_probs.push_back(did.log_prob);
      }
      earned += reward;
      s = next;
    }
    data_.Append(std::move(episode));
    return earned;
  }
  void ActRandomly() {
    agent::UniformRandom random;
    for (int i = 0; i < settings_.run.random_episodes; ++i) Act(&random);
  }
  nets::TrainReport Train(nets::Trainable* part) {
    const nets::Standing now{data_, settings_, picked_};
    return part->Train({data_, settings_, static_cast<uint64_t>(picked_) + 1, part->NextWork(now), [](int, int) {}});
  }
  // Returns of so many episodes, each after the training before it.
  std::vector<double> Learn(learn::Learner* learner, agent::Controller* who, int episodes) {
    std::vector<double> returns;
    for (int i = 0; i < episodes; ++i) {
      Train(learner);
      returns.push_back(Act(who, 2));
      ++picked_;
    }
    return returns;
  }
  const replay::EpisodeBuffer& data() const { return data_; }
  const KnownWorld& world() const { return world_; }

 private:
  const config::Settings& settings_;
  KnownWorld world_;
  replay::EpisodeBuffer data_;
  int picked_ = 0;
};

inline double MeanOfLast(const std::vector<double>& all, std::ptrdiff_t count) {
  return std::accumulate(all.end() - count, all.end(), 0.0) / static_cast<double>(count);
}

}  // namespace equipoise::test
