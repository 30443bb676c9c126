// A scheduled change is what the same change by hand is, except that nobody steered; and it outlives a stop.
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using ScheduledRun = RunTest;

constexpr char kPlan[] = "3 sac.entropy_bonus=3, 5 eps.masks=9";

TEST_F(ScheduledRun, ComputesWhatTheSameChangesByHandCompute) {
  config::Settings s = TinySettings();
  {  // by hand, at the same boundaries
    auto engine = MustCreate(s, Path("hand"));
    engine->Start(true);
    const auto to = [&engine](size_t episodes) {
      for (size_t done = engine->Latest()->episodes ? engine->Latest()->episodes->size() : 0; done < episodes; ++done) {
        engine->Post(Step{});
        ASSERT_TRUE(WaitFor(*engine, [done](const Snapshot& now) {
          return now.state == RunState::kPaused && now.episodes && now.episodes->size() == done + 1;
        }));
      }
    };
    to(4);  // two of them random
    engine->Post(ChangeSetting{"sac.entropy_bonus", 3.0});
    to(6);
    engine->Post(ChangeSetting{"eps.masks", 9});
    engine->Post(Resume{});
    engine->Wait();
  }
  s.run.schedule = kPlan;
  const auto end = Finish(MustCreate(s, Path("plan")).get());
  const auto hand = Episodes(Path("hand")), plan = Episodes(Path("plan"));
  EXPECT_EQ(plan, hand);
  s.run.schedule.clear();
  Finish(MustCreate(s, Path("none")).get());
  EXPECT_NE(plan, Episodes(Path("none")));

  EXPECT_FALSE(end->steered);
  std::vector<std::string> said;
  for (const auto& event : *end->events)
    if (!event->key.empty()) {
      EXPECT_EQ(event->kind, Event::Kind::kNote);
      said.push_back(event->text);
    }
  EXPECT_EQ(said,
            (std::vector<std::string>{"As scheduled, sac.entropy_bonus went from 0.2 to 3; in force from episode 3.",
                                      "As scheduled, eps.masks went from 6 to 9; in force from episode 5."}));
}

TEST_F(ScheduledRun, GoesOnAsPlannedAfterAStopAtEveryEpisode) {
  config::Settings s = TinySettings();
  s.run.schedule = kPlan;
  Finish(MustCreate(s, Path("whole")).get());
  const auto whole = Episodes(Path("whole"));
  for (int episodes = 1; episodes < s.run.episodes; ++episodes) {
    const std::string folder = Path("cut-" + std::to_string(episodes));
    config::Settings shorter = s;
    shorter.run.episodes = episodes;
    Finish(MustCreate(shorter, folder).get());
    auto engine = Engine::Open(folder, s.run.episodes);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    const auto end = Finish(engine.value().get());
    EXPECT_EQ(Episodes(folder), whole) << "stopped after " << episodes;
    EXPECT_FALSE(end->steered);
  }
}

}  // namespace
}  // namespace equipoise::run
