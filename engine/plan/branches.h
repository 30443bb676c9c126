// branches.h: states that a search may go on from, again and again and each time with other actions.
//
// A state is a number: 0 is where the body is now, the others are those that Advance made. What they are lies with the
// branches, for as long as these live.
//
// Units    rewards raw
// Thread   one at a time
// Errors   Interrupted out of PollInterrupt
#pragma once

#include <cstdint>
#include <vector>

namespace equipoise::plan {

class Branches {
 public:
  struct Reached {
    int64_t state = 0;
    double reward = 0;  // sum over the steps; NaN where there is none
  };

  virtual ~Branches() = default;
  // `steps` times the same action.
  virtual Reached Advance(int64_t from, const float* action, int64_t steps) = 0;
  // One behind the other: actions [n, A], each for so many steps as `steps` [n] says. The sum of all rewards; nothing is
  // kept.
  virtual double Roll(int64_t from, const std::vector<float>& actions, const std::vector<int64_t>& steps) = 0;
  // Reality will lead to the very states that were made here, so that a search can go on where it was.
  virtual bool exact() const = 0;
};

}  // namespace equipoise::plan
