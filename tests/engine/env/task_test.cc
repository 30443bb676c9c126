// What a Task promises beyond single steps: its facts, its reset rule, continuation to the bit, and saying when it
// diverges.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/env/mujoco_errors.h"
#include "engine/env/mujoco_model.h"
#include "engine/env/sees_terms.h"
#include "tests/engine/env/recorded.h"
#include "tests/paths.h"

namespace equipoise::env {
namespace {

// The reference's own description of each task, recorded with its compiled model.
Json Facts(const std::string& task) {
  std::ifstream file(tests::FixtureFolder() + "/models/" + (task == "dclaw" ? "dclaw_reduced" : task) + ".json");
  return Json::parse(file);
}

std::vector<double> RandomAction(const Task& task, Stream* stream) {
  std::vector<double> action(task.info().action_size);
  for (double& a : action) a = stream->Uniform(-1, 1);
  return action;
}

class EveryTask : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    task_ = MustMake(GetParam());
    facts_ = Facts(GetParam());
  }
  std::unique_ptr<Task> task_;
  Json facts_;
};

TEST_P(EveryTask, TermsThatCanBeSeenAreThoseOfTheStep) {
  const auto* sees = dynamic_cast<const SeesTerms*>(task_.get());
  ASSERT_NE(sees, nullptr);
  const std::vector<std::string> names = sees->SeenTermNames();
  ASSERT_FALSE(names.empty());
  Stream stream(3, "test.seen");
  std::vector<double> observation(static_cast<size_t>(task_->info().observation_size)), seen(names.size());
  for (int episode = 0; episode < 3; ++episode) {
    task_->Reset(stream);
    for (int t = 0; t < 30; ++t) {
      const std::vector<double> action = RandomAction(*task_, &stream);
      const StepResult step = task_->Step(action.data());
      task_->Observe(observation.data());
      sees->SeenTerms(action.data(), observation.data(), seen.data());
      for (size_t k = 0; k < names.size(); ++k) {
        const auto& terms = task_->info().term_names;
        const auto found = std::find(terms.begin(), terms.end(), names[k]);
        // A product is one part: the whole reward.
        const double whole =
            found == terms.end() ? step.reward : step.terms[static_cast<size_t>(found - terms.begin())];
        EXPECT_DOUBLE_EQ(seen[k], whole) << names[k] << " in step " << t;
      }
    }
  }
}

TEST_P(EveryTask, HasTheFactsOfTheReference) {
  const std::map<std::string, std::pair<int, int>> horizon_and_observation = {
      {"ant", {100, 27}},         {"hopper", {200, 11}},  {"walker2d", {100, 17}},
      {"halfcheetah", {100, 17}}, {"cartpole", {200, 5}}, {"dclaw", {40, 21}}};
  const TaskInfo& info = task_->info();
  EXPECT_EQ(info.name, GetParam());
  EXPECT_FALSE(info.title.empty());
  EXPECT_EQ(info.horizon, horizon_and_observation.at(GetParam()).first);
  EXPECT_EQ(info.observation_size, horizon_and_observation.at(GetParam()).second);
  EXPECT_EQ(info.qpos_size, facts_["nq"]);
  EXPECT_EQ(info.qvel_size, facts_["nv"]);
  EXPECT_EQ(info.action_size, facts_["nu"]);
  EXPECT_DOUBLE_EQ(info.control_dt_seconds, facts_["control_dt"]);
  EXPECT_EQ(info.observation_names.size(), static_cast<size_t>(info.observation_size));
  EXPECT_EQ(info.action_names.size(), static_cast<size_t>(info.action_size));
  std::vector<std::string> names = info.observation_names;
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << "two entries with one name";
}

