// Environment steps against bare mj_step with the same controls at the same frame skip: what tasks, observations and
// rewards cost on top of the simulation.
#include <mujoco/mujoco.h>

#include <cmath>
#include <stdexcept>

#include "engine/env/task.h"
#include "engine/env/task_library.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"
#include "tests/bench/workload.h"
#include "tests/paths.h"

namespace equipoise::bench {
namespace {

// One of the six, or HalfCheetah once more, as a file.
constexpr char kFile[] = "halfcheetah as a file";

std::shared_ptr<env::Task> Make(const std::string& name) {
  Result<std::string> known =
      name == kFile ? env::LearnTask(tests::FixtureFolder() + "/tasks/halfcheetah.toml") : Result<std::string>(name);
  if (!known.ok()) throw std::runtime_error(known.error().message);
  auto task = env::MakeTask(known.value(), env::AliveBonus::kWhileHealthy);
  if (!task.ok()) throw std::runtime_error(task.error().message);
  return std::move(task).value();
}

// One episode of random actions, reset included. `controls` receives what reached MuJoCo, and the state it began in.
struct Recording {
  std::vector<double> qpos, qvel, ctrl;  // start; start; [steps, nu]
};

void Act(env::Task* task, Recording* recording) {
  const env::TaskInfo& info = task->info();
  Stream reset(1, "bench.reset"), act(1, "bench.act");
  std::vector<double> action(static_cast<size_t>(info.action_size)),
      observation(static_cast<size_t>(info.observation_size));
  task->Reset(reset);
  const mjModel* m = task->model();
  if (recording != nullptr) {
    recording->qpos.assign(task->data()->qpos, task->data()->qpos + m->nq);
    recording->qvel.assign(task->data()->qvel, task->data()->qvel + m->nv);
  }
  for (int t = 0; t < info.horizon; ++t) {
    for (double& a : action) a = act.Uniform(-1, 1);
    env::StepResult result = task->Step(action.data());
    task->Observe(observation.data());
    benchmark::DoNotOptimize(result.reward);
    benchmark::DoNotOptimize(observation.data());
    if (recording != nullptr)
      recording->ctrl.insert(recording->ctrl.end(), task->data()->ctrl, task->data()->ctrl + m->nu);
  }
}

void ActBare(const mjModel* m, mjData* d, const Recording& recording, int horizon, int frame_skip) {
  mj_resetData(m, d);
  mju_copy(d->qpos, recording.qpos.data(), m->nq);
  mju_copy(d->qvel, recording.qvel.data(), m->nv);
  mj_forward(m, d);
  for (int t = 0; t < horizon; ++t) {
    mju_copy(d->ctrl, recording.ctrl.data() + t * m->nu, m->nu);
    for (int i = 0; i < frame_skip; ++i) mj_step(m, d);
  }
}

}  // namespace

void AddPhysics() {
  constexpr int kEpisodes = 5;
  std::vector<std::string> names = env::TaskNames();
  names.emplace_back(kFile);
  for (const std::string& name : names) {
    const int horizon = Make(name)->info().horizon;
    Register("step " + name + "/ours", kEpisodes * horizon, [name] {
      const std::shared_ptr<env::Task> task = Make(name);
      return [task] {
        for (int i = 0; i < kEpisodes; ++i) Act(task.get(), nullptr);
      };
    });
    Register("step " + name + "/bare", kEpisodes * horizon, [name] {
      const std::shared_ptr<env::Task> task = Make(name);
      const auto recording = std::make_shared<Recording>();
      Act(task.get(), recording.get());
      const mjModel* m = task->model();
      const std::shared_ptr<mjData> data(mj_makeData(m), mj_deleteData);
      const int frame_skip = static_cast<int>(std::lround(task->info().control_dt_seconds / m->opt.timestep));
      const int steps = task->info().horizon;
      return [=] {
        for (int i = 0; i < kEpisodes; ++i) ActBare(task->model(), data.get(), *recording, steps, frame_skip);
      };
    });
    Table::Add({"one step of " + name + " against bare mj_step", "step " + name + "/ours", "step " + name + "/bare", 0,
                name == kFile ? 0.9 : 0.95, 1, 0});
  }
}

}  // namespace equipoise::bench
