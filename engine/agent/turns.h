// turns.h: arbiters of agents that go from one to the next: who acts follows from where the run stands, and nothing is
// held against anything else.
//
//   OnceTrained  one, before the model that another one plans in was fitted; from then on the other
//   InTurn       each of its candidates from an episode on, until the next one's
//
// Thread   the trainer's
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/agent/arbiter.h"

namespace equipoise::agent {

// What is borrowed outlives the arbiter. `before` also acts for a `then` whose numbers are not finite.
std::unique_ptr<Arbiter> OnceTrained(const model::WorldModel& model, Candidate before, Candidate then);

struct Turn {
  std::function<int(const config::Settings&)> from;  // picked episode, from 1; of the first one it does not matter
  Candidate candidate;
};
// Of several that may have begun, the last one in the list acts; for one whose numbers are not finite, the one before it.
std::unique_ptr<Arbiter> InTurn(std::vector<Turn> turns);

}  // namespace equipoise::agent
