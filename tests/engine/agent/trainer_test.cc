// The trainer's one loop, with an agent of stubs: three lanes, a part that waits for another, and an arbiter by rote.
#include <map>
#include <mutex>

#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/agent/recording_controller.h"
#include "tests/engine/agent/stub_learner.h"
#include "tests/engine/eps/linear_world.h"

namespace equipoise::run {
namespace {

using eps::Pick;
using test::StubLearner;

class ByRote : public agent::Arbiter {
 public:
  explicit ByRote(std::vector<Pick> picks) : picks_(std::move(picks)) {}
  eps::Decision Choose(const agent::ChoiceInputs& in) override {
    eps::Decision d;
    d.pick = picks_[static_cast<size_t>(in.episode - 1) % picks_.size()];
    d.reason = eps::Reason::kNotProved;
    in.progress(3, 3);
    return d;
  }
  int NextWork(const config::Settings&) const override { return 3; }
  void Save(ArchiveWriter& out) const override { out.Put("rote", int64_t{1}); }
  void Load(const ArchiveReader& in) override { in.Int("rote"); }

 private:
  std::vector<Pick> picks_;
};

// Stubs of cart-pole's shape: the first acts +0.9, the second -0.9.
struct Stubs {
  StubLearner *first = nullptr, *second = nullptr, *third = nullptr, *fourth = nullptr;

