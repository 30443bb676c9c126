// What a person asks of a running engine: applied at its boundary, pending until then, or refused with the reason.
#include "engine/eps/check_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

using Commands = RunTest;

TEST_F(Commands, PauseHoldsEveryPhaseStillAndResumeGoesOn) {
  config::Settings s = TinySettings();
  s.run.threads = 2;
  s.run.episodes = 1000000;  // more than any machine makes meanwhile
  auto engine = MustCreate(s, "");
  engine->Start(false);
  for (int i = 0; i < 15; ++i) {
    engine->Post(Pause{});
    ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state == RunState::kPaused; }));
    const auto before = engine->Latest();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto after = engine->Latest();
    EXPECT_EQ(before->environment_steps, after->environment_steps);
    EXPECT_LE(after->gradient_steps - before->gradient_steps, 1) << "the step SAC's thread was in";
    engine->Post(Resume{});
    ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state != RunState::kPaused; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(i));  // into another phase
  }
}

TEST_F(Commands, StepsOneEnvironmentStepAtATimeWhileActing) {
  auto engine = MustCreate(TinySettings(), "");
  engine->Start(true);
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state == RunState::kPaused; }));
  for (int64_t i = 1; i <= 5; ++i) {
    engine->Post(Step{Step::Unit::kEnvironmentStep});
    ASSERT_TRUE(WaitFor(*engine, [i](const Snapshot& p) {
      return p.state == RunState::kPaused && p.environment_steps == i;
    })) << i;
    EXPECT_TRUE(engine->Latest()->live.acting);
  }
}

TEST_F(Commands, AChangeWaitsForTheNextEpisodeIsRecordedAndMarksTheRunSteered) {
  auto engine = MustCreate(TinySettings(), Path("run"));
  engine->Start(true);
  engine->Post(ChangeSetting{"eps.masks", 9});
  engine->Post(ChangeSetting{"sac.entropy_bonus", 5.0});
  engine->Post(ChangeSetting{"model.eta", 2.0});
  engine->Post(CancelChange{"model.eta"});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.pending.size() == 2; }));
  EXPECT_EQ(engine->Latest()->settings->Of<eps::CheckSettings>().masks, 6) << "not before its boundary";
  EXPECT_FALSE(engine->Latest()->steered);
  engine->Post(Resume{});
  engine->Wait();
  const auto end = engine->Latest();
  EXPECT_TRUE(end->steered);
  EXPECT_TRUE(end->pending.empty());
  EXPECT_EQ(end->settings->Of<model::DropoutLstmSettings>().eta, 1.0);
  int numbered = 0;
  for (const auto& event : *end->events) {
    if (event->kind == Event::Kind::kIntervention) {
      EXPECT_EQ(event->number, ++numbered);
    }
  }
  EXPECT_EQ(numbered, 2);
  for (const auto& record : *end->episodes) {
    if (record->episode > 0) {
      EXPECT_EQ(record->decision.masks, 9);
    }
  }
  engine.reset();
  const auto history = ReadHistory(Path("run"));
  ASSERT_TRUE(history.ok());
  EXPECT_EQ(history.value().events.size(), 2u);
}

TEST_F(Commands, RefusesWhatCannotBeChangedAndSaysWhy) {
  auto engine = MustCreate(TinySettings(), "");
  engine->Start(true);
  engine->Post(ChangeSetting{"model.hidden", 64});
  engine->Post(ChangeSetting{"model.etta", 1.0});
  engine->Post(ChangeSetting{"model.dropout", 1.5});
  engine->Post(CancelChange{"eps.masks"});
  engine->Post(SetSpeed{-1});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.refused.size() == 5; }));
  const auto refused = engine->Latest()->refused;
  EXPECT_NE(refused[0].find("fixed for the whole run"), std::string::npos);
  EXPECT_NE(refused[1].find("model.eta"), std::string::npos);
  EXPECT_NE(refused[2].find("outside"), std::string::npos);
  EXPECT_TRUE(engine->Latest()->pending.empty());
}

TEST_F(Commands, AnExistingRunFolderIsNotOverwritten) {
  config::Settings s = TinySettings();
  s.run.episodes = 1;
  Finish(MustCreate(s, Path("run")).get());
  const auto again = Engine::Create(s, Path("run"));
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message.find(Path("run")), std::string::npos);
}

}  // namespace
}  // namespace equipoise::run
