// Who acts: every rule and what comes first where several hold, as a table; with a world that is known in closed form
// and learners that do nothing.
#include "engine/agent/arbiter.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "engine/agent/controllers/policy_controller.h"
#include "engine/base/check.h"
#include "engine/eps/check_settings.h"
#include "tests/engine/agent/recording_controller.h"
#include "tests/engine/agent/stub_learner.h"
#include "tests/engine/eps/linear_world.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::agent {
namespace {

using eps::Decision;
using eps::Pick;
using eps::Reason;

constexpr int kMasks = 5, kHorizon = 4;

// r = w a, and nothing else: the challenger, which acts +0.5, is better than the preferred one, which acts -0.5,
// exactly under the masks with w > 0.
class World : public test::LinearWorld {
 public:
  explicit World(std::function<float(Stream&)> draw) : LinearWorld(Plain(), std::move(draw)) {}
  bool trained() const override { return is_trained; }
  bool is_trained = true;

 private:
  static test::LinearSystem Plain() {
    test::LinearSystem system;
    system.q[0] = system.q[1] = 0;
    return system;
  }
};

float Better(Stream&) { return 1; }
float Worse(Stream&) { return -1; }
float NotFinite(Stream&) { return NAN; }
// For some masks only; each has a stream of its own.
float Doubtful(Stream& stream) { return stream.Uniform(0.0, 1.0) < 0.5 ? 1.0f : -1.0f; }

class Arbiters : public testing::Test {
 protected:
  Arbiters()
      : free("sac", test::ConstantPolicy(2, {-0.5})),
        based("mb", test::ConstantPolicy(2, {0.5})),
        starts({2.0f, -1.0f}, 2) {
    settings.Of<eps::CheckSettings>().masks = kMasks;
    settings.Of<eps::CheckSettings>().rollouts = 2;
    settings.Of<eps::CheckSettings>().force_every = 0;
  }
  Decision Ask(Arbiter* arbiter, int episode = 1) {
    return arbiter->Choose({settings, starts, nullptr, 2, kHorizon, episode, [](int, int) {}, nullptr});
  }
  std::unique_ptr<Arbiter> Pair(const model::WorldModel& world) {
    return Undominated(world, {&acts_free, &acts_based});
  }

