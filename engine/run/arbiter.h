// arbiter.h: who acts in the next episode.
//
// Unified RL: the model-based policy when it is proved better under every mask, else SAC; at least one model-free
// episode in `force_every` (Freed et al. 2024, A.2.5). The agents with one learner are the same parts under an
// arbiter that always picks it.
//
//   forced = at least n-1 episodes picked so far and none of the last n-1 was model-free
//   choice = forced ? model-free : proved ? model-based : model-free
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/archive.h"
#include "engine/eps/decision.h"

namespace equipoise::run {

struct PolicyStanding {
  bool model_trained = true;
  bool model_based_finite = true, model_free_finite = true;
};

class Arbiter {
 public:
  virtual ~Arbiter() = default;
  virtual bool NeedsCheck() const = 0;
  // Would the next pick be forced, whatever the check says?
  virtual bool WillForce(int force_every) const = 0;
  // Fills pick and reason from what the check found, and remembers the pick.
  virtual void Decide(int force_every, const PolicyStanding& standing, eps::Decision* decision) = 0;
  virtual void Save(ArchiveWriter& out) const = 0;
  virtual void Load(const ArchiveReader& in) = 0;
};

// `agent`: "unified", "sac" or "mbrl".
std::unique_ptr<Arbiter> MakeArbiter(const std::string& agent);

}  // namespace equipoise::run
