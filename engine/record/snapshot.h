// snapshot.h: what the engine shows of itself. Immutable once published; sharing one costs a pointer.
//
// History is held in shared blocks: a snapshot copies no episode. Nothing in here can reach back into the engine.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "engine/env/task.h"
#include "engine/eps/decision.h"
#include "engine/plan/plan_trace.h"
#include "engine/record/episode.h"

namespace equipoise::run {

enum class RunState : uint8_t { kStarting, kRunning, kPaused, kFinished, kStopped };
const char* Name(RunState state);  // "starting", "running", ...

// What an episode consists of, in order: the stages of the agent's parts go by their ids, the others by these. They are
// the keys of EpisodeRecord::seconds too, which has one more: measuring the model, after acting.
inline constexpr const char *kRandomStage = "random", *kCheckStage = "check", *kActStage = "act";
inline constexpr const char* kExamineSeconds = "examine";

struct Stage {
  std::string id;
  std::string title, unit;  // "model fit", "gradient step"
  int total = 0;            // in that unit; of a part 0: frozen, or nothing is due
  int lane = -1;            // of the part that trains in it; those of other lanes may run beside it. -1: none learns
  std::string waits = {};   // of a part whose total is 0: "7 of 20 episodes"; "": it is frozen
  bool learns() const { return lane >= 0; }
};
struct StageProgress : Stage {
  StageProgress() = default;
  explicit StageProgress(Stage stage) : Stage(std::move(stage)) {}
  int done = 0;
  bool active = false;
  double seconds = 0;  // time spent in it in the current episode
};

struct EpisodeTrace {  // an executed episode, for the scene
  int episode = 0;     // 0 and below: random ones
  eps::Pick pick;
  eps::Reason reason = eps::Reason::kRandom;
  int qpos_size = 0, qvel_size = 0, ctrl_size = 0;
  std::vector<double> qpos;                // [(steps + 1) * qpos_size]
  std::vector<double> qvel, ctrl;          // [(steps + 1) * size], of the step that led there; empty in older runs
  std::vector<double> reward;              // [steps]
  std::vector<std::vector<double>> terms;  // [steps][term]
  int steps() const { return static_cast<int>(reward.size()); }
};

struct Event {  // something worth a mark or a line: an intervention, a guard, a forced episode, a checkpoint
  enum class Kind : uint8_t { kNote, kIntervention, kGuard, kError, kLifecycle } kind = Kind::kNote;
  int number = 0;   // interventions are numbered from 1; 0 otherwise
  int episode = 0;  // the picked episode before whose learning it took effect
  double wall_seconds = 0;
  std::string key, from, to;  // of a changed setting
  std::string text;           // one sentence
  std::string checkpoint{};   // the kept one from just before it; empty: none
  std::string why{};          // the reason that a person gave; empty: none
};

struct PendingChange {
  std::string key;
  config::Value from, to;
  int episode = 0;  // takes effect before the learning for this episode
  std::string why{};
};

struct KeptCheckpoint {  // the state just before an intervention, to roll back to
  std::string name;      // "before-2": before intervention 2
  int episode = 0;       // the picked episode that comes next from there
};

struct RunInfo {
  std::string name;                  // the folder's last part, or "unsaved"
  std::string directory;             // empty: nothing is written
  std::string version, device_text;  // "CPU, 2 threads"
  nets::PartList parts;              // of the agent
  env::TaskInfo task;
  int horizon = 0;
};

struct LiveStep {  // how far the episode being acted is; between two episodes: the end of the one acted last
  bool acting = false;
  int step = 0;  // environment steps that have been made
  double episode_return = 0, reward = 0;
  int pushed_body = 0;  // that a hand pushes right now; 0: none
  // The episode itself, from its first step on: who acts in it and all that has happened. It is as long as a whole
  // episode from the start. Only what lies up to `step` may be read: poses 0 to step, rewards and terms before step.
  // That much never changes again, while the engine goes on writing behind it. Null: nothing was acted here yet.
  std::shared_ptr<const EpisodeTrace> trace;
  // Of who plans: the plan that is acted on. Null: nobody does, or none was made yet.
  std::shared_ptr<const plan::PlanTrace> plan;
};

template <class T>
using Shared = std::shared_ptr<const T>;
template <class T>
using SharedList = std::shared_ptr<const List<T>>;

struct Snapshot {
  uint64_t sequence = 0;
  RunState state = RunState::kStarting;
  std::string stopped_reason;  // when kStopped: what went wrong and what to do; empty: it was asked to quit
  bool steered = false;        // touched by hand at any time
  Shared<RunInfo> info;
  Shared<config::Settings> settings;  // as in force now
  std::vector<PendingChange> pending;
  std::vector<KeptCheckpoint> kept;  // oldest first
  std::vector<std::string> refused;  // newest last: commands that were refused, with the reason

  int episode = 0;  // the picked episode being prepared or acted
  int random_done = 0;
  int64_t environment_steps = 0, gradient_steps = 0;
  double wall_seconds = 0;
  double speed = 0;
  double eta_seconds = NAN;           // until the last episode, from the pace of the last ten
  std::vector<StageProgress> stages;  // of the present episode; empty before there is one
  // Null: it has no such stage.
  const StageProgress* StageOf(const std::string& id) const;

  SharedList<EpisodeSummary> episodes;  // executed ones, random ones first; never null
  SharedList<Event> events;             // never null
  Shared<eps::Decision> decision;       // newest one made, maybe not yet acted on; null at first
  Shared<EpisodeTrace> trace;           // newest complete episode; null at first
  LiveStep live;
  std::map<std::string, double> scalars;  // newest of every learner's numbers, while they work
  std::vector<nets::Finding> health;      // the most urgent first; empty: nothing to say
};

}  // namespace equipoise::run
