// An agent on a task from a file, as `equipoise train --task double_integrator` would make it: does it learn what theory
// says can be earned?
#include <gtest/gtest.h>

#include "engine/env/configured_task.h"
#include "engine/env/task_settings.h"
#include "tests/engine/agent/bare_trainer.h"

namespace equipoise::run {
namespace {

// The optimal regulator earns -9.077561 x^2 from rest at x (the Riccati equation), so -0.27233 for x uniform in
// [-0.3, 0.3]; doing nothing earns -50 x^2 = -1.5.
TEST(DoubleIntegratorFromAFile, IsLearnedNearlyAsWellAsTheOptimalRegulatorDoes) {
  constexpr int kEpisodes = 120, kLast = 20;
  const auto settings = env::LoadSettings("double_integrator", "cpu", {{"run.agent", "sac"}, {"run.threads", "1"}});
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  const std::unique_ptr<Trainer> trainer = MakeTrainer(settings.value());
  double sum = 0;
  while (trainer->episodes_picked() < kEpisodes) {
    const EpisodeRecord record = trainer->NextEpisode();
    if (record.episode > kEpisodes - kLast) sum += record.episode_return;
  }
  const double mean = sum / kLast;
  EXPECT_GT(mean, -0.5);  // of a policy that still explores
  EXPECT_LT(mean, -0.1);  // nobody can be better than the optimum but by the luck of the starts
}

}  // namespace
}  // namespace equipoise::run
