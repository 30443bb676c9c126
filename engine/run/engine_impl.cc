#include "engine/run/engine_impl.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "engine/base/clock.h"
#include "engine/base/interrupt.h"
#include "engine/base/version.h"
#include "engine/learn/backend.h"
#include "engine/record/records.h"

namespace equipoise::run {
EngineImpl::EngineImpl(Parts parts)
    : folder_(std::move(parts.folder)),
      replay_(std::move(parts.replay)),
      decisions_(std::move(parts.decisions)),
      info_(std::make_shared<RunInfo>()),
      episodes_(std::make_shared<List<EpisodeSummary>>()),
      events_(std::make_shared<List<Event>>()),
      accepted_(std::move(parts.accepted)),
      notes_(std::move(parts.notes)),
      goes_on_(!parts.continued) {
  const int threads = parts.settings.run.threads;
  trainer_ = std::make_unique<Trainer>(parts.settings, std::move(parts.task), MakeHooks());
  settings_ = std::make_shared<config::Settings>(trainer_->settings());
  if (folder_) {
    lines_ = std::make_shared<EpisodeLines>(store::RunPaths(folder_->name()).episodes);
    index_ = std::make_unique<IndexWriter>(folder_->paths().folder);
  }
  info_->name = folder_ ? folder_->description().name : "unsaved";
  info_->directory = parts.directory;
  info_->version = Version();
  info_->device_text = learn::FindBackend(parts.settings.run.device).value()->Text() + ", " + std::to_string(threads) +
                       (threads == 1 ? " thread" : " threads");
  info_->task = trainer_->task_info();
  info_->horizon = trainer_->horizon();
  BeginPhases();
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
  hooks.poll = [this] { PollBeside(); };
  hooks.decided = [this](const eps::Decision& d) { OnDecided(d); };
  hooks.guard = [this](const std::string& sentence) {
    // May come from SAC's thread: queued, and logged by the engine thread with the episode.
    const std::lock_guard<std::mutex> lock(mutex_);
    guard_sentences_.push_back(sentence);
  };
  hooks.push = [this](int attempt, int step) { return PushAt(attempt, step); };
  return hooks;
}

void EngineImpl::Restore(const ArchiveReader& in, const std::vector<std::string>& blocks, List<EpisodeSummary> episodes,
                         std::vector<Event> events, Accepted accepted) {
  trainer_->Load(in, blocks);
  TakeHistory(std::move(episodes), std::move(events));
  wall_before_ = in.Real("engine.wall_seconds");
  steered_ = in.Int("engine.steered") != 0;
  interventions_ = static_cast<int>(in.Int("engine.interventions"));
  if (accepted.changes) pending_ = std::move(*accepted.changes);
  scheduled_ = std::move(accepted.strokes);
  archive_ = MakeArchive(folder_ ? folder_->sizes() : store::LogSizes());
  steered_ = steered_ || accepted.steered;  // since then
  if (in.Has(kUnloggedEvent)) {
    auto event = EventFromLine(in.Text(kUnloggedEvent), "the last roll back");
    if (!event) throw FormatError(event.error().message);
    interventions_ = event.value().number;
    AddEvent(std::move(event).value());
    WriteState();
  }
  kept_ = FindKept();
  if (folder_ && !IndexIsStamped(folder_->paths().folder)) index_->Update(*episodes_);
  BeginPhases();
  Publish();
}

void EngineImpl::TakeHistory(List<EpisodeSummary> episodes, std::vector<Event> events) {
  auto list = std::make_shared<List<Event>>();
  for (Event& e : events) list->push_back(std::make_shared<const Event>(std::move(e)));
  const bool decided = !episodes.empty() && episodes.back()->decision.checked;
  decision_ = decided ? WholeDecision(*episodes.back()) : nullptr;
  episodes_ = std::make_shared<List<EpisodeSummary>>(std::move(episodes));
  events_ = list;
}

// The numbers of a long run's masks need not stay in memory once they are in the log.
Shared<EpisodeSummary> EngineImpl::Remembered(EpisodeRecord record, int64_t before) const {
  if (!folder_) return Summarised(std::move(record));
  const LineSpan line = lines_->Find(before, folder_->sizes().episodes - before - 1);
  if (line.offset < 0) return Summarised(std::move(record));
  auto summary = std::make_shared<EpisodeSummary>(record);
  summary->line = line;
  summary->lines = lines_;
  return summary;
}

Status EngineImpl::WriteFirstCheckpoint() {
  if (!folder_) return {};
  archive_ = MakeArchive(folder_->sizes());
  return WriteCheckpoint(*archive_);
}

Status EngineImpl::CreateReplay() {
  auto replay = store::ReplayFile::Create(folder_->paths().replay, trainer_->BlockBytes());
  if (!replay.ok()) return replay.error();
  replay_ = std::move(replay).value();
  return {};
}

void EngineImpl::Start(bool paused) {
  paused_ = paused;
  thread_ = std::thread([this] { Run(); });
}

void EngineImpl::Post(Command command) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.push_back(std::move(command));
    has_commands_ = true;
  }
  changed_.notify_all();
}

