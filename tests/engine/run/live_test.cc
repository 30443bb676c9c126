// The episode that is being acted, as others see it: whole from its first step, under its own name until the next one
// moves, and on the run's own clock.
#include <cmath>
#include <map>
#include <mutex>
#include <set>

#include "engine/eps/check_settings.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Live : public RunTest {};

// What may be read of an episode when `step` steps have been made.
struct Beginning {
  std::vector<double> qpos, qvel, ctrl, reward;
  std::vector<std::vector<double>> terms;
  bool operator==(const Beginning& o) const {
    return qpos == o.qpos && qvel == o.qvel && ctrl == o.ctrl && reward == o.reward && terms == o.terms;
  }
};
Beginning BeginningOf(const EpisodeTrace& trace, int step) {
  const auto upto = [](const std::vector<double>& all, int rows, int size) {
    return std::vector<double>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(rows) * size);
  };
  Beginning b{upto(trace.qpos, step + 1, trace.qpos_size),
              upto(trace.qvel, step + 1, trace.qvel_size),
              upto(trace.ctrl, step + 1, trace.ctrl_size),
              upto(trace.reward, step, 1),
              {}};
  b.terms.assign(trace.terms.begin(), trace.terms.begin() + step);
  return b;
}

TEST_F(Live, EveryStepThatWasMadeCanBeReadAndNeverChangesAgain) {
  auto engine = MustCreate(TinySettings(), "");
  engine->Start(true);
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state == RunState::kPaused; }));
  EXPECT_EQ(engine->Latest()->live.trace, nullptr) << "nothing was acted here yet";
  std::map<int, Beginning> seen;
  for (int steps : {1, 2, 3, 10, 19}) {
    while (engine->Latest()->environment_steps < steps) {
      const int64_t before = engine->Latest()->environment_steps;
      engine->Post(Step{Step::Unit::kEnvironmentStep});
      ASSERT_TRUE(WaitFor(*engine, [before](const Snapshot& p) {
        return p.state == RunState::kPaused && p.environment_steps == before + 1;
      }));
    }
    const auto now = engine->Latest();
    ASSERT_NE(now->live.trace, nullptr);
    EXPECT_EQ(now->live.step, steps);
    seen[steps] = BeginningOf(*now->live.trace, steps);
    EXPECT_EQ(seen[steps].reward.back(), now->live.reward);
  }
  engine->Post(Step{Step::Unit::kEpisode});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.trace != nullptr; }));
  const auto end = engine->Latest();
  ASSERT_EQ(end->trace->steps(), 20);
  for (const auto& [steps, beginning] : seen) {
    EXPECT_TRUE(beginning == BeginningOf(*end->trace, steps)) << "the first " << steps << " steps";
    for (double reward : beginning.reward) EXPECT_TRUE(std::isfinite(reward));
  }
  EXPECT_FALSE(seen[3] == BeginningOf(*end->trace, 4)) << "the comparison can tell";
}

