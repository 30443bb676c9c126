// A stored decision comes out again to the bit, and what is imagined from it belongs to it.
#include "engine/inspect/replayer.h"

#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/eps/check_settings.h"
#include "engine/inspect/imagine.h"
#include "engine/store/decision_files.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Replaying : public RunTest {
 protected:
  static std::unique_ptr<Replayer> MustOpen(const std::string& dir) {
    auto replayer = Replayer::Open(dir);
    if (!replayer.ok()) {
      ADD_FAILURE() << replayer.error().message;
      return nullptr;
    }
    return std::move(replayer).value();
  }
  static void ExpectEveryDecisionAgain(const std::string& dir, size_t expected) {
    const std::vector<int> kept = store::KeptDecisions(dir);
    EXPECT_EQ(kept.size(), expected);
    auto replayer = MustOpen(dir);
    for (int episode : kept) {
      const Reevaluated r = replayer->Do(Reevaluate{episode});
      EXPECT_EQ(r.problem, "");
      EXPECT_TRUE(r.same) << r.sentence;
      EXPECT_EQ(r.again.evaluated, r.logged.evaluated);
    }
  }
  static std::map<int, std::string> KeptBytes(const std::string& dir) {
    std::map<int, std::string> out;
    for (int episode : store::KeptDecisions(dir)) out[episode] = ReadFile(store::DecisionPath(dir, episode)).value();
    return out;
  }
};

TEST_F(Replaying, EveryStoredDecisionIsTheSameNumbersInEveryPairingAndAgent) {
  for (const char* pairing : {"noise", "starts", "none"}) {
    config::Settings s = TinySettings();
    s.Of<eps::CheckSettings>().pairing = pairing;
    Finish(MustCreate(s, Path(pairing)).get());
    ExpectEveryDecisionAgain(Path(pairing), 6);
  }
  config::Settings s = TinySettings();
  s.run.agent = "mbrl";
  Finish(MustCreate(s, Path("mbrl")).get());
  ExpectEveryDecisionAgain(Path("mbrl"), 6);
  s.run.agent = "sac";
  Finish(MustCreate(s, Path("sac")).get());
  EXPECT_TRUE(store::KeptDecisions(Path("sac")).empty()) << "there is no model to ask";
}

TEST_F(Replaying, ADecisionWithABonusComesOutAgainWithWhatEachPolicyWouldTeach) {
  config::Settings s = TinySettings();
  s.Of<eps::CheckSettings>().bonus = 0.5;
  s.Of<eps::CheckSettings>().probes = 3;
  const auto end = Finish(MustCreate(s, Path("run")).get());
  ExpectEveryDecisionAgain(Path("run"), 6);
  const auto decision = WholeDecision(*end->episodes->back());
  ASSERT_GT(decision->bonus, 0);
  auto replayer = MustOpen(Path("run"));
  for (const eps::PolicyReturns& p : decision->policies) {
    ASSERT_EQ(p.information.size(), p.returns.size());
    // What is lit along an imagined body is what the check summed.
    const Imagined r = replayer->Do(Imagine{decision->episode, p.policy, {2}, 3});
    ASSERT_EQ(r.problem, "");
    double nats = 0;
    for (const Trajectory& rollout : r.masks[0].rollouts) {
      ASSERT_EQ(rollout.information.size(), static_cast<size_t>(r.horizon));
      for (const double step : rollout.information) nats += step / 3;
    }
    EXPECT_NEAR(nats, p.information[2], 1e-3 * p.information[2]);
  }
  // A changed number is noticed by its name.
  std::string lines;
  History history = ReadHistory(Path("run")).value();
  for (EpisodeRecord& record : history.episodes) {
    if (record.episode == 1) record.decision.policies[0].information[1] *= 2;
    lines += ToLine(record) + "\n";
  }
  ASSERT_TRUE(WriteFileAtomically(store::RunPaths(Path("run")).episodes, lines).ok());
  const Reevaluated changed = MustOpen(Path("run"))->Do(Reevaluate{1});
  ASSERT_EQ(changed.differs.size(), 1u) << changed.sentence;
  EXPECT_EQ(changed.differs[0].find("the information of SAC of mask 2"), 0u) << changed.differs[0];
  EXPECT_FALSE(changed.same_but_for_rounding);
}

