// Every step that the reference implementations recorded, made by our tasks: state, observation, reward and its parts.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/env/recorded.h"

namespace equipoise::env {
namespace {

constexpr double kTolerance = 1e-9;

void ExpectTerms(const TaskInfo& info, const StepResult& result, const Json& line) {
  for (size_t i = 0; i < info.term_names.size(); ++i) {
    const std::string& name = info.term_names[i];
    if (name == "alive") continue;  // not recorded as a term; the two rewards below hold it
    std::string recorded = name;
    double sign = 1;
    for (const RecordedTerm& term : kRecordedTerms) {
      if (name == term.ours) recorded = term.recorded, sign = term.sign;
    }
    ASSERT_TRUE(line["terms"].contains(recorded)) << recorded;
    EXPECT_NEAR(sign * result.terms[i], line["terms"][recorded].get<double>(), kTolerance) << name;
  }
}

// Makes one step from `state` and compares; returns the worst difference of the state.
double ExpectStep(Task* task, Task* always, const RecordedStep& step) {
  const StepResult result = task->Step(step.action.data());
  const StepResult lenient = always->Step(step.action.data());
  EXPECT_TRUE(result.finite);
  const SimState after = task->Save();
  const double worst = std::max(Worst(after.qpos, step.next_qpos), Worst(after.qvel, step.next_qvel));
  EXPECT_LE(worst, kTolerance);
  EXPECT_LE(Worst(Observed(*task), step.observation), kTolerance);
  EXPECT_NEAR(result.reward, step.line["reward"].get<double>(), kTolerance);
  if (step.line.contains("reward_alive_always")) {
    EXPECT_NEAR(lenient.reward, step.line["reward_alive_always"].get<double>(), kTolerance);
  }
  ExpectTerms(task->info(), result, step.line);
  if (step.line.contains("ctrl")) {
    const std::vector<double> ctrl(task->data()->ctrl, task->data()->ctrl + task->info().action_size);
    EXPECT_LE(Worst(ctrl, step.line["ctrl"]), kTolerance);
  }
  return worst;
}

class RecordedSteps : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (OtherMujoco()) GTEST_SKIP() << "recorded with MuJoCo 2.2.2";
    task_ = MustMake(GetParam());
    always_ = MustMake(GetParam(), AliveBonus::kAlways);
    runs_ = LoadRuns(GetParam());
    ASSERT_EQ(runs_.size(), 4u);
  }
  std::unique_ptr<Task> task_, always_;
  std::vector<RecordedRun> runs_;
};

TEST_P(RecordedSteps, AreMatchedOneByOne) {
  int steps = 0;
  for (const RecordedRun& run : runs_) {
    for (const RecordedStep& step : run.steps) {
      SCOPED_TRACE(run.name + " step " + step.line["step"].dump());
      task_->Restore(step.before);
      always_->Restore(step.before);
      ExpectStep(task_.get(), always_.get(), step);
      ++steps;
    }
  }
  EXPECT_EQ(steps, 200);
}

TEST_P(RecordedSteps, AreMatchedAsWholeRollouts) {
  for (const RecordedRun& run : runs_) {
    // A knife edge: both ends of the foot reach the contact margin in the same instant, and the last bit decides which
    // touches first. The single steps above cover this run.
    if (GetParam() == "hopper" && run.name == "pub_zero") continue;
    task_->SetState(run.set_qpos, run.set_qvel);
    always_->SetState(run.set_qpos, run.set_qvel);
    EXPECT_LE(Worst(Observed(*task_), run.observation), 1e-15) << run.name;
    EXPECT_LE(Worst(task_->Save().qpos, run.qpos), 1e-15) << run.name;
    double worst = 0;
    for (const RecordedStep& step : run.steps) {
      SCOPED_TRACE(run.name + " step " + step.line["step"].dump());
      worst = std::max(worst, ExpectStep(task_.get(), always_.get(), step));
    }
    if (GetParam() == "halfcheetah" || GetParam() == "ant") {
      EXPECT_EQ(worst, 0) << run.name << ": chaotic, so it has to be the same bits";
    }
    RecordProperty("worst_" + run.name, std::to_string(worst));
  }
}

TEST_P(RecordedSteps, AreNotMatchedWithAnotherAction) {  // what "matched" means can be missed
  const RecordedStep& step = runs_[1].steps[20];
  std::vector<double> action = step.action;
  action[0] += action[0] > 0 ? -1e-4 : 1e-4;
  task_->Restore(step.before);
  task_->Step(action.data());
  const SimState after = task_->Save();
  EXPECT_GT(std::max(Worst(after.qpos, step.next_qpos), Worst(after.qvel, step.next_qvel)), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(EveryTask, RecordedSteps, testing::ValuesIn(TaskNames()),
                         [](const auto& task) { return task.param; });

}  // namespace
}  // namespace equipoise::env
