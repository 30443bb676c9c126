#include "engine/env/env_replay.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/engine/env/recorded.h"
#include "tests/paths.h"

namespace equipoise::env {
namespace {

std::vector<Json> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<Json> lines;
  for (std::string text; std::getline(file, text);) lines.push_back(Json::parse(text));
  return lines;
}

// A DClaw recording has the 19 coordinates of the original model.
std::vector<double> Ours(const Json& values) { return Reduced(values.size() == 19 ? "dclaw" : "", values); }

class EnvReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "equipoise_env_replay_test";
    std::filesystem::create_directories(folder_);
    options_.output = folder_ + "/out.jsonl";
    options_.input = folder_ + "/in.jsonl";
    options_.task = "cartpole";
    options_.overwrite = true;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What EnvReplay says to this input; empty: nothing.
  std::string Complaint(const std::string& input) {
    std::ofstream(options_.input) << input;
    const Status status = EnvReplay(options_);
    return status.ok() ? "" : status.error().message;
  }

  std::string folder_;
  EnvReplayOptions options_;
};

class EnvReplayOf : public EnvReplayTest, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    EnvReplayTest::SetUp();
    if (OtherMujoco()) GTEST_SKIP() << "recorded with MuJoCo 2.2.2";
    options_.task = GetParam();
    options_.input = tests::FixtureFolder() + "/trajectories/" + GetParam() + ".jsonl";
  }

  void ExpectTheRecording() {
    const Status status = EnvReplay(options_);
    ASSERT_TRUE(status.ok()) << status.error().message;
    const std::vector<Json> recorded = Lines(options_.input), ours = Lines(options_.output);
    ASSERT_EQ(ours.size(), recorded.size());
    for (size_t i = 0; i < ours.size(); ++i) {
      SCOPED_TRACE("line " + std::to_string(i + 1));
      ASSERT_EQ(ours[i]["type"], recorded[i]["type"]);
      ASSERT_EQ(ours[i]["traj"], recorded[i]["traj"]);
      if (options_.rollout && GetParam() == "hopper" && ours[i]["traj"] == "pub_zero") continue;  // a knife edge
      EXPECT_LE(Worst(ours[i]["obs"], recorded[i]["obs"]), 1e-9);
      if (ours[i]["type"] == "start") {
        EXPECT_LE(Worst(ours[i]["qpos"], Ours(recorded[i]["qpos"])), 1e-15);
        continue;
      }
      EXPECT_EQ(ours[i]["step"], recorded[i]["step"]);
      EXPECT_TRUE(ours[i]["finite"].get<bool>());
      for (const char* key : {"next_qpos", "next_qvel", "cfrc_ext_clipped"}) {
        if (recorded[i].contains(key)) {
          EXPECT_LE(Worst(ours[i][key], Ours(recorded[i][key])), 1e-9) << key;
        }
      }
      for (const char* key : {"reward", "reward_alive_always"}) {
        if (recorded[i].contains(key)) {
          EXPECT_NEAR(ours[i][key].get<double>(), recorded[i][key].get<double>(), 1e-9) << key;
        }
      }
      if (recorded[i].contains("healthy")) {
        EXPECT_EQ(ours[i]["healthy"], recorded[i]["healthy"]);
      }
      for (const auto& [name, value] : recorded[i]["terms"].items()) {
        ASSERT_TRUE(ours[i]["terms"].contains(name)) << name;
        EXPECT_NEAR(ours[i]["terms"][name].get<double>(), value.get<double>(), 1e-9) << name;
      }
    }
  }
};

TEST_P(EnvReplayOf, MakesEverySingleStepAsRecorded) { ExpectTheRecording(); }

TEST_P(EnvReplayOf, MakesWholeRolloutsAsRecorded) {
  options_.rollout = true;
  ExpectTheRecording();
}

INSTANTIATE_TEST_SUITE_P(EveryTask, EnvReplayOf, testing::ValuesIn(TaskNames()),
                         [](const auto& task) { return task.param; });

