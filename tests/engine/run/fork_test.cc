// A second run that is another one up to an episode, to the byte, and from there goes on with other settings. Long because
// all of them are forks of the same few made runs.
#include "engine/run/fork.h"

#include <map>

#include "engine/base/atomic_file.h"
#include "engine/browse/run_curves.h"
#include "engine/inspect/audit.h"
#include "engine/run/repair.h"
#include "engine/run/rerun.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/run/accepting_fixture.h"

namespace equipoise::run {
namespace {

class Forking : public Accepting {
 protected:
  // Two random episodes and four picked ones.
  void MakeRun(const std::string& name) const { Finish(MustCreate(Distractable(), Path(name)).get()); }
  Result<Fork> Plan(const std::string& from, int episode, std::vector<ChangeSetting> changes, const std::string& out,
                    int episodes = 0) const {
    return Fork::Plan({Path(from), Path(out), episode, std::move(changes), episodes});
  }
  std::unique_ptr<Engine> MustFork(const std::string& from, int episode, std::vector<ChangeSetting> changes,
                                   const std::string& out, int episodes = 0) const {
    auto fork = Plan(from, episode, std::move(changes), out, episodes);
    if (!fork.ok()) ADD_FAILURE() << fork.error().message;
    if (!fork.ok()) return nullptr;
    auto engine = fork.value().Begin();
    if (!engine.ok()) ADD_FAILURE() << engine.error().message;
    return engine.ok() ? std::move(engine).value() : nullptr;
  }
  void FinishFork(const std::string& from, int episode, std::vector<ChangeSetting> changes, const std::string& out,
                  int episodes = 0) const {
    const auto engine = MustFork(from, episode, std::move(changes), out, episodes);
    ASSERT_NE(engine, nullptr);
    const auto end = Finish(engine.get());
    ASSERT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
  }
  // Without that which names the folders.
  static std::vector<std::string> Course(const std::string& dir) {
    std::vector<std::string> events = Events(dir);
    events.erase(std::remove_if(events.begin(), events.end(),
                                [](const std::string& line) { return line.find("\"fork\"") != std::string::npos; }),
                 events.end());
    return events;
  }
  // All that is learnt, and all recorded steps.
  static std::map<std::string, std::string> Learnt(const std::string& dir) {
    const store::RunPaths paths(dir);
    std::map<std::string, std::string> all{{"replay", ReadFile(paths.replay).value()}};
    auto in = ArchiveReader::Parse(ReadFile(paths.state).value(), dir);
    for (const char* name :
         {"model.net", "model.adam.m", "mb.policy.net", "sac.policy.net", "sac.critic0", "sac.target1"}) {
      const std::vector<float> v = in.value().Floats(name);
      all[name] = std::string(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(float));
    }
    return all;
  }
  void ExpectSameCourse(const std::string& a, const std::string& b) const {
    EXPECT_EQ(Episodes(Path(a)), Episodes(Path(b)));
    EXPECT_EQ(Course(Path(a)), Course(Path(b)));
    EXPECT_EQ(Learnt(Path(a)), Learnt(Path(b)));
    EXPECT_EQ(store::ReadDescription(Path(a)).value().steered, store::ReadDescription(Path(b)).value().steered);
    EXPECT_EQ(store::ListKept(store::RunPaths(Path(a))), store::ListKept(store::RunPaths(Path(b))));
  }
  std::map<std::string, std::string> Files(const std::string& name) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(Path(name)))
      if (entry.is_regular_file()) files[entry.path().string()] = ReadFile(entry.path().string()).value();
    return files;
  }
  void ExpectMadeAgain(const std::string& name) const {
    const std::string again = name + "-again";
    {
      auto engine = BeginRerun(Path(name), Path(again));
      ASSERT_TRUE(engine.ok()) << engine.error().message;
      EXPECT_EQ(Finish(engine.value().get())->stopped_reason, "");
    }
    const auto compared = CompareRuns(Path(name), Path(again));
    ASSERT_TRUE(compared.ok()) << compared.error().message;
    EXPECT_TRUE(compared.value().same) << compared.value().sentence;
  }
  void ExpectWhole(const std::string& name) const {
    const auto report = Repair(Path(name));
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report.value().mended, std::vector<std::string>());
    EXPECT_EQ(report.value().lost, std::vector<std::string>());
    const auto audit = Audit(Path(name), [](int, int) {});
    ASSERT_TRUE(audit.ok()) << audit.error().message;
    EXPECT_EQ(audit.value().damaged, std::vector<std::string>());
    EXPECT_EQ(audit.value().differs, std::vector<std::string>());
  }
  static void Push(Engine& engine) {
    for (int i = 0; i < 3; ++i) StepOnce(engine);
    engine.Post(PushBody{1, {30, 0, 0, 0, 0, 0}});
    StepOnce(engine);
    StepOnce(engine);
    engine.Post(PushBody{});
    StepOnce(engine);
  }
  static void GoBack(Engine& engine, const std::string& name) {
    engine.Post(RollBack{name});
    ASSERT_TRUE(WaitFor(engine, [&](const Snapshot& p) {
      return !p.events->empty() && p.events->back()->checkpoint == name &&
             p.events->back()->text.find("rolled back") != std::string::npos;
    }));
  }
};