std::shared_ptr<const Snapshot> EngineImpl::Latest() const {
  const std::lock_guard<std::mutex> lock(snapshot_mutex_);
  return latest_;
}

void EngineImpl::OnPublish(std::function<void()> callback) {
  const std::lock_guard<std::mutex> lock(snapshot_mutex_);
  on_publish_ = std::move(callback);
}

void EngineImpl::Wait() {
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> EngineImpl::FolderToWrite() {
  if (!folder_ || !folder_->Stays()) return {};
  return folder_->paths().folder;
}

void EngineImpl::Throw(const Status& status) const {
  if (!status.ok()) throw std::runtime_error(status.error().message);
}

void EngineImpl::Run() {
  const ScopedInterruptHandler handler([this] { Poll(); });
  store::RunCondition condition = store::RunCondition::kFinished;
  RunState end = RunState::kFinished;
  std::string reason;
  try {
    active_since_ = MonotonicSeconds();
    state_ = RunState::kRunning;
    for (bool again = true; again;) {
      again = false;
      try {
        Loop();
        if (LookAfterFiles()) WriteState();
      } catch (const Interrupted&) {
        if (quit_ || !plan_) throw;
        PerformRollBack();
        again = true;
      }
    }
  } catch (const Interrupted&) {
    condition = store::RunCondition::kStopped;
    end = RunState::kStopped;
    reason = "";
    // The hand that still pushed lets go here; the touch is made again when the episode is.
    if (!touch_.empty()) touch_.push_back({push_attempt_, live_.step, {}});
  } catch (const std::exception& error) {
    condition = store::RunCondition::kCrashed;
    end = RunState::kStopped;
    reason = error.what();
    if (folder_)  // a folder that is gone explains every write that failed
      if (const Status stays = folder_->Stays(); !stays) reason = stays.error().message;
  }
  try {
    if (folder_) (void)folder_->Stays();  // where it does not, nothing is logged any more
    EndTouch(live_.step);
    if (condition == store::RunCondition::kStopped) {
      (void)LookAfterFiles();
      PutCheckpointBack();
    }
  } catch (const std::exception& error) {
    if (reason.empty()) reason = error.what();
    condition = store::RunCondition::kCrashed;
  }
  if (active_since_ > 0) wall_here_ += MonotonicSeconds() - active_since_;
  active_since_ = 0;
  reason = Named(reason);
  stopped_reason_ = reason;
  state_ = end;
  if (condition == store::RunCondition::kCrashed) {
    Event event;
    event.kind = Event::Kind::kError;
    event.text = "The run stopped: " + reason;
    try {
      AddEvent(event);
    } catch (const std::exception&) {  // the disk that refused the first write refuses this one too
    }
  }
  if (folder_) {
    if (goes_on_ || condition == store::RunCondition::kCrashed) {
      const Status set = folder_->SetCondition(condition, steered_, reason);
      if (!set.ok() && stopped_reason_.empty()) stopped_reason_ = Named(set.error().message);
    }
  }
  Publish();
}

void EngineImpl::Loop() {
  working_on_ = 0;
  for (Poll(); GoesOn(); Poll()) {  // polled first: a finished run may be rolled back
    GoOn();
    if (trainer_->learning()) {
      ApplyPending();
      if (!GoesOn()) {  // it was made shorter
        WriteState();
        break;
      }
      working_on_ = trainer_->episodes_picked() + 1;
    }
    BeginPhases();
    Publish();
    FinishEpisode(trainer_->NextEpisode());
    working_on_ = 0;
    if (step_unit_ == static_cast<int>(Step::Unit::kEpisode)) SetPaused(true);
  }
}

// Are there episodes to come, as set or as asked for?
bool EngineImpl::GoesOn() const {
  int episodes = trainer_->settings().run.episodes;
  for (const PendingChange& change : pending_)
    if (change.key == kLengthKey) episodes = std::max(episodes, std::get<int>(change.to));
  return trainer_->episodes_picked() < episodes;
}

void EngineImpl::OnDecided(const eps::Decision& decision) {
  decision_ = std::make_shared<eps::Decision>(decision);
  decided_wall_ = WallSeconds();
  if (!decisions_ || !decisions_->keeps()) return;
  ArchiveWriter moment;
  if (!trainer_->SaveMoment(moment)) return;
  if (folder_) Throw(folder_->Stays());
  Throw(decisions_->Write(decision.episode, moment.Finish()));
}

void EngineImpl::FinishEpisode(EpisodeRecord record) {
  record.wall_seconds = WallSeconds();
  // By the run's own clock, which stands still in a pause: so this also says when the decision was made.
  if (decided_wall_) {
    const auto examined = record.seconds.find(kExamineSeconds);
    record.seconds[Name(Phase::kAct)] =
        record.wall_seconds - *decided_wall_ - (examined != record.seconds.end() ? examined->second : 0);
  }
  decided_wall_.reset();
  (void)LookAfterFiles();
  live_.acting = false;
  EndTouch(trainer_->horizon());
  scheduled_.clear();
  wanted_.reset();
  // Random episodes take no time and say nothing about those that learn.
  if (record.episode >= 0) episode_walls_.push_back(record.wall_seconds);
  if (episode_walls_.size() > 11) episode_walls_.pop_front();
  std::vector<std::string> sentences;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    sentences.swap(guard_sentences_);
  }
  for (const std::string& sentence : sentences) {
    Event event;
    event.kind = Event::Kind::kGuard;
    event.episode = record.episode;
    event.text = sentence;
    AddEvent(event);
  }
  const int64_t logged = folder_ ? folder_->sizes().episodes : 0;
  if (folder_) {
    Throw(replay_->Append(trainer_->EpisodeBlock(trainer_->data().size() - 1)));
    Throw(Log(&*folder_, record));
  }
  auto list = std::make_shared<List<EpisodeSummary>>(*episodes_);
  list->push_back(Remembered(std::move(record), logged));
  episodes_ = list;
  if (folder_) index_->Update(*episodes_);
  WriteState();
  Publish();
}

