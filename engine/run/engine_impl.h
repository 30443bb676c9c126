// engine_impl.h: the engine's thread and its state; the public face is engine.h.
//
// Everything without a lock belongs to the engine thread. The command queue, the run/pause/quit flags and the phase
// table are shared (with posters and with SAC's thread) under mutex_; the newest snapshot under snapshot_mutex_.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/agent/trainer.h"
#include "engine/record/episode_index.h"
#include "engine/record/episode_lines.h"
#include "engine/record/push.h"
#include "engine/run/accepted.h"
#include "engine/run/engine.h"
#include "engine/store/accepted_log.h"
#include "engine/store/decision_files.h"
#include "engine/store/replay_file.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

// The task of these settings; fails for a device or a task that this version does not have.
Result<std::unique_ptr<env::Task>> TaskOf(const config::Settings& settings);

// Those of a run, without the ones after `last_episode`.
Result<store::DecisionFiles> OpenDecisions(const config::Settings& settings, const std::string& directory,
                                           int last_episode);

constexpr char kLengthKey[] = "run.episodes";  // how long to go on is no intervention
// In the checkpoint that a roll back makes: its event, until it is in the log.
constexpr char kUnloggedEvent[] = "engine.unlogged_event";

class EngineImpl : public Engine {
 public:
  // What a new or a continued run starts with.
  struct Parts {
    config::Settings settings;
    std::unique_ptr<env::Task> task;
    std::optional<store::RunFolder> folder;  // none: nothing is written
    std::optional<store::ReplayFile> replay;
    std::optional<store::DecisionFiles> decisions;
    std::string directory;
    bool continued = false;          // from an existing folder
    std::vector<std::string> notes;  // what was found wrong with it and mended
    store::AcceptedLog accepted;
  };
  explicit EngineImpl(Parts parts);
  ~EngineImpl() override;

  // Brings back a checkpoint and what was accepted since: applied and pushed again at its boundary and steps. Before
  // Start. Throws FormatError.
  void Restore(const ArchiveReader& in, const std::vector<std::string>& blocks, List<EpisodeSummary> episodes,
               std::vector<Event> events, Accepted accepted);
  // The first checkpoint of a new run, so that it can be continued however early it ends.
  Status WriteFirstCheckpoint();
  // The file that real episodes are appended to.
  Status CreateReplay();
  // Puts the notes on record, where no later end of the process takes them back. Before Start.
  Status RecordNotes();

  void Start(bool paused) override;
  void Post(Command command) override;
  std::shared_ptr<const Snapshot> Latest() const override;
  void OnPublish(std::function<void()> callback) override;
  void Wait() override;
  std::vector<std::string> Notes() const override { return notes_; }
  std::optional<std::string> FolderToWrite() override;

 private:
  TrainerHooks MakeHooks();
  void TakeHistory(List<EpisodeSummary> episodes, std::vector<Event> events);
  // `before`: how long the log was.
  Shared<EpisodeSummary> Remembered(EpisodeRecord record, int64_t before) const;

  // engine_impl.cc: the thread
  void Run();
  void Loop();
  bool GoesOn() const;
  void OnDecided(const eps::Decision& decision);
  void FinishEpisode(EpisodeRecord record);
  void Poll();        // engine thread: commands, pause, quit, publication
  void PollBeside();  // SAC's thread: pause and quit only
  void OnActed(const LiveStep& live);
  void OnProgress(const std::string& stage, int done, int total);
  void BeginPhases();
  double WallSeconds() const;
  void WriteState();
  ArchiveWriter MakeArchive(const store::LogSizes& sizes) const;
  Status WriteCheckpoint(ArchiveWriter archive);  // with what is pending
  std::string Named(const std::string& text) const { return folder_ ? folder_->Named(text) : text; }
  void Throw(const Status& status) const;  // a failed write stops the run

  // engine_files.cc
  void GoOn();  // at the first work of a continued run: until then it was only looked at
  bool LookAfterFiles();
  void PutCheckpointBack();  // when somebody removed it: from memory, with what was asked for since
                             // those that somebody else removed or changed; true when something had to be done
  void AddNotes(const std::vector<std::string>& notes);

