// The way back to a kept checkpoint; see engine_impl.h, roll_back.h and store/kept_checkpoints.h.
#include <utility>

#include "engine/base/clock.h"
#include "engine/record/episode_reader.h"
#include "engine/record/records.h"
#include "engine/run/engine_impl.h"
#include "engine/run/or_throw.h"
#include "engine/store/kept_checkpoints.h"

namespace equipoise::run {

// Reads all that is needed and copies what will be cut off, while the run can still go on as it is.
Status EngineImpl::PlanRollBack(const RollBack& command) {
  const store::RunFolder* folder = writer_.folder();
  if (folder == nullptr) return Error{"this run is not written to a folder, so it keeps no checkpoints"};
  if (Status stays = writer_.Stays(); !stays) return stays;
  Result<RollBackPlan> read = ReadRollBack(*folder, command.checkpoint, trainer_->settings().run.episodes);
  if (!read) return read.error();
  RollBackPlan plan = std::move(read).value();
  plan.why = command.why;
  // A hand that pushes lets go; the touch is on record, and goes aside with its episode.
  pushes_.LetGo(live_.step);
  pushes_.End(live_.step);
  const ScopedInterruptHandler patient = Patiently();
  auto aside = store::CopyAside(*folder);
  if (!aside) return aside.error();
  plan.aside = std::move(aside).value();
  plan_ = std::move(plan);
  return {};
}

// Engine thread, with nobody at work any more.
void EngineImpl::PerformRollBack() {
  const ScopedInterruptHandler patient = Patiently();
  const RollBackPlan plan = *std::exchange(plan_, std::nullopt);
  control_.AbandonIsOver();
  if (script_) script_->RolledBack();
  last_stroke_.reset();
  TakeUpWork();
  const int last = trainer_->episodes_picked();
  trainer_ = std::make_unique<Trainer>(plan.settings, OrThrow(TaskOf(plan.settings)), MakeHooks());
  trainer_->Load(plan.archive, plan.blocks);
  history_.Touched();
  changes_.Replace({});
  const int next = trainer_->episodes_picked() + 1;
  Event event;
  event.kind = Event::Kind::kIntervention;
  event.number = history_.interventions() + 1;
  event.episode = next;
  event.checkpoint = plan.checkpoint;
  event.why = plan.why;
  event.text = RollBackSentence(next, last, plan.aside);
  // The checkpoint first: if the process ends here, the run is continued from it, and the logs are cut and told then.
  checkpoints_.Take(State(plan.sizes));
  OrThrow(checkpoints_.WriteWith(event));
  AddNotes(OrThrow(writer_.CutLogs(plan.sizes)));
  checkpoints_.RemovePrevious();
  OrThrow(writer_.CutFiles(plan.settings, trainer_->BlockBytes(), trainer_->data().size(), next - 1));
  checkpoints_.RemoveKeptAfter(plan.checkpoint);

  auto episodes = OrThrow(ReadSummaries(writer_.folder()->name()));  // which outlive this engine in what it published
  TakeHistory(std::move(episodes), OrThrow(ReadEvents(writer_.folder()->paths().folder)));
  live_ = {};
  decided_wall_.reset();
  pushes_.Forget();
  pace_.Forget();
  {
    const MutexLock lock(told_mutex_);
    guard_sentences_.clear();
  }
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  clock_.Go(MonotonicSeconds());

  AddEvent(std::move(event));
  checkpoints_.FindKept(*history_.events());
  OrThrow(writer_.RecordRollBack(next, history_.steered()));
  WriteState();
  BeginStages();
}

}  // namespace equipoise::run
