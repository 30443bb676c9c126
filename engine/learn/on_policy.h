// on_policy.h: whole trajectories that a policy acted itself, for a learner that may learn from no others.
//
//   NewestEpisodes   real ones, since those it was given last
//   ImaginedBatches  in a world model (imagined_batch.h)
//
// Shapes   s [n, T+1, S], u [n, T, A], log_prob and reward [n, T]
// Units    raw
// Thread   one
// Errors   Load as nets/trainable.h
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/nets/policy.h"
#include "engine/nets/trainable.h"

namespace equipoise::learn {

struct OnPolicyBatch {
  int64_t trajectories = 0, horizon = 0;
  std::vector<float> s;         // observations, the one after the last step too
  std::vector<float> u;         // what was drawn before tanh
  std::vector<float> log_prob;  // of the action, under the policy as it was then
  std::vector<float> reward;
  // What the learner is to count in from here on: the spread of the discounted sums of reward; and means and spreads of
  // its inputs, which hold from the next batch on. Those empty: as they are.
  double return_sd = 1;
  std::vector<float> input_mean, input_sd;
};

// What a learner wants of a batch.
struct OnPolicyWants {
  int64_t steps = 1;  // at least one trajectory is taken whole
  double gamma = 1;   // of the discounted sums
};

class OnPolicySource {
 public:
  virtual ~OnPolicySource() = default;
  // False: there is nothing to take batches from yet.
  virtual bool ready() const { return true; }
  // What inputs are normalised by before the first batch is taken; null: as the batches say, afterwards.
  virtual const replay::Normaliser* normaliser() const { return nullptr; }
  // So many batches can be taken before the next episode; 0: nothing is due.
  virtual int Rounds(const OnPolicyWants& wants, const nets::Standing& now) const = 0;
  // The share of the next batch that is there, and the same in words where something is missing: "7 of 20 episodes".
  virtual double Gathered(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const = 0;
  virtual std::string Waiting(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const = 0;
  // Each batch once.
  virtual OnPolicyBatch Take(const OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                             int round) = 0;
  virtual void Save(ArchiveWriter& out) const = 0;
  virtual void Load(const ArchiveReader& in) = 0;
};

// Discounted sums as they grow along each trajectory, R_t = gamma R_{t-1} + r_t: their standard deviation. reward
// [n, T]; at least 1e-4.
double SpreadOfReturns(const std::vector<const float*>& rewards, int64_t horizon, double gamma);

// Whole real episodes that the learner `id` acted: floor(steps / T) of them, at least one. Episodes of others, random and
// forced ones too, are none, nor are those whose latents are not known.
class NewestEpisodes : public OnPolicySource {
 public:
  // `source`: how its episodes are marked (replay::Episode::source).
  NewestEpisodes(std::string id, uint8_t source) : id_(std::move(id)), source_(source) {}
  int Rounds(const OnPolicyWants& wants, const nets::Standing& now) const override;
  double Gathered(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const override;
  std::string Waiting(const OnPolicyWants& wants, const replay::EpisodeBuffer& data) const override;
  OnPolicyBatch Take(const OnPolicyWants& wants, const nets::TrainInputs& in, const nets::Policy& policy,
                     int round) override;
  void Save(ArchiveWriter& out) const override { out.Put(id_ + ".episodes_seen", seen_); }
  void Load(const ArchiveReader& in) override { seen_ = in.Int(id_ + ".episodes_seen"); }

 private:
  bool Own(const replay::Episode& episode) const { return episode.source == source_ && !episode.latents.empty(); }
  // From episode `first` on, oldest first.
  std::vector<int64_t> Owned(const replay::EpisodeBuffer& data, int64_t first) const;

  std::string id_;
  uint8_t source_;
  int64_t seen_ = 0;  // episodes that there were when the last batch was taken
};

}  // namespace equipoise::learn
