// agent.h: an agent as a value: the parts that learn, the order in which they do, who can act, and who decides who
// does.
//
// Parts are told of changes, edited and saved in their own order. Before every episode the lanes train: the parts of a
// lane one after the other, the lanes beside each other, each part at most once and in one lane.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "engine/agent/arbiter.h"
#include "engine/agent/controllers/policy_controller.h"
#include "engine/agent/controllers/uniform_random.h"

namespace equipoise::agent {

struct Agent {
  std::vector<std::unique_ptr<nets::Trainable>> parts;
  std::vector<std::vector<nets::Trainable*>> lanes;
  // A part that learns for a part of the run alone: it is frozen before every episode of which `when` says so.
  struct Rest {
    const nets::Trainable* part;
    std::function<bool(const nets::Standing& now)> when;
  };
  std::vector<Rest> rests;
  model::WorldModel* model = nullptr;  // measured on every new episode, kept with every decision; null: none
  std::unique_ptr<Controller> random = std::make_unique<UniformRandom>();  // acts before anybody has learned
  bool keeps_latents = false;  // some part learns from what was drawn, and how likely it was: it is kept with the run
  std::vector<std::unique_ptr<Controller>> controllers;  // all that the arbiter may pick, in order of preference
  std::unique_ptr<Arbiter> arbiter;
  std::vector<nets::Phase> phases;  // of one whose controllers act in turn, in their order

  template <class Part>
  Part* Add(std::unique_ptr<Part> part) {
    Part* added = part.get();
    parts.push_back(std::move(part));
    return added;
  }
  // Can be picked from now on: less preferred than those before it.
  template <class Kind>
  Kind* Act(std::unique_ptr<Kind> controller) {
    Kind* added = controller.get();
    controllers.push_back(std::move(controller));
    return added;
  }
  PolicyController* Act(const learn::Learner* learner) { return Act(std::make_unique<PolicyController>(*learner)); }
  // Null: nobody is picked by that name.
  Controller* Find(eps::Pick pick) const;
  // Somebody who may be picked plans: what was done can be found again by planning again.
  bool plans() const;
  // Those that learn, then the controllers that act for none of them.
  nets::PartList Parts() const;
};

}  // namespace equipoise::agent
