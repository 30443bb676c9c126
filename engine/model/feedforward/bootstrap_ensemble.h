// bootstrap_ensemble.h: a probabilistic ensemble (Chua et al. 2018, PETS): E networks of Gaussian heads with a softly
// bounded log-variance, each fitted to a resample of the data of its own.
//
//   what one member does not know for noise is in its variance (aleatoric); where members differ, there were no data
//   that would have told (epistemic): q(w) = (1/E) sum_e delta(w - theta_e)
//
// A Belief is a member. Under the check there are as many masks as members in use, each asked once. With `elites` the
// members that predict the rows held out best are in use (Janner et al. 2019): for planners and imagined data, not for
// the check, whose beliefs must not be chosen by how they score.
#pragma once

#include <memory>

#include "engine/model/feedforward/feed_forward.h"

namespace equipoise::model {

const nets::PartInfo& BootstrapEnsembleInfo();
std::unique_ptr<WorldModel> NewBootstrapEnsemble(const ModelPlan& plan, const config::Settings& settings);

class BootstrapEnsemble : public FeedForward {
 public:
  BootstrapEnsemble(FeedForwardSpec spec, uint64_t seed, const ModelParts& parts);

  const nets::PartInfo& info() const override { return BootstrapEnsembleInfo(); }
  // ensemble.steps, and ensemble.first_fit_factor times as many while it has never been fitted.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
};

}  // namespace equipoise::model
