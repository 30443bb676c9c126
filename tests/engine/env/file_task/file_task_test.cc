// What a FileTask does beyond the six (built_in_tasks_test.cc): sensors and places of the new state, ranges, memory,
// poses, and saying what is not a number.
#include "engine/env/file_task/file_task.h"

#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>

#include "engine/env/task_library.h"
#include "tests/engine/env/recorded.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::env {
namespace {

const std::vector<std::string> kExamples = {"double_integrator", "pendulum", "reacher", "pusher", "quadruped"};

std::unique_ptr<Task> Example(const std::string& name) {
  const Result<std::string> known = LearnTask(tests::SourceFolder() + "/assets/tasks/" + name + ".toml");
  EXPECT_TRUE(known.ok()) << (known.ok() ? "" : known.error().message);
  return MustMake(known.value());
}

std::vector<double> Drawn(const Task& task, Stream* stream, double width = 1) {
  std::vector<double> action(static_cast<size_t>(task.info().action_size));
  for (double& a : action) a = stream->Uniform(-width, width);
  return action;
}

std::vector<double> Roll(Task* task, Stream* actions, int steps) {
  std::vector<double> numbers;
  for (int t = 0; t < steps; ++t) {
    const StepResult result = task->Step(Drawn(*task, actions).data());
    EXPECT_TRUE(result.finite) << result.problem;
    const std::vector<double> seen = Observed(*task);
    numbers.insert(numbers.end(), seen.begin(), seen.end());
    numbers.insert(numbers.end(), result.terms.begin(), result.terms.end());
    numbers.push_back(result.reward);
  }
  return numbers;
}

class EveryExample : public testing::TestWithParam<std::string> {};

TEST_P(EveryExample, GoesOnToTheBitFromWhatItSaved) {
  const auto task = Example(GetParam()), other = Example(GetParam());
  Stream reset(1, "reset"), actions(1, "actions");
  task->Reset(reset);
  (void)Roll(task.get(), &actions, 20);
  const SimState saved = task->Save();
  const std::vector<double> before = Observed(*task);
  other->Restore(saved);
  EXPECT_EQ(Observed(*other), before);
  Stream then(2, "actions"), again(2, "actions"), else_where(3, "actions");
  const std::vector<double> went = Roll(task.get(), &then, 30);
  EXPECT_EQ(Roll(other.get(), &again, 30), went);
  other->Restore(saved);
  EXPECT_NE(Roll(other.get(), &else_where, 30), went);  // the comparison sees a difference
}

TEST_P(EveryExample, StartsAlikeForOneSeedAndOtherwiseForAnother) {
  const auto a = Example(GetParam()), b = Example(GetParam());
  Stream one(5, "reset"), same(5, "reset"), other(6, "reset");
  a->Reset(one);
  b->Reset(same);
  EXPECT_EQ(Observed(*a), Observed(*b));
  b->Reset(other);
  EXPECT_NE(Observed(*a), Observed(*b));
}

TEST_P(EveryExample, HasNamesOfItsOwnForAllThatItObserves) {
  const auto task = Example(GetParam());
  std::vector<std::string> names = task->info().observation_names;
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_GE(mj_name2id(task->model(), mjOBJ_CAMERA, "track"), 0) << "the scene looks for this camera";
}

INSTANTIATE_TEST_SUITE_P(All, EveryExample, testing::ValuesIn(kExamples), [](const auto& task) { return task.param; });

// The last stage of an integrator is not the state: places and sensors are read as a forward pass would leave them.
TEST(FileTask, ReadsPlacesAndSensorsOfTheNewState) {
  for (const char* name : {"reacher", "quadruped"}) {
    const auto task = Example(name);
    Stream reset(1, "reset"), actions(1, "actions");
    task->Reset(reset);
    (void)Roll(task.get(), &actions, 25);
    const std::vector<double> seen = Observed(*task);
    DataPtr data(mj_makeData(task->model()));
    std::copy_n(task->data()->qpos, task->model()->nq, data->qpos);
    std::copy_n(task->data()->qvel, task->model()->nv, data->qvel);
    mj_forward(task->model(), data.get());
    const std::vector<std::string>& names = task->info().observation_names;
    const auto at = [&](const std::string& entry) {
      return seen[static_cast<size_t>(std::find(names.begin(), names.end(), entry) - names.begin())];
    };
    if (std::string(name) == "reacher") {
      const int tip = mj_name2id(task->model(), mjOBJ_SITE, "tip"),
                target = mj_name2id(task->model(), mjOBJ_SITE, "target");
      for (int k = 0; k < 2; ++k)
        EXPECT_NEAR(at(k == 0 ? "target from tip x" : "target from tip y"),
                    data->site_xpos[3 * target + k] - data->site_xpos[3 * tip + k], 1e-14);
      EXPECT_NEAR(at("elbow speed"), data->qvel[1], 1e-14);
    } else {
      for (int k = 0; k < 3; ++k) EXPECT_NEAR(at(std::string("gyro ") + "xyz"[k]), data->sensordata[k], 1e-12);
    }
  }
}

TEST(FileTask, ScalesActionsToTheRangeOfTheActuatorAndClipsThem) {
  const auto task = Example("pendulum");
  for (const auto& [action, ctrl] : {std::pair(1.0, 1.5), {-1.0, -1.5}, {0.5, 0.75}, {7.0, 1.5}}) {
    (void)task->Step(&action);
    EXPECT_DOUBLE_EQ(task->data()->ctrl[0], ctrl);
  }
}

class OwnFileTask : public testing::Test {
 protected:
  std::unique_ptr<Task> Make(const std::string& text) {
    folder_.Write("own.xml", R"(<mujoco><option timestep="0.01"/><worldbody>
      <body name="cart"><joint name="slide" type="slide" axis="1 0 0"/><geom name="cart" size="0.1" mass="1"/>
        <body name="arm"><joint name="hinge" axis="0 1 0"/><geom fromto="0 0 0 0 0 1" type="capsule" size="0.1" mass="1"/></body>
      </body>
      <body name="ball" pos="0 0 5"><freejoint name="ball"/><geom size="0.1"/></body></worldbody>
      <actuator><motor name="push" joint="slide" ctrllimited="true" ctrlrange="-2 4"/></actuator></mujoco>)");
    const Result<std::string> name =
        LearnTask(folder_.Write("own.toml", "[task]\nmodel = \"own.xml\"\nhorizon = 10\n" + text));
    EXPECT_TRUE(name.ok()) << (name.ok() ? "" : name.error().message);
    return MustMake(name.value());
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(OwnFileTask, NamesTheTermThatIsNoNumber) {
  const auto task =
      Make("observe = [{of = \"qpos[slide]\"}]\n[task.reward]\nfine = 1\nbroken = \"ln(time - 0.025)\"\n");
  const double push = 0.3;
  const StepResult result = task->Step(&push);
  EXPECT_FALSE(result.finite);
  EXPECT_NE(result.problem.find("\"broken\""), std::string::npos) << result.problem;
  (void)task->Step(&push);
  EXPECT_TRUE(task->Step(&push).finite);
}

TEST_F(OwnFileTask, NamesTheObservationThatIsNoNumber) {
  const auto task = Make(
      "observe = [{name = \"root\", formula = \"sqrt(qpos_slide)\"}]\n[task.quantities]\nqpos_slide = "
      "\"qpos[slide]\"\n[task.reward]\nfine = 1\n");
  const double push = -1;
  const StepResult result = task->Step(&push);
  EXPECT_FALSE(result.finite);
  EXPECT_NE(result.problem.find("\"root\""), std::string::npos) << result.problem;
}

TEST_F(OwnFileTask, ObservesAsItIsToldTo) {
  const auto task = Make(R"(reset = [{of = "qpos[slide]", set = 3}, {of = "qpos[hinge]", set = "1.5 * pi"}]
observe = [
  {of = "qpos[slide]", clip = [0, 2], name = "clipped"},
  {of = "qpos[hinge]", as = ["wrapped", "cos", "sin"]},
  {of = "qpos[slide]", minus = 1, each = "2 * it", name = "twice"},
  {of = "body[ball].pos", minus = "body[cart].pos", name = "ball"},
  {of = "body[ball].vel.z"},
  {of = "last_action"},
  {name = "moved", formula = "x - x_before"},
]
[task.quantities]
x = "qpos[slide]"
[task.reward]
fine = "x - x_before"
)");
  Stream stream(1, "reset");
  task->Reset(stream);
  std::vector<double> seen = Observed(*task);
  const double pi = std::acos(-1.0);
  const std::vector<double> expected = {2, -pi / 2, std::cos(1.5 * pi), std::sin(1.5 * pi), 4, -3, 0, 5, 0, 0, 0};
  ASSERT_EQ(seen.size(), expected.size());
  EXPECT_LE(Worst(seen, expected), 1e-14);
  EXPECT_EQ(task->info().wrapped, std::vector<int>{1});
  EXPECT_EQ(task->info().observation_names,
            (std::vector<std::string>{"clipped", "hinge", "hinge cos", "hinge sin", "twice", "ball x", "ball y",
                                      "ball z", "ball velocity z", "push last action", "moved"}));
  const double push = 1.7;
  const StepResult result = task->Step(&push);
  seen = Observed(*task);
  EXPECT_NEAR(seen[8], -9.81 * 0.01, 1e-12);  // the ball falls
  EXPECT_EQ(seen[9], 1);
  EXPECT_NE(seen[10], 0);
  EXPECT_EQ(seen[10], result.reward);
}

TEST_F(OwnFileTask, RebuildsThePoseAndSaysWhatIsLeftOut) {
  const auto task = Make(R"(observe = [
  {of = "qvel[slide]"},
  {of = "qpos[hinge]", as = ["cos", "sin"]},
  {of = "body[ball].pos.xy"},
]
[task.reward]
fine = 1
)");
  EXPECT_EQ(task->RebuiltInPose(),
            "slide from the predicted velocity; ball z and ball's orientation not observed and left as they were");
  const std::vector<double> observation = {2, std::cos(7.0), std::sin(7.0), 0.5, 0.25},
                            previous = {1, 6.5, 0, 0, 3, 1, 0, 0, 0}, expected = {1.02, 7, 0.5, 0.25, 3, 1, 0, 0, 0};
  std::vector<double> pose(9);
  task->PoseFromObservation(observation.data(), previous.data(), pose.data());
  EXPECT_LE(Worst(pose, expected), 1e-12);
}

// The optimal regulator of this plant and cost, from the algebraic Riccati equation, earns -x P x.
TEST(DoubleIntegrator, PaysTheOptimalRegulatorWhatTheoryPromises) {
  const auto task = Example("double_integrator");
  const double p[2][2] = {{9.077561, 3.166228}, {3.166228, 2.765852}}, gain[2] = {2.762350, 2.507540};
  const auto play = [&](double x, double v, double scale) {
    task->SetState({x}, {v});
    double sum = 0;
    for (int t = 0; t < 50; ++t) {
      const std::vector<double> seen = Observed(*task);
      const double action = -scale * (gain[0] * seen[0] + gain[1] * seen[1]);
      sum += task->Step(&action).reward;
    }
    return sum;
  };
  for (const auto& [x, v] : {std::pair(0.3, 0.0), {-0.2, 0.1}, {0.05, 0.3}}) {
    const double optimum = -(p[0][0] * x * x + 2 * p[0][1] * x * v + p[1][1] * v * v);
    EXPECT_NEAR(play(x, v, 1), optimum, 1e-5);
    EXPECT_LT(play(x, v, 0.8), optimum);
    EXPECT_LT(play(x, v, 1.2), optimum);
  }
  EXPECT_NEAR(play(0.3, 0, 0), -4.5, 1e-12);
}

}  // namespace
}  // namespace equipoise::env