TEST_P(EveryTask, ResetHasTheNoiseOfTheReference) {
  // Width of the uniform noise, or sd of the normal noise, of qpos and qvel.
  struct Noise {
    double qpos_width, qpos_sd, qvel_width, qvel_sd;
  };
  const std::map<std::string, Noise> noise_of = {{"ant", {0.1, 0, 0, 0.1}},          {"hopper", {0.005, 0, 0.005, 0}},
                                                 {"walker2d", {0.005, 0, 0.005, 0}}, {"halfcheetah", {0.1, 0, 0, 0.1}},
                                                 {"cartpole", {0, 0.01, 0, 0.01}},   {"dclaw", {0, 0, 0, 0}}};
  const Noise noise = noise_of.at(GetParam());
  const std::vector<double> mean_qpos = facts_["reset_mean_qpos"], mean_qvel = facts_["reset_mean_qvel"];
  constexpr int kResets = 4000;
  Stream stream(7, "test.reset");
  std::vector<double> sum_qpos(mean_qpos.size()), squares_qpos(mean_qpos.size());
  std::vector<double> sum_qvel(mean_qvel.size()), squares_qvel(mean_qvel.size());
  const auto add = [](double offset, double width, double* sum, double* squares) {
    *sum += offset;
    *squares += offset * offset;
    if (width > 0) {
      EXPECT_LE(std::abs(offset), width * (1 + 1e-12));
    }
  };
  for (int n = 0; n < kResets; ++n) {
    task_->Reset(stream);
    const SimState state = task_->Save();
    for (size_t i = 0; i < mean_qpos.size(); ++i) {
      const bool quaternion = GetParam() == "ant" && i >= 3 && i < 7;  // normalised, checked below
      if (!quaternion) add(state.qpos[i] - mean_qpos[i], noise.qpos_width, &sum_qpos[i], &squares_qpos[i]);
    }
    for (size_t i = 0; i < mean_qvel.size(); ++i) {
      add(state.qvel[i] - mean_qvel[i], noise.qvel_width, &sum_qvel[i], &squares_qvel[i]);
    }
    if (GetParam() == "ant") {
      double squares = 0;
      for (int i = 3; i < 7; ++i) squares += state.qpos[i] * state.qpos[i];
      EXPECT_NEAR(squares, 1, 1e-14);
      EXPECT_GT(state.qpos[3], 0.9);
    }
  }
  // 5 standard errors each way: of a mean sd / sqrt(n), of an sd about sd / sqrt(2 n).
  const auto check = [](double sum, double squares, double width, double sd, const std::string& what) {
    const double expected = width > 0 ? width / std::sqrt(3.0) : sd;
    EXPECT_NEAR(sum / kResets, 0, 5 * expected / std::sqrt(kResets)) << what;
    EXPECT_NEAR(std::sqrt(squares / kResets), expected, 5 * expected / std::sqrt(2.0 * kResets)) << what;
  };
  for (size_t i = 0; i < mean_qpos.size(); ++i) {
    if (GetParam() == "ant" && i >= 3 && i < 7) continue;
    check(sum_qpos[i], squares_qpos[i], noise.qpos_width, noise.qpos_sd, "qpos " + std::to_string(i));
  }
  for (size_t i = 0; i < mean_qvel.size(); ++i) {
    check(sum_qvel[i], squares_qvel[i], noise.qvel_width, noise.qvel_sd, "qvel " + std::to_string(i));
  }
}

struct Trace {
  std::vector<double> numbers;  // of every step: qpos, qvel, observation, reward
};

Trace Continue(Task* task, const std::vector<std::vector<double>>& actions, size_t begin) {
  Trace trace;
  for (size_t t = begin; t < actions.size(); ++t) {
    const StepResult result = task->Step(actions[t].data());
    const SimState state = task->Save();
    for (const auto& part : {state.qpos, state.qvel, Observed(*task), std::vector<double>{result.reward}}) {
      trace.numbers.insert(trace.numbers.end(), part.begin(), part.end());
    }
  }
  return trace;
}