TEST_F(Replaying, AResumedRunWithDistractorsKeepsTheSameMomentsAsOneThatNeverStopped) {
  config::Settings s = TinySettings();
  s.distractors.active = true;
  s.distractors.groups = 2;
  s.distractors.sinusoids = 3;
  Finish(MustCreate(s, Path("whole")).get());
  s.run.episodes = 3;
  Finish(MustCreate(s, Path("parts")).get());
  // A process that dies after a decision leaves a moment that no checkpoint knows.
  ASSERT_TRUE(WriteFileAtomically(store::DecisionPath(Path("parts"), 4), "cut off").ok());
  auto opened = Engine::Open(Path("parts"), 6);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(store::KeptDecisions(Path("parts")), (std::vector<int>{1, 2, 3}));
  Finish(opened.value().get());
  ExpectEveryDecisionAgain(Path("parts"), 6);
  // The number of episodes is a setting, and part of a moment; all later ones are equal byte for byte.
  const auto whole = KeptBytes(Path("whole")), parts = KeptBytes(Path("parts"));
  for (int episode = 4; episode <= 6; ++episode) EXPECT_TRUE(whole.at(episode) == parts.at(episode)) << episode;
}

TEST_F(Replaying, KeepingDecisionsDoesNotChangeTheRun) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("kept")).get());
  s.log.moments = 0;
  Finish(MustCreate(s, Path("forgotten")).get());
  EXPECT_EQ(Episodes(Path("kept")), Episodes(Path("forgotten")));
  EXPECT_TRUE(store::KeptDecisions(Path("forgotten")).empty());
  const Reevaluated r = MustOpen(Path("forgotten"))->Do(Reevaluate{3});
  EXPECT_NE(r.problem.find("log.moments"), std::string::npos) << r.problem;
}

TEST_F(Replaying, ACheckThatStoppedEarlyIsCompleted) {
  config::Settings s = TinySettings();
  auto& eps = s.Of<eps::CheckSettings>();
  eps.masks = 12;
  eps.early_exit = true;
  const auto end = Finish(MustCreate(s, Path("run")).get());
  auto replayer = MustOpen(Path("run"));
  int completed = 0;
  for (const auto& record : *end->episodes) {
    if (record->decision.evaluated == 0 || record->decision.evaluated == 12) continue;
    const Reevaluated r = replayer->Do(Reevaluate{record->episode, true});
    EXPECT_TRUE(r.same) << r.sentence;
    EXPECT_EQ(r.again.evaluated, 12);
    ++completed;
  }
  EXPECT_GT(completed, 0) << "no check of this run stopped early";
}

TEST_F(Replaying, ATamperedMomentIsRefusedAndATamperedLogIsNoticed) {
  config::Settings s = TinySettings();
  s.run.episodes = 2;
  Finish(MustCreate(s, Path("run")).get());
  const std::string path = store::DecisionPath(Path("run"), 2), log = store::RunPaths(Path("run")).episodes;
  std::string bytes = ReadFile(path).value();
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(path, bytes).ok());
  const Reevaluated broken = MustOpen(Path("run"))->Do(Reevaluate{2});
  EXPECT_NE(broken.problem.find(path), std::string::npos) << broken.problem;
  EXPECT_FALSE(broken.same);
  std::string lines;
  History history = ReadHistory(Path("run")).value();
  for (EpisodeRecord& record : history.episodes) {
    if (record.episode == 1) test::DeltaOf(&record.decision)[0] = std::nextafter(record.decision.delta()[0], 1e9);
    lines += ToLine(record) + "\n";
  }
  ASSERT_TRUE(WriteFileAtomically(log, lines).ok());
  const Reevaluated other = MustOpen(Path("run"))->Do(Reevaluate{1});
  EXPECT_EQ(other.problem, "");
  EXPECT_FALSE(other.same);
  ASSERT_EQ(other.differs.size(), 1u) << other.sentence;
  EXPECT_NE(other.sentence.find("delta of mask 1"), std::string::npos) << other.sentence;
}

TEST_F(Replaying, TheBudgetLetsTheOldestGoAndEveryNthStays) {
  config::Settings s = TinySettings();
  s.log.moments_every = 3;
  Finish(MustCreate(s, Path("third")).get());
  EXPECT_EQ(store::KeptDecisions(Path("third")), (std::vector<int>{1, 4, 6}));
  auto opened = store::DecisionFiles::Open(Path("budget"), 250, 1, 0);
  ASSERT_TRUE(opened.ok());
  store::DecisionFiles files = std::move(opened).value();
  for (int episode = 1; episode <= 4; ++episode) ASSERT_TRUE(files.Write(episode, std::string(100, 'x')).ok());
  EXPECT_EQ(store::KeptDecisions(Path("budget")), (std::vector<int>{3, 4}));
  ASSERT_TRUE(files.Write(5, std::string(1000, 'x')).ok());
  EXPECT_EQ(store::KeptDecisions(Path("budget")), (std::vector<int>{5})) << "the newest stays whatever it takes";
}

