#include "engine/run/health.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace equipoise::run {
namespace {

// A run in which nothing is wrong: 20 episodes after 5 random ones, alternately by either policy.
struct Sample {
  config::Settings settings;
  std::vector<EpisodeRecord> records;

  Sample() {
    settings.model.eta = 1;
    settings.model.clip = settings.mb.clip = 1;
    settings.run.random_episodes = 5;
    for (int e = -4; e <= 20; ++e) {
      EpisodeRecord r;
      r.episode = e;
      r.decision.pick = e <= 0 ? eps::Pick::kRandom : e % 2 ? eps::Pick::kModelBased : eps::Pick::kModelFree;
      r.episode_return = 100;
      if (e > 0) {
        r.decision.checked = true;
        r.decision.masks = r.decision.evaluated = 3;
        r.decision.delta = {1, 2, 3};
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
    for (const EpisodeRecord& r : records) shared.push_back(std::make_shared<const EpisodeRecord>(r));
    return Diagnose(settings, shared, newest, 18);
  }
  void Set(const char* scalar, double value) {
    for (EpisodeRecord& r : records) {
      if (r.episode > 0) r.scalars[scalar] = value;
    }
  }
};

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
  s.settings.model.eta = 24.9;  // of 25 trajectories
  EXPECT_TRUE(s.Say().empty());
  s.settings.model.eta = 50;
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
  ExpectOnly(s.Say(), "2 %", "more data");
}

TEST(Health, SaysByHowMuchEachPolicyIsMisjudged) {
  Sample s;
  for (EpisodeRecord& r : s.records) {
    if (r.decision.pick == eps::Pick::kModelBased) r.predicted_mean = 143;  // the band is 25 wide
  }
  ExpectOnly(s.Say(), "overrates the model-based policy by 43", "model.steps");
  for (EpisodeRecord& r : s.records) {
    if (r.decision.pick == eps::Pick::kModelBased) r.predicted_mean = 124;
    if (r.decision.pick == eps::Pick::kModelFree) r.predicted_mean = 60;
  }
  ExpectOnly(s.Say(), "underrates SAC by 40", "model.steps");
}

TEST(Health, MeasuresTheBiasOfOnePolicyOverItsOwnLastTenEpisodes) {
  Records records;
  for (int e = 1; e <= 40; ++e) {
    auto r = std::make_shared<EpisodeRecord>();
    r->episode = e;
    r->decision.pick = e % 2 ? eps::Pick::kModelBased : eps::Pick::kModelFree;
    r->episode_return = 10;
    r->predicted_mean = e <= 20 ? 1000 : e % 2 ? 13 : 4;  // what is long past does not count
    r->predicted_lo = 0;
    r->predicted_hi = 8;
    if (e == 39) r->predicted_mean = r->predicted_lo = r->predicted_hi = NAN;  // a censored check predicts nothing
    records.push_back(r);
  }
  const Bias model_free = PredictionBias(records, eps::Pick::kModelFree);
  EXPECT_EQ(model_free.episodes, 10);
  EXPECT_DOUBLE_EQ(model_free.mean, -6);
  EXPECT_DOUBLE_EQ(model_free.band_width, 8);
  // Nine of its own in the last twenty and one of those before: (9 x 3 + 990) / 10.
  EXPECT_DOUBLE_EQ(PredictionBias(records, eps::Pick::kModelBased).mean, 101.7);
  records.resize(8);
  EXPECT_TRUE(std::isnan(PredictionBias(records, eps::Pick::kModelBased).mean));  // four are too few
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
  s.settings.sac.entropy_auto = false;  // then it is somebody's wish
  EXPECT_TRUE(s.Say().empty());
}

TEST(Health, SaysInHowManyStepsExplodingGradientsWereClipped) {
  Sample s;
  s.Set("mb.gradient_norm", 7773);
  ExpectOnly(s.Say(), "100 % of the steps, from a norm of 7.77e+03 to 1", "dreamer");
  s.settings.mb.mode = "dreamer";
  ExpectOnly(s.Say(), "model-based policy", "mb.lr");
  s.settings.mb.clip = 0;
  EXPECT_TRUE(s.Say().empty());
  s.Set("model.gradient_norm", 25);
  ExpectOnly(s.Say(), "the model are clipped", "model.lr");
}

TEST(Health, SaysThatMostMasksGaveNoNumber) {
  eps::Decision newest;
  newest.checked = true;
  const double infinity = std::numeric_limits<double>::infinity();
  newest.delta = {-infinity, 1};
  EXPECT_TRUE(Sample().Say(&newest).empty());  // half is not most
  newest.delta = {-infinity, 1, -infinity};
  ExpectOnly(Sample().Say(&newest), "no finite return", "checkpoint");
}

TEST(Health, ForgetsAGuardAfterTenEpisodes) {
  Sample s;
  s.records[s.records.size() - 11].guard_tripped = true;
  EXPECT_TRUE(s.Say().empty());
  s.records.back().guard_tripped = true;
  ExpectOnly(s.Say(), "1 of the last 10", "lr");
}

TEST(Health, TellsASentenceOnceWhileOnlyItsNumbersChange) {
  std::set<std::string> said;
  EXPECT_EQ(NewAilments({"The model sleeps (eta/N = 3). Wait."}, &said).size(), 1u);
  EXPECT_TRUE(NewAilments({"The model sleeps (eta/N = 2). Wait."}, &said).empty());
  EXPECT_EQ(NewAilments({"The model sleeps (eta/N = 2). Wait.", "SAC's alpha has collapsed to 0."}, &said),
            (std::vector<std::string>{"SAC's alpha has collapsed to 0."}));
  EXPECT_TRUE(NewAilments({}, &said).empty());
  EXPECT_EQ(NewAilments({"The model sleeps (eta/N = 9). Wait."}, &said).size(), 1u);  // it is back
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
