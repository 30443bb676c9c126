// bare_trainer.h: a trainer without an engine around it: nothing is written, nobody listens.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/agent/trainer.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {

inline std::unique_ptr<Trainer> MakeTrainer(
    const config::Settings& s, std::function<void(const std::string&)> guard = [](const std::string&) {},
    Trainer::MakeAgent make = {}, std::function<void(const std::string&, int, int)> progress = {}) {
  TrainerHooks hooks;
  hooks.progress = std::move(progress);
  hooks.guard = std::move(guard);
  auto task = env::MakeTask(s.run.task, env::AliveBonus::kWhileHealthy);
  EXPECT_TRUE(task.ok());
  return std::make_unique<Trainer>(s, std::move(task).value(), std::move(hooks), std::move(make));
}

}  // namespace equipoise::run
