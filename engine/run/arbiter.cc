#include "engine/run/arbiter.h"

#include <cmath>

#include "engine/base/check.h"

namespace equipoise::run {
namespace {

class AlwaysArbiter : public Arbiter {
 public:
  AlwaysArbiter(eps::Pick pick, eps::Reason reason) : pick_(pick), reason_(reason) {}
  bool NeedsCheck() const override { return false; }
  bool WillForce(int) const override { return false; }
  void Decide(int, const PolicyStanding&, eps::Decision* decision) override {
    decision->pick = pick_;
    decision->reason = reason_;
  }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  eps::Pick pick_;
  eps::Reason reason_;
};

class CheckArbiter : public Arbiter {
 public:
  bool NeedsCheck() const override { return true; }
  bool WillForce(int force_every) const override {
    return force_every > 0 && picked_ >= force_every - 1 && since_model_free_ >= force_every - 1;
  }
  void Decide(int force_every, const PolicyStanding& standing, eps::Decision* decision) override {
    using eps::Pick;
    using eps::Reason;
    bool undecidable = false;
    for (double d : decision->delta) undecidable = undecidable || !std::isfinite(d);
    decision->pick = Pick::kModelFree;
    if (WillForce(force_every) && standing.model_free_finite) {
      decision->reason = Reason::kForced;
    } else if (!standing.model_trained) {
      decision->reason = Reason::kNoModel;
    } else if (!standing.model_free_finite && standing.model_based_finite) {
      decision->pick = Pick::kModelBased;  // a policy of NaNs must not act, proof or not
      decision->reason = Reason::kUndecidable;
    } else if (undecidable || !standing.model_based_finite) {
      decision->reason = Reason::kUndecidable;
    } else if (decision->proved) {
      decision->pick = Pick::kModelBased;
      decision->reason = Reason::kProved;
    } else {
      decision->reason = Reason::kNotProved;
    }
    ++picked_;
    since_model_free_ = decision->pick == Pick::kModelFree ? 0 : since_model_free_ + 1;
  }
  void Save(ArchiveWriter& out) const override {
    out.Put("arbiter.picked", picked_);
    out.Put("arbiter.since_model_free", since_model_free_);
  }
  void Load(const ArchiveReader& in) override {
    picked_ = in.Int("arbiter.picked");
    since_model_free_ = in.Int("arbiter.since_model_free");
  }

 private:
  int64_t picked_ = 0, since_model_free_ = 0;  // random episodes are not picks
};

}  // namespace

std::unique_ptr<Arbiter> MakeArbiter(const std::string& agent) {
  if (agent == "sac") return std::make_unique<AlwaysArbiter>(eps::Pick::kModelFree, eps::Reason::kOnlyModelFree);
  if (agent == "mbrl") return std::make_unique<AlwaysArbiter>(eps::Pick::kModelBased, eps::Reason::kOnlyModelBased);
  EQ_CHECK(agent == "unified", "no arbiter for agent " + agent);
  return std::make_unique<CheckArbiter>();
}

}  // namespace equipoise::run