TEST_F(Forking, WithoutAChangeIsTheSameRunFromEveryEpisode) {
  MakeRun("run");
  const auto before = Files("run");
  const char* const beginnings[] = {"from its start; all before it is trained again",
                                    "from its start; all before it is trained again", "from its checkpoint previous-2",
                                    "from its checkpoint previous"};
  for (int episode = 1; episode <= 4; ++episode) {
    SCOPED_TRACE(episode);
    const std::string name = "fork" + std::to_string(episode);
    EXPECT_EQ(Plan("run", episode, {}, name).value().beginning(), beginnings[episode - 1]);
    EXPECT_FALSE(fs::exists(Path(name))) << "a plan writes nothing";
    FinishFork("run", episode, {}, name);
    ExpectSameCourse("run", name);
    const auto description = store::ReadDescription(Path(name)).value();
    ASSERT_TRUE(description.forked);
    EXPECT_EQ(description.forked->folder, Path("run"));
    EXPECT_EQ(description.forked->episode, episode);
    EXPECT_FALSE(description.steered);
  }
  EXPECT_EQ(Files("run"), before) << "the other run is only read";
  EXPECT_EQ(GroupCurves({ReadCurve(Path("run")).value(), ReadCurve(Path("fork2")).value()}).size(), 2u)
      << "it is no second seed";
  // The control: with another setting it is another run, from that episode on.
  FinishFork("run", 3, {{"eps.masks", 9}}, "other");
  const auto was = Episodes(Path("run")), is = Episodes(Path("other"));
  ASSERT_EQ(was.size(), is.size());
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(was[i], is[i]);
  EXPECT_NE(was[4], is[4]);
}

