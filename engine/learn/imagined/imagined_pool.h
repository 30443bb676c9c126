// imagined_pool.h: steps that a world model imagined: short branches from recorded states, kept for as long as the model
// that made them is not too old (Janner et al. 2019, MBPO).
//
// After each fit of the model: N starts, uniform among all recorded steps or those of the newest episodes; from each, k
// steps of the model under the actions of a policy, the one that is asked for in the recording, or random ones. Every
// step is one row. A policy without spread acts with the noise that it has on the real task (noisy_actions.h).
//   k(episode) = lo + (episode - from) / (to - from) * (hi - lo), cut to whole steps and to lo .. hi
// Where the model's beliefs can be counted, one is drawn anew for every row and step (TS1), else, and where it carries
// something from step to step, for every branch, which then begins with what the model makes of its past. State
// and, unless pool.mean_reward, reward are draws. Rows are raw, so that a later fit of the normaliser does not change
// them. Those with a number that is not finite are left out.
//
// It is a part of its own between model and learner: its rows are saved with the run, since the models that made the
// older ones are gone. When the observation changes its width all rows go.
//
// Streams  "pool.start", "pool.act", "pool.dyn", "pool.member", "pool.reward" of (iteration, chunk)
// Thread   as nets/trainable.h; chunks of branches are tasks of the team
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/learn/exploration_noise.h"
#include "engine/learn/learner.h"
#include "engine/learn/transition_source.h"
#include "engine/model/world_model.h"

namespace equipoise::learn {

const nets::PartInfo& ImaginedPoolInfo();

class ImaginedPool : public nets::Trainable {
 public:
  // The model is trained before this is; it outlives the pool.
  explicit ImaginedPool(const model::WorldModel& model);
  // Whose policy acts in branches; it outlives the pool. Before the first Train. `noise` is asked at every Train, for one
  // without spread; none: its actions as they are.
  void Follow(const Learner& learner, std::function<ExplorationNoise()> noise = nullptr) {
    learner_ = &learner;
    noise_ = std::move(noise);
  }

  const nets::PartInfo& info() const override { return ImaginedPoolInfo(); }
  // Branches.
  int NextWork(const nets::Standing& now) const override;
  bool ready() const override { return model_.trained(); }
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings&, const config::Settings&) override {}
  void EditStates(int64_t, const replay::Normaliser&) override { fits_.clear(); }
  bool finite() const override { return true; }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  int64_t size() const;  // rows
  // `count` uniform rows, with replacement. There must be some.
  void Draw(Stream& stream, const TransitionRows& rows) const;

 private:
  // What was imagined after one fit.
  struct Fit {
    uint64_t iteration = 0;
    int64_t rows = 0;
    std::vector<float> s, a, r, s_next;
  };
  struct Chunk;  // some of the branches, imagined together

  const model::WorldModel& model_;
  const Learner* learner_ = nullptr;
  std::function<ExplorationNoise()> noise_;
  std::deque<Fit> fits_;  // the oldest first
};

// Steps of a branch before this episode, from 1.
int BranchLength(const config::Settings& settings, int episode);

}  // namespace equipoise::learn
