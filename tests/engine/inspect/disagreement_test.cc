// The parts of a mask's difference add up to the difference that was logged, and a mask that is followed is one version
// of the model.
#include "engine/inspect/disagreement.h"

#include <cmath>

#include "engine/eps/check_settings.h"
#include "engine/inspect/replayer.h"
#include "engine/store/decision_files.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Disagreeing : public RunTest {
 protected:
  // Finishes a run and opens it.
  std::unique_ptr<Replayer> Run(const config::Settings& s, const std::string& name) {
    end_ = Finish(MustCreate(s, Path(name)).get());
    auto replayer = Replayer::Open(Path(name));
    EXPECT_TRUE(replayer.ok());
    return std::move(replayer).value();
  }
  std::shared_ptr<const eps::Decision> Newest() const { return WholeDecision(*end_->episodes->back()); }
  std::shared_ptr<const Snapshot> end_;
};

double Sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

void ExpectItAddsUp(const Disagreement& d, const eps::Decision& decision) {
  ASSERT_EQ(d.problem, "");
  ASSERT_EQ(d.masks.size(), decision.delta().size());
  double mean = 0, scale = 1;
  for (const eps::PolicyReturns& p : decision.policies)
    for (const double r : p.returns) scale = std::max(scale, std::fabs(r));
  for (size_t i = 0; i < d.masks.size(); ++i) {
    const DifferenceParts& parts = d.masks[i];
    mean += decision.delta()[i] / static_cast<double>(d.masks.size());
    ASSERT_EQ(parts.by_step.size(), static_cast<size_t>(d.horizon));
    EXPECT_NEAR(Sum(parts.by_step), decision.delta()[i], 2e-5 * scale) << i;
    EXPECT_NEAR(Sum(parts.by_term) + parts.bonus + parts.rest, decision.delta()[i], 2e-5 * scale) << i;
    EXPECT_NEAR(parts.standard_error, decision.standard_error()[i], 1e-4 * scale) << i;
  }
  EXPECT_NEAR(Sum(d.all.by_step), mean, 2e-5 * scale);
  EXPECT_NEAR(Sum(d.all.by_term) + d.all.bonus + d.all.rest, mean, 2e-5 * scale);
  ASSERT_EQ(d.lowest.size(), static_cast<size_t>(d.horizon));
  EXPECT_LE(d.lowest.back(), d.all.delta);
  EXPECT_GE(d.highest.back(), d.all.delta);
}

TEST_F(Disagreeing, ThePartsAddUpToTheLoggedDifferenceInEveryPairingAndTask) {
  for (const char* task : {"cartpole", "hopper"}) {
    for (const char* pairing : {"noise", "none"}) {
      config::Settings s = TinySettings();
      s.run.task = task;
      s.run.episodes = 3;
      s.Of<eps::CheckSettings>().pairing = pairing;
      const std::string name = std::string(task) + pairing;
      const auto replayer = Run(s, name);
      const Disagreement d = replayer->Do(DisagreeOf(*Newest()));
      ExpectItAddsUp(d, *Newest());
      EXPECT_EQ(d.term_names, task == std::string("hopper") ? (std::vector<std::string>{"control", "alive"})
                                                            : std::vector<std::string>{"reward of the imagined state"});
      EXPECT_NE(d.masks[0].by_term[0], 0.0) << "nothing was told of the terms";
      EXPECT_FALSE(d.has_bonus);
    }
  }
}

TEST_F(Disagreeing, MasksThatGotMoreRolloutsAndABonusAddUpToo) {
  config::Settings s = TinySettings();
  auto& eps = s.Of<eps::CheckSettings>();
  eps.most_rollouts = 10;
  eps.bonus = 0.5;
  eps.probes = 3;
  const auto replayer = Run(s, "run");
  const auto decision = Newest();
  ASSERT_EQ(decision->mask_rollouts.size(), decision->delta().size());
  EXPECT_GT(*std::max_element(decision->mask_rollouts.begin(), decision->mask_rollouts.end()), 3)
      << "no mask was in doubt";
  const Disagreement d = replayer->Do(DisagreeOf(*decision));
  ExpectItAddsUp(d, *decision);
  EXPECT_TRUE(d.has_bonus);
  EXPECT_NE(d.all.bonus, 0.0);
}

TEST_F(Disagreeing, AFollowedMaskMeetsTheLogWhereItWasTakenAndIsAnotherOneElsewhere) {
  config::Settings s = TinySettings();
  s.run.episodes = 12;
  const auto replayer = Run(s, "run");
  const eps::Comparison turned = Newest()->turned_on();
  const int from = 5;
  const FollowMask request{from, 4, turned.preferred, turned.challenger, 12};
  FollowedMask followed = replayer->Do(request);
  EXPECT_FALSE(followed.whole) << "all decisions at once make the newest click wait";
  ASSERT_FALSE(followed.points.empty());
  EXPECT_EQ(followed.points.back().episode, 12) << "the newest come first";
  followed = replayer->Do(request);
  EXPECT_TRUE(followed.whole);
  EXPECT_EQ(followed.problem, "");
  ASSERT_EQ(followed.points.size(), store::KeptDecisions(Path("run")).size());
  int other = 0;
  for (const FollowedMask::Point& point : followed.points) {
    for (const auto& record : *end_->episodes) {
      if (record->episode != point.episode) continue;
      const auto decision = WholeDecision(*record);
      const double logged = decision->delta()[4];
      if (point.episode == from) {
        EXPECT_NEAR(point.delta, logged, 1e-4 * (1 + std::fabs(logged)));
        EXPECT_NEAR(point.standard_error, decision->standard_error()[4], 1e-4 * (1 + std::fabs(logged)));
      } else {
        other += std::fabs(point.delta - logged) > 1e-6;
      }
    }
  }
  EXPECT_GT(other, 0) << "every episode's check draws its own masks; this one must stay the same";
}

TEST_F(Disagreeing, LookingChangesNothingAndWhatCannotBeToldIsSaid) {
  config::Settings s = TinySettings();
  s.run.episodes = 3;
  const auto replayer = Run(s, "run");
  const auto before = Episodes(Path("run"));
  const auto kept = store::KeptDecisions(Path("run"));
  Disagree request = DisagreeOf(*Newest());
  (void)replayer->Do(request);
  EXPECT_EQ(Episodes(Path("run")), before);
  EXPECT_EQ(store::KeptDecisions(Path("run")), kept);
  request.masks = 99;
  EXPECT_NE(replayer->Do(request).problem.find("masks"), std::string::npos);
  request.episode = 77;
  EXPECT_NE(replayer->Do(request).problem.find("not kept"), std::string::npos);
  FollowMask none{2, 0, request.preferred, request.challenger, 0};
  EXPECT_NE(replayer->Do(none).problem, "");
}

}  // namespace
}  // namespace equipoise::run
