#include "engine/eps/decision.h"
#include "tests/engine/eps/two_policies.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace equipoise::eps {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Decision Checked(std::vector<double> delta, int masks = 0) {
  Decision decision;
  decision.checked = true;
  decision.masks = masks ? masks : static_cast<int>(delta.size());
  decision.evaluated = static_cast<int>(delta.size());
  decision.proved = decision.evaluated == decision.masks;
  for (double d : delta) decision.proved = decision.proved && std::isfinite(d) && d > 0;
  decision.pick = decision.proved ? test::Based() : test::Free();
  decision.reason = decision.proved ? Reason::kProved : Reason::kNotProved;
  test::DeltaOf(&decision) = std::move(delta);
  return decision;
}

TEST(DecisionSummary, AgreesWithNumbersWorkedOutByHand) {
  Decision decision = Checked({2, 4, 9});
  test::ErrorOf(&decision) = {3, 1, 2};
  test::ReturnsOf(&decision, test::Based()) = {10, 20, 30};
  test::ReturnsOf(&decision, test::Free()) = {8, 16, 21};
  const DecisionSummary s = Summarise(decision);
  EXPECT_EQ(s.positive, 3);
  EXPECT_EQ(s.not_finite, 0);
  EXPECT_DOUBLE_EQ(s.least, 2);
  EXPECT_DOUBLE_EQ(s.mean, 5);
  EXPECT_NEAR(s.spread, std::sqrt(13.0), 1e-12);  // squares 9, 1, 16 over n - 1 = 2
  EXPECT_DOUBLE_EQ(s.monte_carlo_error, 2);
  EXPECT_DOUBLE_EQ(s.MeanReturnOf(test::Based()), 20);
  EXPECT_DOUBLE_EQ(s.MeanReturnOf(test::Free()), 15);
  EXPECT_EQ(s.within_own_error, 1);  // 2 < 3
  EXPECT_NEAR(s.log_sum, std::log(72.0), 1e-12);
}

TEST(DecisionSummary, GivesMinusInfinityForTheLogSumOnceOneMaskIsNotPositive) {
  EXPECT_EQ(Summarise(Checked({1, 0, 5})).log_sum, -kInfinity);
  EXPECT_EQ(Summarise(Checked({1, -3, 5})).log_sum, -kInfinity);
  EXPECT_EQ(Summarise(Checked({1, -3, 5})).positive, 2);
}

TEST(DecisionSummary, LeavesMasksThatAreNotFiniteOutOfTheMeanButNotOutOfTheLeast) {
  const DecisionSummary s = Summarise(Checked({1, kNan, 3, kInfinity}));
  EXPECT_EQ(s.not_finite, 2);
  EXPECT_EQ(s.positive, 2);
  EXPECT_EQ(s.least, -kInfinity);
  EXPECT_DOUBLE_EQ(s.mean, 2);
  EXPECT_EQ(s.log_sum, -kInfinity);
}

TEST(DecisionSummary, IsNotANumberWithoutMasksAndHasNoSpreadWithOne) {
  const DecisionSummary none = Summarise(Decision());
  EXPECT_EQ(none.positive, 0);
  EXPECT_TRUE(std::isnan(none.least));
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_TRUE(std::isnan(none.spread));
  EXPECT_TRUE(std::isnan(none.log_sum));
  EXPECT_DOUBLE_EQ(Summarise(Checked({7})).spread, 0);
}

std::string Said(const Decision& decision) { return Sentence(decision, test::UnifiedParts()); }

TEST(DecisionSentence, SaysProvedOnlyWhenEveryMaskFavoursModelBased) {
  EXPECT_EQ(Said(Checked({1, 2, 3})), "All 3 masks favour model-based: proved. Model-based acts.");
  EXPECT_EQ(Said(Checked({4})), "The only mask favours model-based: proved. Model-based acts.");
  EXPECT_EQ(Said(Checked({-4})), "The only mask favours SAC: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({0})), "The only mask favours neither: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({std::nan("")})), "The only mask gave a return that is not finite: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({1, -2, 3})), "2 of 3 masks favour model-based: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({1, -2, -3})), "1 of 3 masks favours model-based: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({-1, -2, 0})), "None of 3 masks favours model-based: not proved. SAC acts.");
}

