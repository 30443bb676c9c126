// world_model.h: a learned model of one environment step, and the one way to roll through it.
//
// The model works in its own normalised units z = (observation - mean) / sd. Whatever is held fixed along a trajectory
// (the dropout masks of one network, the index of an ensemble member, one draw of Bayesian weights) is a Belief; what a
// recurrent model carries from step to step is a Carry. Every consumer (full-trajectory and short-horizon policy
// training, the check, diagnostics, planners) rolls through Rollout, forwards and, where gradients are wanted,
// backwards.
//
// Shapes   z [rows, states], action [rows, actions], carry [rows, carry_size]; rewards are means in normalised units,
//          unless they are sampled
// Thread   const methods may run on several threads; a Rollout belongs to one
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/check.h"
#include "engine/base/random.h"
#include "engine/base/team.h"
#include "engine/nets/trainable.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::nets {
class Policy;
}

namespace equipoise::model {

class DeviceReturns;  // imagination.h
class ModelParts;     // model_parts.h

// What a model is made for.
struct ModelPlan {
  int64_t states = 0, actions = 0;
  std::vector<int> wrapped;           // states that are angles
  const ModelParts* parts = nullptr;  // who fits it and imagines returns; they outlive the model
};

// `count` independent beliefs, one after the other: joining two sets is appending their data.
struct Belief {
  int64_t count = 0;
  std::vector<float> data;
  Belief Part(const Shard& rows) const {
    const auto size = static_cast<int64_t>(data.size()) / count;
    return {rows.count, {data.begin() + rows.first * size, data.begin() + (rows.first + rows.count) * size}};
  }
  void Append(const Belief& other) {
    count += other.count;
    data.insert(data.end(), other.data.begin(), other.data.end());
  }
};

class Rollout {
 public:
  virtual ~Rollout() = default;
  // Row r rolls under belief r % beliefs.count. `carry` null: all zero, the start of an episode. `keep` makes
  // StepBackward possible and needs memory for the whole horizon. The model's weights must not change while a rollout
  // is in use.
  virtual void Begin(int64_t rows, int64_t horizon, bool keep, const Belief* beliefs, const float* carry) = 0;
  // Step t (0, 1, ... in order): raw actions in [-1, 1], dynamics noise [rows, states].
  virtual void Step(int64_t t, const float* z, const float* action, const float* noise, float* z_next,
                    float* reward) = 0;
  // Step t backwards (in reverse order). `gradient` holds dLoss/dz_{t+1} and becomes dLoss/dz_t through the model;
  // z_next is what Step wrote; daction receives dLoss/da_t.
  virtual void StepBackward(int64_t t, const float* z_next, const float* noise, const float* dreward, float* gradient,
                            float* daction) = 0;
  // Before Begin: row r rolls in step t under belief of[t * rows + r], not r % count; null: as ever. Borrowed until the
  // rollout is over. Of a model with a carry that cannot be: what it remembers belongs to one belief.
  virtual void SetBeliefs(const int32_t* of) { EQ_CHECK(of == nullptr, "a model that keeps its beliefs"); }
  // After Step t, from the mean reward that it wrote: a draw, by noise [rows]. A model that knows no spread leaves it.
  virtual void SampleReward(int64_t t, const float* noise, float* reward) { (void)t, (void)noise, (void)reward; }
  // After Step t: what it predicts of [state change, reward] there, in sds of the data: mean and spread
  // [rows, states + 1].
  virtual void Moments(int64_t t, float* mean, float* sd);
  // State entries that were clamped because they left the range of the data, since Begin.
  virtual int64_t clamped() const = 0;
  // What is carried on from the last Step, [rows, carry_size]: Begin takes it up again. For recurrent models.
  virtual void Carry(float* out) const { (void)out; }
};

class WorldModel : public nets::Trainable {
 public:
  virtual int64_t states() const = 0;
  virtual int64_t actions() const = 0;
  virtual int64_t carry_size() const = 0;
  virtual bool trained() const = 0;
  // In force since the last Refit.
  virtual const replay::Normaliser& normaliser() const = 0;

  virtual Belief Draw(int64_t count, Stream& stream) const = 0;
  // How many different beliefs there are, where they can be counted: Nth(i) is each of them once, i below that.
  static constexpr int64_t kBeyondCount = std::numeric_limits<int64_t>::max();
  virtual int64_t beliefs_limit() const { return kBeyondCount; }
  virtual Belief Nth(int64_t i) const;
  // False: it predicts what follows, and no spread.
  virtual bool has_spread() const { return true; }
  // There is one belief, and noise changes nothing, so that the same actions always lead to the same states.
  bool deterministic() const { return !has_spread() && beliefs_limit() == 1; }
  // Rows that one rollout computes best together; 0: as many as there are.
  virtual int64_t rows_at_once() const { return 0; }
  virtual std::unique_ptr<Rollout> NewRollout() const = 0;
  // A model that lives on another device imagines the returns of `policy` there; null: through NewRollout.
  virtual std::unique_ptr<DeviceReturns> NewDeviceReturns(const nets::Policy& policy) const;
  // Feeds normalised inputs x [T, B, states + actions] and writes the carry BEFORE each step: [T, B, carry_size].
  virtual void BurnIn(const float* x, int64_t horizon, int64_t batch, const Belief& beliefs, float* carries,
                      Team* team) const = 0;

  struct Nll {
    double physics = 0, distractors = 0;  // nats per step, mean over beliefs
    std::vector<double> by_output;        // of `physics`: its states, then the reward; empty: not known
  };
  // Of one episode, without training on it.
  virtual Nll Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
                       int64_t physics_states) const = 0;
  // What its predictions depend on, without what only its training needs; read, it is a trained model.
  virtual void SaveFunction(ArchiveWriter& out) const = 0;
  virtual void LoadFunction(const ArchiveReader& in) = 0;
};

}  // namespace equipoise::model
