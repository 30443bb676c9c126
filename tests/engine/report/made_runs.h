// made_runs.h: run folders with returns of one's choice, as a run leaves them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/config/config_file.h"
#include "engine/record/records.h"
#include "engine/store/run_folder.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::testing_support {

struct MadeRun {
  std::string task = "cartpole", agent = "unified";
  int seed = 0;
  int wanted = 20;                    // episodes, as its settings say
  std::vector<double> returns;        // as many as it has
  std::vector<bool> model_free = {};  // default: all
  store::RunCondition condition = store::RunCondition::kFinished;
  bool steered = false;
  std::string reason = "";
  config::Overrides set = {};
};

inline config::Settings SettingsOf(const MadeRun& run) {
  config::Settings settings = config::DefaultsOf(run.agent);
  settings.run.task = run.task;
  settings.run.agent = run.agent;
  settings.run.preset = "cpu";
  settings.run.seed = run.seed;
  settings.run.episodes = run.wanted;
  for (const auto& [key, value] : run.set) EXPECT_TRUE(config::SetFromText(settings, key, value).ok()) << key;
  return settings;
}

inline void Make(const std::string& folder, const MadeRun& run) {
  store::RunDescription description;
  description.version = "0.1.0";
  description.task = run.task;
  description.agent = run.agent;
  description.preset = "cpu";
  description.seed = run.seed;
  description.settings_json = config::ToJson(SettingsOf(run));
  description.device = "cpu";
  auto made = store::RunFolder::Create(folder, description, {run::ProgressColumns({}, {}), false, {}, {}});
  ASSERT_TRUE(made.ok()) << made.error().message;
  store::RunFolder store = std::move(made).value();
  for (size_t i = 0; i < run.returns.size(); ++i) {
    run::EpisodeRecord record;
    record.episode = record.decision.episode = static_cast<int>(i) + 1;
    const bool free = run.model_free.empty() || run.model_free[i];
    record.decision.pick = free ? test::Free() : test::Based();
    record.episode_return = run.returns[i];
    ASSERT_TRUE(run::Log(&store, record).ok());
  }
  ASSERT_TRUE(store.SetCondition(run.condition, run.steered, run.reason).ok());
}

}  // namespace equipoise::testing_support
