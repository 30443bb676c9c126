// engine_impl.h: the engine's thread; the public face is engine.h.
//
//   for every episode:  put in force what was asked for;  learn, choose, act (agent/trainer.h);  write;  show
//   between any two steps of it (Poll):  obey, wait in a pause, end, show
//
// What a run does besides lies in parts of one purpose each: RunControl, PendingChanges, PushRecorder, RunWriter,
// Checkpoints, RunHistory, Publisher, RunClock. Here is what only the whole can know.
//
// Threads  RunControl and Publisher say for themselves what is shared; what the learning threads tell is under
//          told_mutex_. Everything else belongs to the engine thread
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/agent/trainer.h"
#include "engine/base/full_disk.h"
#include "engine/base/interrupt.h"
#include "engine/base/mutex.h"
#include "engine/run/accepted.h"
#include "engine/run/checkpoints.h"
#include "engine/run/engine.h"
#include "engine/run/fork_plan.h"
#include "engine/run/pending_changes.h"
#include "engine/run/publisher.h"
#include "engine/run/push_recorder.h"
#include "engine/run/rerun_script.h"
#include "engine/run/roll_back.h"
#include "engine/run/run_clock.h"
#include "engine/run/run_control.h"
#include "engine/run/run_history.h"
#include "engine/run/run_writer.h"
#include "engine/run/time_needed.h"

namespace equipoise::run {

// The task of these settings; fails for a device or a task that this version does not have.
Result<std::unique_ptr<env::Task>> TaskOf(const config::Settings& settings);

class EngineImpl : public Engine, private FullDiskHandler {
 public:
  // What a new or a continued run starts with.
  struct Parts : RunFiles {
    config::Settings settings;
    std::unique_ptr<env::Task> task;
    std::string directory;
    bool continued = false;          // from an existing folder
    std::vector<std::string> notes;  // what was found wrong with it and mended
    std::optional<ForkAhead> fork;   // that is still to come
    std::optional<TimeNeeded> time;  // where it is long
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

  // Is asked what another run was asked for, and ends where that one stands. Before Start.
  void Follow(RerunScript script) { script_ = std::move(script); }

  Status Change(const std::vector<ChangeSetting>& changes) override;
  void Start(bool paused) override;
  void Post(Command command) override { control_.Post(std::move(command)); }
  std::shared_ptr<const Snapshot> Latest() const override { return publisher_.Latest(); }
  void OnPublish(std::function<void()> callback) override { publisher_.OnPublish(std::move(callback)); }
  void Wait() override;
  std::vector<std::string> Notes() const override { return notes_; }
  bool Differs() const override { return differs_; }
  std::optional<std::string> FolderToWrite() override;

 private:
  // What a stop waits for something large that is being written. Without it the run goes on from its last checkpoint, as
  // after a kill: a person who stops a run waits for no gigabyte.
  static constexpr double kPatienceSeconds = 0.75;
  // While something is written nothing is obeyed; a stop that has waited long enough is heard.
  ScopedInterruptHandler Patiently() {
    return ScopedInterruptHandler([this] { control_.GiveUpAfter(kPatienceSeconds); });
  }

  // engine_impl.cc: the thread
  TrainerHooks MakeHooks();
  void Run();
  struct Ending {
    store::RunCondition condition;
    RunState state;
    std::string reason;
  };
  Ending Work();
  void Close(Ending ending);
  void Loop();
  bool GoesOn() const;
  void OnDecided(const eps::Decision& decision);
  void OnActed(const LiveStep& live);
  void FinishEpisode(EpisodeRecord record);
  void Poll();
  void StandStill();
  double WallSeconds() const;