  // engine_commands.cc
  void ProcessCommands();
  void Handle(const Pause& command);
  void Handle(const Resume& command);
  void Handle(const Step& command);
  void Handle(const SetSpeed& command);
  void Handle(const ChangeSetting& command);
  void Handle(const CancelChange& command);
  void Handle(const PushBody& command);
  void Handle(const RollBack& command);
  void Handle(const Quit& command);
  void Refuse(const std::string& reason);
  int NextBoundary() const;
  void Accept(std::vector<PendingChange> changes);
  Status NoteChanges(const std::vector<PendingChange>& pending, bool steered);
  void ApplyPending();
  void AddEvent(Event event);
  void SetPaused(bool paused);
  const PushBody* PushAt(int attempt, int step);
  void EndTouch(int step);

  // engine_roll_back.cc
  std::string KeepCheckpoint();  // the last complete episode's; returns its name
  Status PlanRollBack(const std::string& checkpoint);
  void PerformRollBack();
  std::vector<KeptCheckpoint> FindKept() const;

  // engine_publish.cc
  void Publish();
  void PublishIfDue();
  std::vector<std::string> Health() const;
  double Eta() const;

  std::unique_ptr<Trainer> trainer_;
  std::optional<store::RunFolder> folder_;
  std::optional<store::ReplayFile> replay_;
  std::optional<store::DecisionFiles> decisions_;
  std::shared_ptr<RunInfo> info_;
  std::shared_ptr<const config::Settings> settings_;  // as published
  std::shared_ptr<const EpisodeLines> lines_;         // of the folder
  std::unique_ptr<IndexWriter> index_;
  SharedList<EpisodeSummary> episodes_;
  SharedList<Event> events_;
  std::vector<PendingChange> pending_, applied_;  // applied_: since the last checkpoint
  store::AcceptedLog accepted_;                   // both of them, and pushes
  int working_on_ = 0;                            // the picked episode that is being made; 0: none
  std::vector<std::string> refused_, notes_;
  std::shared_ptr<const eps::Decision> decision_;
  LiveStep live_;
  RunState state_ = RunState::kStarting;
  std::string stopped_reason_;
  bool steered_ = false;
  bool goes_on_;  // this process has done work for the run, or made it
  int interventions_ = 0;
  std::vector<Stroke> scheduled_, touch_;  // to be made again; of the hand that pushes now
  std::optional<PushBody> wanted_;         // asked for, for the next environment step
  PushBody push_;                          // in force
  int push_attempt_ = 0, touch_episode_ = 0;
  std::vector<KeptCheckpoint> kept_;
  struct RollBackPlan {  // everything that can be wrong was read before the present episode is given up
    std::string checkpoint, aside;
    ArchiveReader archive;
    std::vector<std::string> blocks;
    config::Settings settings;
    store::LogSizes sizes;
  };
  std::optional<RollBackPlan> plan_;
  std::optional<ArchiveWriter> archive_;  // of the last complete episode, without pending changes
  std::optional<double> decided_wall_;    // of the episode at work: when the decision was made
  double wall_before_ = 0, active_since_ = 0, wall_here_ = 0, last_publish_ = 0, next_frame_ = 0;
  uint64_t sequence_ = 0;
  std::deque<double> episode_walls_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Command> commands_;
  std::vector<std::string> guard_sentences_;
  std::atomic<bool> has_commands_{false}, paused_{false}, quit_{false};
  std::atomic<bool> abandon_{false};  // the present episode: a roll back waits for both threads to let go of it
  std::atomic<int> step_unit_{-1};    // Step::Unit that ends the present stretch, or -1
  std::atomic<double> speed_{0};
  struct PhaseClock {
    PhaseProgress progress;
    double started = 0;
  };
  std::array<PhaseClock, static_cast<size_t>(Phase::kCount)> phases_;

  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> latest_;
  std::function<void()> on_publish_;
  std::thread thread_;
};

}  // namespace equipoise::run
