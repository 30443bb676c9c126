// recorded.h: the recorded runs of the reference implementations, in the form of our tasks.
//
// 4 runs of 50 steps for each task, recorded with MuJoCo 2.2.2; DClaw's original 19 coordinates are reduced to our 10.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/base/compat.h"
#include "engine/base/json.h"
#include "engine/env/task.h"
#include "tests/paths.h"

namespace equipoise::env {

// What the recording calls a term of ours, and whether it has the other sign there.
struct RecordedTerm {
  const char *ours, *recorded;
  double sign;
};
inline constexpr RecordedTerm kRecordedTerms[] = {{"control", "ctrl_cost", -1},  {"distance", "target_dist_cost", 1},
                                                  {"pose", "pose_diff_cost", 1}, {"velocity", "joint_vel_cost", 1},
                                                  {"near", "bonus_small", 1},    {"there", "bonus_big", 1}};

struct RecordedStep {
  std::string run;
  SimState before;
  std::vector<double> action, next_qpos, next_qvel, observation;
  Json line;
};

struct RecordedRun {
  std::string name;
  std::vector<double> set_qpos, set_qvel, qpos, qvel, observation;
  std::vector<RecordedStep> steps;
};

inline std::vector<double> Reduced(const std::string& task, const Json& values) {
  std::vector<double> all = values.get<std::vector<double>>();
  if (task == "dclaw") all = {all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8], all[18]};
  return all;
}

inline std::vector<RecordedRun> LoadRuns(const std::string& task) {
  std::ifstream file(tests::FixtureFolder() + "/trajectories/" + task + ".jsonl");
  EXPECT_TRUE(file.good());
  std::vector<RecordedRun> runs;
  for (std::string text; std::getline(file, text);) {
    const Json line = Json::parse(text);
    if (line["type"] == "start") {
      runs.push_back({line["traj"],
                      Reduced(task, line["set_qpos"]),
                      Reduced(task, line["set_qvel"]),
                      Reduced(task, line["qpos"]),
                      Reduced(task, line["qvel"]),
                      line["obs"],
                      {}});
      continue;
    }
    RecordedStep step;
    step.run = line["traj"];
    step.before.qpos = Reduced(task, line["qpos"]);
    step.before.qvel = Reduced(task, line["qvel"]);
    step.before.warmstart = Reduced(task, line["qacc_warmstart"]);
    if (task == "ant") step.before.extra = {line["terms"]["x_before"]};
    if (task == "dclaw") step.before.extra = line["last_action"].get<std::vector<double>>();
    step.action = line["action"].get<std::vector<double>>();
    step.next_qpos = Reduced(task, line["next_qpos"]);
    step.next_qvel = Reduced(task, line["next_qvel"]);
    step.observation = line["obs"].get<std::vector<double>>();
    step.line = line;
    runs.back().steps.push_back(step);
  }
  return runs;
}

inline std::unique_ptr<Task> MustMake(const std::string& name, AliveBonus alive = AliveBonus::kWhileHealthy) {
  Result<std::unique_ptr<Task>> task = MakeTask(name, alive);
  EXPECT_TRUE(task.ok()) << (task.ok() ? "" : task.error().message);
  return std::move(task).value();
}

inline std::vector<double> Observed(const Task& task) {
  std::vector<double> observation(task.info().observation_size);
  task.Observe(observation.data());
  return observation;
}

// Largest difference of two arrays; infinite when their sizes differ or an entry is not a number.
inline double Worst(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (!(difference <= worst)) worst = std::isnan(difference) ? INFINITY : difference;
  }
  return worst;
}

// The recordings hold for the MuJoCo that made them; another version differs in its contacts.
inline bool OtherMujoco() { return mj_version() != 222; }

}  // namespace equipoise::env
