// task.h: a task: a MuJoCo model, a reset rule, what is observed and what is rewarded.
//
// Of the six that come with the program, numbers are the reference implementations' (openai/gym v3/v4, dm_control,
// ROBEL); tests compare every step with recorded trajectories. Others come from files (file_task/). Episodes never end
// early: a task has a fixed number of steps.
//
// Units    actions in [-1, 1]; states as MuJoCo's; rewards undiscounted and raw
// Thread   a Task belongs to one thread; its mjModel may be read by others after Load
// Errors   Load: a missing or broken asset. A simulation that diverges: Step returns finite = false
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/random.h"
#include "engine/base/result.h"

typedef struct mjModel_ mjModel;  // NOLINT: MuJoCo's own name
typedef struct mjData_ mjData;    // NOLINT

namespace equipoise::env {

struct TaskInfo {
  std::string name;   // "halfcheetah": configs, files, run folders
  std::string title;  // "HalfCheetah": what a person reads
  int observation_size = 0, action_size = 0;
  int qpos_size = 0, qvel_size = 0;
  int horizon = 0;  // steps of an episode
  double control_dt_seconds = 0;
  std::vector<std::string> observation_names;  // one for each entry
  std::vector<int> wrapped;                    // entries that are angles and jump between -pi and pi
  std::vector<std::string> action_names;
  std::vector<std::string> term_names;  // parts of the reward, in the order of StepResult::terms
};

enum class AliveBonus { kWhileHealthy, kAlways };

struct StepResult {
  double reward = 0;
  std::vector<double> terms;  // as named by TaskInfo::term_names
  bool finite = true;         // false: the simulation diverged; state and reward are not to be used
  std::string problem;        // why it is not finite, where the task knows more than that; "": it diverged
};

// Everything the simulator carries from one step to the next; restoring it continues the same trajectory to the bit.
struct SimState {
  std::vector<double> qpos, qvel, warmstart;
  std::vector<double> extra;  // what a task remembers itself (DClaw's last action, Ant's stale torso x)
  double time = 0;
};

class Task {
 public:
  virtual ~Task() = default;

  virtual const TaskInfo& info() const = 0;
  virtual const mjModel* model() const = 0;
  virtual const mjData* data() const = 0;

  // Start of an episode: the reset rule with its noise from `stream`.
  virtual void Reset(Stream& stream) = 0;
  // Writes a state as the reset rule would (forward pass included), without noise.
  virtual void SetState(const std::vector<double>& qpos, const std::vector<double>& qvel) = 0;
  // One environment step (control_dt). `action` has action_size entries and is not clipped here: each task does what
  // its reference does with actions outside [-1, 1].
  virtual StepResult Step(const double* action) = 0;
  // A force [N] and a torque [N m], world frame, on the centre of mass of `body` (0 < body < nbody) in every following
  // step, in place of any earlier push. Null: nobody pushes. A reset or a restored state ends it.
  virtual void Push(int body, const double* wrench) = 0;
  // observation_size entries of the current state.
  virtual void Observe(double* observation) const = 0;

  virtual SimState Save() const = 0;
  virtual void Restore(const SimState& state) = 0;

  // Imagined states are observations, not poses: rebuilds what the observation leaves out (root x by integrating the
  // predicted velocity over control_dt). `previous_qpos` is the pose before (or the start). Writes qpos_size entries.
  virtual void PoseFromObservation(const double* observation, const double* previous_qpos, double* qpos) const = 0;
  // One clause that says what PoseFromObservation had to rebuild, or "" when nothing.
  virtual std::string RebuiltInPose() const = 0;
};

// `name` is one of TaskNames(), whose assets are looked up by FindAsset (assets.h), or that of a task file that is known
// to this process (task_library.h).
Result<std::unique_ptr<Task>> MakeTask(const std::string& name, AliveBonus alive);
const std::vector<std::string>& TaskNames();
// Numbers of an action, without making the task; 0: there is no such task, or its file is not known.
int ActionSizeOf(const std::string& name);

}  // namespace equipoise::env
