// Runs of agents that plan: the same bytes however they are computed, stopped and pushed, and planned again from what
// was kept.
#include <filesystem>
#include <set>

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/agent/recipes.h"
#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/config/section.h"
#include "engine/inspect/replayer.h"
#include "engine/plan/planners.h"
#include "engine/plan/uct.h"
#include "engine/store/decision_files.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

// The first agent that plans with this one by itself; "mpc", which may take any that needs no policy.
std::string AgentOf(const std::string& planner) {
  for (const agent::Recipe& recipe : agent::Recipes())
    if (plan::PlannerOf(planner).by_policy &&
        config::DefaultsOf(recipe.name).Of<agent::MpcSettings>().planner == planner)
      return recipe.name;
  return "mpc";
}
// Two that it may plan in: one that remembers and one that nothing is learned of, where it can.
std::vector<std::string> ModelsOf(const plan::PlannerKind& planner) {
  if (planner.by_gradients) return {"mlp", "ensemble"};
  return {"model", "simulator"};
}

config::Settings Small(const std::string& planner, const std::string& model, const std::string& agent) {
  config::Settings s = TinySettings();
  const config::Settings own = config::DefaultsOf(agent);
  s.run.agent = agent;
  s.run.episodes = 3;
  agent::MpcSettings& mpc = s.Of<agent::MpcSettings>() = own.Of<agent::MpcSettings>();
  mpc.planner = planner;
  mpc.model = model;
  mpc.knots = 4;
  mpc.hold = plan::PlannerOf(planner).by_policy ? 1 : 2;
  mpc.particles = 2;
  if (mpc.replan > 0) mpc.replan = 2;
  const std::pair<const char*, int> few[] = {
      {"shooting.candidates", 9}, {"cem.candidates", 9},   {"cem.elites", 3},     {"cem.iterations", 2},
      {"mppi.candidates", 9},     {"uct.simulations", 12}, {"mix.candidates", 9}, {"mlp.hidden", 12},
      {"mlp.steps", 6},           {"ensemble.hidden", 12}, {"ensemble.steps", 6}, {"ensemble.members", 2}};
  for (const auto& [key, value] : few) test::Put(&s, key, value);
  return s;
}
config::Settings Small(const std::string& planner, const std::string& model) {
  return Small(planner, model, AgentOf(planner));
}

class Planning : public RunTest {};

TEST_F(Planning, EveryPlannerGivesTheSameBytesWithAnyNumberOfThreadsInAnyModel) {
  for (const plan::PlannerKind& planner : plan::Planners()) {
    for (const std::string& model : ModelsOf(planner)) {
      SCOPED_TRACE(planner.id + " in " + model);
      config::Settings s = Small(planner.id, model);
      std::vector<std::string> first;
      for (const int threads : {1, 2}) {
        s.run.threads = threads;
        const std::string name = planner.id + model + std::to_string(threads);
        const auto end = Finish(MustCreate(s, Path(name)).get());
        ASSERT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
        if (threads == 1) first = Episodes(Path(name));
        EXPECT_EQ(Episodes(Path(name)), first);
        ASSERT_NE(end->live.plan, nullptr);
        EXPECT_EQ(end->live.plan->planner, planner.id);
        const EpisodeSummary& last = *end->episodes->back();
        EXPECT_EQ(last.decision.pick.id(), "mpc");
        EXPECT_EQ(last.decision.reason, eps::Reason::kAlone);
        for (const std::string& name_of : end->info->parts.Find("mpc")->scalars(&s))
          EXPECT_NE(last.scalars.Find(name_of), nullptr) << name_of;
      }
      s.run.seed = 8;
      Finish(MustCreate(s, Path(planner.id + model + "other")).get());
      EXPECT_NE(Episodes(Path(planner.id + model + "other")), first);
    }
  }
}

