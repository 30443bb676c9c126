// A refusal is in doubt when the mask that decided lies within two of its own standard errors.
#include "engine/record/derived_scalars.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/eps/two_policies.h"

namespace equipoise::run {
namespace {

std::optional<double> InDoubt(std::vector<double> delta, std::vector<double> error, bool proved = false) {
  EpisodeRecord record;
  record.decision.checked = true;
  record.decision.proved = proved;
  test::DeltaOf(&record.decision) = std::move(delta);
  test::ErrorOf(&record.decision) = std::move(error);
  const EpisodeSummary summary(record);
  const double* found = summary.scalars.Find(kRefusalInDoubt);
  return found == nullptr ? std::nullopt : std::optional<double>(*found);
}

TEST(DerivedScalars, ARefusalIsInDoubtWithinTwoErrorsOfTheMaskThatDecided) {
  EXPECT_EQ(InDoubt({5, -1.9, 3}, {9, 1, 9}), 1.0);
  EXPECT_EQ(InDoubt({5, -2.1, 3}, {9, 1, 9}), 0.0) << "what other masks' errors are says nothing";
  EXPECT_EQ(InDoubt({5, 4, 3}, {1, 1, 2}, true), std::nullopt) << "nothing was refused";
  EXPECT_EQ(InDoubt({5, -std::numeric_limits<double>::infinity()}, {1, 1}), 0.0) << "more rollouts do not mend that";
  EXPECT_EQ(InDoubt({-1}, {std::nan("")}), std::nullopt) << "of a single rollout no error is known";
  EpisodeRecord unchecked;
  EXPECT_EQ(EpisodeSummary(unchecked).scalars.Find(kRefusalInDoubt), nullptr);
}

}  // namespace
}  // namespace equipoise::run