TEST_P(EveryTask, ContinuesToTheBitAfterRestore) {
  Stream stream(11, "test.restore");
  std::vector<std::vector<double>> actions;
  for (int t = 0; t < 60; ++t) actions.push_back(RandomAction(*task_, &stream));
  task_->Reset(stream);
  for (int t = 0; t < 25; ++t) task_->Step(actions[t].data());
  const SimState saved = task_->Save();
  const std::vector<double> seen = Observed(*task_);
  const Trace uninterrupted = Continue(task_.get(), actions, 25);

  std::unique_ptr<Task> other = MustMake(GetParam());
  other->Reset(stream);  // another past, which must not matter
  for (int t = 30; t < 40; ++t) other->Step(actions[t].data());
  for (Task* task : {task_.get(), other.get()}) {
    task->Restore(saved);
    EXPECT_EQ(Observed(*task), seen);
    EXPECT_EQ(task->Save().time, saved.time);
    EXPECT_EQ(Continue(task, actions, 25).numbers, uninterrupted.numbers);
  }

  // The comparison can fail: a billionth of one velocity, and then each number that a task keeps beside MuJoCo's.
  SimState changed = saved;
  changed.qvel[0] += 1e-9;
  other->Restore(changed);
  EXPECT_NE(Continue(other.get(), actions, 25).numbers, uninterrupted.numbers);
  if (GetParam() == "ant") {
    changed = saved;
    changed.extra[0] = saved.qpos[0];
    other->Restore(changed);
    EXPECT_NE(Continue(other.get(), actions, 25).numbers, uninterrupted.numbers) << "x from qpos is not the stale x";
  }
  if (GetParam() == "dclaw") {
    changed = saved;
    changed.extra[4] += 0.5;
    other->Restore(changed);
    EXPECT_NE(Observed(*other), seen);
  }
}

TEST_P(EveryTask, RepeatsItselfWithTheSameSeedOnly) {
  const auto run = [this](uint64_t seed) {
    Stream stream(seed, "test.repeat");
    task_->Reset(stream);
    std::vector<std::vector<double>> actions;
    for (int t = 0; t < 20; ++t) actions.push_back(RandomAction(*task_, &stream));
    return Continue(task_.get(), actions, 0).numbers;
  };
  const std::vector<double> first = run(3);
  EXPECT_EQ(run(3), first);
  EXPECT_NE(run(4), first);
}