// Random, forced, proved and not proved: while it is acted and while the learners train for the next one.
TEST_F(Live, KeepsTheNameOfTheEpisodeUntilTheNextOneMoves) {
  std::mutex mutex;
  std::set<std::string> wrong;
  std::set<std::pair<eps::Reason, bool>> met;
  for (const int force_every : {1, 3}) {  // every episode; when no other reason speaks for SAC
    config::Settings s = TinySettings();
    s.Of<eps::CheckSettings>().force_every = force_every;
    s.run.episodes = force_every == 1 ? 3 : 12;
    auto engine = MustCreate(s, "");
    engine->OnPublish([&] {
      const auto p = engine->Latest();
      const LiveStep& live = p->live;
      if (live.trace == nullptr || live.step == 0) return;
      const std::lock_guard<std::mutex> lock(mutex);
      const std::string where = std::to_string(live.trace->episode) + (live.acting ? " acting" : " before the next");
      const EpisodeSummary* last = p->episodes->empty() ? nullptr : p->episodes->back().get();
      const bool over = last != nullptr && last->episode == live.trace->episode;
      if (!live.acting && !over) wrong.insert(where + ": not the newest one in the list");
      if (over && (last->decision.pick != live.trace->pick || last->decision.reason != live.trace->reason))
        wrong.insert(where + ": another actor");
      if (over && last->episode_return != live.episode_return) wrong.insert(where + ": another return");
      if (!over && live.trace->pick != eps::Pick() && p->decision->episode != live.trace->episode)
        wrong.insert(where + ": the decision is of another episode");
      met.insert({live.trace->reason, live.acting});
    });
    engine->Post(SetSpeed{50});  // every step is published
    engine->Start(false);
    engine->Wait();
    engine->OnPublish({});
  }
  EXPECT_TRUE(wrong.empty()) << *wrong.begin();
  for (const bool acting : {true, false}) {
    EXPECT_EQ(met.count({eps::Reason::kRandom, acting}), 1u) << acting;
    EXPECT_EQ(met.count({eps::Reason::kForced, acting}), 1u) << acting;
    EXPECT_GE(met.count({eps::Reason::kProved, acting}) + met.count({eps::Reason::kNotProved, acting}), 1u) << acting;
  }
}

TEST_F(Live, APauseWhileActingIsNoTimeOfActing) {
  config::Settings s = TinySettings();
  s.run.random_episodes = 1;
  auto engine = MustCreate(s, "");
  engine->Start(false);
  engine->Post(Step{Step::Unit::kEpisode});
  ASSERT_TRUE(WaitFor(*engine, [](const Snapshot& p) { return p.state == RunState::kPaused; }));
  const size_t before = engine->Latest()->episodes->size();
  const auto acts = [](const Snapshot& p) { return p.state == RunState::kPaused && p.live.acting; };
  while (!acts(*engine->Latest())) {
    const uint64_t sequence = engine->Latest()->sequence;
    engine->Post(Step{Step::Unit::kEnvironmentStep});
    ASSERT_TRUE(WaitFor(*engine, [&](const Snapshot& p) {
      return p.sequence > sequence && p.state == RunState::kPaused && (p.live.acting || p.episodes->size() > before);
    }));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  engine->Post(Resume{});
  ASSERT_TRUE(WaitFor(*engine, [&](const Snapshot& p) { return p.episodes->size() > before + 1; }));
  const auto& episodes = *engine->Latest()->episodes;
  for (size_t i = 1; i < episodes.size(); ++i) {
    const EpisodeSummary& record = *episodes[i];
    const double *acted = record.seconds.Find(kActStage), *examined = record.seconds.Find(kExamineSeconds);
    ASSERT_NE(acted, nullptr);
    if (record.episode < 1) continue;
    const double decided = record.wall_seconds - *acted - (examined != nullptr ? *examined : 0);
    EXPECT_GE(decided, episodes[i - 1]->wall_seconds) << "the decision came after the episode before";
    EXPECT_LE(decided, record.wall_seconds);
  }
}

TEST_F(Live, TheTimesOfStagesAreReadUnderTheirFormerNamesToo) {
  EpisodeRecord record;
  record.episode = 3;
  record.seconds = {{"model", 0.5}, {"mb", 0.75}, {"sac", 2}, {kCheckStage, 1}, {kActStage, 1.5}, {kExamineSeconds, 3}};
  std::string line = ToLine(record);
  for (const auto& [now, then] : std::vector<std::pair<std::string, std::string>>{{"\"act\"", "\"acting\""},
                                                                                  {"\"model\"", "\"model fit\""},
                                                                                  {"\"mb\"", "\"model-based policy\""},
                                                                                  {"\"sac\"", "\"SAC\""}}) {
    const size_t at = line.find(now);
    ASSERT_NE(at, std::string::npos) << line;
    line.replace(at, now.size(), then);
  }
  const auto read = EpisodeFromLine(line, "old.jsonl:1");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value().seconds, record.seconds);
}

}  // namespace
}  // namespace equipoise::run
