// agent.h: an agent as a value: the parts that learn, the order in which they do, and who decides who acts.
//
// Parts are told of changes, edited and saved in their own order. Before every episode the lanes train: the parts of a
// lane one after the other, the lanes beside each other, each part at most once and in one lane.
#pragma once

#include <memory>
#include <vector>

#include "engine/agent/arbiter.h"

namespace equipoise::agent {

struct Agent {
  std::vector<std::unique_ptr<nets::Trainable>> parts;
  std::vector<std::vector<nets::Trainable*>> lanes;
  const model::WorldModel* model = nullptr;  // measured on every new episode, kept with every decision; null: none
  std::vector<Candidate> candidates;         // all that the arbiter may pick, in order of preference
  std::unique_ptr<Arbiter> arbiter;

  template <class Part>
  Part* Add(std::unique_ptr<Part> part) {
    Part* added = part.get();
    parts.push_back(std::move(part));
    return added;
  }
  // Null: nobody is picked by that name.
  Candidate Find(eps::Pick pick) const {
    for (Candidate c : candidates)
      if (PickOf(c) == pick) return c;
    return nullptr;
  }
  nets::PartList Parts() const;
};

}  // namespace equipoise::agent