TEST_P(EveryTask, SaysWhenTheSimulationDiverges) {
  (void)TakeMujocoWarnings();
  const std::vector<double> rest(task_->info().action_size, 0.0);
  std::vector<double> qpos = facts_["reset_mean_qpos"];
  qpos[1] += 0.5;  // a hanging pole feels no sideways force, however fast it turns
  task_->SetState(qpos, std::vector<double>(task_->info().qvel_size, 1e9));
  EXPECT_FALSE(task_->Step(rest.data()).finite);
  // MuJoCo has restarted by itself: what is in its arrays looks healthy, so only its counters can have told.
  for (double q : task_->Save().qpos) EXPECT_TRUE(std::isfinite(q) && std::abs(q) < 1e3);
  EXPECT_FALSE(TakeMujocoWarnings().empty());

  SimState broken = task_->Save();
  broken.qpos[1] = NAN;
  task_->Restore(broken);
  EXPECT_FALSE(task_->Step(rest.data()).finite);

  Stream stream(5, "test.diverge");
  task_->Reset(stream);
  EXPECT_TRUE(task_->Step(rest.data()).finite) << "a reset heals it";
  std::vector<double> action = rest;
  action[0] = NAN;
  EXPECT_FALSE(task_->Step(action.data()).finite);
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

TEST_P(EveryTask, EarnsWhatTheReferenceEarns) {
  // Return of zero actions from the mean state, and the mean of 20 random episodes with room for the seed.
  struct Returns {
    double zero, zero_always, random, room;
  };
  const std::map<std::string, Returns> expected = {{"hopper", {111.189, 171.189, -18.2, 30}},
                                                   {"walker2d", {96.472, 96.472, 12.9, 30}},
                                                   {"halfcheetah", {-0.246, -0.246, -22.7, 20}},
                                                   {"ant", {100, 100, -35.8, 40}},
                                                   {"cartpole", {0, 0, 0.75, 1.5}},
                                                   {"dclaw", {-733.10, -733.10, -782, 60}}};
  const Returns want = expected.at(GetParam());
  const std::vector<double> qpos = facts_["reset_mean_qpos"], qvel = facts_["reset_mean_qvel"];
  const std::vector<double> rest(task_->info().action_size, 0.0);
  for (const AliveBonus alive : {AliveBonus::kWhileHealthy, AliveBonus::kAlways}) {
    std::unique_ptr<Task> task = MustMake(GetParam(), alive);
    task->SetState(qpos, qvel);
    double total = 0;
    for (int t = 0; t < task->info().horizon; ++t) total += task->Step(rest.data()).reward;
    EXPECT_NEAR(total, alive == AliveBonus::kAlways ? want.zero_always : want.zero, 0.02);
  }
  double total = 0;
  for (uint64_t episode = 0; episode < 20; ++episode) {
    Stream stream(1, "test.random", episode);
    task_->Reset(stream);
    for (int t = 0; t < task_->info().horizon; ++t) total += task_->Step(RandomAction(*task_, &stream).data()).reward;
  }
  EXPECT_NEAR(total / 20, want.random, want.room);
}

TEST_P(EveryTask, TermsMakeUpTheReward) {
  Stream stream(9, "test.terms");
  task_->Reset(stream);
  for (int t = 0; t < 10; ++t) {
    const StepResult result = task_->Step(RandomAction(*task_, &stream).data());
    double sum = 0, product = 1;
    for (double term : result.terms) sum += term, product *= term;
    EXPECT_NEAR(GetParam() == "cartpole" ? product : sum, result.reward, 1e-12);
  }
}

TEST_P(EveryTask, RefusesAStateOfAnotherSize) {
  EXPECT_THROW(task_->SetState({0.0}, {0.0}), InternalError);
  SimState state = task_->Save();
  state.extra.push_back(1);
  EXPECT_THROW(task_->Restore(state), InternalError);
}

INSTANTIATE_TEST_SUITE_P(All, EveryTask, testing::ValuesIn(TaskNames()), [](const auto& task) { return task.param; });

TEST(Task, TellsTheSizeOfItsActionsWithoutBeingMade) {
  for (const std::string& name : TaskNames()) {
    const auto task = MakeTask(name, AliveBonus::kWhileHealthy);
    ASSERT_TRUE(task.ok());
    EXPECT_EQ(ActionSizeOf(name), task.value()->info().action_size) << name;
  }
  EXPECT_EQ(ActionSizeOf("nothing"), 0);
}

TEST(Cartpole, SeesThePoleWhereMjKinematicsPutsIt) {
  std::unique_ptr<Task> task = MustMake("cartpole");
  const DataPtr copy(mj_makeData(task->model()));
  Stream stream(5, "test.pole");
  task->Reset(stream);
  for (int t = 0; t < 200; ++t) {
    const std::vector<double> action = RandomAction(*task, &stream);
    task->Step(action.data());
    mj_copyData(copy.get(), task->model(), task->data());
    mj_kinematics(task->model(), copy.get());
    const double* matrix = copy->xmat + 9 * 2;
    const std::vector<double> seen = Observed(*task);
    EXPECT_EQ(seen[1], matrix[8]);
    EXPECT_EQ(seen[2], matrix[2]);
  }
}

TEST(MakeTask, NamesTheTasksWhenItDoesNotKnowOne) {
  const auto task = MakeTask("humanoid", AliveBonus::kAlways);
  ASSERT_FALSE(task.ok());
  EXPECT_EQ(task.error().message,
            "there is no task \"humanoid\"; the tasks are ant, hopper, walker2d, halfcheetah, cartpole, dclaw");
}

}  // namespace
}  // namespace equipoise::env