  config::Settings settings;
  test::StubLearner free, based;
  PolicyController acts_free{free}, acts_based{based};
  learn::StartPool starts;
};

TEST_F(Arbiters, TheUndominatedOneActsWhateverElseHolds) {
  struct Case {
    const char* what;
    float (*mask)(Stream&);
    bool trained, free_finite, based_finite, forced;
    Pick pick;
    Reason reason;
    int evaluated;  // masks
  };
  const Case cases[] = {
      {"proved", Better, true, true, true, false, test::Based(), Reason::kProved, kMasks},
      {"disproved", Worse, true, true, true, false, test::Free(), Reason::kNotProved, kMasks},
      {"some masks", Doubtful, true, true, true, false, test::Free(), Reason::kNotProved, kMasks},
      {"no number", NotFinite, true, true, true, false, test::Free(), Reason::kUndecidable, kMasks},
      {"no model", Better, false, true, true, false, test::Free(), Reason::kNoModel, 0},
      {"no model, broken", Better, false, false, true, false, test::Free(), Reason::kNoModel, 0},
      {"preferred broken", Worse, true, false, true, false, test::Based(), Reason::kUndecidable, 0},
      {"challenger broken", Better, true, true, false, false, test::Free(), Reason::kUndecidable, 0},
      {"both broken", Better, true, false, false, false, test::Free(), Reason::kUndecidable, 0},
      {"forced, proved", Better, true, true, true, true, test::Free(), Reason::kForced, kMasks},
      {"forced, no number", NotFinite, true, true, true, true, test::Free(), Reason::kForced, kMasks},
      {"forced, no model", Better, false, true, true, true, test::Free(), Reason::kForced, 0},
      {"forced, challenger broken", Better, true, true, false, true, test::Free(), Reason::kForced, 0},
      {"forced, itself broken", Better, true, false, true, true, test::Based(), Reason::kUndecidable, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    World world(c.mask);
    world.is_trained = c.trained;
    free.is_finite = c.free_finite;
    based.is_finite = c.based_finite;
    settings.Of<eps::CheckSettings>().force_every = c.forced ? 1 : 0;  // in every episode, and never
    const auto arbiter = AtLeastEvery({&acts_free}, Pair(world));
    const Decision d = Ask(arbiter.get());
    EXPECT_EQ(d.pick, c.pick);
    EXPECT_EQ(d.reason, c.reason);
    EXPECT_EQ(d.evaluated, c.evaluated);
    EXPECT_EQ(d.force_every, settings.Of<eps::CheckSettings>().force_every);
  }
}

// Masks that disagree are no accident of the table's stream.
TEST_F(Arbiters, DoubtIsDoubt) {
  World world(Doubtful);
  const Decision d = Ask(Pair(world).get());
  int positive = 0;
  for (double delta : d.delta()) positive += delta > 0 ? 1 : 0;
  EXPECT_GT(positive, 0);
  EXPECT_LT(positive, kMasks);
}

TEST_F(Arbiters, OneInSoManyIsForcedAndNotMore) {
  World world(Better);
  settings.Of<eps::CheckSettings>().force_every = 4;
  const auto arbiter = AtLeastEvery({&acts_free}, Pair(world));
  std::string picks;
  for (int episode = 1; episode <= 9; ++episode) picks += Ask(arbiter.get(), episode).pick == test::Free() ? 'f' : 'b';
  EXPECT_EQ(picks, "bbbfbbbfb");
}

TEST_F(Arbiters, AnEpisodeThatTheForcedOneWonAnywayCounts) {
  World world(Better);
  settings.Of<eps::CheckSettings>().force_every = 3;
  const auto arbiter = AtLeastEvery({&acts_free}, Pair(world));
  std::string picks;
  for (int episode = 1; episode <= 6; ++episode) {
    world.is_trained = episode != 2;
    picks += Ask(arbiter.get(), episode).pick == test::Free() ? 'f' : 'b';
  }
  EXPECT_EQ(picks, "bfbbfb");
}

TEST_F(Arbiters, TheCountGoesThroughASave) {
  World world(Better);
  settings.Of<eps::CheckSettings>().force_every = 3;
  const auto arbiter = AtLeastEvery({&acts_free}, Pair(world));
  Ask(arbiter.get(), 1);
  Ask(arbiter.get(), 2);
  ArchiveWriter out;
  arbiter->Save(out);
  const auto again = AtLeastEvery({&acts_free}, Pair(world));
  const ArchiveReader saved = ArchiveReader::Parse(out.Finish(), "memory").value();
  again->Load(saved);
  EXPECT_EQ(Ask(again.get(), 3).reason, Reason::kForced);
}

TEST_F(Arbiters, AForcedPickCanSaveTheCheck) {
  World world(Better);
  settings.Of<eps::CheckSettings>().force_every = 1;
  settings.Of<eps::CheckSettings>().skip_forced = true;
  const auto arbiter = AtLeastEvery({&acts_free}, Pair(world));
  const Decision skipped = Ask(arbiter.get());
  EXPECT_EQ(skipped.reason, Reason::kForced);
  EXPECT_FALSE(skipped.checked);
  EXPECT_EQ(skipped.evaluated, 0);
  settings.Of<eps::CheckSettings>().skip_forced = false;
  EXPECT_EQ(Ask(arbiter.get(), 2).evaluated, kMasks);
}

TEST_F(Arbiters, OneLearnerAloneIsPickedAndPredictedWhereThereIsAModel) {
  World world(Better);
  settings.log.holdout_masks = 3;
  const auto modelled = Always(&acts_based, &world);
  EXPECT_EQ(modelled->NextWork(settings), 0) << "there is nothing to check";
  Decision d = Ask(modelled.get());
  EXPECT_EQ(d.pick, test::Based());
  EXPECT_EQ(d.reason, Reason::kAlone);
  EXPECT_FALSE(d.checked);
  ASSERT_EQ(test::ReturnsOf(d, test::Based()).size(), 3u);
  EXPECT_NEAR(test::ReturnsOf(d, test::Based())[0], world.Return(0.5, 1, 2, -1, kHorizon), 0.02);
  based.is_finite = false;
  EXPECT_TRUE(Ask(modelled.get()).policies.empty());
  based.is_finite = true;
  world.is_trained = false;
  EXPECT_TRUE(Ask(modelled.get()).policies.empty());

  d = Ask(Always(&acts_free, nullptr).get());
  EXPECT_EQ(d.pick, test::Free());
  EXPECT_EQ(d.reason, Reason::kAlone);
  EXPECT_EQ(d.evaluated, 0);
}

TEST_F(Arbiters, OfSeveralTheFirstThatNoneBeatsActsAndWhoWaitsLongestIsForced) {
  World world(Better);  // the larger action is better under every mask
  test::StubLearner middle("td3", test::ConstantPolicy(2, {0}));
  const PolicyController acts_middle(middle);
  EXPECT_EQ(Ask(Undominated(world, {&acts_free, &acts_middle, &acts_based}).get()).pick, test::Based());
  EXPECT_EQ(Ask(Undominated(world, {&acts_free, &acts_based, &acts_middle}).get()).pick, test::Based());
  EXPECT_EQ(Ask(Undominated(world, {&acts_based, &acts_free, &acts_middle}).get()).reason, Reason::kNotProved);
  middle.is_finite = false;
  free.is_finite = false;
  EXPECT_EQ(Ask(Undominated(world, {&acts_free, &acts_middle, &acts_based}).get()).pick, test::Based())
      << "the first that is finite";
  middle.is_finite = free.is_finite = true;

  settings.Of<eps::CheckSettings>().force_every = 4;
  const auto arbiter =
      AtLeastEvery({&acts_free, &acts_middle}, Undominated(world, {&acts_free, &acts_middle, &acts_based}));
  std::string picks;
  for (int episode = 1; episode <= 9; ++episode) picks += Ask(arbiter.get(), episode).pick.id() + " ";
  EXPECT_EQ(picks, "mb mb mb sac td3 mb mb sac td3 ");
}

// Who cannot be imagined acts, and is forced to act, without a prediction; no check can compare it.
TEST_F(Arbiters, WithoutAPolicyOneActsUnpredictedAndIsRefusedByACheck) {
  World world(Better);
  const test::RecordingController planner("mpc");
  const Decision alone = Ask(Always(&planner, &world).get());
  EXPECT_EQ(alone.pick, Pick::Of("mpc"));
  EXPECT_EQ(alone.reason, Reason::kAlone);
  EXPECT_TRUE(alone.policies.empty());
  EXPECT_EQ(alone.evaluated, 0);

  settings.Of<eps::CheckSettings>().force_every = 2;
  const auto forcing = AtLeastEvery({&planner}, Pair(world));
  std::string picks;
  for (int episode = 1; episode <= 4; ++episode) picks += Ask(forcing.get(), episode).pick.id() + " ";
  EXPECT_EQ(picks, "mb mpc mb mpc ");

  struct Case {
    const char* what;
    std::vector<Candidate> candidates;
    bool refused;
  };
  const Case cases[] = {
      {"both have one", {&acts_free, &acts_based}, false},
      {"the preferred one has none", {&planner, &acts_based}, true},
      {"the challenger has none", {&acts_free, &planner}, true},
      {"one alone", {&acts_free}, true},
      {"nobody", {}, true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    std::string said;
    try {
      Undominated(world, c.candidates);
    } catch (const InternalError& error) {
      said = error.what();
    }
    EXPECT_EQ(!said.empty(), c.refused) << said;
    if (c.candidates.size() > 1 && c.refused) {
      EXPECT_NE(said.find("\"mpc\" has no policy that could be imagined"), std::string::npos) << said;
    }
  }
}

}  // namespace
}  // namespace equipoise::agent
