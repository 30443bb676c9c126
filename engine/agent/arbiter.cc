#include "engine/agent/arbiter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/eps/check.h"
#include "engine/eps/check_settings.h"

namespace equipoise::agent {
namespace {

using eps::Decision;
using eps::Reason;

// Imagines them all. One alone has nothing to prove: its return is predicted.
Decision Checked(const ChoiceInputs& in, const model::WorldModel& model, const std::vector<Candidate>& candidates) {
  const double start = MonotonicSeconds();
  std::vector<eps::ImaginedPolicy> policies;
  for (Candidate c : candidates) policies.push_back({PickOf(c), c->policy()});
  eps::CheckInputs inputs = eps::CheckInputsOf(in.settings, model, std::move(policies), in.starts, in.distractors,
                                               in.physics_states, in.horizon, in.episode);
  inputs.progress = in.progress;
  inputs.team = in.team;
  Decision decision = eps::Check(inputs);
  decision.seconds = MonotonicSeconds() - start;
  return decision;
}

bool Finite(Candidate c) { return c->finite(); }

class AlwaysArbiter : public Arbiter {
 public:
  AlwaysArbiter(Candidate only, const model::WorldModel* model) : only_(only), model_(model) {}
  Decision Choose(const ChoiceInputs& in) override {
    Decision decision;
    ChoiceInputs quiet = in;  // a prediction is no check: there is no such stage
    quiet.progress = {};
    const bool imaginable = only_->policy() != nullptr && only_->finite();
    if (model_ != nullptr && model_->trained() && imaginable) decision = Checked(quiet, *model_, {only_});
    decision.pick = PickOf(only_);
    decision.reason = Reason::kAlone;
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
  UndominatedArbiter(const model::WorldModel& model, std::vector<Candidate> candidates)
      : model_(model), candidates_(std::move(candidates)) {
    EQ_CHECK(candidates_.size() > 1, "there is nothing to compare");
    for (Candidate c : candidates_)
      EQ_CHECK(c->policy() != nullptr, "\"" + c->id() +
                                           "\" has no policy that could be imagined, so no check can compare it; let "
                                           "Always or AtLeastEvery pick it");
  }
  Decision Choose(const ChoiceInputs& in) override {
    const bool finite = std::all_of(candidates_.begin(), candidates_.end(), Finite);
    Decision decision;
    if (model_.trained() && finite) decision = Checked(in, model_, candidates_);
    Candidate picked = candidates_.front();
    if (!model_.trained()) {
      decision.reason = Reason::kNoModel;
    } else if (!finite) {
      picked = FirstFinite();  // a policy of NaNs must not act, proof or not
      decision.reason = Reason::kUndecidable;
    } else if (!Decidable(decision)) {
      decision.reason = Reason::kUndecidable;
    } else if (decision.proved) {
      picked = FirstUndominated(decision);
      decision.reason = Reason::kProved;
    } else {
      decision.reason = Reason::kNotProved;
    }
    decision.pick = PickOf(picked);
    return decision;
  }
  int NextWork(const config::Settings& settings) const override {
    return static_cast<int>(std::min<int64_t>(settings.Of<eps::CheckSettings>().masks, model_.beliefs_limit()));
  }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  static bool Decidable(const Decision& decision) {
    for (const eps::Comparison& c : decision.comparisons)
      for (double d : c.delta)
        if (!std::isfinite(d)) return false;
    return true;
  }
  Candidate FirstFinite() const {
    const auto found = std::find_if(candidates_.begin(), candidates_.end(), Finite);
    return found != candidates_.end() ? *found : candidates_.front();
  }
  // Dominance is transitive, so there is one; rounding could only make it the first.
  Candidate FirstUndominated(const Decision& decision) const {
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (!eps::Dominated(decision, i)) return candidates_[i];
    return candidates_.front();
  }

  const model::WorldModel& model_;
  const std::vector<Candidate> candidates_;
};

class AtLeastEveryArbiter : public Arbiter {
 public:
  AtLeastEveryArbiter(std::vector<Candidate> forced, std::unique_ptr<Arbiter> inner)
      : forced_(std::move(forced)), since_(forced_.size(), 0), inner_(std::move(inner)) {}
  Decision Choose(const ChoiceInputs& in) override {
    const eps::CheckSettings& eps = in.settings.Of<eps::CheckSettings>();
    const int every = eps.force_every;
    const Candidate due = every > 0 && picked_ >= every - 1 ? MostOverdue(every) : nullptr;
    // What the check says is of interest where it cannot change the pick, unless its time is to be saved.
    Decision decision;
    if (due == nullptr || !eps.skip_forced) decision = inner_->Choose(in);
    if (due != nullptr) {
      decision.pick = PickOf(due);
      decision.reason = Reason::kForced;
    }
    decision.force_every = every;
    ++picked_;
    for (size_t i = 0; i < forced_.size(); ++i) since_[i] = decision.pick == PickOf(forced_[i]) ? 0 : since_[i] + 1;
    return decision;
  }
  int NextWork(const config::Settings& settings) const override { return inner_->NextWork(settings); }
  void Save(ArchiveWriter& out) const override {
    inner_->Save(out);
    out.Put("arbiter.picked", picked_);
    out.Put("arbiter.since", since_);
  }
  void Load(const ArchiveReader& in) override {
    inner_->Load(in);
    picked_ = in.Int("arbiter.picked");
    // Older states have one candidate.
    since_ =
        in.Has("arbiter.since") ? in.Ints("arbiter.since") : std::vector<int64_t>{in.Int("arbiter.since_model_free")};
    if (since_.size() != forced_.size()) throw FormatError("an arbiter of other candidates");
  }

 private:
  // Null: none is due.
  Candidate MostOverdue(int every) const {
    size_t most = forced_.size();
    for (size_t i = 0; i < forced_.size(); ++i) {
      if (since_[i] < every - 1 || !forced_[i]->finite()) continue;
      if (most == forced_.size() || since_[i] > since_[most]) most = i;
    }
    return most < forced_.size() ? forced_[most] : nullptr;
  }

  const std::vector<Candidate> forced_;
  std::vector<int64_t> since_;  // episodes that each has not acted
  std::unique_ptr<Arbiter> inner_;
  int64_t picked_ = 0;  // random episodes are not picks
};

}  // namespace

std::unique_ptr<Arbiter> Always(Candidate only, const model::WorldModel* model) {
  return std::make_unique<AlwaysArbiter>(only, model);
}
std::unique_ptr<Arbiter> Undominated(const model::WorldModel& model, std::vector<Candidate> candidates) {
  return std::make_unique<UndominatedArbiter>(model, std::move(candidates));
}
std::unique_ptr<Arbiter> AtLeastEvery(std::vector<Candidate> forced, std::unique_ptr<Arbiter> inner) {
  return std::make_unique<AtLeastEveryArbiter>(std::move(forced), std::move(inner));
}

}  // namespace equipoise::agent
