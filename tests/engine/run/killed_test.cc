// A run that is killed at any moment goes on with everything that had been acknowledged.
#include <atomic>
#include <set>

#include "tests/engine/disk_moments.h"
#include "tests/engine/run/accepting_fixture.h"

namespace equipoise::run {
namespace {

// Things done one after the other. A run that is killed goes on as one in which only the first so many were done: at
// least all that had been acknowledged.
class KilledAtEveryMoment : public Accepting {
 protected:
  static constexpr int kDeeds = 10;

  // Does the first `deeds` of them and leaves the run paused; says of each when it is acknowledged.
  static void Do(Engine& engine, int deeds, std::atomic<int>* acknowledged) {
    int done = 0;
    const auto told = [&] { acknowledged->store(++done); };
    StartPaused(engine);
    StepOnce(engine);
    if (deeds > 0) engine.Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    for (int i = 0; i < 3; ++i) {
      if (done == deeds) engine.Post(PushBody{});
      StepOnce(engine);
      if (done < deeds) told();
    }
    engine.Post(PushBody{});
    StepOnce(engine);
    if (done < deeds) Change(engine, "eps.masks", 5), told();  // in the middle of a random episode
    StepEpisodes(engine, 3);
    if (done < deeds) Change(engine, "sac.entropy_bonus", 3.0), told();  // between two episodes
    if (done < deeds) Change(engine, "model.eta", 2.0), told();
    StepIntoEpisode(engine);
    if (done < deeds) Change(engine, "eps.rollouts", 2), told();  // in the middle of one that learns
    if (done < deeds) Cancel(engine, "eps.rollouts"), told();
    if (done < deeds) Change(engine, "eps.masks", 7), told();
    if (done < deeds) {
      engine.Post(RollBack{"before-3"});
      ASSERT_TRUE(WaitFor(engine, [](const Snapshot& p) {
        return !p.events->empty() && p.events->back()->text.find("rolled back") != std::string::npos;
      }));
      told();
    }
  }
};

TEST_F(KilledAtEveryMoment, GoesOnWithEverythingThatWasAccepted) {
  config::Settings s = Small();
  s.run.episodes = 3;
  s.log.moments = 0;
  std::vector<std::vector<std::string>> episodes, events;
  std::atomic<int> acknowledged{0};
  for (int deeds = 0; deeds <= kDeeds; ++deeds) {
    const std::string dir = Path("first-" + std::to_string(deeds));
    auto engine = MustCreate(s, dir);
    Do(*engine, deeds, &acknowledged);
    ASSERT_FALSE(HasFatalFailure());
    RunOn(*engine);
    engine.reset();
    episodes.push_back(Episodes(dir));
    events.push_back(Events(dir));
  }
  std::vector<int> told;  // at each kill
  acknowledged = 0;
  {
    auto engine = MustCreate(s, Path("killed"));
    const testing_support::DiskMoments moments([&] {
      fs::copy(Path("killed"), Path("killed-" + std::to_string(told.size())), fs::copy_options::recursive);
      told.push_back(acknowledged);
    });
    Do(*engine, kDeeds, &acknowledged);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(told.size(), 60u);
  int deeds = 0;
  std::set<int> seen;
  for (size_t k = 0; k < told.size(); ++k) {
    const std::string dir = Path("killed-" + std::to_string(k));
    for (size_t i = 0; i < 2 && k % 5 == 0; ++i) MustOpen(dir);  // a look at it loses nothing
    const auto end = Finish(MustOpen(dir).get());
    ASSERT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
    const auto now_episodes = Episodes(dir), now_events = Events(dir);
    deeds = std::max(deeds, told[k]);
    while (deeds <= kDeeds && (now_episodes != episodes[deeds] || now_events != events[deeds])) ++deeds;
    ASSERT_LE(deeds, kDeeds) << "killed at moment " << k << ", when " << told[k] << " were acknowledged";
    EXPECT_EQ(end->steered, deeds > 0) << k;
    seen.insert(deeds);
    fs::remove_all(dir);
  }
  EXPECT_EQ(seen.size(), kDeeds + 1u);
}

}  // namespace
}  // namespace equipoise::run