TEST_F(Replaying, APolicysImaginationIsWhatTheCheckSummed) {
  for (const char* pairing : {"noise", "none"}) {
    config::Settings s = TinySettings();
    s.Of<eps::CheckSettings>().pairing = pairing;
    s.distractors.active = true;
    s.distractors.groups = 1;
    s.distractors.sinusoids = 2;
    const auto end = Finish(MustCreate(s, Path(pairing)).get());
    const auto whole = WholeDecision(*end->episodes->back());
    const eps::Decision& decision = *whole;
    auto replayer = MustOpen(Path(pairing));
    for (const eps::Pick actions : {test::Based(), test::Free()}) {
      const Imagined r = replayer->Do(Imagine{decision.episode, actions, {0, 4}, 2});
      ASSERT_EQ(r.problem, "");
      ASSERT_EQ(r.masks.size(), 2u);
      const std::vector<double> returns = test::ReturnsOf(decision, actions);
      for (const MaskImagined& m : r.masks) {
        const auto i = static_cast<size_t>(m.mask);
        EXPECT_NEAR(m.return_mean, returns[i], 1e-3 * (1 + std::abs(returns[i])));
        EXPECT_EQ(m.delta, decision.delta()[i]);
        ASSERT_EQ(m.rollouts.size(), 2u);
        EXPECT_EQ(m.rollouts[0].qpos.size(), static_cast<size_t>((r.horizon + 1) * r.qpos_size));
        EXPECT_EQ(m.rollouts[0].reward.size(), static_cast<size_t>(r.horizon));
        EXPECT_TRUE(std::isnan(m.coverage)) << "there is no reality to compare a plan with";
      }
    }
  }
}

TEST_F(Replaying, RealActionsStartInRealityAndAreMeasuredAgainstIt) {
  const auto end = Finish(MustCreate(TinySettings(), Path("run")).get());
  const int episode = end->trace->episode;
  auto replayer = MustOpen(Path("run"));
  const Imagined r = replayer->Do(Imagine{episode, std::nullopt, {1}, 3});
  ASSERT_EQ(r.problem, "");
  ASSERT_TRUE(r.has_real);
  EXPECT_EQ(r.real_note, "");
  EXPECT_EQ(r.real.qpos, end->trace->qpos) << "simulated again to the same poses";
  const MaskImagined& m = r.masks.at(0);
  EXPECT_EQ(m.measured, kMeasured);
  ASSERT_EQ(m.error.size(), static_cast<size_t>(r.horizon));
  for (size_t h = 0; h < m.error.size(); ++h) {
    EXPECT_LE(m.error_lo[h], m.error[h]);
    EXPECT_LE(m.error[h], m.error_hi[h]);
  }
  EXPECT_GT(m.error.back(), m.error.front()) << "a model this small drifts";
  EXPECT_GE(m.coverage, 0.0);
  EXPECT_LE(m.coverage, 1.0);
  EXPECT_EQ(r.all.measured, TinySettings().Of<eps::CheckSettings>().masks);
  for (int j = 0; j < r.qpos_size; ++j)
    EXPECT_EQ(m.rollouts[0].qpos[static_cast<size_t>(j)], r.real.qpos[static_cast<size_t>(j)]);
  const Imagined again = replayer->Do(Imagine{episode, std::nullopt, {1}, 3});
  EXPECT_EQ(again.masks[0].rollouts[2].qpos, m.rollouts[2].qpos);
  EXPECT_NE(m.rollouts[1].qpos, m.rollouts[2].qpos) << "every rollout draws its own noise";
  EXPECT_NE(replayer->Do(Imagine{episode, std::nullopt, {99}, 3}).problem, "");
}

TEST_F(Replaying, EveryEpisodeIsActedAgainToTheSameSteps) {
  for (const char* agent : {"unified", "sac"}) {
    config::Settings s = TinySettings();
    s.run.agent = agent;
    const auto end = Finish(MustCreate(s, Path(agent)).get());
    auto replayer = MustOpen(Path(agent));
    for (const auto& record : *end->episodes) {
      const Recalled r = replayer->Do(Recall{record->episode});
      ASSERT_EQ(r.problem, "") << record->episode;
      EXPECT_EQ(r.note, "");
      double sum = 0;
      for (const double reward : r.trace->reward) sum += reward;
      EXPECT_DOUBLE_EQ(sum, record->episode_return) << record->episode;
      EXPECT_EQ(r.trace->pick, record->decision.pick);
      EXPECT_EQ(r.trace->episode, record->episode);
    }
    const Recalled last = replayer->Do(Recall{end->trace->episode});
    EXPECT_EQ(last.trace->qpos, end->trace->qpos);
    EXPECT_EQ(last.trace->qvel, end->trace->qvel);
    EXPECT_EQ(last.trace->ctrl, end->trace->ctrl);
    EXPECT_EQ(last.trace->reward, end->trace->reward);
    EXPECT_EQ(last.trace->terms, end->trace->terms);
    const Recalled absent = replayer->Do(Recall{99});
    EXPECT_EQ(absent.trace, nullptr);
    EXPECT_NE(absent.problem.find("has not been acted yet"), std::string::npos) << absent.problem;
  }
}

}  // namespace
}  // namespace equipoise::run
