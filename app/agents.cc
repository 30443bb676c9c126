// agents.cc: `equipoise agents`: what agents there are, whose idea each is, and what an episode of it costs here.
#include <chrono>
#include <cstdio>
#include <string>

#include "app/commands.h"
#include "app/resolve.h"
#include "engine/agent/recipes.h"
#include "engine/agent/trainer.h"
#include "engine/env/configured_task.h"

namespace equipoise::app {
namespace {

// Seconds.
struct Cost {
  double first = 0;    // from nothing to the first episode that the agent acts, random episodes included
  double episode = 0;  // of a later one: learning, deciding, acting; mean of kTimed
};
constexpr int kTimed = 2;

Result<Cost> Measure(const config::Settings& settings) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  Result<std::unique_ptr<env::Task>> task = env::MakeTask(settings);
  if (!task) return task.error();
  run::Trainer trainer(settings, std::move(task).value(), {});
  Cost cost;
  const Clock::time_point begin = Clock::now();
  while (trainer.episodes_picked() < 1) trainer.NextEpisode();
  cost.first = since(begin);
  const Clock::time_point later = Clock::now();
  while (trainer.episodes_picked() < 1 + kTimed) trainer.NextEpisode();
  cost.episode = since(later) / kTimed;
  return cost;
}

}  // namespace

int PrintAgents(const AgentsOptions& options) {
  config::Settings scratch;  // knows which agents there are
  if (!options.run.agent.empty())
    if (const Status known = config::SetFromText(scratch, "run.agent", options.run.agent); !known)
      return Fail(kUsageError, known.error().message);
  for (const agent::Recipe& recipe : agent::Recipes()) {
    if (!options.run.agent.empty() && options.run.agent != recipe.name) continue;
    std::printf("%-14s %s: %s\n%-14s %s\n", recipe.name, recipe.title, recipe.sentence, "", recipe.source);
    if (*recipe.deviation != '\0') std::printf("%-14s %s\n", "", recipe.deviation);
    if (!options.measure) continue;
    std::fflush(stdout);
    RunOptions run = options.run;
    run.agent = recipe.name;
    const Result<config::Settings> settings = Resolve(run);
    if (!settings) {  // not on this task
      std::printf("%-14s %s\n", "", settings.error().message.c_str());
      continue;
    }
    const Result<Cost> cost = Measure(settings.value());
    if (!cost) {
      std::printf("%-14s %s\n", "", cost.error().message.c_str());
      continue;
    }
    std::printf("%-14s %s, preset %s: %.2f s an episode, %.2f s until the first one is over\n", "",
                settings.value().run.task.c_str(), settings.value().run.preset.c_str(), cost.value().episode,
                cost.value().first);
  }
  return kOk;
}

}  // namespace equipoise::app
