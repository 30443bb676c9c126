// One run by a fixed script, for tests/golden/run.sh: the same settings, interventions, pushes and stop at the same
// boundaries, whichever commit this is built from.
//
//   equipoise_golden TASK AGENT MODE FOLDER      e.g. cartpole unified full /tmp/a
//
// 12 episodes after 2 random ones with the nets of the preset cpu and fewer steps. Before episode 4 distractors come
// and a learner's reward for entropy changes, episodes 6 and 7 have a frozen model, in episode 9 a body is pushed,
// after it the process's engine is destroyed and the run opened again for the last three.
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "engine/config/config_file.h"
#include "engine/config/settings.h"
#include "engine/run/engine.h"
#include "tests/paths.h"

namespace equipoise {
namespace {

using run::Engine;
using run::RunState;
using run::Snapshot;
using run::Step;

[[noreturn]] void Fail(const std::string& what) {
  std::cerr << "equipoise_golden: " << what << "\n";
  std::exit(2);
}

config::Settings SettingsFor(const std::string& task, const std::string& agent, const std::string& mode) {
  auto settings = config::LoadFile(tests::SourceFolder() + "/configs/" + task + ".toml", "cpu", {});
  if (!settings.ok()) Fail(settings.error().message);
  config::Settings s = settings.value();
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"run.agent", agent},          {"run.seed", "7"},       {"run.episodes", "12"},
      {"run.random_episodes", "2"},  {"run.threads", "2"},    {"mb.mode", mode},
      {"model.steps", "20"},         {"mb.steps", "5"},       {"model.first_fit_factor", "2"},
      {"sac.updates_per_step", "1"}, {"eps.force_every", "4"}};
  for (const auto& [key, value] : changes)
    if (Status set = config::SetFromText(s, key, value); !set.ok()) Fail(set.error().message);
  return s;
}

std::shared_ptr<const Snapshot> WaitFor(const Engine& engine, const std::function<bool(const Snapshot&)>& holds) {
  while (true) {
    auto now = engine.Latest();
    if (now) {
      if (now->state == RunState::kStopped) Fail("the run stopped: " + now->stopped_reason);
      if (holds(*now)) return now;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

// Posts and waits until the engine stands still again, having moved on.
std::shared_ptr<const Snapshot> StepOnce(Engine& engine, Step::Unit unit) {
  const uint64_t before = engine.Latest()->sequence;
  engine.Post(Step{unit});
  return WaitFor(engine, [&](const Snapshot& now) {
    return now.sequence > before && (now.state == RunState::kPaused || now.state == RunState::kFinished);
  });
}

int Picked(const Snapshot& now) { return now.episodes->empty() ? 0 : std::max(0, now.episodes->back()->episode); }

void StepUntilPicked(Engine& engine, int episode) {
  while (Picked(*engine.Latest()) < episode) StepOnce(engine, Step::Unit::kEpisode);
}

// Into the acting of the next episode; a push from its fourth step to its ninth.
void Push(Engine& engine) {
  while (true) {
    const auto now = StepOnce(engine, Step::Unit::kEnvironmentStep);
    if (now->live.acting && now->live.step >= 3) break;
  }
  run::PushBody push;
  push.body = 1;
  push.wrench = {3, 0, 1, 0, 0, 0};
  engine.Post(push);
  for (int i = 0; i < 5; ++i) StepOnce(engine, Step::Unit::kEnvironmentStep);
  engine.Post(run::PushBody{});
  StepOnce(engine, Step::Unit::kEnvironmentStep);
}

void Script(const config::Settings& s, const std::string& folder) {
  const bool model = s.run.agent != "sac", sac = s.run.agent != "mbrl";
  {
    auto made = Engine::Create(s, folder);
    if (!made.ok()) Fail(made.error().message);
    Engine& engine = *made.value();
    engine.Start(true);
    WaitFor(engine, [](const Snapshot& now) { return now.state == RunState::kPaused; });
    StepUntilPicked(engine, 3);
    engine.Post(run::ChangeSetting{"distractors.active", true});
    if (sac) engine.Post(run::ChangeSetting{"sac.entropy_bonus", 0.7});
    if (model) engine.Post(run::ChangeSetting{"mb.entropy_bonus", 0.4});
    StepUntilPicked(engine, 5);
    if (model) engine.Post(run::ChangeSetting{"model.steps", 0});
    StepUntilPicked(engine, 7);
    if (model) engine.Post(run::ChangeSetting{"model.steps", 20});
    StepUntilPicked(engine, 8);
    Push(engine);
    StepUntilPicked(engine, 9);
  }
  auto opened = Engine::Open(folder, 0);
  if (!opened.ok()) Fail(opened.error().message);
  opened.value()->Start(false);
  opened.value()->Wait();
  const auto last = opened.value()->Latest();
  if (last->state != RunState::kFinished) Fail("not finished: " + last->stopped_reason);
}

}  // namespace
}  // namespace equipoise

int main(int argc, char** argv) {
  if (argc != 5) equipoise::Fail("TASK AGENT MODE FOLDER");
  equipoise::Script(equipoise::SettingsFor(argv[1], argv[2], argv[3]), argv[4]);
  return 0;
}
