#include "engine/agent/arbiter.h"

#include <cmath>
#include <utility>

#include "engine/base/clock.h"
#include "engine/eps/check.h"

namespace equipoise::agent {
namespace {

using eps::Decision;
using eps::Pick;
using eps::Reason;

// `other` null: the return of `first` alone is predicted.
Decision Checked(const ChoiceInputs& in, const model::WorldModel& model, const learn::Learner& first,
                 const learn::Learner* other) {
  const double start = MonotonicSeconds();
  eps::CheckInputs inputs =
      eps::CheckInputsOf(in.settings, model, first.policy(), other != nullptr ? &other->policy() : nullptr, in.starts,
                         in.distractors, in.physics_states, in.horizon, in.episode);
  inputs.progress = in.progress;
  inputs.team = in.team;
  Decision decision = eps::Check(inputs);
  decision.seconds = MonotonicSeconds() - start;
  return decision;
}

class AlwaysArbiter : public Arbiter {
 public:
  AlwaysArbiter(Candidate only, const model::WorldModel* model) : only_(only), model_(model) {}
  Decision Choose(const ChoiceInputs& in) override {
    Decision decision;
    if (model_ != nullptr && model_->trained() && only_.learner->finite())
      decision = Checked(in, *model_, *only_.learner, nullptr);
    decision.pick = only_.pick;
    decision.reason = only_.pick == Pick::kModelBased ? Reason::kOnlyModelBased : Reason::kOnlyModelFree;
    return decision;
  }
  int NextWork(const config::Settings&) const override { return 0; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  Candidate only_;
  const model::WorldModel* model_;
};

class UndominatedArbiter : public Arbiter {
 public:
  UndominatedArbiter(const model::WorldModel& model, Candidate preferred, Candidate challenger)
      : model_(model), preferred_(preferred), challenger_(challenger) {}
  Decision Choose(const ChoiceInputs& in) override {
    const bool finite = preferred_.learner->finite(), challenger_finite = challenger_.learner->finite();
    Decision decision;
    if (model_.trained() && finite && challenger_finite)
      decision = Checked(in, model_, *challenger_.learner, preferred_.learner);
    bool undecidable = false;
    for (double d : decision.delta) undecidable = undecidable || !std::isfinite(d);
    decision.pick = preferred_.pick;
    if (!model_.trained()) {
      decision.reason = Reason::kNoModel;
    } else if (!finite && challenger_finite) {
      decision.pick = challenger_.pick;  // a policy of NaNs must not act, proof or not
      decision.reason = Reason::kUndecidable;
    } else if (undecidable || !challenger_finite) {
      decision.reason = Reason::kUndecidable;
    } else if (decision.proved) {
      decision.pick = challenger_.pick;
      decision.reason = Reason::kProved;
    } else {
      decision.reason = Reason::kNotProved;
    }
    return decision;
  }
  int NextWork(const config::Settings& settings) const override { return settings.eps.masks; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  const model::WorldModel& model_;
  Candidate preferred_, challenger_;
};

class AtLeastEveryArbiter : public Arbiter {
 public:
  AtLeastEveryArbiter(Candidate forced, std::unique_ptr<Arbiter> inner) : forced_(forced), inner_(std::move(inner)) {}
  Decision Choose(const ChoiceInputs& in) override {
    const int every = in.settings.eps.force_every;
    const bool due = every > 0 && picked_ >= every - 1 && since_ >= every - 1;
    const bool force = due && forced_.learner->finite();
    // What the check says is of interest where it cannot change the pick, unless its time is to be saved.
    Decision decision;
    if (!(force && in.settings.eps.skip_forced)) decision = inner_->Choose(in);
    if (force) {
      decision.pick = forced_.pick;
      decision.reason = Reason::kForced;
    }
    decision.force_every = every;
    ++picked_;
    since_ = decision.pick == forced_.pick ? 0 : since_ + 1;
    return decision;
  }
  int NextWork(const config::Settings& settings) const override { return inner_->NextWork(settings); }
  void Save(ArchiveWriter& out) const override {
    inner_->Save(out);
    out.Put("arbiter.picked", picked_);
    out.Put("arbiter.since_model_free", since_);
  }
  void Load(const ArchiveReader& in) override {
    inner_->Load(in);
    picked_ = in.Int("arbiter.picked");
    since_ = in.Int("arbiter.since_model_free");
  }

 private:
  Candidate forced_;
  std::unique_ptr<Arbiter> inner_;
  int64_t picked_ = 0, since_ = 0;  // random episodes are not picks
};

}  // namespace

std::unique_ptr<Arbiter> Always(Candidate only, const model::WorldModel* model) {
  return std::make_unique<AlwaysArbiter>(only, model);
}
std::unique_ptr<Arbiter> Undominated(const model::WorldModel& model, Candidate preferred, Candidate challenger) {
  return std::make_unique<UndominatedArbiter>(model, preferred, challenger);
}
std::unique_ptr<Arbiter> AtLeastEvery(Candidate forced, std::unique_ptr<Arbiter> inner) {
  return std::make_unique<AtLeastEveryArbiter>(forced, std::move(inner));
}

}  // namespace equipoise::agent