TEST(DecisionSentence, NamesTheMaskAtWhichTheCheckStoppedEvenWhenItsChunkWentFurther) {
  EXPECT_EQ(Said(Checked({5, 3, -1, 4, 2, 6}, 50)),
            "The check stopped at the first mask that favours SAC, 3 of 50: not proved. SAC acts.");
  EXPECT_EQ(Said(Checked({5, 0}, 50)),
            "The check stopped at the first mask that favours neither, 2 of 50: not proved. SAC acts.");
}

TEST(DecisionSentence, SaysWhichMaskWasNotFinite) {
  Decision decision = Checked({5, kNan, 1});
  decision.reason = Reason::kUndecidable;
  EXPECT_EQ(Said(decision), "Mask 2 of 3 gave a return that is not finite: not proved. SAC acts.");
  test::DeltaOf(&decision) = {kNan, -kInfinity, 1};
  EXPECT_EQ(Said(decision), "2 masks gave returns that are not finite: not proved. SAC acts.");
}

TEST(DecisionSentence, SaysWhichPolicyIsBrokenWhenTheMasksAreNotToBlame) {
  Decision decision = Checked({1, 2});
  decision.reason = Reason::kUndecidable;
  decision.pick = test::Based();
  EXPECT_EQ(Said(decision), "Undecidable: the parameters of SAC are not finite. Model-based acts.");
  decision.pick = test::Free();
  EXPECT_EQ(Said(decision), "Undecidable: the parameters of the model-based policy are not finite. SAC acts.");
}

TEST(DecisionSentence, GivesTheReasonOfAForcedEpisodeAndStillReportsTheCheck) {
  Decision decision = Checked({1, 2, 3});
  decision.pick = test::Free();
  decision.reason = Reason::kForced;
  decision.force_every = 10;
  EXPECT_EQ(Said(decision), "All 3 masks favour model-based: proved. SAC is forced: none in the last 9.");
  decision.checked = false;
  EXPECT_EQ(Said(decision), "SAC is forced: none in the last 9. The check was skipped.");
  decision.force_every = 0;
  EXPECT_EQ(Said(decision), "SAC is forced: it has not acted for long. The check was skipped.");
}

TEST(DecisionSentence, SaysWhetherSomebodyElseCouldHaveActed) {
  Decision decision;
  decision.pick = test::Free();
  decision.reason = Reason::kAlone;
  EXPECT_EQ(Sentence(decision, agent::PartsOf("sac")), "SAC acts: this agent has no other learner.");
  EXPECT_EQ(Sentence(decision, agent::PartsOf("hybrid")), "SAC acts: at this stage of the run it always does.");
}

TEST(DecisionSentence, NeverSaysThatOnePolicyIsBetter) {
  for (int reason = 0; reason <= static_cast<int>(Reason::kNoModel); ++reason) {
    for (const Pick pick : {Pick(), test::Based(), test::Free()}) {
      for (bool checked : {false, true}) {
        Decision decision = Checked({1, -2});
        decision.reason = static_cast<Reason>(reason);
        decision.pick = pick;
        decision.checked = checked;
        const std::string sentence = Said(decision);
        EXPECT_EQ(sentence.find("better"), std::string::npos) << sentence;
        EXPECT_EQ(sentence.back(), '.') << sentence;
      }
    }
  }
}

TEST(DecisionNames, AreTheWordsOfTheLog) {
  EXPECT_EQ(test::Free().id(), "sac");
  EXPECT_EQ(Pick().id(), "random");
  EXPECT_EQ(Pick::Of("random"), Pick());
  EXPECT_NE(Pick::Of("sac"), Pick::Of("mb"));
  EXPECT_EQ(Pick::Of(std::string("s") + "ac"), test::Free());
  EXPECT_STREQ(Name(Reason::kNotProved), "not-proved");
  EXPECT_STREQ(Name(Reason::kForced), "forced");
  EXPECT_STREQ(Name(Reason::kUndecidable), "undecidable");
  EXPECT_STREQ(Name(Reason::kNoModel), "no-model");
  EXPECT_STREQ(Name(Reason::kAlone), "alone");
}

}  // namespace
}  // namespace equipoise::eps
