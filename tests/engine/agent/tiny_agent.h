// tiny_agent.h: any agent with as little work as there can be.
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/config/section.h"
#include "engine/config/settings.h"

namespace equipoise::test {

// What it sets by itself, then less of everything: by the fields' own names, whichever section they stand in. Behind its
// name there may be settings that make another one of it: "unified eps.bonus=0.5".
inline config::Settings TinyAgent(const std::string& which) {
  std::istringstream in(which);
  std::string agent;
  in >> agent;
  config::Settings s = config::DefaultsOf(agent);
  s.run.task = "cartpole";
  s.run.seed = 7;
  s.run.episodes = 6;
  s.run.random_episodes = 2;
  s.run.threads = 1;
  s.env.horizon = 20;
  s.log.holdout_masks = 4;
  s.log.tensorboard = false;
  const std::vector<std::pair<std::string, std::string>> tiny = {{"hidden", "12"},
                                                                 {"value_hidden", "12"},
                                                                 {"batch", "9"},
                                                                 {"steps", "5"},
                                                                 {"updates_per_step", "0.5"},
                                                                 {"trajectories", "6"},
                                                                 {"masks", "6"},
                                                                 {"rollouts", "3"},
                                                                 {"starts", "6"},
                                                                 {"candidates", "12"},
                                                                 {"elites", "3"},
                                                                 {"members", "3"},
                                                                 {"particles", "2"},
                                                                 {"samples", "12"},
                                                                 {"iterations", "2"},
                                                                 {"epochs", "2"},
                                                                 {"knots", "3"},
                                                                 {"simulations", "12"},
                                                                 {"branches", "8"},
                                                                 {"batch_steps", "40"},
                                                                 {"minibatches", "3"},
                                                                 {"warm_up", "4"},
                                                                 {"model_hidden", "12"},
                                                                 {"latent", "6"},
                                                                 {"clone_at", "3"},
                                                                 {"fine_tune_at", "4"}};
  for (const config::Section* section : config::SectionsOf(agent))
    for (const auto& [name, text] : tiny) {
      const std::string key = section->id + "." + name;
      const config::Spec* spec = config::FindSpec(key);
      using Type = config::Spec::Type;
      if (section->central || spec == nullptr || (spec->type != Type::kInt && spec->type != Type::kReal)) continue;
      EQ_CHECK(config::SetFromText(s, key, text).ok(), key);
    }
  for (std::string setting; in >> setting;) {
    const size_t at = setting.find('=');
    EQ_CHECK(config::SetFromText(s, setting.substr(0, at), setting.substr(at + 1)).ok(), setting);
  }
  const Status valid = config::Validate(s);
  EQ_CHECK(valid.ok(), valid.ok() ? "" : valid.error().message);
  return s;
}

}  // namespace equipoise::test
