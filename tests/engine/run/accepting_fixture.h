// accepting_fixture.h: tiny runs that are paused, stepped and changed in the middle of an episode.
#pragma once

#include <algorithm>

#include "engine/base/archive.h"
#include "engine/store/kept_checkpoints.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {

namespace fs = std::filesystem;

class Accepting : public RunTest {
 protected:
  static config::Settings Small() {
    config::Settings s = TinySettings();
    s.run.episodes = 4;
    return s;
  }
  static config::Settings Distractable() {
    config::Settings s = Small();
    s.distractors.groups = 2;
    s.distractors.sinusoids = 3;
    return s;
  }
  static std::vector<std::string> Events(const std::string& dir) {
    std::vector<std::string> out;
    for (const std::string& line : store::ReadLines(store::RunPaths(dir).events).value())
      out.push_back(WithoutClock(line).value());
    return out;
  }
  static bool Paused(const Snapshot& p) { return p.state == RunState::kPaused; }

  static void StartPaused(Engine& engine) {
    engine.Start(true);
    ASSERT_TRUE(WaitFor(engine, Paused));
  }
  static void StepEpisodes(Engine& engine, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const size_t had = engine.Latest()->episodes->size();
      engine.Post(Step{Step::Unit::kEpisode});
      ASSERT_TRUE(WaitFor(engine, [had](const Snapshot& p) { return p.episodes->size() > had && Paused(p); }));
    }
  }
  static void StepOnce(Engine& engine) {
    const int64_t before = engine.Latest()->environment_steps;
    engine.Post(Step{Step::Unit::kEnvironmentStep});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) { return Paused(p) && p.environment_steps == before + 1; }));
  }
  // Into the next episode's learning.
  static void StepIntoEpisode(Engine& engine) {
    engine.Post(Step{Step::Unit::kGradientStep});
    ASSERT_TRUE(WaitFor(engine, [](const Snapshot& p) {
      const bool learning =
          std::any_of(p.stages.begin(), p.stages.end(), [](const StageProgress& x) { return x.active; });
      return Paused(p) && p.random_done == 2 && learning;
    }));
  }
  static void Change(Engine& engine, const std::string& key, const config::Value& value) {
    engine.Post(ChangeSetting{key, value});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return std::any_of(p.pending.begin(), p.pending.end(),
                         [&](const PendingChange& c) { return c.key == key && c.to == value; });
    })) << key;
  }
  static void Cancel(Engine& engine, const std::string& key) {
    engine.Post(CancelChange{key});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return std::none_of(p.pending.begin(), p.pending.end(), [&](const PendingChange& c) { return c.key == key; });
    })) << key;
  }
  static std::unique_ptr<Engine> MustOpen(const std::string& dir, int episodes = 0) {
    auto engine = Engine::Open(dir, episodes);
    if (!engine.ok()) ADD_FAILURE() << engine.error().message;
    return engine.ok() ? std::move(engine).value() : nullptr;
  }
  static void RunOn(Engine& engine) {
    engine.Post(Resume{});
    engine.Wait();
    EXPECT_EQ(engine.Latest()->state, RunState::kFinished) << engine.Latest()->stopped_reason;
  }
  void ExpectSameRun(const std::string& a, const std::string& b) const {
    EXPECT_EQ(Episodes(Path(a)), Episodes(Path(b)));
    EXPECT_EQ(Events(Path(a)), Events(Path(b)));
    EXPECT_EQ(store::ReadDescription(Path(a)).value().steered, store::ReadDescription(Path(b)).value().steered);
    EXPECT_EQ(store::ListKept(store::RunPaths(Path(a))), store::ListKept(store::RunPaths(Path(b))));
  }
  // The nets of a kept checkpoint, and what it says of the run's course.
  std::string KeptState(const std::string& dir, const std::string& name) const {
    auto bytes = store::ReadKept(store::RunPaths(Path(dir)), name);
    if (!bytes.ok()) return bytes.error().message;
    auto in = ArchiveReader::Parse(bytes.value(), name);
    std::string all = std::to_string(in.value().Int("engine.interventions")) + " " +
                      std::to_string(in.value().Int("engine.steered")) + " " +
                      std::to_string(in.value().Int("trainer.picked")) + " " + in.value().Text("settings");
    for (const char* net : {"model.net", "mb.policy.net", "sac.policy.net"}) {
      const std::vector<float> v = in.value().Floats(net);
      all.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
    }
    return all;
  }
};

}  // namespace equipoise::run
