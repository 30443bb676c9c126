// What every agent keeps to, whatever it is made of: one set of tests over the whole list of recipes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/agent/recipes.h"
#include "engine/base/archive.h"
#include "engine/base/archive_finite.h"
#include "engine/config/section.h"
#include "engine/inspect/replayer.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/agent/diverging_task.h"
#include "tests/engine/agent/tiny_agent.h"

namespace equipoise::run {
namespace {

std::string State(const Trainer& trainer) {
  ArchiveWriter out;
  trainer.Save(out);
  return out.Finish();
}

// A change of one setting before the episode `before` (1..) is worked on.
struct Change {
  int before;
  std::string key;
  config::Value value;
};

std::unique_ptr<Trainer> Trained(const config::Settings& s, const std::vector<Change>& changes = {}) {
  auto trainer = MakeTrainer(s);
  while (trainer->episodes_picked() < s.run.episodes) {
    if (trainer->learning())
      for (const Change& change : changes)
        if (change.before == trainer->episodes_picked() + 1) trainer->Apply(change.key, change.value);
    const EpisodeRecord record = trainer->NextEpisode();
    EXPECT_TRUE(std::isfinite(record.episode_return));
  }
  return trainer;
}

class EveryAgent : public testing::TestWithParam<std::string> {};

TEST_P(EveryAgent, GivesTheSameBitsWithAnyNumberOfThreadsAndOthersFromAnotherSeed) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 3;
  const std::string one = State(*Trained(s));
  for (const int threads : {2, 3}) {
    config::Settings more = s;
    more.run.threads = threads;
    auto trainer = Trained(more);
    trainer->Apply("run.threads", 1);
    EXPECT_TRUE(State(*trainer) == one) << threads << " threads";
  }
  s.run.seed = 8;
  EXPECT_FALSE(State(*Trained(s)) == one);
}

// Stopped after every episode, brought back from what was saved, and with distractors that come and go meanwhile.
TEST_P(EveryAgent, GoesOnFromWhatItSavedAsIfNothingHadHappened) {
  const config::Settings s = test::TinyAgent(GetParam());
  const std::vector<Change> changes = {{3, "distractors.active", true}, {5, "distractors.active", false}};
  const std::string whole = State(*Trained(s, changes));

  std::unique_ptr<Trainer> now = MakeTrainer(s);
  while (now->episodes_picked() < s.run.episodes) {
    if (now->learning())
      for (const Change& change : changes)
        if (change.before == now->episodes_picked() + 1) now->Apply(change.key, change.value);
    now->NextEpisode();
    const Result<ArchiveReader> saved = ArchiveReader::Parse(State(*now), "state");
    ASSERT_TRUE(saved.ok());
    std::vector<std::string> blocks;
    for (int64_t i = 0; i < now->data().size(); ++i) blocks.push_back(now->EpisodeBlock(i));
    std::unique_ptr<Trainer> next = MakeTrainer(now->settings());
    next->Load(saved.value(), blocks);
    now = std::move(next);
  }
  EXPECT_TRUE(State(*now) == whole);
}

// Columns, legends and charts are made for what is announced.
TEST_P(EveryAgent, TellsTheScalarsThatItAnnouncesAndNoOthers) {
  const config::Settings s = test::TinyAgent(GetParam());
  auto trainer = MakeTrainer(s);
  std::set<std::string> announced, told;
  for (const nets::PartInfo& part : trainer->parts().all())
    if (part.scalars != nullptr) {
      for (const std::string& name : part.scalars(&s)) {
        EXPECT_TRUE(announced.insert(name).second) << name << " is announced twice";
      }
    }
  while (trainer->episodes_picked() < s.run.episodes)
    for (const auto& [name, value] : trainer->NextEpisode().scalars) told.insert(name);
  for (const std::string& name : told) EXPECT_EQ(announced.count(name), 1u) << name << " was never announced";
  // Some are of whoever acts, and not everybody does in so few episodes.
  if (trainer->parts().learners() == 1) {
    // A model that is fitted once has seen all that it is measured on.
    const bool once = s.Of<agent::MpcSettings>().data == "random" && trainer->parts().Find("mpc") != nullptr;
    for (const std::string& name : announced)
      if (!once || name.find(".unseen_error") == std::string::npos) {
        EXPECT_EQ(told.count(name), 1u) << name << " is never told";
      }
  }
}

config::Value Other(const config::Spec& spec, const config::Value& now) {
  using Type = config::Spec::Type;
  switch (spec.type) {
    case Type::kBool:
      return !std::get<bool>(now);
    case Type::kInt: {
      const int value = std::get<int>(now);
      return value + 1 <= spec.highest ? value + 1 : value - 1;
    }
    case Type::kReal: {
      const double value = std::get<double>(now), half = value * 0.5;
      return half != value && half >= spec.lowest ? half : std::min(spec.highest, spec.lowest + 0.01);
    }
    case Type::kChoice:
      return *std::find_if(spec.choices.begin(), spec.choices.end(),
                           [&](const std::string& c) { return c != std::get<std::string>(now); });
    case Type::kText:
      break;
  }
  return now;
}

// Each live setting by itself, in the middle of a run that was not made for it.
TEST_P(EveryAgent, TakesEveryLiveSettingWhileItRuns) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 1;
  auto trainer = Trained(s);
  int changed = 0;
  for (const config::Section* section : config::SectionsOf(s.run.agent))
    for (const config::Spec& spec : section->specs) {
      if (section->central || spec.when != config::When::kEpisode) continue;
      const config::Value before = config::Get(trainer->settings(), spec.key), after = Other(spec, before);
      config::Settings probe = trainer->settings();
      if (!config::Set(probe, spec.key, after).ok() || !config::Validate(probe).ok()) continue;
      SCOPED_TRACE(spec.key + " = " + config::ToText(after));
      trainer->Apply(spec.key, after);
      EXPECT_TRUE(std::isfinite(trainer->NextEpisode().episode_return));
      trainer->Apply(spec.key, before);
      ++changed;
    }
  EXPECT_GT(changed, 0);
}

