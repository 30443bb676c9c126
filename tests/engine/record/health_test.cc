#include "engine/record/health.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::run {
namespace {

// A run in which nothing is wrong: 20 episodes after 5 random ones, alternately by either policy.
struct Sample {
  config::Settings settings;
  std::vector<EpisodeRecord> records;

  Sample() {
    settings.Of<model::DropoutLstmSettings>().eta = 1;
    settings.Of<model::DropoutLstmSettings>().clip = settings.Of<learn::ModelBasedSettings>().clip = 1;
    settings.run.random_episodes = 5;
    for (int e = -4; e <= 20; ++e) {
      EpisodeRecord r;
      r.episode = e;
      r.decision.pick = e <= 0 ? eps::Pick() : e % 2 ? test::Based() : test::Free();
      r.episode_return = 100;
      if (e > 0) {
        r.decision.checked = true;
        r.decision.masks = r.decision.evaluated = 3;
        test::DeltaOf(&r.decision) = {1, 2, 3};
        r.predicted_mean = 104;
        r.predicted_lo = 90;
        r.predicted_hi = 115;
        r.coverage = 0.9;
        r.scalars = {{"model.eta_over_n", 0.05}, {"model.train_nll", -8}, {"model.clipped_share", 1},
                     {"model.gradient_norm", 2}, {"mb.clipped_share", 1}, {"mb.gradient_norm", 200},
                     {"sac.alpha", 0.05}};
      }
      records.push_back(r);
    }
  }

