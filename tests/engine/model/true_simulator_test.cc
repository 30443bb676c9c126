// The task as a world model: the same steps as the real one, to the bit, whatever computes beside them.
#include "engine/model/true_simulator.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/flush_to_zero.h"

namespace equipoise::model {
namespace {

std::unique_ptr<env::Task> Make(const std::string& name) {
  auto task = env::MakeTask(name, env::AliveBonus::kWhileHealthy);
  EXPECT_TRUE(task.ok());
  return std::move(task).value();
}

struct Path {
  std::vector<float> states, rewards;
  bool operator==(const Path& o) const { return states == o.states && rewards == o.rewards; }
};

// From a state amid an episode: `steps` real steps, and the same imagined.
struct Amid {
  explicit Amid(const std::string& name, int64_t distractors = 0)
      : task(Make(name)),
        S(task->info().observation_size),
        A(task->info().action_size),
        model([name] { return Make(name); }, S + distractors, A) {
    Stream reset(3, "test.reset");
    task->Reset(reset);
    for (int t = 0; t < 17; ++t) task->Step(Double(Action(100 + t, 0)).data());
    model.SetRoot(task->Save());
  }
  std::vector<float> Action(int64_t t, int64_t row) const {
    Stream stream(4, "test.action", static_cast<uint64_t>(t), static_cast<uint64_t>(row));
    std::vector<float> a(static_cast<size_t>(A));
    stream.Uniform(a.data(), a.size());
    for (float& x : a) x = 2 * x - 1;
    return a;
  }
  static std::vector<double> Double(const std::vector<float>& v) { return {v.begin(), v.end()}; }

  Path Real(int64_t row, int64_t steps) {
    Path path;
    task->Restore(model.root());
    std::vector<double> observation(static_cast<size_t>(S));
    for (int64_t t = 0; t < steps; ++t) {
      path.rewards.push_back(static_cast<float>(task->Step(Double(Action(t, row)).data()).reward));
      task->Observe(observation.data());
      path.states.insert(path.states.end(), observation.begin(), observation.end());
    }
    return path;
  }
  std::vector<Path> Imagined(int64_t rows, int64_t steps) {
    std::vector<Path> paths(static_cast<size_t>(rows));
    const std::unique_ptr<Rollout> rollout = model.NewRollout();
    Stream unused(0, "test.unused");
    const Belief belief = model.Draw(1, unused);
    rollout->Begin(rows, steps, false, &belief, nullptr);
    const int64_t width = model.states();
    std::vector<float> z(static_cast<size_t>(rows * width), 0.25f), next(z.size()), reward(static_cast<size_t>(rows));
    for (int64_t t = 0; t < steps; ++t) {
      std::vector<float> action;
      for (int64_t r = 0; r < rows; ++r) {
        const std::vector<float> a = Action(t, r);
        action.insert(action.end(), a.begin(), a.end());
      }
      rollout->Step(t, z.data(), action.data(), nullptr, next.data(), reward.data());
      z = next;
      for (int64_t r = 0; r < rows; ++r) {
        Path& path = paths[static_cast<size_t>(r)];
        path.states.insert(path.states.end(), z.begin() + r * width, z.begin() + r * width + S);
        path.rewards.push_back(reward[static_cast<size_t>(r)]);
      }
    }
    last_ = z;
    return paths;
  }

  std::unique_ptr<env::Task> task;
  int64_t S, A;
  TrueSimulator model;
  std::vector<float> last_;
};

TEST(TrueSimulator, TakesTheStepsOfTheRealTaskToTheBit) {
  for (const std::string& name : env::TaskNames()) {
    SCOPED_TRACE(name);
    Amid amid(name);
    for (int64_t rows : {1, 3}) {  // several are put back into their states before every step
      const std::vector<Path> imagined = amid.Imagined(rows, 12);
      for (int64_t r = 0; r < rows; ++r)
        EXPECT_EQ(imagined[static_cast<size_t>(r)], amid.Real(r, 12)) << "row " << r << " of " << rows;
    }
    EXPECT_FALSE(amid.Real(0, 12) == amid.Real(1, 12)) << "other actions lead elsewhere";
  }
}

// A team's threads count denormal numbers as zero, for learning; physics must not.
TEST(TrueSimulator, IsNotChangedByFlushingDenormals) {
  Amid amid("cartpole");
  // The pole moves by less than the smallest normal number.
  env::SimState slow = amid.model.root();
  slow.qvel.assign(slow.qvel.size(), 3e-310);
  slow.qpos.assign(slow.qpos.size(), 0.0);
  amid.model.SetRoot(slow);
  const Path real = amid.Real(0, 3);
  const ScopedFlushToZero flush;
  EXPECT_EQ(amid.Imagined(1, 3)[0], real);
}

TEST(TrueSimulator, LeavesDistractorsAsTheyAre) {
  Amid amid("cartpole", 4);
  const Path real = amid.Real(0, 5);
  EXPECT_EQ(amid.Imagined(1, 5)[0], real);
  ASSERT_EQ(amid.last_.size(), 9u);
  for (size_t j = 5; j < 9; ++j) EXPECT_EQ(amid.last_[j], 0.25f);
  amid.model.EditStates(-4, {});
  EXPECT_EQ(amid.model.states(), 5);
  EXPECT_EQ(amid.model.normaliser().x_mean.size(), 6u);
  EXPECT_EQ(amid.Imagined(1, 5)[0], real);
}

TEST(TrueSimulator, ADivergedSimulationEarnsNoNumberFromThereOn) {
  Amid amid("cartpole");
  env::SimState wild = amid.model.root();
  wild.qvel[0] = 1e12;
  amid.model.SetRoot(wild);
  const Path path = amid.Imagined(1, 4)[0];
  for (float r : path.rewards) EXPECT_TRUE(std::isnan(r));
  amid.model.SetRoot(amid.task->Save());
  EXPECT_TRUE(std::isfinite(amid.Imagined(1, 4)[0].rewards[3])) << "the next one is sound";
}

}  // namespace
}  // namespace equipoise::model
