// A hand that pushes the robot: recorded, marked, and made again to the same bytes after an interruption.
#include "engine/record/push.h"

#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Pushing : public RunTest {
 protected:
  static void StepOnce(Engine& engine) {
    const int64_t before = engine.Latest()->environment_steps;
    engine.Post(Step{Step::Unit::kEnvironmentStep});
    ASSERT_TRUE(WaitFor(engine, [before](const Snapshot& p) {
      return p.state == RunState::kPaused && p.environment_steps == before + 1;
    }));
  }
  // In the first random episode: three steps, four with the cart pushed to the right, one after the hand let go.
  static void Push(Engine& engine) {
    engine.Start(true);
    for (int i = 0; i < 3; ++i) StepOnce(engine);
    engine.Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    for (int i = 0; i < 4; ++i) StepOnce(engine);
    EXPECT_EQ(engine.Latest()->live.pushed_body, 1);
    engine.Post(PushBody{});
    StepOnce(engine);
    EXPECT_EQ(engine.Latest()->live.pushed_body, 0);
  }
  static std::vector<std::string> EventLines(const std::string& dir) {
    std::vector<std::string> out;
    const auto lines = store::ReadLines(store::RunPaths(dir).events);
    EXPECT_TRUE(lines.ok());
    for (const std::string& line : lines.value()) out.push_back(WithoutClock(line).value());
    return out;
  }
};

TEST_F(Pushing, IsOneNumberedInterventionWithEverythingThatMakesItAgain) {
  auto engine = MustCreate(TinySettings(), Path("run"));
  Push(*engine);
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return !p.events->empty(); }));
  const auto now = engine->Latest();
  ASSERT_EQ(now->events->size(), 1u);
  const Event& event = *now->events->front();
  EXPECT_TRUE(now->steered);
  EXPECT_EQ(event.kind, Event::Kind::kIntervention);
  EXPECT_EQ(event.number, 1);
  EXPECT_EQ(event.episode, -1) << "the first of two random episodes";
  EXPECT_NE(event.text.find("30 N"), std::string::npos) << event.text;
  const auto strokes = StrokesFromText(event.to);
  ASSERT_TRUE(strokes.ok()) << strokes.error().message;
  ASSERT_EQ(strokes.value().size(), 2u);
  EXPECT_EQ(strokes.value()[0].step, 3);
  EXPECT_EQ(strokes.value()[1].step, 7);
  EXPECT_EQ(InForce(strokes.value(), 0, 2), nullptr);
  ASSERT_NE(InForce(strokes.value(), 0, 6), nullptr);
  EXPECT_EQ(InForce(strokes.value(), 0, 6)->wrench[0], 30.0);
  EXPECT_EQ(InForce(strokes.value(), 0, 7), nullptr);
  EXPECT_EQ(InForce(strokes.value(), 1, 6), nullptr) << "another attempt was not pushed";
}

TEST_F(Pushing, IsMadeAgainWhenTheEpisodeThatWasCutOffIs) {
  const config::Settings s = TinySettings();
  auto whole = MustCreate(s, Path("whole"));
  Push(*whole);
  whole->Post(Resume{});
  whole->Wait();
  {
    auto parts = MustCreate(s, Path("parts"));
    Push(*parts);
    parts->Post(Quit{});
    parts->Wait();
  }
  auto opened = Engine::Open(Path("parts"), 0);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto end = Finish(opened.value().get());
  EXPECT_TRUE(end->steered);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  EXPECT_EQ(EventLines(Path("whole")), EventLines(Path("parts")));
  Finish(MustCreate(s, Path("untouched")).get());
  EXPECT_NE(Episodes(Path("whole")).front(), Episodes(Path("untouched")).front());
}

TEST_F(Pushing, LetsGoWhereTheRunWasQuit) {
  const config::Settings s = TinySettings();
  {
    auto engine = MustCreate(s, Path("run"));
    engine->Start(true);
    StepOnce(*engine);
    engine->Post(PushBody{1, {30.0, 0, 0, 0, 0, 0}});
    for (int i = 0; i < 2; ++i) StepOnce(*engine);
    engine->Post(Quit{});
    engine->Wait();
  }
  auto opened = Engine::Open(Path("run"), 0);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  Finish(opened.value().get());
  const auto history = ReadHistory(Path("run"));
  ASSERT_TRUE(history.ok());
  ASSERT_FALSE(history.value().events.empty());
  EXPECT_EQ(history.value().events[0].to, "0 1 1 30 0 0 0 0 0; 0 3 0 0 0 0 0 0 0");
}

// What lies on the disk at one moment is what a process leaves that is killed there.
TEST_F(Pushing, AHardKillLetsGoWhereItStruckAndTakesNothing) {
  const config::Settings s = TinySettings();
  const auto push_and_hold = [](Engine& engine) {
    Push(engine);  // a whole touch, in the same episode
    engine.Post(PushBody{1, {-50.0, 0, 0, 0, 0, 0}});
    for (int i = 0; i < 2; ++i) StepOnce(engine);
    ASSERT_EQ(engine.Latest()->live.pushed_body, 1);
  };
  auto engine = MustCreate(s, Path("run"));
  push_and_hold(*engine);
  std::filesystem::copy(Path("run"), Path("killed"), std::filesystem::copy_options::recursive);
  engine->Post(Quit{});
  engine->Wait();

  auto opened = Engine::Open(Path("killed"), 0);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_TRUE(Finish(opened.value().get())->steered);
  auto whole = MustCreate(s, Path("whole"));
  push_and_hold(*whole);
  whole->Post(PushBody{});
  whole->Post(Resume{});
  whole->Wait();
  EXPECT_EQ(Episodes(Path("killed")), Episodes(Path("whole")));
  EXPECT_EQ(EventLines(Path("killed")), EventLines(Path("whole")));
}

TEST_F(Pushing, IsRefusedWhenNobodyMovesAndWhenThereIsNoSuchBody) {
  auto engine = MustCreate(TinySettings(), "");
  engine->Start(true);
  engine->Post(PushBody{1, {1.0, 0, 0, 0, 0, 0}});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 1; }));
  StepOnce(*engine);
  engine->Post(PushBody{99, {1.0, 0, 0, 0, 0, 0}});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 2; }));
  engine->Post(PushBody{1, {std::nan(""), 0, 0, 0, 0, 0}});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 3; }));
  EXPECT_FALSE(engine->Latest()->steered);
}

TEST(Stroke, TextThatIsNoPushIsAnError) {
  EXPECT_TRUE(StrokesFromText("").ok());
  EXPECT_FALSE(StrokesFromText("0 1 1 30 0 0").ok());
  EXPECT_FALSE(StrokesFromText("0 1 1 30 0 0 0 0 0 7").ok());
  EXPECT_FALSE(StrokesFromText("0 1 -1 30 0 0 0 0 0").ok());
}

}  // namespace
}  // namespace equipoise::run
