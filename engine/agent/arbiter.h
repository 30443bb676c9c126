// arbiter.h: who acts in the next episode. An arbiter makes the whole decision: it checks what it needs to know, picks
// one of its candidates and says why.
//
//   Always       the one candidate there is. With a model, its return under the masks is predicted where it has a
//   policy. Undominated  the first candidate, in order of preference, that no other one beats under every mask: an
//   absent proof
//                never costs more than the preferred learner's sample efficiency       (Freed et al. 2024, section 4)
//   AtLeastEvery a decorator: each of its candidates acts in at least one of `eps.force_every` episodes (A.2.5 there)
//                  forced = at least n-1 episodes picked so far, and none of the last n-1 was the candidate's;
//                  of several that are due, the one that waits longest
//
// What comes first, where several hold: forced > the model was never trained > a policy that is not finite > a mask
// that gave no finite number > proved.
//
// Thread   the trainer's
// Errors   InternalError when it is made of candidates that it cannot choose from; Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/agent/controller.h"
#include "engine/base/archive.h"
#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/eps/decision.h"
#include "engine/model/world_model.h"
#include "engine/replay/start_pool.h"

namespace equipoise::agent {

// Decisions name it by its id.
using Candidate = const Controller*;

// The moment of a choice.
struct ChoiceInputs {
  const config::Settings& settings;
  const learn::StartPool& starts;
  const env::Distractors* distractors;  // null when they are off
  int64_t physics_states;
  int horizon;
  int episode;                                        // that is decided, from 1
  std::function<void(int done, int total)> progress;  // in masks
  Team* team;
};

class Arbiter {
 public:
  virtual ~Arbiter() = default;
  // All of it but `episode`; remembers the pick.
  virtual eps::Decision Choose(const ChoiceInputs& in) = 0;
  // Masks that its check would evaluate; 0: it has nothing to check.
  virtual int NextWork(const config::Settings& settings) const = 0;
  virtual void Save(ArchiveWriter& out) const = 0;
  virtual void Load(const ArchiveReader& in) = 0;
};

// `model` null: nothing is predicted. What is borrowed outlives the arbiter, here and below.
std::unique_ptr<Arbiter> Always(Candidate only, const model::WorldModel* model);
// At least two, in order of preference, each with a policy that can be imagined.
std::unique_ptr<Arbiter> Undominated(const model::WorldModel& model, std::vector<Candidate> candidates);
std::unique_ptr<Arbiter> AtLeastEvery(std::vector<Candidate> forced, std::unique_ptr<Arbiter> inner);

}  // namespace equipoise::agent
