// agents.cc: `equipoise agents`: what agents there are, whose idea each is, and what an episode of it costs here.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
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
  int width = 0;  // of the names
  for (const agent::Recipe& recipe : agent::Recipes())
    width = std::max(width, static_cast<int>(std::strlen(recipe.name)));
  const auto say = [width](const char* name, const std::string& text) {
    std::printf("%-*s %s\n", width, name, text.c_str());
  };
  for (const agent::Recipe& recipe : agent::Recipes()) {
    if (!options.run.agent.empty() && options.run.agent != recipe.name) continue;
    say(recipe.name, std::string(recipe.title) + ": " + recipe.sentence);
    say("", recipe.source);
    if (*recipe.deviation != '\0') say("", recipe.deviation);
    if (!options.measure) continue;
    std::fflush(stdout);
    RunOptions run = options.run;
    run.agent = recipe.name;
    const Result<config::Settings> settings = Resolve(run);
    if (!settings) {  // not on this task
      say("", settings.error().message);
      continue;
    }
    const Result<Cost> cost = Measure(settings.value());
    if (!cost) {
      say("", cost.error().message);
      continue;
    }
    char times[128];
    std::snprintf(times, sizeof times, "%.2f s an episode, %.2f s until the first one is over", cost.value().episode,
                  cost.value().first);
    say("", settings.value().run.task + ", preset " + settings.value().run.preset + ": " + times);
  }
  return kOk;
}

}  // namespace equipoise::app
