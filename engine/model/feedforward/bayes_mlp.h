// bayes_mlp.h: a network whose every weight is a distribution (Blundell et al. 2015): what the data leave open stays open.
//
//   q(w) = prod N(m, s^2), fitted by the evidence lower bound under a prior N(0, prior_sd^2), activations drawn
//   (nets/variational.h, member_fit.h); Gaussian heads with a softly bounded log-variance, whose bounds are numbers, and
//   learned: far above a bound that stays, a log-variance has no gradient that could bring it back
//
// A Belief is one draw of all weights, held along a trajectory. As data it is the seed of that draw, two whole numbers
// below 2^24; the weights are made where a rollout begins, and gone with it. So a belief means the same until the next
// fit, on any thread, and there are more of them than can be counted.
#pragma once

#include <memory>

#include "engine/model/feedforward/feed_forward.h"

namespace equipoise::model {

const nets::PartInfo& BayesMlpInfo();
std::unique_ptr<WorldModel> NewBayesMlp(const ModelPlan& plan, const config::Settings& settings);

class BayesMlp : public FeedForward {
 public:
  // spec.rho is given.
  BayesMlp(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts);

  const nets::PartInfo& info() const override { return BayesMlpInfo(); }
  Belief Draw(int64_t count, Stream& stream) const override;
  int64_t beliefs_limit() const override { return kBeyondCount; }
  // NOLINTNEXTLINE(bugprone-parent-virtual-call): its beliefs cannot be counted, as those of members can
  Belief Nth(int64_t i) const override { return WorldModel::Nth(i); }
  NetGroups Group(const Belief& beliefs) const override;
  // bayes.steps, and bayes.first_fit_factor times as many while it has never been fitted.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;

 private:
  void MeasureBeliefs(const nets::TrainInputs& in, nets::TrainReport* report) const;
};

}  // namespace equipoise::model
