// Who chooses the actions of a rollout: the loop is the same, whoever does.
#include "engine/model/action_source.h"

#include <gtest/gtest.h>

#include "engine/model/diagnostics.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

constexpr int64_t kSteps = 6, kRows = 4;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

struct Scene {
  replay::EpisodeBuffer data = test::TinyBuffer(4, kSteps);
  DropoutLstm lstm = test::TinyModel(data, 12, 0.3);
  Belief beliefs = test::DrawMasks(lstm, 2);
  std::vector<float> start = test::Normals(kRows * S, "start"), action_noise = test::Normals(kSteps * kRows * A, "act"),
                     dynamics_noise = test::Normals(kSteps * kRows * S, "dyn");
  ImaginationInputs Inputs() const {
    return {kRows, kSteps, start.data(), nullptr, &beliefs, action_noise.data(), dynamics_noise.data()};
  }
};

nets::Policy SomePolicy() {
  Stream stream(3, "policy");
  return nets::Policy(S, A, 16, 2, 1.0, stream);
}

// What a policy did, given as sequences, leads to the same states, rewards and
// returns.
TEST(ActionSource, GivenSequencesLeadWhereThePolicyThatChoseThemWent) {
  const Scene scene;
  const nets::Policy policy = SomePolicy();
  Imagination chosen(scene.lstm, policy);
  chosen.Run(scene.Inputs(), Keep::kSteps);
  std::vector<float> actions(chosen.action(0), chosen.action(0) + kSteps * kRows * A);
  Imagination given(scene.lstm, std::make_unique<GivenActions>(actions.data(), kRows, A));
  given.Run(scene.Inputs(), Keep::kSteps);
  EXPECT_EQ(given.Returns(), chosen.Returns());
  EXPECT_EQ(std::vector<float>(given.z(0), given.z(0) + (kSteps + 1) * kRows * S),
            std::vector<float>(chosen.z(0), chosen.z(0) + (kSteps + 1) * kRows * S));
  EXPECT_EQ(given.raw_reward(2, 1), chosen.raw_reward(2, 1));
  actions[0] += 0.1f;
  given.Run(scene.Inputs(), Keep::kSteps);
  EXPECT_NE(given.Returns()[0], chosen.Returns()[0]);
  EXPECT_EQ(given.Returns()[1], chosen.Returns()[1]) << "the others' sequences are theirs";
}

TEST(ActionSource, WhatIsKeptChangesNoNumber) {
  const Scene scene;
  const nets::Policy policy = SomePolicy();
  std::vector<std::vector<double>> returns;
  for (const Keep keep : {Keep::kReturns, Keep::kSteps, Keep::kGradients}) {
    Imagination imagination(scene.lstm, policy);
    imagination.Run(scene.Inputs(), keep);
    returns.push_back(imagination.Returns());
  }
  EXPECT_EQ(returns[0], returns[1]);
  EXPECT_EQ(returns[0], returns[2]);
  Imagination light(scene.lstm, policy);
  light.Run(scene.Inputs(), Keep::kSteps);
  std::vector<float> dreward(kSteps * kRows, 1.0f);
  EXPECT_ANY_THROW(light.Backward(nullptr, dreward.data())) << "it kept nothing for gradients";
}

TEST(ActionSource, OneRecordedSequenceServesAllRows) {
  const float recorded[] = {0.1f, 0.2f, 0.3f, 0.4f};  // two steps of two actions
  GivenActions source(recorded, 1, 2);
  source.Begin(3, 2, false);
  std::vector<float> action(6);
  source.Act(1, nullptr, action.data());
  EXPECT_EQ(action, (std::vector<float>{0.3f, 0.4f, 0.3f, 0.4f, 0.3f, 0.4f}));
}

// A source of one's own: a linear feedback, whose gradient through the model
// the loop must carry.
class Feedback : public ActionSource {
 public:
  explicit Feedback(float gain) : gain_(gain) {}
  void Begin(int64_t rows, int64_t horizon, bool) override {
    rows_ = rows;
    seen_.assign(static_cast<size_t>(rows * horizon), 0.0f);
  }
  void Act(int64_t t, const float* z, float* action) override {
    for (int64_t r = 0; r < rows_; ++r) {
      seen_[static_cast<size_t>(t * rows_ + r)] = z[r * S];
      for (int64_t j = 0; j < A; ++j) action[r * A + j] = gain_ * z[r * S];
    }
  }
  void Backward(int64_t t, const float*, const float* daction, float* dz) override {
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t j = 0; j < A; ++j) {
        gradient += daction[r * A + j] * seen_[static_cast<size_t>(t * rows_ + r)];
        dz[r * S] += gain_ * daction[r * A + j];
      }
    }
  }
  double gradient = 0;  // of the loss by the gain

 private:
  const float gain_;
  int64_t rows_ = 0;
  std::vector<float> seen_;
};

TEST(ActionSource, TakesItsPartOfTheGradient) {
  const Scene scene;
  const std::vector<float> dreward(kSteps * kRows, 1.0f);
  const auto loss = [&](double gain) {  // sum of normalised rewards
    Imagination imagination(scene.lstm, std::make_unique<Feedback>(static_cast<float>(gain)));
    imagination.Run(scene.Inputs(), Keep::kSteps);
    double sum = 0;
    for (int64_t t = 0; t < kSteps; ++t)
      for (int64_t r = 0; r < kRows; ++r) sum += imagination.reward(t)[r];
    return sum;
  };
  auto source = std::make_unique<Feedback>(0.3f);
  Feedback* feedback = source.get();
  Imagination imagination(scene.lstm, std::move(source));
  imagination.Run(scene.Inputs(), Keep::kGradients);
  imagination.Backward(nullptr, dreward.data());
  const double h = 1e-2, numeric = (loss(0.3 + h) - loss(0.3 - h)) / (2 * h);
  ASSERT_GT(std::abs(numeric), 0.1);
  EXPECT_NEAR(feedback->gradient, numeric, 0.01 * std::abs(numeric));
}

// r = q z + w a with nothing but the action paid: the return of recorded
// actions in closed form, under each belief.
TEST(RollRecorded, RollsEveryRowUnderItsBeliefFromTheRealStart) {
  test::LinearSystem system;
  system.q[0] = system.q[1] = 0;
  const test::LinearWorld world(system, [](Stream&) { return 1.0f; });
  Belief beliefs;
  beliefs.count = 2;
  beliefs.data = {1.0f, -2.0f};
  const float start[] = {0.5f, -0.5f}, actions[] = {0.5f, 0.25f, -1.0f};
  Stream noise(1, "noise");
  const Imagination rolled = RollRecorded(world, start, actions, 3, 4, beliefs, noise);
  for (int64_t r = 0; r < 4; ++r) {
    EXPECT_EQ(rolled.z(0)[r * 2], 0.5f);
    EXPECT_NEAR(rolled.Returns()[static_cast<size_t>(r)], 3 * 3.0 + 2.0 * (r % 2 == 0 ? 1 : -2) * -0.25, 1e-5);
  }
}

}  // namespace
}  // namespace equipoise::model
