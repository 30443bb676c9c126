#include "engine/agent/turns.h"

#include <utility>

#include "engine/base/check.h"

namespace equipoise::agent {
namespace {

using eps::Decision;
using eps::Reason;

class OnceTrainedArbiter : public Arbiter {
 public:
  OnceTrainedArbiter(const model::WorldModel& model, Candidate before, Candidate then)
      : model_(model), before_(before), then_(then) {}
  Decision Choose(const ChoiceInputs&) override {
    Decision decision;
    const bool usable = model_.trained() && then_->finite();
    decision.pick = PickOf(usable ? then_ : before_);
    decision.reason = usable ? Reason::kAlone : model_.trained() ? Reason::kUndecidable : Reason::kNoModel;
    return decision;
  }
  int NextWork(const config::Settings&) const override { return 0; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  const model::WorldModel& model_;
  const Candidate before_, then_;
};

class InTurnArbiter : public Arbiter {
 public:
  explicit InTurnArbiter(std::vector<Turn> turns) : turns_(std::move(turns)) {
    EQ_CHECK(!turns_.empty(), "there is nobody whose turn it could be");
  }
  Decision Choose(const ChoiceInputs& in) override {
    size_t due = 0;
    for (size_t i = 1; i < turns_.size(); ++i)
      if (in.episode >= turns_[i].from(in.settings)) due = i;
    size_t acts = due;
    while (acts > 0 && !turns_[acts].candidate->finite()) --acts;
    Decision decision;
    decision.pick = PickOf(turns_[acts].candidate);
    decision.reason = acts == due ? Reason::kAlone : Reason::kUndecidable;
    return decision;
  }
  int NextWork(const config::Settings&) const override { return 0; }
  void Save(ArchiveWriter&) const override {}  // whose turn it is follows from the episode
  void Load(const ArchiveReader&) override {}

 private:
  const std::vector<Turn> turns_;
};

}  // namespace

std::unique_ptr<Arbiter> OnceTrained(const model::WorldModel& model, Candidate before, Candidate then) {
  return std::make_unique<OnceTrainedArbiter>(model, before, then);
}
std::unique_ptr<Arbiter> InTurn(std::vector<Turn> turns) { return std::make_unique<InTurnArbiter>(std::move(turns)); }

}  // namespace equipoise::agent
