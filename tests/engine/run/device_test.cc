// Whole runs on another device than the hand-written kernels'.
#include <ATen/ATen.h>

#include "engine/inspect/replayer.h"
#include "engine/learn/aten/backend.h"
#include "engine/learn/model_based_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Device : public RunTest {
 protected:
  void SetUp() override {
    RunTest::SetUp();
    learn::RegisterAtenBackends();
  }
  static config::Settings On(const std::string& device) {
    config::Settings s = TinySettings();
    s.run.device = device;
    return s;
  }
};

TEST_F(Device, ARunOnTheReferencePathFollowsTheOtherOneToRounding) {
  for (const char* mode : {"full", "dreamer"}) {
    config::Settings s = On("cpu");
    s.run.episodes = 1;
    s.Of<learn::ModelBasedSettings>().mode = mode;
    const auto want = Finish(MustCreate(s, "").get());
    s.run.device = "reference";
    const auto got = Finish(MustCreate(s, "").get());
    ASSERT_EQ(got->state, RunState::kFinished) << got->stopped_reason;
    EXPECT_EQ(got->info->device_text, "CPU (reference), 1 thread");
    ASSERT_EQ(got->episodes->size(), want->episodes->size());
    const EpisodeRecord &a = *Whole(*want->episodes->back()), &b = *Whole(*got->episodes->back());
    EXPECT_EQ(a.decision.pick, b.decision.pick);
    ASSERT_EQ(a.decision.delta().size(), b.decision.delta().size());
    ASSERT_FALSE(a.decision.delta().empty());
    for (size_t i = 0; i < a.decision.delta().size(); ++i)
      EXPECT_NEAR(b.decision.delta()[i], a.decision.delta()[i], 1e-2 * std::max(1.0, std::abs(a.decision.delta()[i])));
    EXPECT_NEAR(b.episode_return, a.episode_return, 1e-2 * std::max(1.0, std::abs(a.episode_return)));
    EXPECT_EQ(a.gradient_steps, b.gradient_steps);
    ASSERT_EQ(a.scalars.size(), b.scalars.size());
    for (const auto& [name, value] : a.scalars) {
      ASSERT_EQ(b.scalars.count(name), 1u) << name;
      EXPECT_NEAR(b.scalars.at(name), value, 1e-2 * std::max(1.0, std::abs(value))) << name;
    }
  }
}

TEST_F(Device, ARunOnTheReferencePathGoesOnToTheSameBytes) {
  config::Settings s = On("reference");
  s.run.episodes = 4;
  s.run.threads = 2;
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 2;
  Finish(MustCreate(s, Path("parts")).get());
  auto engine = Engine::Open(Path("parts"), 4);
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  Finish(engine.value().get());
  ASSERT_EQ(Episodes(Path("whole")).size(), 6u);
  EXPECT_EQ(Episodes(Path("whole")), Episodes(Path("parts")));
  // A decision is made again where it was made, to the bit.
  auto replayer = Replayer::Open(Path("whole"));
  ASSERT_TRUE(replayer.ok()) << replayer.error().message;
  Reevaluate request;
  request.episode = 3;
  const Reevaluated again = replayer.value()->Do(request);
  EXPECT_TRUE(again.same) << again.problem << again.sentence;
}

TEST_F(Device, AQuitIsHeardInTheMiddleOfAFit) {
  config::Settings s = On("reference");
  s.Of<model::DropoutLstmSettings>().steps = 100000;
  auto engine = MustCreate(s, "");
  engine->Start(false);
  EXPECT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.StageOf("model")->done > 2; }));
  engine->Post(Quit{});
  engine->Wait();
  EXPECT_EQ(engine->Latest()->state, RunState::kStopped);
  EXPECT_EQ(engine->Latest()->stopped_reason, "");
}

TEST_F(Device, CudaWithoutAGpuIsRefusedWithWhatToDo) {
  if (at::hasCUDA()) GTEST_SKIP() << "this machine has a GPU";
  const auto engine = Engine::Create(On("cuda"), "");
  ASSERT_FALSE(engine.ok());
  for (const char* part : {"run.device = \"cuda\"", "no CUDA or finds no GPU", "Set run.device = \"cpu\""})
    EXPECT_NE(engine.error().message.find(part), std::string::npos) << engine.error().message;
}

TEST_F(Device, ADeviceThatTheProgramLacksIsRefusedWithWhatToDo) {
  const auto engine = Engine::Create(On("abacus"), "");
  ASSERT_FALSE(engine.ok());
  EXPECT_NE(engine.error().message.find("run.device = \"abacus\""), std::string::npos) << engine.error().message;
  EXPECT_NE(engine.error().message.find("equipoise-torch"), std::string::npos) << engine.error().message;
}

TEST_F(Device, ARunOnCudaFollowsTheOtherOneToRounding) {
  if (!at::hasCUDA()) GTEST_SKIP() << "this machine has no GPU";
  config::Settings s = On("cpu");
  s.run.episodes = 1;
  const auto want = Finish(MustCreate(s, "").get());
  s.run.device = "cuda";
  const auto got = Finish(MustCreate(s, "").get());
  ASSERT_EQ(got->state, RunState::kFinished) << got->stopped_reason;
  const EpisodeRecord &a = *Whole(*want->episodes->back()), &b = *Whole(*got->episodes->back());
  ASSERT_EQ(a.decision.delta().size(), b.decision.delta().size());
  for (size_t i = 0; i < a.decision.delta().size(); ++i)
    EXPECT_NEAR(b.decision.delta()[i], a.decision.delta()[i], 2e-2 * std::max(1.0, std::abs(a.decision.delta()[i])));
}

}  // namespace
}  // namespace equipoise::run