TEST_F(Planning, AnInterruptedRunGoesOnWithTheSameBytes) {
  for (const char* model : {"model", "simulator"}) {
    config::Settings s = Small("cem", model);
    Finish(MustCreate(s, Path(std::string("whole") + model)).get());
    s.run.episodes = 1;
    const std::string parts = Path(std::string("parts") + model);
    Finish(MustCreate(s, parts).get());
    for (int n = 2; n <= 3; ++n) {
      auto engine = Engine::Open(parts, n);
      ASSERT_TRUE(engine.ok()) << engine.error().message;
      Finish(engine.value().get());
    }
    EXPECT_EQ(Episodes(parts), Episodes(Path(std::string("whole") + model)));
  }
}

TEST_F(Planning, DistractorsComeAndGoWithoutChangingWhatTheSimulatorPlans) {
  config::Settings s = Small("cem", "simulator");
  const auto actions = [&](const std::string& name, bool distracted) {
    auto engine = MustCreate(s, Path(name));
    if (distracted) engine->Post(ChangeSetting{"distractors.active", true});
    const auto end = Finish(engine.get());
    EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
    return end->trace->ctrl;
  };
  EXPECT_EQ(actions("with", true), actions("without", false));
  s = Small("cem", "model");
  auto engine = MustCreate(s, Path("model"));
  engine->Post(ChangeSetting{"distractors.active", true});
  EXPECT_EQ(Finish(engine.get())->state, RunState::kFinished);
}

// With a hand that pushes in mid-episode: what was acted is planned again to the bit, push and all.
TEST_F(Planning, EveryEpisodeIsPlannedAgainToTheBit) {
  for (const plan::PlannerKind& planner : plan::Planners()) {
    for (const std::string& model : ModelsOf(planner)) {
      SCOPED_TRACE(planner.id + " in " + model);
      const std::string dir = Path(planner.id + model);
      auto engine = MustCreate(Small(planner.id, model), dir);
      engine->Start(true);
      const auto step = [&] {
        const int64_t before = engine->Latest()->environment_steps;
        engine->Post(Step{Step::Unit::kEnvironmentStep});
        return WaitFor(*engine, [before](const Snapshot& p) {
          return p.state == RunState::kPaused && p.environment_steps == before + 1;
        });
      };
      ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state == RunState::kPaused; }));
      for (int i = 0; i < 2; ++i) {
        engine->Post(Step{Step::Unit::kEpisode});
        ASSERT_TRUE(WaitFor(*engine,
                            [i](const Snapshot& p) { return p.state == RunState::kPaused && p.random_done == i + 1; }));
      }
      for (int i = 0; i < 5; ++i) ASSERT_TRUE(step());
      engine->Post(PushBody{1, {20.0, 0, 0, 0, 0, 0}});
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(step());
      engine->Post(PushBody{});
      engine->Post(Resume{});
      engine->Wait();
      EXPECT_EQ(engine->Latest()->state, RunState::kFinished);
      auto replayer = Replayer::Open(dir);
      ASSERT_TRUE(replayer.ok()) << replayer.error().message;
      for (int episode = 1; episode <= 3; ++episode) {
        const Reevaluated again = replayer.value()->Do(Reevaluate{episode});
        EXPECT_EQ(again.problem, "");
        EXPECT_TRUE(again.planned);
        EXPECT_TRUE(again.same) << again.sentence;
        EXPECT_EQ(again.sentence, "Planned again: all 20 actions of episode " + std::to_string(episode) +
                                      " came out again, to the bit.");
      }
      const Imagined imagined = replayer.value()->Do(Imagine{3, std::nullopt, {0}, 1});
      EXPECT_EQ(imagined.problem == "", model != "simulator") << imagined.problem;
    }
  }
}

TEST_F(Planning, OtherActionsThanThoseThatWereRecordedAreNoticed) {
  Finish(MustCreate(Small("cem", "simulator"), Path("a")).get());
  config::Settings s = Small("cem", "simulator");
  test::Put(&s, "cem.candidates", 10);
  Finish(MustCreate(s, Path("b")).get());
  const int episode = 2;
  std::filesystem::copy_file(store::DecisionPath(Path("b"), episode), store::DecisionPath(Path("a"), episode),
                             std::filesystem::copy_options::overwrite_existing);
  const Reevaluated again = Replayer::Open(Path("a")).value()->Do(Reevaluate{episode});
  EXPECT_EQ(again.problem, "");
  EXPECT_FALSE(again.same);
  EXPECT_NE(again.sentence.find("Not the same plans"), std::string::npos) << again.sentence;
  EXPECT_NE(again.sentence.find(again.differs.at(0)), std::string::npos);
}