  agent::Agent Make(const agent::Workshop& w) {
    agent::Agent a;
    const auto stub = [&](const char* id, double action, int work) {
      auto* learner = a.Add(std::make_unique<StubLearner>(id, test::ConstantPolicy(w.states, {action})));
      learner->work = [work](const nets::Standing& now) { return now.picked == 0 ? 10 * work : work; };
      return learner;
    };
    first = stub("mb", 0.9, 1);
    second = stub("second", -0.9, 2);
    third = stub("third", 0, 3);
    fourth = stub("fourth", 0, 4);
    a.lanes = {{first, third}, {second}, {fourth}};
    a.Act(first);
    a.Act(second);
    a.arbiter = std::make_unique<ByRote>(std::vector<Pick>{Pick::Of("mb"), Pick::Of("second")});
    return a;
  }
};

std::unique_ptr<Trainer> Made(
    const config::Settings& s, Stubs* stubs, std::function<void(const std::string&)> guard = [](const std::string&) {},
    std::function<void(const std::string&, int, int)> progress = {}) {
  return MakeTrainer(
      s, std::move(guard), [stubs](const agent::Workshop& w) { return stubs->Make(w); }, std::move(progress));
}

TEST(TrainerLoop, TrainsEveryLaneLetsTheArbiterPickAndExaminesWhoActed) {
  for (int threads : {1, 2}) {
    config::Settings s = TinySettings();
    s.run.threads = threads;
    Stubs stubs;
    auto trainer = Made(s, &stubs);
    for (int i = 0; i < s.run.random_episodes; ++i) {
      const EpisodeRecord random = trainer->NextEpisode();
      EXPECT_EQ(random.decision.pick, eps::Pick());
      EXPECT_TRUE(stubs.first->trained.empty()) << "nobody trains before a random episode";
    }
    const EpisodeRecord one = trainer->NextEpisode(), two = trainer->NextEpisode();
    EXPECT_EQ(one.episode, 1);
    EXPECT_EQ(one.decision.pick, Pick::Of("mb"));
    EXPECT_EQ(two.decision.pick, Pick::Of("second"));
    // Steps by NextWork, which saw how many episodes were picked.
    EXPECT_EQ(stubs.first->trained, (std::vector<int>{10, 1}));
    EXPECT_EQ(stubs.second->trained, (std::vector<int>{20, 2}));
    EXPECT_EQ(stubs.third->trained, (std::vector<int>{30, 3}));
    EXPECT_EQ(stubs.fourth->trained, (std::vector<int>{40, 4}));
    EXPECT_EQ(one.gradient_steps, 100);
    EXPECT_EQ(two.gradient_steps, 110) << "in total";
    for (const char* id : {"mb", "second", "third", "fourth"}) {
      EXPECT_EQ(two.scalars.count(std::string(id) + ".steps"), 1u) << id;
      EXPECT_EQ(two.seconds.count(id), 1u) << id;
    }
    // Whose policy acted: its actions are on record, and it alone was asked about the episode.
    EXPECT_NEAR(trainer->data()[2].actions[0], 0.9, 0.01);
    EXPECT_NEAR(trainer->data()[3].actions[0], -0.9, 0.01);
    EXPECT_EQ(one.scalars.at("mb.examined"), 2);
    EXPECT_EQ(one.scalars.count("second.examined"), 0u);
    EXPECT_EQ(two.scalars.at("second.examined"), 3);
    EXPECT_EQ(two.fraction_model_free, 0.5);
  }
}

// Three lanes train, and a planner of no policy, which is the candidate of no learner, acts every other episode; the
// random ones are acted by a controller like any other.
TEST(TrainerLoop, LetsWhoeverWasPickedActWithOrWithoutAPolicy) {
  Stubs stubs;
  test::RecordingController *planner = nullptr, *explorer = nullptr;
  const auto trainer = MakeTrainer(
      TinySettings(), [](const std::string&) {},
      [&](const agent::Workshop& w) {
        agent::Agent a = stubs.Make(w);
        planner = a.Act(std::make_unique<test::RecordingController>("mpc", 0.02f));
        auto random = std::make_unique<test::RecordingController>("random", -0.02f);
        explorer = random.get();
        a.random = std::move(random);
        a.arbiter = std::make_unique<ByRote>(std::vector<Pick>{Pick::Of("mpc"), Pick::Of("mb")});
        return a;
      });
  const int horizon = trainer->horizon();
  std::string whole = "B0";
  for (int t = 0; t < horizon; ++t) whole += "AO";
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(trainer->NextEpisode().decision.pick.random());
  EXPECT_EQ(explorer->calls, whole + whole);
  EXPECT_FLOAT_EQ(trainer->data()[1].actions[1], -0.04f);
  EXPECT_TRUE(planner->calls.empty());

  const EpisodeRecord one = trainer->NextEpisode();
  EXPECT_EQ(one.decision.pick, Pick::Of("mpc"));
  EXPECT_EQ(planner->calls, whole);
  EXPECT_EQ(planner->starts.back().index, 2) << "random episodes count";
  EXPECT_FLOAT_EQ(trainer->data()[2].actions[1], 0.04f);
  EXPECT_EQ(trainer->trace()->pick, Pick::Of("mpc"));
  EXPECT_EQ(one.scalars.at("mpc.examined"), 2) << "who acted is asked";
  EXPECT_EQ(one.scalars.count("mb.examined"), 0u);
  for (const StubLearner* stub : {stubs.first, stubs.second, stubs.third, stubs.fourth})
    EXPECT_EQ(stub->trained.size(), 1u);

  EXPECT_EQ(trainer->NextEpisode().decision.pick, Pick::Of("mb"));
  EXPECT_EQ(planner->calls, whole) << "it is not told of the episodes of others";
  EXPECT_NEAR(trainer->data()[3].actions[1], 0.9, 0.01);
  EXPECT_EQ(explorer->calls, whole + whole);
}

TEST(TrainerLoop, APartThatIsNotReadyIsLeftOutAndTheOthersAreNot) {
  Stubs stubs;
  auto trainer = Made(TinySettings(), &stubs);
  stubs.first->is_ready = false;
  EpisodeRecord record;
  for (int i = 0; i < 3; ++i) record = trainer->NextEpisode();
  EXPECT_TRUE(stubs.first->trained.empty());
  EXPECT_EQ(record.scalars.count("mb.steps"), 0u);
  EXPECT_EQ(stubs.third->trained.size(), 1u);
  EXPECT_EQ(record.gradient_steps, 90);
}

TEST(TrainerLoop, KnowsTheStagesOfAnEpisodeBeforeItAndReachesTheirTotals) {
  Stubs stubs;
  std::map<std::string, std::pair<int, int>> last;  // done and total, by stage
  std::mutex mutex;
  auto trainer = Made(
      TinySettings(), &stubs, [](const std::string&) {},
      [&](const std::string& stage, int done, int total) {
        const std::lock_guard<std::mutex> lock(mutex);
        last[stage] = {done, total};
      });
  EXPECT_EQ(trainer->Stages().front().id, kRandomStage);
  for (int i = 0; i < 2; ++i) trainer->NextEpisode();
  for (int episode = 1; episode <= 2; ++episode) {
    last.clear();
    const std::vector<Stage> stages = trainer->Stages();
    std::vector<std::string> ids;
    trainer->NextEpisode();
    for (const Stage& stage : stages) {
      ids.push_back(stage.id);
      EXPECT_EQ(last[stage.id], std::make_pair(stage.total, stage.total)) << stage.id << " in episode " << episode;
    }
    EXPECT_EQ(ids, (std::vector<std::string>{"mb", "third", "second", "fourth", kCheckStage, kActStage}));
    EXPECT_EQ(last.size(), stages.size());
  }
}

TEST(TrainerLoop, SaysWhatAPartWaitsForThatHasNothingToDo) {
  Stubs stubs;
  auto trainer = Made(TinySettings(), &stubs);
  for (int i = 0; i < 2; ++i) trainer->NextEpisode();
  stubs.third->work = [](const nets::Standing&) { return 0; };
  stubs.third->waits = "7 of 20 episodes";
  const std::vector<Stage> stages = trainer->Stages();
  EXPECT_EQ(stages[0].waits, "");
  EXPECT_EQ(stages[1].id, "third");
  EXPECT_EQ(stages[1].total, 0);
  EXPECT_EQ(stages[1].waits, "7 of 20 episodes");
}

TEST(TrainerLoop, TellsEveryPartOfChangesAndOfNewStates) {
  Stubs stubs;
  auto trainer = Made(TinySettings(), &stubs);
  for (int i = 0; i < 3; ++i) trainer->NextEpisode();
  trainer->Apply("mb.lr", 0.5);
  const int64_t physics = trainer->data().states();
  trainer->Apply("distractors.active", true);
  const int64_t extra = trainer->data().states() - physics;
  ASSERT_GT(extra, 0);
  for (const StubLearner* stub : {stubs.first, stubs.second, stubs.third, stubs.fourth}) {
    ASSERT_EQ(stub->changes.size(), 2u);
    EXPECT_EQ(stub->changes[0].second, 0.5);
    EXPECT_NE(stub->changes[0].first, 0.5);
    EXPECT_EQ(stub->edits, (std::vector<int64_t>{extra}));
  }
  trainer->NextEpisode();  // acts with what it was made
  trainer->Apply("distractors.active", false);
  EXPECT_EQ(stubs.first->edits, (std::vector<int64_t>{extra, -extra}));
}

TEST(TrainerLoop, SaysWhatAGuardDidByTheNameOfThePart) {
  Stubs stubs;
  std::vector<std::string> said;
  auto trainer = Made(TinySettings(), &stubs, [&said](const std::string& sentence) { said.push_back(sentence); });
  stubs.third->train = [](const nets::TrainInputs&, nets::TrainReport* report) {
    report->skipped = 7;
    report->reloaded = true;
    report->step_share = {{"third.lr", 0.5}};
  };
  EpisodeRecord record;
  for (int i = 0; i < 3; ++i) record = trainer->NextEpisode();
  EXPECT_TRUE(record.guard_tripped);
  EXPECT_EQ(record.scalars.at("guard.third_skipped"), 7);
  EXPECT_EQ(record.scalars.at("guard.third.lr"), 0.5);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(
      said[0],
      "The third training skipped 7 steps whose loss or gradient was not finite and went back to the weights from "
      "before this training. From now on it takes 0.5 of third.lr, until that is set by hand.");
}

TEST(TrainerLoop, SavesEveryPartAndTheArbiter) {
  Stubs stubs, others;
  auto trainer = Made(TinySettings(), &stubs);
  for (int i = 0; i < 4; ++i) trainer->NextEpisode();
  ArchiveWriter out;
  trainer->Save(out);
  std::vector<std::string> blocks;
  for (int64_t i = 0; i < trainer->data().size(); ++i) blocks.push_back(trainer->EpisodeBlock(i));
  auto again = Made(TinySettings(), &others);
  const ArchiveReader saved = ArchiveReader::Parse(out.Finish(), "memory").value();
  EXPECT_EQ(saved.Int("rote"), 1);
  again->Load(saved, blocks);
  for (const StubLearner* stub : {others.first, others.second, others.third, others.fourth})
    EXPECT_EQ(stub->trained.size(), 2u);
  EXPECT_EQ(again->NextEpisode().episode, 3);
}

}  // namespace
}  // namespace equipoise::run
