// planner.h: finds a sequence of actions by asking for the scores of candidates.
//
//   Begin;  then, at steps of an episode in rising order: Find -> plan
//
// What it remembers from one plan to the next (its warm start) ends with the episode. Whatever it draws follows from the
// attempt at the episode, the step and the number of the draw.
//
// Thread   the trainer's
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/random.h"
#include "engine/config/settings.h"
#include "engine/plan/plan_trace.h"
#include "engine/plan/problem.h"

namespace equipoise::plan {

// The random numbers of one plan.
struct PlanDraws {
  uint64_t seed = 0;
  int64_t episode = 0;  // among all of the run, from 0
  int attempt = 0;
  int step = 0;

  Stream NewStream(std::string_view name, int draw = 0) const {
    constexpr uint64_t kDraws = uint64_t{1} << 16;  // of a step, at most
    return Stream(seed, name, static_cast<uint64_t>(episode), static_cast<uint64_t>(attempt),
                  static_cast<uint64_t>(step) * kDraws + static_cast<uint64_t>(draw));
  }
};

struct Plan {
  std::vector<float> knots;  // [K, A]
  bool sound = true;         // false: no candidate had a finite score. Then it is to do nothing
};

class Planner {
 public:
  virtual ~Planner() = default;
  // The section of its settings, the beginning of its streams and numbers: "cem".
  virtual const std::string& id() const = 0;
  // An episode begins, under these settings: nothing is remembered.
  virtual void Begin(const config::Settings& settings) = 0;
  // `trace` receives how it came about.
  virtual Plan Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) = 0;
  // What was planned before no longer fits where the body is: the next plan begins from nothing.
  virtual void Forget() {}
};

// "Nothing can be expected of any of them."
Plan DoNothing(const PlanShape& shape);

}  // namespace equipoise::plan
