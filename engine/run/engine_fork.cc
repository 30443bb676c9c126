// A fork that is still to come: until its episode the run is another one made again; see engine_impl.h and fork_plan.h.
#include <stdexcept>
#include <utility>

#include "engine/record/records.h"
#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"
#include "engine/run/same_records.h"

namespace equipoise::run {

Status EngineImpl::Change(const std::vector<ChangeSetting>& changes) {
  if (!GoesOn())
    return Error{info_->directory + " has done its " + std::to_string(trainer_->episodes_picked()) +
                 " episodes, so nothing would come of it: ask for more of them too, with --episodes"};
  if (Status asked = changes_.AskAll(changes, Standing()); !asked) return Error{writer_.Named(asked.error().message)};
  Publish();
  return {};
}

// While it must stay what it was forked from.
Status EngineImpl::RefusedBeforeFork(const std::string& what) const {
  if (!fork_) return {};
  return Error{what + ": up to episode " + std::to_string(fork_->plan.episode) + " this run is " + fork_->plan.from +
               " made again; from there on it is your own."};
}

void EngineImpl::CompareWithSource(const EpisodeRecord& record) {
  const size_t at = history_.episodes()->size();
  const auto is = OrThrow(WithoutClock(ToLine(record)));
  const std::vector<std::string> was(1, fork_->episodes.at(at));
  if (const std::string found = FirstDifference(was, {is}, "episodes.jsonl", at + 1); !found.empty())
    PartTooEarly(found);
}

// Nothing of the episode that differs is written: the run stands where both still agreed.
void EngineImpl::PartTooEarly(const std::string& difference) {
  differs_ = true;
  std::string why = fork_->unlike;
  if (!why.empty()) why = " It was computed elsewhere (" + why + "), where bits may differ: fork it there.";
  throw std::runtime_error("training again did not give " + fork_->plan.from + ". " + difference + why);
}

// Up to here it is the other run. The changes that it was made for.
std::vector<PendingChange> EngineImpl::GoOwnWay() {
  const std::vector<std::string> events = OrThrow(EventRecords(writer_.folder()->paths().events));
  if (const std::string found = FirstDifference(fork_->events, events, "events.jsonl"); !found.empty())
    PartTooEarly(found);
  const ForkPlan plan = std::exchange(fork_, std::nullopt)->plan;
  Event event;
  event.episode = plan.episode;
  event.key = kForkKey;
  event.from = plan.path;
  event.text = "Forked from " + plan.from + " before episode " + std::to_string(plan.episode) +
               ": up to there both are the same run.";
  AddEvent(std::move(event));
  trainer_->Apply(kLengthKey, plan.episodes);
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  OrThrow(writer_.SetLength(plan.episodes, history_.steered()));
  std::vector<ChangeSetting> commands;
  for (const PendingChange& change : plan.changes) commands.push_back({change.key, change.to, change.why});
  PendingChanges judge([](const std::string&) { return Status(); });
  OrThrow(judge.AskAll(commands, Standing()));
  return judge.waiting();
}

}  // namespace equipoise::run
