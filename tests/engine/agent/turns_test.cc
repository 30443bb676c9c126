// Who acts where that follows from the stage of the run.
#include "engine/agent/turns.h"

#include <string>

#include <gtest/gtest.h>

#include "engine/agent/controllers/policy_controller.h"
#include "tests/engine/agent/stub_learner.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/plan/function_world.h"

namespace equipoise::agent {
namespace {

using eps::Decision;
using eps::Pick;
using eps::Reason;

class World : public test::FunctionWorld {
 public:
  World() : FunctionWorld(2, 1, [](const double*, const float*, const float*, float, double*) { return 0.0; }) {}
  bool trained() const override { return is_trained; }
  bool is_trained = true;
};

class Turns : public testing::Test {
 protected:
  Turns()
      : free("sac", test::ConstantPolicy(2, {-0.5})),
        based("mb", test::ConstantPolicy(2, {0.5})),
        starts({2.0f, -1.0f}, 2) {}
  Decision Ask(Arbiter* arbiter, int episode = 1) {
    return arbiter->Choose({settings, starts, nullptr, 2, 4, episode, [](int, int) {}, nullptr});
  }
  config::Settings settings;
  test::StubLearner free, based;
  PolicyController acts_free{free}, acts_based{based};
  learn::StartPool starts;
};

TEST_F(Turns, OneActsUntilTheModelOfAnotherIsFitted) {
  World world;
  const auto arbiter = OnceTrained(world, &acts_free, &acts_based);
  EXPECT_EQ(arbiter->NextWork(settings), 0);
  const auto expect = [&](Pick pick, Reason reason) {
    const Decision decision = Ask(arbiter.get());
    EXPECT_EQ(decision.pick, pick);
    EXPECT_EQ(decision.reason, reason);
    EXPECT_EQ(decision.evaluated, 0);
  };
  world.is_trained = false;
  expect(Pick::Of("sac"), Reason::kNoModel);
  world.is_trained = true;
  expect(Pick::Of("mb"), Reason::kAlone);
  based.is_finite = false;
  expect(Pick::Of("sac"), Reason::kUndecidable);
}

TEST_F(Turns, EachActsInItsTurn) {
  int second = 3;
  test::StubLearner last("td3", test::ConstantPolicy(2, {0.1}));
  const PolicyController acts_last(last);
  const auto arbiter = InTurn({{nullptr, &acts_based},
                               {[&](const config::Settings&) { return second; }, &acts_free},
                               {[](const config::Settings&) { return 6; }, &acts_last}});
  const auto who = [&](int episode) { return Ask(arbiter.get(), episode).pick.id(); };
  for (int episode = 1; episode <= 8; ++episode)
    EXPECT_EQ(who(episode), episode < 3 ? "mb" : episode < 6 ? "sac" : "td3") << episode;
  EXPECT_EQ(Ask(arbiter.get(), 4).reason, Reason::kAlone);
  second = 7;
  EXPECT_EQ(who(6), "td3") << "the later one in the list";
  EXPECT_EQ(who(5), "mb");
  last.is_finite = false;
  EXPECT_EQ(who(6), "sac") << "the one before it in the list";
  EXPECT_EQ(Ask(arbiter.get(), 6).reason, Reason::kUndecidable);
  free.is_finite = based.is_finite = false;
  EXPECT_EQ(who(6), "mb") << "somebody has to";
}

}  // namespace
}  // namespace equipoise::agent
