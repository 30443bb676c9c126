// decision_moment.h: everything that a decision was made from, so that it can be made again and imagined from.
//
// Kept: the settings in force, the model's function, every policy with its own normaliser. What the check drew
// follows from seed, episode and mask, what a planner drew from seed, episode and step; the pool of starts follows from
// seed and task, and a checksum says whether it is still the same. Optimisers, critics and experience are not kept:
// nothing can be trained on from here.
//
// Thread   any; values only
// Errors   Load throws FormatError when an entry is absent or of another size
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/agent/agent.h"
#include "engine/base/archive.h"
#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/eps/check.h"
#include "engine/model/world_model.h"
#include "engine/nets/policy.h"
#include "engine/replay/start_pool.h"

namespace equipoise::run {

struct DecisionParts {  // borrowed
  int episode = 0;
  const config::Settings& settings;
  int64_t physics_states = 0, actions = 0;
  int horizon = 0;
  const std::vector<int>& wrapped;                   // states that are angles
  const model::WorldModel* model;                    // null: the agent has none that was trained
  const std::vector<eps::ImaginedPolicy>& policies;  // in order of preference
  const learn::StartPool& starts;
};
void SaveMoment(const DecisionParts& parts, ArchiveWriter& out);

struct DecisionMoment {
  int episode = 0;
  config::Settings settings;
  int64_t physics_states = 0, actions = 0;
  int horizon = 0;
  std::vector<int> wrapped;                  // states that are angles
  const model::WorldModel* model = nullptr;  // null: there was none
  struct Kept {
    eps::Pick id;
    nets::Policy policy;
  };
  std::vector<Kept> policies;  // in order of preference
  uint32_t starts_checksum = 0;
  env::Distractors distractors{env::DistractorSpec{}};
  // As its recipe makes it, with the model and the policies; the rest of it knows nothing.
  struct Made;
  std::shared_ptr<Made> made;
  // Who would act then. Null: nobody of that name.
  agent::Controller* Controller(eps::Pick id) const;

  const agent::Agent& agent() const;  // lives as long as `made`

  // Null: the agent has no such learner.
  const nets::Policy* Find(eps::Pick id) const;
  // The check that decided.
  eps::CheckInputs Check(const learn::StartPool& starts) const;
  const env::Distractors* ActiveDistractors() const { return settings.distractors.active ? &distractors : nullptr; }
};
DecisionMoment LoadMoment(const ArchiveReader& in);

// Of some starts, drawn: another simulator would reset to other bits.
uint32_t Checksum(const learn::StartPool& starts, int64_t physics_states);

}  // namespace equipoise::run
