// arbiter.h: who acts in the next episode. An arbiter makes the whole decision: it checks what it needs to know, picks
// one of its candidates and says why.
//
//   Always       the one learner there is. With a model, its return under the masks is predicted.
//   Undominated  the challenger when the model proves it better under every mask, else the preferred one: an absent
//                proof never costs more than the preferred learner's sample efficiency   (Freed et al. 2024, section 4)
//   AtLeastEvery a decorator: its candidate acts in at least one of `eps.force_every` episodes   (A.2.5 there)
//                  forced = at least n-1 episodes picked so far, and none of the last n-1 was its candidate's
//
// What comes first, where several hold: forced > the model was never trained > a policy that is not finite > a mask
// that gave no finite number > proved.
//
// Thread   the trainer's
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/archive.h"
#include "engine/base/team.h"
#include "engine/config/settings.h"
#include "engine/env/distractors.h"
#include "engine/eps/decision.h"
#include "engine/learn/learner.h"
#include "engine/model/world_model.h"
#include "engine/replay/start_pool.h"

namespace equipoise::agent {

struct Candidate {
  const learn::Learner* learner = nullptr;
  eps::Pick pick = eps::Pick::kModelFree;  // how decisions name it
};

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
std::unique_ptr<Arbiter> Undominated(const model::WorldModel& model, Candidate preferred, Candidate challenger);
std::unique_ptr<Arbiter> AtLeastEvery(Candidate forced, std::unique_ptr<Arbiter> inner);

}  // namespace equipoise::agent
