#include "engine/run/engine_impl.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "engine/base/clock.h"
#include "engine/base/interrupt.h"
#include "engine/base/version.h"
#include "engine/learn/backend.h"
#include "engine/run/or_throw.h"
#include "engine/store/mailbox.h"

namespace equipoise::run {

EngineImpl::EngineImpl(Parts parts)
    : writer_(std::move(static_cast<RunFiles&>(parts))),
      changes_([this](const std::string& line) { return writer_.Note(line, true); }),
      checkpoints_(&writer_, &changes_),
      pushes_([this](const std::string& line) { return writer_.Note(line, false); },
              [this](const Touch& touch) { AddTouch(touch); }),
      info_(std::make_shared<RunInfo>()),
      goes_on_(!parts.continued),
      notes_(std::move(parts.notes)),
      fork_(std::move(parts.fork)),
      time_needed_(std::move(parts.time)) {
  const int threads = parts.settings.run.threads;
  trainer_ = std::make_unique<Trainer>(parts.settings, std::move(parts.task), MakeHooks());
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  info_->name = writer_.folder() != nullptr ? writer_.folder()->description().name : "unsaved";
  info_->directory = parts.directory;
  info_->version = Version();
  info_->device_text = learn::FindBackend(parts.settings.run.device).value()->Text() + ", " + std::to_string(threads) +
                       (threads == 1 ? " thread" : " threads");
  info_->parts = trainer_->parts();
  info_->task = trainer_->task_info();
  info_->horizon = trainer_->horizon();
  BeginStages();
  Publish();
}

EngineImpl::~EngineImpl() {
  Post(Quit{});
  if (thread_.joinable()) thread_.join();
}

TrainerHooks EngineImpl::MakeHooks() {
  TrainerHooks hooks;
  hooks.progress = [this](const std::string& stage, int done, int total) { OnProgress(stage, done, total); };
  hooks.acted = [this](const LiveStep& live) { OnActed(live); };
  hooks.poll = [this] { control_.Hold(); };
  hooks.decided = [this](const eps::Decision& d) { OnDecided(d); };
  hooks.guard = [this](const std::string& sentence) {
    // May come from SAC's thread: queued, and logged by the engine thread with the episode.
    const MutexLock lock(told_mutex_);
    guard_sentences_.push_back(sentence);
  };
  hooks.push = [this](int attempt, int step) {
    return OrThrow(pushes_.At({trainer_->acting_episode(), attempt, step, trainer_->horizon()}));
  };
  return hooks;
}

void EngineImpl::Start(bool paused) {
  if (paused) OrThrow(control_.Obey(Pause{}));
  thread_ = std::thread([this] { Run(); });
}

void EngineImpl::Wait() {
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> EngineImpl::FolderToWrite() {
  if (writer_.folder() == nullptr || !writer_.Stays()) return {};
  return writer_.folder()->paths().folder;
}

void EngineImpl::Run() {
  const ScopedInterruptHandler handler([this] { Poll(); });
  if (writer_.folder() != nullptr && writer_.Stays()) store::Mailbox::Forget(writer_.folder()->paths().folder);
  Close(Work());
}

EngineImpl::Ending EngineImpl::Work() {
  try {
    const ScopedFullDiskHandler full_disk(this);
    clock_.Go(MonotonicSeconds());
    state_ = RunState::kRunning;
    for (bool again = true; again;) {
      again = false;
      try {
        Loop();
        if (LookAfterFiles()) WriteState();
        TellOfDisk();
      } catch (const Interrupted&) {
        if (control_.quits() || !plan_) throw;
        PerformRollBack();
        again = true;
      }
    }
    return {store::RunCondition::kFinished, RunState::kFinished, ""};
  } catch (const Interrupted&) {
    // The hand that still pushed lets go here; the touch is made again when the episode is.
    pushes_.LetGo(live_.step);
    return {store::RunCondition::kStopped, RunState::kStopped, ""};
  } catch (const std::exception& error) {
    const Status stays = writer_.Stays();  // a folder that is gone explains every write that failed
    return {store::RunCondition::kCrashed, RunState::kStopped, stays ? error.what() : stays.error().message};
  }
}

void EngineImpl::Close(Ending ending) {
  const ScopedInterruptHandler ends([] {});  // what is still to be written is written
  try {
    (void)writer_.Stays();  // where it does not, nothing is logged any more
    pushes_.End(live_.step);
    if (ending.condition == store::RunCondition::kStopped) {
      (void)LookAfterFiles();
      PutCheckpointBack();
    }
  } catch (const std::exception& error) {
    if (ending.reason.empty()) ending.reason = error.what();
    ending.condition = store::RunCondition::kCrashed;
  }
  clock_.Stop(MonotonicSeconds());
  ending.reason = writer_.Named(ending.reason);
  stopped_reason_ = ending.reason;
  state_ = ending.state;
  const bool crashed = ending.condition == store::RunCondition::kCrashed;
  if (crashed) {
    Event event;
    event.kind = Event::Kind::kError;
    event.text = "The run stopped: " + ending.reason;
    try {
      AddEvent(std::move(event));
    } catch (const std::exception&) {  // the disk that refused the first write refuses this one too
    }
  }
  if (goes_on_ || crashed) {
    const Status set = writer_.SetCondition(ending.condition, history_.steered(), ending.reason);
    if (!set.ok() && stopped_reason_.empty()) stopped_reason_ = writer_.Named(set.error().message);
  }
  Publish();
}

void EngineImpl::Loop() {
  working_on_ = 0;
  for (Poll(); GoesOn(); Poll()) {  // polled first: a finished run may be rolled back
    if (script_ && EndsBetweenEpisodes()) break;
    TakeUpWork();
    if (trainer_->learning()) {
      ApplyChanges();
      if (!GoesOn()) {  // it was made shorter
        WriteState();
        break;
      }
      working_on_ = trainer_->episodes_picked() + 1;
    }
    if (Script() != nullptr) BeginScriptedEpisode();
    BeginStages();
    Publish();
    FinishEpisode(trainer_->NextEpisode());
    TellOfDisk();
    working_on_ = 0;
    control_.Ended(Step::Unit::kEpisode);
  }
}

// Are there episodes to come, as set or as asked for?
bool EngineImpl::GoesOn() const {
  if (Script() != nullptr) return true;  // which says where it ends
  return trainer_->episodes_picked() < changes_.Episodes(trainer_->settings().run.episodes);
}

void EngineImpl::OnDecided(const eps::Decision& decision) {
  decision_ = std::make_shared<eps::Decision>(decision);
  decided_wall_ = WallSeconds();
  if (!writer_.keeps_decisions()) return;
  ArchiveWriter moment;
  if (trainer_->SaveMoment(moment)) KeepDecision(decision.episode, moment.Finish());
}

void EngineImpl::FinishEpisode(EpisodeRecord record) {
  record.wall_seconds = WallSeconds();
  // By the run's own clock, which stands still in a pause: so this also says when the decision was made.
  if (decided_wall_) {
    const auto examined = record.seconds.find(kExamineSeconds);
    record.seconds[kActStage] =
        record.wall_seconds - *decided_wall_ - (examined != record.seconds.end() ? examined->second : 0);
  }
  decided_wall_.reset();
  if (fork_) CompareWithSource(record);
  (void)LookAfterFiles();
  live_.acting = false;
  pushes_.End(trainer_->horizon());
  pushes_.Forget();
  // Random episodes take no time and say nothing about those that learn.
  if (record.episode >= 0) pace_.Add(record.wall_seconds);
  AddGuards(record.episode);
  if (writer_.folder() != nullptr) OrThrow(writer_.AppendBlock(trainer_->EpisodeBlock(trainer_->data().size() - 1)));
  Shared<EpisodeSummary> logged = OrThrow(writer_.Append(std::move(record)));
  WriteState();
  // Not before: a stop that does not wait for a large checkpoint gives the episode up.
  history_.Add(std::move(logged));
  writer_.UpdateIndex(*history_.episodes());
  Publish();
}

double EngineImpl::WallSeconds() const { return clock_.Seconds(MonotonicSeconds()); }

void EngineImpl::Poll() {
  if (control_.has_commands()) ProcessCommands();
  (void)ReadMail();
  control_.ThrowIfEnding();
  if (control_.paused()) StandStill();
  PublishIfDue();
}

void EngineImpl::StandStill() {
  clock_.Stop(MonotonicSeconds());  // it is nobody's work
  state_ = RunState::kPaused;
  Publish();
  while (control_.paused()) {
    control_.WaitForCommand(kMailSeconds);
    const bool asked = control_.has_commands();
    ProcessCommands();
    const bool mail = ReadMail();
    control_.ThrowIfEnding();
    if (asked || mail) Publish();
  }
  clock_.Go(MonotonicSeconds());
  pacer_.Restart();
  state_ = RunState::kRunning;
  Publish();
}

void EngineImpl::OnActed(const LiveStep& live) {
  live_ = live;
  if (last_stroke_ && live.acting && last_stroke_->step <= live.step) EndStretch();
  if (control_.Ended(Step::Unit::kEnvironmentStep)) Poll();
  const double speed = control_.speed();
  if (speed <= 0) {
    PublishIfDue();
    return;
  }
  // Slowed to real time: wait for this step's moment in short naps, so that commands are heard.
  pacer_.Next(MonotonicSeconds(), trainer_->task_info().control_dt_seconds / speed);
  Publish();
  while (MonotonicSeconds() < pacer_.next()) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(0.01, pacer_.next() - MonotonicSeconds())));
    Poll();
  }
}

}  // namespace equipoise::run