TEST_F(Forking, IsWhatTheSameChangesByHandWouldHaveMade) {
  {
    auto engine = MustCreate(Distractable(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 2);
    Change(*engine, "eps.masks", 9);  // before episode 1
    StepEpisodes(*engine, 1);
    Change(*engine, "distractors.active", true);  // before episode 2
    StepEpisodes(*engine, 1);
    Push(*engine);                              // in episode 3
    Change(*engine, "sac.entropy_bonus", 3.0);  // before episode 4
    RunOn(*engine);
  }
  {
    auto engine = MustCreate(Distractable(), Path("hand"));
    StartPaused(*engine);
    StepEpisodes(*engine, 2);
    Change(*engine, "eps.masks", 9);
    StepEpisodes(*engine, 1);
    Change(*engine, "distractors.active", true);
    StepEpisodes(*engine, 1);
    Push(*engine);
    Change(*engine, "model.eta", 2.0);
    Change(*engine, "eps.masks", 12);
    RunOn(*engine);
  }
  const std::vector<ChangeSetting> changes = {{"model.eta", 2.0}, {"eps.masks", 12}};
  FinishFork("run", 4, changes, "fork");
  ExpectSameCourse("hand", "fork");
  ExpectWhole("fork");
  // From the start, with all that was done by hand made again.
  for (const char* name : {"state", "previous", "previous-2", "before-1", "before-2", "before-4"})
    fs::remove(Path("run") + "/checkpoints/" + name + ".eqps");
  auto engine = MustFork("run", 4, changes, "again");
  EXPECT_EQ(engine->Latest()->episodes->size(), 0u);
  const auto end = Finish(engine.get());
  EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
  engine.reset();
  ExpectSameCourse("hand", "again");
  ExpectMadeAgain("again");
}

TEST_F(Forking, ALaterChangeOfTheOtherRunIsNotItsOwn) {
  MakeRun("never");
  {
    auto engine = MustCreate(Distractable(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 4);
    Change(*engine, "eps.masks", 9);  // before episode 3
    StepEpisodes(*engine, 1);
    Change(*engine, "eps.masks", 11);  // waits, in the checkpoint too
    // It goes on, and is only read.
    FinishFork("run", 3, {}, "at");
    FinishFork("run", 4, {}, "behind");
    RunOn(*engine);
  }
  ExpectSameCourse("never", "at");
  EXPECT_EQ(Course(Path("behind")).size(), 1u);
  EXPECT_EQ(Course(Path("behind"))[0], Course(Path("run"))[0]);
  EXPECT_EQ(Episodes(Path("behind"))[4], Episodes(Path("run"))[4]);
  EXPECT_NE(Episodes(Path("behind"))[5], Episodes(Path("run"))[5]);
}

TEST_F(Forking, ARollBackOfTheOtherRunIsTold) {
  {
    auto engine = MustCreate(Distractable(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 3);
    Change(*engine, "distractors.active", true);  // before episode 2
    StepEpisodes(*engine, 2);
    GoBack(*engine, "before-1");
    Change(*engine, "eps.masks", 9);
    RunOn(*engine);
  }
  // It begins before the roll back, and at the start.
  for (const bool kept : {true, false}) {
    SCOPED_TRACE(kept);
    for (const char* name : {"state", "previous", "previous-2"})
      fs::remove(Path("run") + "/checkpoints/" + name + ".eqps");
    if (!kept)
      for (const char* name : {"before-1", "before-3"}) fs::remove(Path("run") + "/checkpoints/" + name + ".eqps");
    const std::string name = kept ? "fork" : "anew";
    EXPECT_EQ(
        Plan("run", 4, {}, name).value().beginning().rfind(kept ? "from its checkpoint before-" : "from its start", 0),
        0u);
    FinishFork("run", 4, {}, name);
    EXPECT_EQ(Episodes(Path(name)), Episodes(Path("run")));
    EXPECT_EQ(Course(Path(name)), Course(Path("run")));
    ExpectMadeAgain(name);
    fs::remove_all(Path(name + "-again"));
    ExpectWhole(name);
    // And back to what was kept before the fork, which is then made again too.
    auto engine = MustOpen(Path(name), 5);
    StartPaused(*engine);
    const auto& kept_now = engine->Latest()->kept;
    ASSERT_FALSE(kept_now.empty());
    GoBack(*engine, "before-1");
    EXPECT_EQ(engine->Latest()->kept.front().episode, 2);
    RunOn(*engine);
    engine.reset();
    ExpectMadeAgain(name);
  }
}

TEST_F(Forking, GoesOnAndForksAgain) {
  MakeRun("run");
  FinishFork("run", 3, {{"eps.masks", 9}}, "fork", 5);
  ExpectMadeAgain("fork");
  Finish(MustOpen(Path("fork"), 6).get());
  FinishFork("run", 3, {{"eps.masks", 9}}, "longer", 6);
  ExpectSameCourse("fork", "longer");
  FinishFork("fork", 6, {{"model.eta", 2.0}}, "second");
  FinishFork("fork", 2, {}, "back");
  EXPECT_EQ(Episodes(Path("second")).size(), 8u);
  const auto was = Episodes(Path("run"));
  auto is = Episodes(Path("back"));
  is.resize(was.size());
  EXPECT_EQ(is, was) << "before its own change it is the first run again";
  ExpectMadeAgain("second");
  ExpectWhole("second");
}

TEST_F(Forking, KilledAtAnyMomentIsAbsentOrGoesOnToTheSameBytes) {
  {
    auto engine = MustCreate(Distractable(), Path("run"));
    StartPaused(*engine);
    StepEpisodes(*engine, 2);
    Change(*engine, "eps.masks", 9);
    StepEpisodes(*engine, 1);
    Push(*engine);                      // in episode 2
    Change(*engine, "model.eta", 1.5);  // before episode 3
    RunOn(*engine);
  }
  for (const char* name : {"previous", "previous-2", "before-3"})
    fs::remove(Path("run") + "/checkpoints/" + name + ".eqps");
  for (const bool anew : {false, true}) {  // from before-1, and from the start
    SCOPED_TRACE(anew);
    if (anew) fs::remove(Path("run") + "/checkpoints/before-1.eqps");
    int moments = 0, there = 0;
    const std::string name = anew ? "anew" : "fork";
    {
      const testing_support::DiskMoments at_each([&] {
        ++moments;
        if (moments % 4 != 0 || !fs::exists(Path(name))) return;
        fs::copy(Path(name), Path(name + "-" + std::to_string(there++)), fs::copy_options::recursive);
      });
      FinishFork("run", 4, {{"sac.entropy_bonus", 3.0}}, name);
    }
    EXPECT_GT(there, 10);
    for (int i = 0; i < there; ++i) {
      const std::string killed = name + "-" + std::to_string(i);
      const auto end = Finish(MustOpen(Path(killed)).get());
      ASSERT_EQ(end->state, RunState::kFinished) << killed << ": " << end->stopped_reason;
      ExpectSameCourse(name, killed);
      ASSERT_FALSE(HasFailure()) << "killed at " << i;
      fs::remove_all(Path(killed));
    }
  }
}

TEST_F(Forking, StopsWhereTrainingAgainGivesAnotherRun) {
  MakeRun("run");
  (void)MustFork("run", 2, {}, "fork");
  // As if it had been computed elsewhere: the other run's episode 1 came out in another way.
  const std::string path = Path("fork") + "/fork/episodes.jsonl", was = ReadFile(path).value();
  std::string log = was;
  const size_t at = log.rfind("\"episode_return\":") + 17;
  ASSERT_EQ(log[at - 1], ':');
  log[at] = log[at] == '9' ? '8' : '9';
  ASSERT_TRUE(WriteFileAtomically(path, log).ok());
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto engine = MustOpen(Path("fork"));
    const auto end = Finish(engine.get());
    EXPECT_EQ(end->state, RunState::kStopped);
    EXPECT_TRUE(engine->Differs());
    EXPECT_EQ(end->stopped_reason.rfind("training again did not give " + Path("run") +
                                            ". episodes.jsonl: record 3 differs in episode_return: was ",
                                        0),
              0u)
        << end->stopped_reason;
    EXPECT_EQ(Episodes(Path("fork")).size(), 2u) << "what differs is not written";
  }
  ASSERT_TRUE(WriteFileAtomically(path, was).ok());
  auto engine = MustOpen(Path("fork"));
  EXPECT_EQ(Finish(engine.get())->state, RunState::kFinished);
  EXPECT_FALSE(engine->Differs());
  EXPECT_EQ(Episodes(Path("fork")), Episodes(Path("run")));
}

TEST_F(Forking, RefusesWhatCannotBeAndWritesNothing) {
  MakeRun("run");
  const auto refused = [&](int episode, std::vector<ChangeSetting> changes, int episodes, const std::string& why) {
    const auto fork = Plan("run", episode, std::move(changes), "fork", episodes);
    ASSERT_FALSE(fork.ok()) << why;
    EXPECT_NE(fork.error().message.find(why), std::string::npos) << fork.error().message;
    EXPECT_FALSE(fs::exists(Path("fork")));
  };
  refused(6, {}, 9, "has done 4 episodes, so the first that can be another is 5, not 6");
  refused(5, {}, 0, "has no episode of its own: ask for more with --episodes");
  refused(3, {{"model.hidden", 20}}, 0, "model.hidden is fixed for the whole run");
  refused(3, {{"ppo.batch_steps", 500}}, 0, "this run's agent, unified, has no");
  refused(3, {{"distractors.shortest_period", 90.0}, {"distractors.longest_period", 80.0}}, 0, "is below");
  EXPECT_TRUE(Plan("run", 5, {}, "fork", 6).ok());
  // A place that is taken, also when that is so only in the end.
  const auto fork = Plan("run", 3, {}, "fork");
  fs::create_directories(Path("fork") + "/mine");
  EXPECT_NE(fork.value().Begin().error().message.find("exists and is not empty"), std::string::npos);
  EXPECT_FALSE(Plan("run", 3, {}, "fork").ok());
  for (const auto& entry : fs::directory_iterator(root_)) EXPECT_NE(entry.path().filename(), ".fork.fork");
}

TEST_F(Forking, UpToItsEpisodeNobodySteersIt) {
  MakeRun("run");
  auto engine = MustFork("run", 2, {{"eps.masks", 9}}, "fork");
  StartPaused(*engine);
  StepEpisodes(*engine, 2);
  engine->Post(RollBack{"before-1"});
  StepOnce(*engine);
  engine->Post(PushBody{1, {30, 0, 0, 0, 0, 0}});
  Change(*engine, "model.eta", 2.0);  // waits for the fork
  EXPECT_EQ(engine->Latest()->pending.at(0).episode, 2);
  const auto refused = engine->Latest()->refused;
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].rfind("Not rolled back: up to episode 2 this run is ", 0), 0u) << refused[0];
  EXPECT_EQ(refused[1].rfind("Not pushed: ", 0), 0u) << refused[1];
  engine.reset();
  const auto end = Finish(MustOpen(Path("fork")).get());
  EXPECT_EQ(end->state, RunState::kFinished) << end->stopped_reason;
  FinishFork("run", 2, {{"eps.masks", 9}, {"model.eta", 2.0}}, "at-once");
  EXPECT_EQ(Episodes(Path("fork")), Episodes(Path("at-once")));
  EXPECT_EQ(Course(Path("fork")), Course(Path("at-once")));
}