// With the largest steps that can be set, guards have to hold it: what acts and what is saved stays finite.
TEST_P(EveryAgent, StaysFiniteWhateverItsStepSizes) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 3;
  const nets::PartList parts = agent::PartsOf(s);
  for (const nets::PartInfo& part : parts.all())
    if (part.step_sizes != nullptr) {
      for (const std::string& key : part.step_sizes(s))
        ASSERT_TRUE(config::Set(s, key, config::FindSpec(key)->highest).ok()) << key;
    }
  auto trainer = Trained(s);
  for (const auto& [name, value] : trainer->scalars()) EXPECT_FALSE(std::isinf(value)) << name;
  const Result<ArchiveReader> saved = ArchiveReader::Parse(State(*trainer), "state");
  ASSERT_TRUE(saved.ok());
}

// A simulation whose observations or rewards are no numbers, now and then: the attempt is made again, and nothing of it
// reaches what learns.
TEST_P(EveryAgent, LearnsNothingFromWhatIsNoNumber) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 2;
  for (const test::Divergence kind : {test::Divergence::kHugeObservation, test::Divergence::kReward}) {
    SCOPED_TRACE(static_cast<int>(kind));
    auto task = env::MakeTask(s.run.task, env::AliveBonus::kAlways);
    ASSERT_TRUE(task.ok());
    // One attempt of a random episode, and two of the first that is learnt for.
    const std::vector<int> diverges = {-1, 3, -1, 0, 7};
    TrainerHooks hooks;
    int restarts = 0;
    hooks.guard = [&restarts](const std::string& told) { restarts += told.find("diverged") != std::string::npos; };
    auto diverging = std::make_unique<test::DivergingTask>(std::move(task).value(), diverges, kind);
    test::DivergingTask* count = diverging.get();
    Trainer trainer(s, std::move(diverging), std::move(hooks));
    count->CountFromHere();  // the states that episodes begin in have been drawn
    while (trainer.episodes_picked() < s.run.episodes) EXPECT_TRUE(std::isfinite(trainer.NextEpisode().episode_return));
    EXPECT_EQ(restarts, 2) << "told of each episode";
    EXPECT_EQ(FirstNotFinite(State(trainer)), "");
  }
}

class EveryAgentsRun : public RunTest, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    const std::string agent = GetParam().substr(0, GetParam().find(' '));
    root_ = std::filesystem::temp_directory_path() / ("equipoise-" + agent + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(root_);
  }
};

// As a run in a folder: every decision that was kept is made again to the bit, every episode acted again.
TEST_P(EveryAgentsRun, IsReplayedFromItsFolder) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 4;
  const auto end = Finish(MustCreate(s, Path("run")).get());
  EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
  EXPECT_EQ(Episodes(Path("run")).size(), 6u);
  auto replayer = Replayer::Open(Path("run"));
  ASSERT_TRUE(replayer.ok()) << replayer.error().message;
  const auto list = end->episodes;
  for (const auto& summary : *list) {
    const Recalled recalled = replayer.value()->Do(Recall{summary->episode});
    EXPECT_EQ(recalled.problem, "") << "episode " << summary->episode;
    EXPECT_EQ(recalled.note, "") << "episode " << summary->episode;
    // What was evaluated under the masks is evaluated again, what was planned is planned again; a decision that rests on
    // neither says so.
    const auto decision = WholeDecision(*summary);
    const nets::PartInfo* acted = end->info->parts.Find(decision->pick.id());
    const bool planned = acted != nullptr && acted->plans;
    if (summary->episode < 1 || (decision->evaluated == 0 && !planned)) continue;
    const Reevaluated again = replayer.value()->Do(Reevaluate{summary->episode, false});
    EXPECT_EQ(again.problem, "");
    EXPECT_TRUE(again.same) << again.sentence;
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const agent::Recipe& recipe : agent::Recipes()) names.emplace_back(recipe.name);
  for (const char* variant :
       {"unified eps.bonus=0.5 eps.probes=3", "unified-ensemble eps.bonus=0.5", "mve expansion.base=sac",
        "mve expansion.base=ddpg", "mve expansion.base=sac expansion.targets=blended expansion.model=ensemble",
        "td3 td3.target_every=7", "mba naf.model=linear", "svg svg.kind=0", "svg svg.kind=1", "svg svg.kind=inf",
        "svg svg.kind=inf svg.model=ensemble"})
    names.emplace_back(variant);
  return names;
}
std::string Plain(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.' || c == ' ' || c == '='; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Agents, EveryAgent, testing::ValuesIn(Names()), Plain);
INSTANTIATE_TEST_SUITE_P(Agents, EveryAgentsRun, testing::ValuesIn(Names()), Plain);

}  // namespace
}  // namespace equipoise::run