void EngineImpl::WriteState() {
  if (!folder_) return;
  Throw(replay_->Sync());
  archive_ = MakeArchive(folder_->sizes());
  Throw(WriteCheckpoint(*archive_));
}

Status EngineImpl::WriteCheckpoint(ArchiveWriter archive) {
  SaveChanges(pending_, archive);
  const std::string bytes = archive.Finish();
  if (Status written = folder_->WriteCheckpoint(bytes); !written) return written;
  applied_.clear();
  accepted_ = store::NewAcceptedLog(folder_->paths(), bytes);
  return {};
}

ArchiveWriter EngineImpl::MakeArchive(const store::LogSizes& sizes) const {
  ArchiveWriter out;
  trainer_->Save(out);
  out.Put("engine.wall_seconds", WallSeconds());
  out.Put("engine.steered", static_cast<int64_t>(steered_));
  out.Put("engine.interventions", static_cast<int64_t>(interventions_));
  out.Put("engine.log_sizes", folder_ ? sizes.Pack() : std::vector<int64_t>());
  if (folder_) out.Put("engine.description", store::ToJsonText(folder_->description()));
  return out;
}

double EngineImpl::WallSeconds() const {
  return wall_before_ + wall_here_ + (active_since_ > 0 ? MonotonicSeconds() - active_since_ : 0.0);
}

void EngineImpl::Poll() {
  if (has_commands_) ProcessCommands();
  if (quit_ || abandon_) throw Interrupted{};
  if (paused_) {
    // Paused time does not count: it is nobody's work.
    wall_here_ += MonotonicSeconds() - active_since_;
    active_since_ = 0;
    state_ = RunState::kPaused;
    Publish();
    while (paused_) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return !commands_.empty() || !paused_; });
      }
      ProcessCommands();
      if (quit_ || abandon_) throw Interrupted{};
      Publish();
    }
    active_since_ = MonotonicSeconds();
    next_frame_ = 0;
    state_ = RunState::kRunning;
    Publish();
  }
  PublishIfDue();
}

void EngineImpl::PollBeside() {
  if (quit_ || abandon_) throw Interrupted{};
  if (!paused_) return;
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return quit_ || abandon_ || !paused_; });
  if (quit_ || abandon_) throw Interrupted{};
}

void EngineImpl::OnActed(const LiveStep& live) {
  live_ = live;
  if (step_unit_ == static_cast<int>(Step::Unit::kEnvironmentStep)) {
    SetPaused(true);
    Poll();
  }
  const double speed = speed_;
  if (speed <= 0) {
    PublishIfDue();
    return;
  }
  // Slowed to real time: wait for this step's moment in short naps, so that commands are heard.
  const double period = trainer_->task_info().control_dt_seconds / speed;
  const double now = MonotonicSeconds();
  if (next_frame_ < now - period) next_frame_ = now;
  next_frame_ += period;
  Publish();
  while (MonotonicSeconds() < next_frame_) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(0.01, next_frame_ - MonotonicSeconds())));
    Poll();
  }
}

}  // namespace equipoise::run
