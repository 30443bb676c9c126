// agent_sample.h: every agent after a few tiny episodes of its own: its stages, decisions, numbers and charts are those
// that it made, the body in the scene is made up.
#pragma once

#include <memory>
#include <string>

#include "engine/agent/recipes.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/agent/tiny_agent.h"
#include "tests/ui/snapshot_builder.h"

namespace equipoise::ui::testing {

inline std::shared_ptr<const run::Snapshot> AgentSample(const std::string& agent) {
  config::Settings settings = test::TinyAgent(agent);
  settings.run.preset = "cpu";
  const auto trainer = run::MakeTrainer(settings);
  auto episodes = std::make_shared<run::List<run::EpisodeSummary>>();
  std::map<std::string, double> scalars;
  int64_t steps = 0;
  while (trainer->episodes_picked() < settings.run.episodes) {
    run::EpisodeRecord record = trainer->NextEpisode();
    steps += settings.env.horizon;
    record.environment_steps = steps;
    record.wall_seconds = 0.1 * static_cast<double>(episodes->size() + 1);
    scalars.insert(record.scalars.begin(), record.scalars.end());
    episodes->push_back(run::Summarised(record));
  }
  SnapshotOptions options;
  options.task = settings.run.task;
  options.agent = agent;
  options.picked = settings.run.episodes;
  options.random = settings.run.random_episodes;
  options.phase = "act";
  auto out = std::make_shared<run::Snapshot>(*BuildSnapshot(options));
  auto info = std::make_shared<run::RunInfo>(*out->info);
  info->name = agent + "-s7";
  info->parts = agent::PartsOf(settings);
  out->info = info;
  out->settings = std::make_shared<config::Settings>(settings);
  out->stages.clear();
  for (const run::Stage& stage : trainer->Stages()) {
    run::StageProgress progress(stage);
    progress.active = stage.id == run::kActStage;
    progress.done = progress.active ? stage.total / 2 : stage.total;
    progress.seconds = 0.1;
    out->stages.push_back(std::move(progress));
  }
  out->episodes = episodes;
  out->decision = run::WholeDecision(*episodes->back());
  auto trace = std::make_shared<run::EpisodeTrace>(*out->trace);
  trace->pick = episodes->back()->decision.pick;
  trace->reason = episodes->back()->decision.reason;
  out->trace = out->live.trace = trace;
  out->events = std::make_shared<run::List<run::Event>>();
  out->pending.clear();
  out->scalars = scalars;
  out->environment_steps = steps;
  out->wall_seconds = episodes->back()->wall_seconds;
  return out;
}

}  // namespace equipoise::ui::testing