  std::vector<std::string> Say(const eps::Decision* newest = nullptr) const {
    Records shared;
    for (const EpisodeRecord& r : records) shared.push_back(Summarised(r));
    std::vector<std::string> said;
    for (const nets::Finding& f : Diagnose(settings, test::UnifiedParts(), shared, newest, 18))
      said.push_back(nets::Sentence(f));
    return said;
  }
  void Set(const char* scalar, double value) { Slope(scalar, value, 0); }
  // From the tenth last episode on it changes by `each` from one to the next; `value` is the last.
  void Slope(const char* scalar, double value, double each) {
    for (EpisodeRecord& r : records) {
      if (r.episode > 0) r.scalars[scalar] = value - each * std::min(20 - r.episode, 9);
    }
  }
  double Blind() const { return 18 * 0.5 * std::log(2 * M_PI * std::exp(1.0)); }
};

void ExpectNoAdvice(const std::vector<std::string>& said, const std::string& wrong) {
  for (const std::string& sentence : said) EXPECT_EQ(sentence.find(wrong), std::string::npos) << sentence;
}

// The only sentence, which must hold both what is the case and what to try.
void ExpectOnly(const std::vector<std::string>& said, const std::string& what, const std::string& what_to_try) {
  ASSERT_EQ(said.size(), 1u) << (said.empty() ? "nothing was said" : said[1]);
  EXPECT_NE(said[0].find(what), std::string::npos) << said[0];
  EXPECT_NE(said[0].find(what_to_try), std::string::npos) << said[0];
}

TEST(Health, HasNothingToSayOfASoundRun) { EXPECT_TRUE(Sample().Say().empty()); }

TEST(Health, HasNothingToSayBeforeTheFirstEpisode) {
  Sample s;
  s.records.clear();
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, SaysThatTheModelSleepsWhileItsPriorOutweighsTheData) {
  Sample s;
  s.settings.Of<model::DropoutLstmSettings>().eta = 24.9;  // of 25 trajectories
  EXPECT_TRUE(s.Say().empty());
  s.settings.Of<model::DropoutLstmSettings>().eta = 50;
  // The fit for picked episode k sees 5 + k - 1 trajectories: 51 of them for k = 47.
  ExpectOnly(s.Say(), "sleeps", "wait for episode 47");
  EXPECT_NE(s.Say()[0].find("eta/N = 2"), std::string::npos);
}

TEST(Health, SaysThatTheModelLearnedNothingWhenTheDataMeanIsAsGood) {
  Sample s;
  const double blind = 18 * 0.5 * std::log(2 * M_PI * std::exp(1.0));
  s.Set("model.train_nll", 0.94 * blind);
  EXPECT_TRUE(s.Say().empty());
  s.Set("model.train_nll", 0.96 * blind);
  ExpectOnly(s.Say(), "learned next to nothing", "model.steps");
}

TEST(Health, SaysThatImaginationLeavesTheDataFromOnePercentOn) {
  Sample s;
  for (EpisodeRecord& r : s.records) r.decision.clamped_fraction = 0.009;
  EXPECT_TRUE(s.Say().empty());
  for (EpisodeRecord& r : s.records) r.decision.clamped_fraction = 0.02;
  ExpectOnly(s.Say(), "2 %", "Wait for data");
}

TEST(Health, DoesNotSendThePolicyBackWhereItIsNotThePolicyThatLeavesTheData) {
  Sample s;
  for (EpisodeRecord& r : s.records) r.decision.clamped_fraction = 0.02;
  ExpectOnly(s.Say(), "2 %", "lower mb.entropy_bonus, or lower mb.steps");
  s.settings.Of<learn::ModelBasedSettings>().entropy_auto = true;  // then the bonus is not set, but found
  ExpectOnly(s.Say(), "2 %", "lower mb.target_entropy");
  ExpectNoAdvice(s.Say(), "mb.entropy_bonus");
  s.Set("mb.clamped_fraction", 0.0);  // it is SAC's policy that goes there
  ExpectNoAdvice(s.Say(), "mb.");
  s.settings.Of<model::DropoutLstmSettings>().steps = 0;  // no data reach a frozen model
  ExpectOnly(s.Say(), "2 %", "Let the model learn again (model.steps).");
  ExpectNoAdvice(s.Say(), "ait for");
  s.settings.Of<model::DropoutLstmSettings>().steps = 100;
  s.settings.run.episodes = 20;  // and no more of them come
  ExpectNoAdvice(s.Say(), "ait for");
}

TEST(Health, DoesNotTellARunToWaitForAnEpisodeThatItWillNotReach) {
  Sample s;
  s.settings.Of<model::DropoutLstmSettings>().eta = 50;
  s.settings.run.episodes = 46;
  ExpectOnly(s.Say(), "sleeps", "Lower model.eta below 25.");
  ExpectNoAdvice(s.Say(), "ait for");
  s.settings.Of<model::DropoutLstmSettings>().steps = 0;  // frozen: no fit comes that the prior could weigh in
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, TellsAModelThatDoesNotSettleFromOneThatIsSlow) {
  Sample s;
  s.settings.Of<model::DropoutLstmSettings>().lr = 1;
  s.Set("model.train_nll", 1.0 * s.Blind());  // every learning rate is 1: stuck at the mean, not slow
  ExpectOnly(s.Say(), "does not settle", "Lower model.lr (1).");
  ExpectNoAdvice(s.Say(), "aise model.lr");
  s.Set("model.train_nll", 400);  // or far worse than it
  ExpectOnly(s.Say(), "does not settle", "Lower model.lr");
  s.Slope("model.train_nll", 400, -40);
  ExpectOnly(s.Say(), "does not settle", "Lower model.lr");
  s.settings.Of<model::DropoutLstmSettings>().lr = 0.001;
  s.Set("model.train_nll", 400);
  ExpectOnly(s.Say(), "does not settle", "Lower model.lr");
  // A slow one scatters about what guessing costs, and is sometimes worse.
  s.settings.Of<model::DropoutLstmSettings>().lr = 1e-6;
  for (EpisodeRecord& r : s.records)
    if (r.episode > 0) r.scalars["model.train_nll"] = s.Blind() * (r.episode % 2 ? 0.93 : 1.1);
  ExpectOnly(s.Say(), "learned next to nothing", "raise model.lr");
  s.settings.Of<model::DropoutLstmSettings>().lr = 1e-7;
  s.Set("model.train_nll", s.Blind());
  ExpectOnly(s.Say(), "learned next to nothing", "raise model.lr");
  s.Slope("model.train_nll", 0.93 * s.Blind(), -0.5);  // slow, but on its way
  ExpectOnly(s.Say(), "hardly begun", "Wait for data, or raise model.steps.");
}

TEST(Health, AdvisesALighterPriorOnlyWhereItWeighsSomething) {
  Sample s;
  s.Set("model.train_nll", s.Blind());
  ExpectNoAdvice(s.Say(), "model.eta");
  s.settings.Of<model::DropoutLstmSettings>().eta = 10;
  ExpectOnly(s.Say(), "learned next to nothing", "lower model.eta (eta/N = 0.4)");
}

// Distractors that have just gone or come: the last record's numbers are of another observation.
TEST(Health, DoesNotJudgeAFitByTheObservationThatCameAfterIt) {
  Sample s;
  s.Set("model.train_nll", 40);
  for (EpisodeRecord& r : s.records) r.nll_distractors = 20;
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, SaysOnceThatAModelIsUnfitAndNotWhatFollowsFromIt) {
  Sample s;
  s.Set("model.train_nll", 400);
  for (EpisodeRecord& r : s.records) {
    r.coverage = 0.1;
    r.decision.clamped_fraction = 0.3;
    r.predicted_mean = 900;
  }
  ExpectOnly(s.Say(), "does not settle", "model.lr");
}

// More steps make a model that knows its data by heart only worse.
TEST(Health, DoesNotAdviseMoreStepsToAModelThatLearnsByHeart) {
  Sample s;
  for (EpisodeRecord& r : s.records) {
    if (r.decision.pick == test::Based()) r.predicted_mean = 143;
    r.nll = -8 + 0.2 * s.Blind();  // the fit's is -8
  }
  ExpectOnly(s.Say(), "overrates", "Raise model.steps, raise model.dropout, or wait for data.");
  for (EpisodeRecord& r : s.records) r.nll = -8 + 0.3 * s.Blind();
  ExpectOnly(s.Say(), "overrates", "Raise model.dropout, raise model.eta, or wait for data.");
  s.settings.Of<model::DropoutLstmSettings>().steps = 0;
  s.settings.Of<model::DropoutLstmSettings>().dropout = 0.9;  // as far as it goes
  ExpectOnly(s.Say(), "overrates", "Let the model learn again (model.steps).");
}

TEST(Health, SaysWhetherTheMasksAreUnsure) {
  Sample s;
  for (EpisodeRecord& r : s.records) r.coverage = 0.99;
  ExpectOnly(s.Say(), "in 99 % of the steps, 81 % would be right", "lower model.dropout");
  s.settings.Of<model::DropoutLstmSettings>().dropout = 0;
  ExpectNoAdvice(s.Say(), "model.dropout");
  for (EpisodeRecord& r : s.records) r.coverage = 0.95;
  EXPECT_TRUE(s.Say().empty());
  for (EpisodeRecord& r : s.records) r.coverage = r.episode > 14 ? 0.99 : NAN;
  EXPECT_TRUE(s.Say().empty()) << "six episodes may be chance";
}

TEST(Health, SaysByHowMuchEachPolicyIsMisjudged) {
  Sample s;
  for (EpisodeRecord& r : s.records) {
    if (r.decision.pick == test::Based()) r.predicted_mean = 143;  // the band is 25 wide
  }
  ExpectOnly(s.Say(), "overrates the model-based policy by 43", "model.steps");
  for (EpisodeRecord& r : s.records) {
    if (r.decision.pick == test::Based()) r.predicted_mean = 124;
    if (r.decision.pick == test::Free()) r.predicted_mean = 60;
  }
  ExpectOnly(s.Say(), "underrates SAC by 40", "model.steps");
}

TEST(Health, MeasuresTheBiasOfOnePolicyOverItsOwnLastTenEpisodes) {
  Records records;
  for (int e = 1; e <= 40; ++e) {
    auto r = std::make_shared<EpisodeRecord>();
    r->episode = e;
    r->decision.pick = e % 2 ? test::Based() : test::Free();
    r->episode_return = 10;
    r->predicted_mean = e <= 20 ? 1000 : e % 2 ? 13 : 4;  // what is long past does not count
    r->predicted_lo = 0;
    r->predicted_hi = 8;
    if (e == 39) r->predicted_mean = r->predicted_lo = r->predicted_hi = NAN;  // a censored check predicts nothing
    records.push_back(Summarised(*r));
  }
  const Bias model_free = PredictionBias(records, test::Free());
  EXPECT_EQ(model_free.episodes, 10);
  EXPECT_DOUBLE_EQ(model_free.mean, -6);
  EXPECT_DOUBLE_EQ(model_free.band_width, 8);
  // Nine of its own in the last twenty and one of those before: (9 x 3 + 990) / 10.
  EXPECT_DOUBLE_EQ(PredictionBias(records, test::Based()).mean, 101.7);
  const Records few(records.begin(), records.begin() + 8);
  EXPECT_TRUE(std::isnan(PredictionBias(few, test::Based()).mean));  // four are too few
}

// A model of one belief has no band; its misses scatter.
TEST(Health, OfOneBeliefAMissCountsThatIsLargerThanTheOthers) {
  for (const double miss : {3.0, 30.0}) {
    Records records;
    for (int e = 1; e <= 10; ++e) {
      auto r = std::make_shared<EpisodeRecord>();
      r->episode = e;
      r->decision.pick = test::Based();
      r->episode_return = 20;
      r->predicted_mean = r->predicted_lo = r->predicted_hi = 20 + miss + (e % 2 == 0 ? 5 : -5);
      records.push_back(Summarised(*r));
    }
    EXPECT_DOUBLE_EQ(PredictionBias(records, test::Based()).band_width, 0);
    EXPECT_DOUBLE_EQ(PredictionBias(records, test::Based()).scatter, 5);
    const auto found = Diagnose(config::DefaultsOf("backprop"), agent::PartsOf("backprop"), records, nullptr, 6);
    const auto misjudged =
        std::find_if(found.begin(), found.end(), [](const nets::Finding& f) { return f.id == "check.misjudges.mb"; });
    ASSERT_EQ(misjudged != found.end(), miss > 5);
    if (miss > 5) {
      EXPECT_NE(misjudged->what.find("overrates the model-based policy by 30"), std::string::npos);
      EXPECT_NE(misjudged->what.find("they scatter by 5"), std::string::npos);
    }
  }
}

TEST(Health, SaysThatTheMasksAreTooSure) {
  Sample s;
  for (EpisodeRecord& r : s.records) r.coverage = 0.4;
  ExpectOnly(s.Say(), "40 %", "model.dropout");
}

TEST(Health, SaysThatAlphaHasCollapsedOnlyWhileItIsTuned) {
  Sample s;
  s.Set("sac.alpha", 0.0004);
  ExpectOnly(s.Say(), "0.0004", "sac.entropy_bonus");
  EXPECT_NE(s.Say()[0].find("If it explores too little"), std::string::npos) << "a small alpha can be right";
  s.settings.Of<learn::SacSettings>().updates_per_step = 0;  // frozen: nothing would follow from it
  EXPECT_TRUE(s.Say().empty());
  s.settings.Of<learn::SacSettings>().updates_per_step = 1;
  s.settings.Of<learn::SacSettings>().entropy_auto = false;  // then it is somebody's wish
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, SaysInHowManyStepsExplodingGradientsWereClipped) {
  Sample s;
  s.Set("mb.gradient_norm", 7773);
  ExpectOnly(s.Say(), "100 % of the steps, from a norm of 7.77e+03 to 1", "dreamer");
  s.settings.Of<learn::ModelBasedSettings>().mode = "dreamer";
  ExpectOnly(s.Say(), "model-based policy", "mb.lr");
  s.settings.Of<learn::ModelBasedSettings>().clip = 0;
  EXPECT_TRUE(s.Say().empty());
  s.Set("model.gradient_norm", 25);
  EXPECT_TRUE(s.Say().empty()) << "Adam undoes a common factor";
  s.Slope("model.train_nll", -8, 0.5);
  ExpectOnly(s.Say(), "the model are clipped", "model.lr");
  s.settings.Of<model::DropoutLstmSettings>().lr = 0;
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, LeavesAPolicyAloneThatImprovesUnderClippedGradients) {
  Sample s;
  s.Set("mb.gradient_norm", 7773);
  s.Slope("mb.imagined_return", 90, 4);
  EXPECT_TRUE(s.Say().empty());
  s.Slope("mb.imagined_return", 90, 0);
  ExpectOnly(s.Say(), "does not rise", "Start a run with mb.mode = dreamer or a shorter env.horizon");
  s.settings.Of<learn::ModelBasedSettings>().steps = 0;
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, SaysThatMostMasksGaveNoNumber) {
  eps::Decision newest;
  newest.checked = true;
  const double infinity = std::numeric_limits<double>::infinity();
  test::DeltaOf(&newest) = {-infinity, 1};
  EXPECT_TRUE(Sample().Say(&newest).empty());  // half is not most
  test::DeltaOf(&newest) = {-infinity, 1, -infinity};
  ExpectOnly(Sample().Say(&newest), "no finite return", "Lower model.lr, or roll back to a checkpoint");
  Sample frozen;
  frozen.settings.Of<model::DropoutLstmSettings>().steps = 0;
  ExpectOnly(frozen.Say(&newest), "no finite return", "Roll back to a checkpoint");
}

TEST(Health, ForgetsAGuardAfterTenEpisodes) {
  Sample s;
  const auto trip = [&s](size_t back) {
    EpisodeRecord& r = s.records[s.records.size() - back];
    r.guard_tripped = true;
    r.scalars["guard.sac_skipped"] = 3;
  };
  trip(11);
  EXPECT_TRUE(s.Say().empty());
  trip(1);
  ExpectOnly(s.Say(), "Steps of SAC that were not finite were skipped in 1 of the last 10", "sac.critic_lr");
  ExpectNoAdvice(s.Say(), "model.lr");
  s.settings.Of<learn::SacSettings>().updates_per_step = 0;
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, DoesNotBlameALearnerForASimulationThatDiverged) {
  Sample s;
  s.records.back().guard_tripped = true;
  s.records.back().scalars["guard.restarts"] = 2;
  ExpectOnly(s.Say(), "The simulation diverged", "1 of the last 10");
  ExpectNoAdvice(s.Say(), "lr");
  s.records.back().scalars.erase("guard.restarts");  // an older version did not say what it was
  ExpectOnly(s.Say(), "A guard acted in 1 of the last 10", "the log says which");
  ExpectNoAdvice(s.Say(), "lr");
}

TEST(Health, SaysForAsLongAsItLastsThatAGuardHalvedAStep) {
  Sample s;
  s.records.back().scalars["guard.sac.critic_lr"] = 0.25;
  ExpectOnly(s.Say(), "0.25 of sac.critic_lr", "until it is set by hand");
}

TEST(Health, TellsAFindingOnceWhateverItsNumbers) {
  const auto asleep = [](const char* what) { return nets::Finding{"model.asleep", what, {}}; };
  const nets::Finding collapsed{"x.alpha-collapsed", "Alpha has collapsed to 0.", {}};
  std::set<std::string> said;
  EXPECT_EQ(NewFindings({asleep("eta/N = 3.")}, &said).size(), 1u);
  EXPECT_TRUE(NewFindings({asleep("eta/N = 2.")}, &said).empty());
  const std::vector<nets::Finding> news = NewFindings({asleep("eta/N = 2."), collapsed}, &said);
  ASSERT_EQ(news.size(), 1u);
  EXPECT_EQ(news[0].id, collapsed.id);
  EXPECT_TRUE(NewFindings({}, &said).empty());
  EXPECT_EQ(NewFindings({asleep("eta/N = 9.")}, &said).size(), 1u);  // it is back
}

TEST(Health, WordsAFindingWithItsRemedies) {
  EXPECT_EQ(nets::Sentence({"x", "It sleeps.", {}}), "It sleeps.");
  EXPECT_EQ(nets::Sentence({"x", "It sleeps.", {"wake it"}}), "It sleeps. Wake it.");
  EXPECT_EQ(nets::Sentence({"x", "It sleeps.", {"wake it", "let it sleep", "wait"}}),
            "It sleeps. Wake it, let it sleep, or wait.");
}

TEST(Health, CountsDistractorsAmongTheOutputs) {
  config::Settings settings;
  env::TaskInfo task;
  task.observation_size = 17;
  EXPECT_EQ(ModelOutputs(settings, task), 18);
  settings.distractors = {};
  settings.distractors.active = true;
  EXPECT_EQ(ModelOutputs(settings, task), 18 + settings.distractors.groups * settings.distractors.sinusoids);
}

}  // namespace
}  // namespace equipoise::run