// Of the model that is fitted once to random episodes nothing changes after that, its normaliser included.
TEST_F(Planning, AModelOfRandomEpisodesIsFittedOnce) {
  const auto functions = [&](const char* agent) {
    Finish(MustCreate(Small("cem", "model", agent), Path(agent)).get());
    std::vector<std::vector<float>> out;
    for (int episode = 1; episode <= 3; ++episode) {
      const auto in = ArchiveReader::Parse(ReadFile(store::DecisionPath(Path(agent), episode)).value(), agent);
      out.push_back(in.value().Floats("model.net"));
      for (const char* name : {"model.x_mean", "model.y_sd"})
        for (float x : in.value().Floats(name)) out.back().push_back(x);
    }
    return out;
  };
  const auto once = functions("mpc-0.5"), always = functions("mpc-1.0");
  EXPECT_EQ(once[0], once[1]);
  EXPECT_EQ(once[0], once[2]);
  EXPECT_EQ(once[0], always[0]);
  EXPECT_NE(always[0], always[1]);
}

TEST_F(Planning, ATreeOfTooManyBranchesIsRefusedWithTheReason) {
  config::Settings s = Small("uct", "simulator");
  EXPECT_TRUE(config::Validate(s).ok());
  s.run.task = "hopper";
  EXPECT_TRUE(config::Validate(s).ok()) << "27 branches";
  s.run.task = "halfcheetah";
  const Status refused = config::Validate(s);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("729"), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("another planner"), std::string::npos) << refused.error().message;
  s.Of<agent::MpcSettings>().planner = "cem";
  EXPECT_TRUE(config::Validate(s).ok());
}

TEST_F(Planning, APlannerIsRefusedWhereItHasNotWhatItBeginsWith) {
  const auto refused = [](const std::string& agent, const std::string& key, const std::string& value) {
    config::Settings s = config::DefaultsOf(agent);
    EXPECT_TRUE(config::Validate(s).ok());
    EXPECT_TRUE(config::SetFromText(s, key, value).ok());
    const Status valid = config::Validate(s);
    return valid.ok() ? std::string() : valid.error().message;
  };
  EXPECT_NE(refused("mpc", "mpc.planner", "mix").find("agent mpc has none"), std::string::npos);
  EXPECT_NE(refused("hybrid", "mpc.planner", "cem").find("its own is mix"), std::string::npos);
  EXPECT_EQ(refused("hybrid", "mpc.planner", "nudge"), "");
  EXPECT_NE(refused("hybrid", "mpc.hold", "2").find("set it to 1"), std::string::npos);
  EXPECT_EQ(refused("hybrid", "mpc.model", "model"), "");
  for (const char* model : {"model", "simulator"})
    EXPECT_NE(refused("hybrid-d", "mpc.model", model).find("take mlp or ensemble"), std::string::npos);
}

TEST_F(Planning, HasTheSectionsAndPartsOfWhatItUsesAlone) {
  const config::Settings s = Small("mppi", "simulator");
  std::set<std::string> sections;
  for (const config::Section* section : config::SectionsOf(s)) sections.insert(section->id);
  EXPECT_EQ(sections, (std::set<std::string>{"run", "env", "distractors", "log", "mpc", "mppi"}));
  const nets::PartList parts = agent::PartsOf(s);
  ASSERT_EQ(parts.all().size(), 2u);
  EXPECT_FALSE(parts.HasModel());
  EXPECT_EQ(parts.Learners().at(0)->id, "mpc");
  const config::Settings learned = Small("mppi", "model");
  EXPECT_TRUE(agent::PartsOf(learned).HasModel());
}

}  // namespace
}  // namespace equipoise::run
