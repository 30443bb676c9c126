// Planning, imitating the planner, learning on without a model: who acts when, and what is copied.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/agent/controllers/planning_expert.h"
#include "engine/base/archive.h"
#include "engine/plan/cem.h"
#include "engine/plan/shooting.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/plan/function_world.h"

namespace equipoise::run {
namespace {

config::Settings Small() {
  config::Settings s = config::DefaultsOf("mb-mf");
  s.run.task = "cartpole";
  s.run.seed = 7;
  s.run.random_episodes = 2;
  s.run.threads = 1;
  s.env.horizon = 20;
  const std::pair<const char*, config::Value> few[] = {
      {"mlp.hidden", 12},     {"mlp.steps", 6},         {"mpc.knots", 3},        {"cem.candidates", 9},
      {"cem.elites", 3},      {"cem.iterations", 2},    {"clone.epochs", 2},     {"ppo.hidden", 12},
      {"mbmf.clone_at", 3},   {"mbmf.fine_tune_at", 5}, {"ppo.batch_steps", 40}, {"ppo.epochs", 2},
      {"ppo.minibatches", 2}, {"ppo.value_first", 1}};
  for (const auto& [key, value] : few) test::Put(&s, key, value);
  return s;
}

ArchiveReader Saved(const Trainer& trainer) {
  ArchiveWriter out;
  trainer.Save(out);
  auto in = ArchiveReader::Parse(out.Finish(), "state");
  EXPECT_TRUE(in.ok());
  return std::move(in).value();
}

TEST(Imitation, EachPhaseBeginsAtItsEpisodeWithWhatTheOneBeforeLeft) {
  const config::Settings s = Small();
  auto trainer = MakeTrainer(s);
  while (!trainer->learning()) trainer->NextEpisode();
  std::vector<std::string> acted, said;
  std::vector<float> clone, model;
  for (int episode = 1; episode <= 8; ++episode) {
    const std::vector<Stage> stages = trainer->Stages();
    const auto clones =
        std::find_if(stages.begin(), stages.end(), [](const Stage& stage) { return stage.id == "clone"; });
    ASSERT_NE(clones, stages.end());
    EXPECT_EQ(clones->waits, episode == 1 ? "0 of 2 episodes" : episode == 2 ? "1 of 2 episodes" : "");
    const EpisodeRecord record = trainer->NextEpisode();
    acted.push_back(record.decision.pick.id());
    said.push_back(eps::Sentence(record.decision, trainer->parts()));
    const ArchiveReader now = Saved(*trainer);
    const bool plans = episode < 3;
    EXPECT_EQ(now.Floats("clone.policy.net") == clone, episode == 2 || episode > 5) << episode;
    clone = now.Floats("clone.policy.net");
    // The model that the planner acted in, and labels in.
    EXPECT_EQ(now.Floats("mlp.net0") == model, !plans) << episode;
    model = now.Floats("mlp.net0");
    // Its own episodes are labelled, the planner's are theirs already: 2 of them, then 1 and 2.
    EXPECT_EQ(now.Count("clone.labels"), static_cast<size_t>(20 * (plans ? 0 : std::min(4, episode - 1)))) << episode;
    EXPECT_EQ(record.scalars.count("clone.disagreement"), episode == 4 || episode == 5 ? 1u : 0u) << episode;
    // PPO has what the clone has, but for its spread, until it has learned something.
    const std::vector<float> policy = now.Floats("ppo.policy.net");
    const std::vector<float> without(policy.begin(), policy.end() - 1);
    const bool same = without == std::vector<float>(clone.begin(), clone.end() - 1);
    EXPECT_EQ(same, episode <= 6) << episode;
    if (episode == 5) {
      EXPECT_NEAR(std::log1p(std::exp(policy.back())) + 1e-3, 0.5, 1e-5) << "its spread begins anew";
    }
    EXPECT_EQ(now.Floats("ppo.policy.mean") == now.Floats("clone.policy.mean"), episode <= 6) << episode;
    EXPECT_EQ(now.Int("ppo.batches"), episode < 7 ? 0 : 1) << "of two episodes";
    EXPECT_EQ(record.decision.reason, eps::Reason::kAlone);
    // Stopped after every episode: whose turn it is, and all that they know, goes on.
    std::vector<std::string> blocks;
    for (int64_t i = 0; i < trainer->data().size(); ++i) blocks.push_back(trainer->EpisodeBlock(i));
    auto next = MakeTrainer(trainer->settings());
    next->Load(now, blocks);
    trainer = std::move(next);
  }
  EXPECT_EQ(acted, (std::vector<std::string>{"mpc", "mpc", "clone", "clone", "ppo", "ppo", "ppo", "ppo"}));
  EXPECT_EQ(said[1], "Phase 1 of 3, planning: the planner acts.");
  EXPECT_EQ(said[3], "Phase 2 of 3, imitation: the clone acts.");
  EXPECT_EQ(said[4], "Phase 3 of 3, fine-tuning: PPO acts.");
}

TEST(Imitation, ItsModelIsFittedOnceAtLeastAndAgainWherePlanningIsMadeLonger) {
  config::Settings s = Small();
  test::Put(&s, "mbmf.clone_at", 1);
  auto trainer = MakeTrainer(s);
  while (!trainer->learning()) trainer->NextEpisode();
  const auto fitted = [&] { return trainer->NextEpisode().scalars.count("mlp.train_error"); };
  EXPECT_EQ(fitted(), 1u) << "or there would be nothing to label by";
  EXPECT_EQ(fitted(), 0u);
  trainer->Apply("mbmf.clone_at", 5);
  EXPECT_EQ(fitted(), 1u);
  EXPECT_EQ(fitted(), 1u);
  EXPECT_EQ(fitted(), 0u);
}

TEST(Imitation, ItsPhasesAreKnownWithoutMakingIt) {
  const nets::PartList parts = agent::PartsOf("mb-mf");
  ASSERT_EQ(parts.phases().size(), 3u);
  for (const nets::Phase& phase : parts.phases()) EXPECT_NE(parts.Find(phase.actor), nullptr) << phase.actor;
  EXPECT_EQ(parts.PhaseOf("clone"), "imitation");
  EXPECT_EQ(parts.PhaseOf("random"), "");
  const auto made = MakeTrainer(Small());
  ASSERT_EQ(made->parts().phases().size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(made->parts().phases()[i].name, parts.phases()[i].name);
  const nets::PartList unified = agent::PartsOf("unified");
  EXPECT_TRUE(unified.phases().empty());
  config::Settings s = Small();
  test::Put(&s, "mpc.model", std::string("simulator"));
  EXPECT_FALSE(config::Validate(s).ok()) << "it cannot go back to where the clone has been";
}

}  // namespace
}  // namespace equipoise::run

namespace equipoise::agent {
namespace {

config::Settings OneStepAhead() {
  config::Settings s;
  MpcSettings& mpc = s.Of<MpcSettings>();
  mpc.knots = 1;
  mpc.replan = 1;
  return s;
}

test::FunctionWorld Line() {
  return test::FunctionWorld(1, 1, [](const double* s, const float* a, const float*, float, double* next) {
    next[0] = 0.9 * s[0] + 0.5 * a[0];
    return -(next[0] * next[0]);
  });
}

// Of one candidate there is nothing to choose: the actions are the ones drawn.
TEST(PlanningExpert, WithOneCandidateTheFirstActionDrawnIsActed) {
  const test::FunctionWorld world = Line();
  config::Settings s = OneStepAhead();
  s.Of<MpcSettings>().knots = 4;
  s.Of<plan::ShootingSettings>().candidates = 1;
  MpcController controller(world, nullptr, std::make_unique<plan::Shooting>());
  EpisodeStart start{7, 3, 0, 10, 1, 1};
  start.settings = &s;
  controller.Begin(start);
  for (int t = 0; t < 3; ++t) {
    const float seen = 0.2f;
    const ActResult did = controller.Act({t, &seen});
    float drawn = 0;
    plan::PlanDraws{7, 3, 0, t}.NewStream("shooting.sample").Uniform(&drawn, 1);
    EXPECT_EQ(did.action, std::vector<float>{2 * drawn - 1}) << t;
    controller.Observe({t, &seen, did.action.data(), 0.0, &seen});
  }
}

TEST(PlanningExpert, LabelsEveryVisitedStateAsItWouldActThere) {
  const test::FunctionWorld world = Line();
  config::Settings s = OneStepAhead();
  MpcSettings& mpc = s.Of<MpcSettings>();
  plan::CemSettings& cem = s.Of<plan::CemSettings>();
  cem.candidates = 200;
  cem.elites = 10;
  cem.iterations = 8;
  replay::EpisodeBuffer data(1, 1, 10, {}, 3);
  replay::Episode episode;
  for (int t = 0; t <= 10; ++t) episode.states.push_back(0.4f - 0.07f * static_cast<float>(t));
  episode.actions.assign(10, 0.1f);
  episode.rewards.assign(10, 0.0f);
  data.Append(std::move(episode));
  PlanningExpert expert(std::make_unique<MpcController>(world, nullptr, std::make_unique<plan::Cem>()));
  int64_t steps = 0;
  const nets::TrainInputs in{data, s, 1, 0, [](int, int) {}};
  const std::vector<float> labels = expert.Label(in, 0, [&](int64_t t) { EXPECT_EQ(t, ++steps); });
  ASSERT_EQ(labels.size(), 10u);
  EXPECT_EQ(steps, 10);
  // The best action makes the next state 0.
  for (size_t t = 0; t < 10; ++t) EXPECT_NEAR(labels[t], -1.8 * (0.4 - 0.07 * static_cast<double>(t)), 0.05) << t;
  EXPECT_EQ(expert.Label(in, 0, [](int64_t) {}), labels) << "asked again it says the same";
  mpc.replan = 5;
  mpc.hold = 5;
  const std::vector<float> again = expert.Label(in, 0, [](int64_t) {});
  std::vector<float> sorted = again;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()) - sorted.begin(), 10)
      << "planned anew at every step all the same";
}

}  // namespace
}  // namespace equipoise::agent
