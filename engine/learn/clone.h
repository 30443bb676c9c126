// clone.h: a policy that imitates a planner: behaviour cloning, and labels for the states that it comes to itself
// (DAgger: Ross et al. 2011; as in Nagabandi et al. 2018).
//
//   D = (s, a) of the planner's episodes, and (s, a*(s)) of the clone's own, where a* is what the planner would do there
//   loss = mean over D and actions of (tanh m(s) - a*)^2
//
// It acts with a small spread of its own (clone.sd), and is of the shape of the learner that goes on from it. D is saved
// with the run: nothing else knows the labels.
//
// Streams  "clone.shuffle" of (seed, iteration, pass)
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/clone_settings.h"
#include "engine/learn/expert.h"
#include "engine/learn/learner.h"
#include "engine/model/model_parts.h"

namespace equipoise::learn {

const nets::PartInfo& CloneInfo();

// As it is before any training.
nets::Policy NewClonePolicy(int64_t states, int64_t actions, const config::Settings& s);

// mean over rows and actions of (tanh m - a*)^2 under raw [n, 2A] = m | raw sd; draw [n, 2A] receives its gradient.
double CloneLoss(int64_t rows, int64_t actions, const float* raw, const float* labels, float* draw);

class CloneLearner : public Learner {
 public:
  struct Teaching {
    std::unique_ptr<Expert> expert;
    uint8_t expert_source, own_source;                   // how their episodes are marked (replay::Episode::source)
    std::function<bool(const nets::Standing& now)> due;  // it is to be trained before the next episode
    std::function<std::string(const nets::Standing& now)> waits = {};  // what for, where it is not; "": it has ended
  };
  // `parts`: who trains its network; they outlive the learner.
  CloneLearner(Teaching teaching, int64_t states, int64_t actions, const config::Settings& s,
               const nets::NetworkParts& parts = model::CpuParts());

  const nets::PartInfo& info() const override { return CloneInfo(); }
  const nets::Policy& policy() const override { return policy_; }
  int NextWork(const nets::Standing& now) const override;
  std::string Waiting(const nets::Standing& now) const override;
  TrainReport Train(const TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return policy_.net.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  // D: states [n, S], labels [n, A].
  const std::vector<float>& states() const { return states_; }
  const std::vector<float>& labels() const { return labels_; }

 private:
  bool Counts(const replay::Episode& episode) const;
  // Of its own, that nobody has labelled yet.
  int64_t Unlabelled(const replay::EpisodeBuffer& data) const;
  // Takes up the episodes that are new; `planned` is told how many states have been labelled. How far the clone is from their labels where it acted, a mean over actions; NaN:
  // it did not.
  double TakeUp(const TrainInputs& in, const std::function<void(int64_t states)>& planned);
  int64_t rows() const { return static_cast<int64_t>(labels_.size()) / policy_.actions(); }

  const Teaching teaching_;
  const nets::NetworkParts& parts_;
  nets::Policy policy_;
  nets::Adam adam_;
  std::vector<float> states_, labels_;  // D
  int64_t seen_ = 0;                    // episodes
  bool begun_ = false;                  // its input affine is set
};

}  // namespace equipoise::learn
