// The learning half of the trainer: the lanes, the choice and what is measured of a new episode; see trainer.h.
#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/agent/trainer.h"
#include "engine/base/clock.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/quantile.h"
#include "engine/config/settings.h"
#include "engine/model/diagnostics.h"

namespace equipoise::run {
namespace {

// What guards did (guard.h) to a part; its scalars stand in those records alone to which they apply.
void ReportGuards(const nets::Trainable& part, const nets::TrainReport& report, EpisodeRecord* record,
                  const std::function<void(const std::string&)>& say) {
  for (const auto& [setting, share] : report.step_share) record->scalars["guard." + setting] = share;
  if (report.skipped == 0) return;
  record->guard_tripped = true;
  record->scalars["guard." + part.id() + "_skipped"] = report.skipped;
  std::string text = eps::Capitalised(nets::WithArticle(part.info().title)) + " skipped " +
                     std::to_string(report.skipped) + " steps whose loss or gradient was not finite";
  if (report.reloaded) {
    text += " and went back to the weights from before this training. From now on it takes";
    const char* before = " ";
    for (const auto& [setting, share] : report.step_share) {
      text += before + config::ToText(share) + " of " + setting;
      before = " and ";
    }
    text += ", until that is set by hand";
  }
  say(text + ".");
}

}  // namespace

int Trainer::WorkOf(const nets::Trainable& part) const {
  const nets::Standing now = Now();
  const bool rests = std::any_of(agent_.rests.begin(), agent_.rests.end(),
                                 [&](const agent::Agent::Rest& rest) { return rest.part == &part && rest.when(now); });
  return rests ? 0 : part.NextWork(now);
}

void Trainer::Learn(EpisodeRecord* record) {
  const auto& lanes = agent_.lanes;
  if (lanes.empty()) return;
  if (lanes.size() == 1) return TrainLane(lanes.front(), record);
  // No lane needs anything of another's, so they train at once; each has its own streams, record and report.
  std::vector<EpisodeRecord> records(lanes.size());
  team_.Beside([&] { TrainLane(lanes.front(), &records.front()); },
               [&] {
                 for (size_t i = 1; i < lanes.size(); ++i) TrainLane(lanes[i], &records[i]);
               });
  for (const EpisodeRecord& r : records) {
    record->seconds.insert(r.seconds.begin(), r.seconds.end());
    record->scalars.insert(r.scalars.begin(), r.scalars.end());
    record->gradient_steps += r.gradient_steps;
    record->guard_tripped = record->guard_tripped || r.guard_tripped;
  }
}

void Trainer::TrainLane(const std::vector<nets::Trainable*>& lane, EpisodeRecord* record) {
  const ScopedFlushToZero flush;
  for (nets::Trainable* part : lane) {
    if (!part->ready()) continue;
    const double start = MonotonicSeconds();
    const std::string id = part->id();
    const int work = WorkOf(*part);
    if (work > 0) hooks_.progress(id, 0, work);  // the first step alone may take minutes
    const nets::TrainReport report =
        part->Train({data_, settings_, static_cast<uint64_t>(picked_) + 1, work,
                     [this, &id](int done, int total) { hooks_.progress(id, done, total); }, &team_});
    record->seconds[part->id()] = MonotonicSeconds() - start;
    record->gradient_steps += report.steps;
    record->scalars.insert(report.scalars.begin(), report.scalars.end());
    ReportGuards(*part, report, record, hooks_.guard);
  }
}

eps::Decision Trainer::Choose() {
  const ScopedFlushToZero flush;
  if (const int masks = agent_.arbiter->NextWork(settings_); masks > 0) hooks_.progress(kCheckStage, 0, masks);
  return agent_.arbiter->Choose({settings_, starts_, ActiveDistractors(), data_.physics_states(), horizon(),
                                 picked_ + 1,
                                 [this](int done, int total) { hooks_.progress(kCheckStage, done, total); }, &team_});
}

void Trainer::Predict(const eps::Decision& decision, EpisodeRecord* record) const {
  // A check that stopped early saw a censored set of masks: no prediction is better than a wrong one.
  if (decision.evaluated == 0 || decision.evaluated < decision.masks) return;
  const std::vector<double>* imagined = decision.ReturnsOf(decision.pick);
  if (imagined == nullptr || imagined->empty()) return;
  std::vector<double> returns = *imagined;
  double sum = 0;
  for (double r : returns) sum += r;
  record->predicted_mean = sum / static_cast<double>(returns.size());
  record->predicted_lo = Quantile(returns, 0.05);
  record->predicted_hi = Quantile(returns, 0.95);
}

// The other policy of the comparison that decided acts the same episode, from the same start and with the same noise. The
// simulator and every stream are afterwards as if it had not been.
void Trainer::ActInShadow(const Collector::Turn& turn, const eps::Decision& decision, EpisodeRecord* record) {
  const int every = settings_.log.shadow_every;
  if (every == 0 || decision.episode % every != 0 || !decision.checked || decision.comparisons.empty()) return;
  const eps::Comparison& decided = decision.turned_on();
  if (decision.pick != decided.preferred && decision.pick != decided.challenger) return;
  const eps::Pick other = decision.pick == decided.preferred ? decided.challenger : decided.preferred;
  agent::Controller* acting = agent_.Find(other);
  if (acting == nullptr || !acting->finite()) return;
  const double start = MonotonicSeconds();
  const env::SimState before = collector_.task().Save();
  try {
    const Collector::Outcome outcome = collector_.Act(turn, acting, ActiveDistractors(), [](const LiveStep&) {}, {});
    if (outcome.restarts == 0) record->scalars["shadow." + other.id()] = outcome.episode_return;
  } catch (const std::runtime_error&) {
    // It drives the simulation out of what can be integrated: there is no return to record.
  }
  collector_.task().Restore(before);
  record->seconds[kExamineSeconds] += MonotonicSeconds() - start;
}

void Trainer::ExamineModel(EpisodeRecord* record) {
  const model::WorldModel* model = agent_.model;
  if (model == nullptr || !model->trained()) return;
  const ScopedFlushToZero flush;
  const double start = MonotonicSeconds();
  const auto seed = static_cast<uint64_t>(settings_.run.seed), iteration = static_cast<uint64_t>(picked_);
  Stream masks(seed, "examine.mask", iteration), noise(seed, "examine.noise", iteration);
  const model::Belief beliefs = model->Draw(settings_.log.holdout_masks, masks);
  const int64_t newest = data_.size() - 1;
  const model::WorldModel::Nll nll = model->Evaluate(data_, newest, beliefs, data_.physics_states());
  record->nll = nll.physics;
  if (data_.distracted()) record->nll_distractors = nll.distractors;
  model::OpenLoop open = model::CompareOpenLoop(*model, data_, newest, beliefs, noise);
  record->open_loop_error = std::move(open.median);
  record->open_loop_lo = std::move(open.lo);
  record->open_loop_hi = std::move(open.hi);
  record->open_loop_by_state = std::move(open.by_state);
  record->nll_by_output.assign(nll.by_output.begin(), nll.by_output.end());
  // Of beliefs that know no spread, and are all one, reality lies in no band.
  if (model->has_spread() || model->beliefs_limit() > 1) record->coverage = open.coverage;
  record->seconds[kExamineSeconds] += MonotonicSeconds() - start;
}

void Trainer::ExamineActor(EpisodeRecord* record) {
  const ScopedFlushToZero flush;
  const std::map<std::string, double> found =
      agent_.Find(record->decision.pick)->Examine(data_, data_.size() - 1, settings_);
  record->scalars.insert(found.begin(), found.end());
}

}  // namespace equipoise::run