constexpr char kStart[] = R"({"type":"start","traj":"a","set_qpos":[0,3],"set_qvel":[0,0]})";
constexpr char kStep[] = R"({"type":"step","traj":"a","step":0,"qpos":[0,3],"qvel":[0,0],"action":[1]})";

TEST_F(EnvReplayTest, NeedsNoWarmStartAndPassesOverEmptyLines) {
  EXPECT_EQ(Complaint(std::string(kStart) + "\n\n \r\n" + kStep + "\r\n"), "");
  EXPECT_EQ(Lines(options_.output).size(), 2u);
}

TEST_F(EnvReplayTest, TakesDClawInBothSizes) {
  options_.task = "dclaw";
  const std::vector<RecordedRun> runs = LoadRuns("dclaw");
  const RecordedStep& step = runs[1].steps[3];
  const Json reduced = {{"type", "step"},           {"traj", "a"},          {"step", 0}, {"qpos", step.before.qpos},
                        {"qvel", step.before.qvel}, {"action", step.action}};
  Json original = step.line;
  original.erase("qacc_warmstart");
  EXPECT_EQ(Complaint(reduced.dump() + "\n" + original.dump() + "\n"), "");
  const std::vector<Json> out = Lines(options_.output);
  EXPECT_EQ(out[0]["next_qpos"].size(), 10u);
  EXPECT_EQ(out[0]["next_qpos"], out[1]["next_qpos"]);
}

TEST_F(EnvReplayTest, NamesFileAndLineOfWhatIsBroken) {
  const std::string in = options_.input;
  EXPECT_EQ(Complaint(std::string(kStart) + "\n" +
                      R"({"type":"step","traj":"a","step":0,"qpos":[0],"qvel":[0,0],"action":[1]})"),
            in + ":2: \"qpos\" has 1 numbers; cartpole has 2");
  EXPECT_EQ(Complaint(R"({"type":"step","traj":"a","step":0,"qpos":[0,3],"qvel":[0,0]})"),
            in + ":1: \"action\" is missing");
  EXPECT_EQ(Complaint(R"({"type":"stop"})"), in + ":1: \"type\" is \"stop\"; it must be \"start\" or \"step\"");
  EXPECT_EQ(Complaint(R"({"type":"start","env":"ant","traj":"a"})"),
            in + ":1: recorded for \"ant\", replayed as \"cartpole\"");
  EXPECT_EQ(Complaint(R"([1, 2])").find(in + ":1: "), 0u);
  EXPECT_EQ(Complaint(std::string(kStart) + "\n\n{\"type\":").find(in + ":3: not valid JSON"), 0u);
  EXPECT_FALSE(std::filesystem::exists(options_.output)) << "a broken input leaves no output";
}

TEST_F(EnvReplayTest, RefusesARolloutWithoutItsStart) {
  options_.rollout = true;
  EXPECT_NE(Complaint(kStep).find(":1: a step of \"a\" without its start line"), std::string::npos);
  std::string other = kStep;
  other.replace(other.find("\"a\""), 3, "\"b\"");
  EXPECT_NE(Complaint(std::string(kStart) + "\n" + other).find(":2: a step of \"b\""), std::string::npos);
  EXPECT_EQ(Complaint(std::string(kStart) + "\n" + kStep), "");
}

TEST_F(EnvReplayTest, SaysThatAStepDiverged) {
  EXPECT_EQ(Complaint(R"({"type":"step","traj":"a","step":0,"qpos":["NaN",3],"qvel":[0,0],"action":[1]})"), "");
  EXPECT_EQ(Lines(options_.output)[0]["finite"], false);
}

TEST_F(EnvReplayTest, RefusesFilesItCannotUse) {
  options_.input = folder_ + "/absent.jsonl";
  Status status = EnvReplay(options_);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("absent.jsonl"), std::string::npos);

  options_.input = folder_ + "/in.jsonl";
  options_.output = folder_;
  EXPECT_NE(Complaint(kStep).find("is a folder; name a file in it"), std::string::npos);

  options_.task = "humanoid";
  EXPECT_NE(Complaint(kStep).find("run.task = \"humanoid\" is not one of ant"), std::string::npos);
}

}  // namespace
}  // namespace equipoise::env
