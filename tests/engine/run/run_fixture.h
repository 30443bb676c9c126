// run_fixture.h: tiny runs for tests: cartpole with short episodes and small networks, a fraction of a second each.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/record/records.h"
#include "engine/run/engine.h"
#include "tests/put_setting.h"

namespace equipoise::run {

inline config::Settings TinySettings() {
  config::Settings s;
  s.run.task = "cartpole";
  s.run.seed = 7;
  s.run.episodes = 6;
  s.run.random_episodes = 2;
  s.run.threads = 1;
  s.env.horizon = 20;
  const std::pair<const char*, config::Value> of_parts[] = {
      {"model.hidden", 12},    {"model.dropout", 0.1}, {"model.eta", 1.0}, {"model.steps", 6},
      {"model.batch", 4},      {"mb.hidden", 12},      {"mb.steps", 4},    {"mb.trajectories", 6},
      {"mb.value_hidden", 12}, {"sac.hidden", 12},     {"sac.batch", 16},  {"sac.updates_per_step", 0.5},
      {"eps.masks", 6},        {"eps.rollouts", 3}};
  for (const auto& [key, value] : of_parts) test::Put(&s, key, value);
  s.log.holdout_masks = 4;
  s.log.tensorboard = false;
  return s;
}

// A folder of this test's own, removed at its end.
class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = std::filesystem::temp_directory_path() /
            ("equipoise-" + std::string(info->name()) + "-" + std::to_string(::getpid()));
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string Path(const std::string& name) const { return (root_ / name).string(); }

  static std::unique_ptr<Engine> MustCreate(const config::Settings& s, const std::string& dir) {
    auto engine = Engine::Create(s, dir);
    if (!engine.ok()) {
      ADD_FAILURE() << engine.error().message;
      return nullptr;
    }
    return std::move(engine).value();
  }
  // Runs to the end and returns the last snapshot.
  static std::shared_ptr<const Snapshot> Finish(Engine* engine) {
    engine->Start(false);
    engine->Wait();
    return engine->Latest();
  }
  // The run's episodes as logged, without what depends on the clock.
  static std::vector<std::string> Episodes(const std::string& dir) {
    std::vector<std::string> out;
    auto lines = store::ReadLines(store::RunPaths(dir).episodes);
    EXPECT_TRUE(lines.ok());
    if (!lines.ok()) return out;
    for (const std::string& line : lines.value()) {
      auto stripped = WithoutClock(line);
      EXPECT_TRUE(stripped.ok());
      out.push_back(stripped.ok() ? stripped.value() : "");
    }
    return out;
  }
  static bool WaitFor(Engine& engine, const std::function<bool(const Snapshot&)>& condition, double seconds = 60) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
      if (condition(*engine.Latest())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  std::filesystem::path root_;
};

}  // namespace equipoise::run