TEST_F(Forking, KeepsWhatIsScheduled) {
  config::Settings s = Distractable();
  s.run.schedule = "3 eps.masks=8";
  Finish(MustCreate(s, Path("run")).get());
  FinishFork("run", 3, {}, "same");
  EXPECT_EQ(Episodes(Path("same")), Episodes(Path("run")));
  EXPECT_TRUE(Plan("run", 3, {{"eps.masks", 8}}, "none").value().plan().changes.empty()) << "it is that already";
  FinishFork("run", 3, {{"eps.masks", 7}}, "other");
  EXPECT_NE(Episodes(Path("other"))[4], Episodes(Path("run"))[4]);
  EXPECT_NE(Course(Path("other")).back().find("You set eps.masks from 8 to 7"), std::string::npos);
}

class GoingOnWithAChange : public Accepting {};

TEST_F(GoingOnWithAChange, IsAnInterventionLikeOneInTheWindow) {
  config::Settings s = Small();
  {
    auto engine = MustCreate(s, Path("hand"));
    StartPaused(*engine);
    StepEpisodes(*engine, 4);
    Change(*engine, "sac.entropy_bonus", 3.0);
    Change(*engine, "eps.masks", 9);
    RunOn(*engine);
  }
  {
    auto engine = MustCreate(s, Path("resumed"));
    StartPaused(*engine);
    StepEpisodes(*engine, 4);
  }
  {
    auto engine = MustOpen(Path("resumed"));
    ASSERT_TRUE(engine->Change({{"sac.entropy_bonus", 3.0}, {"eps.masks", 9}}).ok());
  }  // killed before it went on: it was accepted
  Finish(MustOpen(Path("resumed")).get());
  ExpectSameRun("hand", "resumed");
  // It is done: nothing would come of a change.
  auto engine = MustOpen(Path("resumed"));
  const Status none = engine->Change({{"eps.masks", 5}});
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("has done its 4 episodes"), std::string::npos) << none.error().message;
  engine.reset();
  // All or nothing.
  engine = MustOpen(Path("resumed"), 6);
  EXPECT_FALSE(engine->Change({{"eps.masks", 5}, {"model.hidden", 20}}).ok());
  EXPECT_TRUE(engine->Latest()->pending.empty());
  // Two that only fit together.
  EXPECT_TRUE(engine->Change({{"distractors.shortest_period", 200.0}, {"distractors.longest_period", 300.0}}).ok());
  EXPECT_EQ(engine->Latest()->pending.size(), 2u);
}

}  // namespace
}  // namespace equipoise::run