  // engine_files.cc: the state and the files
  void TakeHistory(List<EpisodeSummary> episodes, std::vector<Event> events);
  ArchiveWriter State(const store::LogSizes& sizes) const;
  void TakeState();  // as a checkpoint is written of it
  void WriteState();
  void TakeUpWork();  // at the first work of a continued run: until then it was only looked at
  bool LookAfterFiles();
  void PutCheckpointBack();  // when somebody removed it: from memory, with what was asked for since
  void AddNotes(const std::vector<std::string>& notes);
  void AddEvent(Event event);
  void AddTouch(const Touch& touch);
  void AddGuards(int episode);

  // engine_commands.cc
  void ProcessCommands();
  Status Obey(const Command& command);
  PendingChanges::Standing Standing() const;
  void ApplyChanges();

  // engine_mailbox.cc: words of other processes
  static constexpr double kMailSeconds = 0.2;
  bool ReadMail();
  Result<std::string> DoByMail(const std::string& text);
  Result<std::string> ChangeByMail(const std::vector<ChangeSetting>& changes);
  std::string BodyNames() const;
  std::string StatusText();

  // engine_roll_back.cc
  Status PlanRollBack(const RollBack& command);
  void PerformRollBack();

  // engine_full_disk.cc: in the middle of any write of this thread
  bool NoRoom(const Error& error) override;
  void RoomAgain() override;
  void KeepDecision(int episode, const std::string& bytes);
  void TellOfDisk();

  // engine_rerun.cc: of a run that follows a script
  const RerunScript* Script() const;
  std::vector<PendingChange> ScriptedChanges(int episode);
  void TellAgain(Event event);
  bool EndsBetweenEpisodes();
  void BeginScriptedEpisode();
  void EndStretch();

  // engine_fork.cc: of a fork that is still to come
  Status RefusedBeforeFork(const std::string& what) const;
  void CompareWithSource(const EpisodeRecord& record);
  std::vector<PendingChange> GoOwnWay();
  [[noreturn]] void PartTooEarly(const std::string& difference);

  // engine_publish.cc
  void Publish();
  void PublishIfDue();

  // engine_stages.cc
  void OnProgress(const std::string& stage, int done, int total);
  void BeginStages();

  RunControl control_;
  Publisher publisher_;
  RunClock clock_;
  EpisodePace pace_;
  StepPacer pacer_;
  RunHistory history_;
  RunWriter writer_;
  PendingChanges changes_;
  Checkpoints checkpoints_;
  PushRecorder pushes_;

  mutable Mutex told_mutex_;
  std::vector<std::string> guard_sentences_ EQ_GUARDED_BY(told_mutex_);
  struct StageClock {
    StageProgress progress;
    double started = 0;
  };
  std::vector<StageClock> stages_ EQ_GUARDED_BY(told_mutex_);

  std::shared_ptr<RunInfo> info_;
  std::unique_ptr<Trainer> trainer_;
  std::shared_ptr<const config::Settings> settings_;  // as published
  std::shared_ptr<const eps::Decision> decision_;
  LiveStep live_;
  RunState state_ = RunState::kStarting;
  std::string stopped_reason_;
  double next_mail_ = 0;  // when it is looked for again
  int working_on_ = 0;    // the picked episode that is being made; 0: none
  bool goes_on_;          // this process has done work for the run, or made it
  std::vector<std::string> refused_, notes_;
  struct FullDisk {
    std::string waits_for;  // room for this; "": there is room
    RunState before = RunState::kRunning;
    double since = 0;
    int dropped = 0;        // decisions, to make room
    bool optional = false;  // what is being written now can be left out
    bool left_out = false;
    std::vector<std::string> told;  // what is to be put on record
  } disk_;
  std::optional<RollBackPlan> plan_;
  std::optional<RerunScript> script_;
  std::optional<ForkAhead> fork_;
  const std::optional<TimeNeeded> time_needed_;
  bool differs_ = false;
  std::optional<Stroke> last_stroke_;   // of a script's stretch that ends in the middle of this episode
  std::optional<double> decided_wall_;  // of the episode at work: when the decision was made
  std::thread thread_;
};

}  // namespace equipoise::run
