// A steered run made again from its settings, seed and events.
#include "engine/run/rerun.h"

#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/engine/run/accepting_fixture.h"

namespace equipoise::run {
namespace {

class MakingAgain : public Accepting {
 protected:
  static void StepIntoActing(Engine& engine) {
    for (int i = 0; i < 4; ++i) StepOnce(engine);
  }
  static void Push(Engine& engine, double newtons) {
    engine.Post(PushBody{1, {newtons, 0, 0, 0, 0, 0}});
    StepOnce(engine);
    StepOnce(engine);
    engine.Post(PushBody{});
    StepOnce(engine);
  }
  static void GoBack(Engine& engine, const std::string& name) {
    // The newest event may be of an earlier roll back to the same checkpoint; each names a folder of its own.
    const auto newest = [](const Snapshot& p) { return p.events->empty() ? std::string() : p.events->back()->text; };
    const std::string before = newest(*engine.Latest());
    engine.Post(RollBack{name});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return newest(p) != before && p.events->back()->checkpoint == name &&
             newest(p).find("rolled back") != std::string::npos;
    }));
  }
  void ExpectMadeAgain(const std::string& name) const {
    const std::string again = name + "-again";
    {
      auto engine = BeginRerun(Path(name), Path(again));
      ASSERT_TRUE(engine.ok()) << engine.error().message;
      engine.value()->Start(false);
      engine.value()->Wait();
      EXPECT_EQ(engine.value()->Latest()->stopped_reason, "");
    }
    auto compared = CompareRuns(Path(name), Path(again));
    ASSERT_TRUE(compared.ok()) << compared.error().message;
    EXPECT_TRUE(compared.value().same) << compared.value().sentence;
  }
};

TEST_F(MakingAgain, GivesTheSameRunForRandomScripts) {
  const char* wanted = std::getenv("EQUIPOISE_SCRIPTS");
  const int scripts = wanted != nullptr ? std::atoi(wanted) : 20;  // the tenth rolls back twice in a row
  int changes = 0, pushes = 0, backs = 0;
  for (int script = 0; script < scripts; ++script) {
    SCOPED_TRACE("script " + std::to_string(script));
    std::mt19937 random(script);
    const std::string name = "run" + std::to_string(script);
    {
      auto engine = MustCreate(Distractable(), Path(name));
      StartPaused(*engine);
      StepEpisodes(*engine, 2);
      for (int i = 0; i < 6; ++i) {
        switch (i == 0 ? 0 : random() % 5) {
          case 0:
            Change(*engine, "distractors.active", !engine->Latest()->settings->distractors.active);
            break;
          case 1:
            Change(*engine, "eps.masks", static_cast<int>(10 + i));
            break;
          case 2:
            StepIntoActing(*engine);
            Push(*engine, 20.0 + i);
            ++pushes;
            --changes;
            break;
          case 3:
            if (const auto kept = engine->Latest()->kept; !kept.empty()) {
              GoBack(*engine, kept[random() % kept.size()].name);
              ++backs;
            }
            --changes;
            break;
          default:
            --changes;
        }
        ++changes;
        const size_t all = 2 + static_cast<size_t>(engine->Latest()->settings->run.episodes);
        if (random() % 3 == 0 && engine->Latest()->episodes->size() + 1 < all) StepEpisodes(*engine, 1);
      }
      if (random() % 2 == 0) RunOn(*engine);  // or it is left where it stands
    }
    ExpectMadeAgain(name);
  }
  std::printf("%d scripts: %d changes, %d pushes, %d roll backs\n", scripts, changes, pushes, backs);
}

TEST_F(MakingAgain, LeavesWhatIsScheduledToTheSettings) {
  config::Settings s = Distractable();
  s.run.schedule = "2 eps.masks=7, 4 sac.updates_per_step=0";  // frozen
  {
    auto engine = MustCreate(s, Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 4);
    Change(*engine, "model.steps", 0);
    RunOn(*engine);
  }
  ExpectMadeAgain("run");
}

TEST_F(MakingAgain, NamesTheFirstDifference) {
  {
    auto engine = MustCreate(Distractable(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 3);
    Change(*engine, "eps.masks", 9);
    RunOn(*engine);
  }
  ExpectMadeAgain("run");
  Finish(MustCreate(Distractable(), Path("other")).get());
  auto compared = CompareRuns(Path("run"), Path("other"));
  ASSERT_TRUE(compared.ok()) << compared.error().message;
  EXPECT_FALSE(compared.value().same);
  EXPECT_NE(compared.value().sentence.find("episodes.jsonl: record 4 differs in "), std::string::npos)
      << compared.value().sentence;
}

}  // namespace
}  // namespace equipoise::run
