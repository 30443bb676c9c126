// action_source.h: who chooses a_t inside the one loop that rolls through a world model (imagination.h).
//
//   GivenActions   actions that stand before the rollout begins: recorded ones, or the sequences of a planner
//   PolicyActions  a policy, from the state that the rollout is in (policy_actions.h)
//
// Shapes   z [rows, S] in the model's normalised units, action [rows, A] in [-1, 1]
// Thread   one rollout at a time
#pragma once

#include <algorithm>
#include <cstdint>

namespace equipoise::model {

class ActionSource {
 public:
  virtual ~ActionSource() = default;
  // Before step 0. `gradients`: Backward may be asked for every step, so all of them are kept.
  virtual void Begin(int64_t rows, int64_t horizon, bool gradients) = 0;
  // Writes a_t. Steps come in order.
  virtual void Act(int64_t t, const float* z, float* action) = 0;
  // Step t backwards, in reverse order: `daction` is dLoss/da_t, `action` what Act wrote. Adds to `dz`, dLoss/dz_t,
  // what the loss owes to the state through the choice: nothing, where the choice does not look at it.
  virtual void Backward(int64_t t, const float* action, const float* daction, float* dz) {
    (void)t, (void)action, (void)daction, (void)dz;
  }
};

class GivenActions : public ActionSource {
 public:
  // `actions` [T, given, width], borrowed for the rollout: row r takes the sequence r % given, so that one sequence
  // serves all rows, and `rows` sequences one each.
  GivenActions(const float* actions, int64_t given, int64_t width) : actions_(actions), given_(given), width_(width) {}
  void Begin(int64_t rows, int64_t, bool) override { rows_ = rows; }
  void Act(int64_t t, const float*, float* action) override {
    const float* now = actions_ + t * given_ * width_;
    for (int64_t r = 0; r < rows_; ++r) std::copy_n(now + r % given_ * width_, width_, action + r * width_);
  }

 private:
  const float* actions_;
  int64_t given_, width_, rows_ = 0;
};

}  // namespace equipoise::model
