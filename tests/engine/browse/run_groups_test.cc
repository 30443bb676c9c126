// Which runs are averaged, and what tells the others from them.
#include "engine/browse/run_groups.h"

#include <gtest/gtest.h>

#include "engine/config/section.h"
#include "engine/eps/check_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::run {
namespace {

RunIdentity Of(const std::string& agent, int seed) {
  RunIdentity identity;
  identity.settings.run.task = "cartpole";
  identity.settings.run.agent = agent;
  identity.settings.run.seed = seed;
  return identity;
}

TEST(RunGroups, SeedsOfOneExperimentAreOneGroupInTheirOrder) {
  const auto groups = GroupRuns({Of("sac", 2), Of("unified", 1), Of("sac", 0), Of("sac", 1)});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].agent, "sac");
  EXPECT_EQ(groups[0].runs, (std::vector<size_t>{2, 3, 0}));
  EXPECT_EQ(groups[1].runs, (std::vector<size_t>{1}));
  EXPECT_EQ(Distinction(groups[0]), "") << "the agent says it all";
}

TEST(RunGroups, WhatChangesNoNumberDoesNotPartThem) {
  RunIdentity other = Of("sac", 1);
  other.settings.run.episodes = 7;
  other.settings.run.threads = 8;
  other.settings.run.preset = "mine";
  other.settings.log.tensorboard = false;
  other.settings.log.moments = 3;
  other.settings.log.moments_every = 4;
  EXPECT_EQ(GroupRuns({Of("sac", 0), other}).size(), 1u);
  other.settings.log.holdout_masks += 1;  // the model's error is measured with them
  EXPECT_EQ(GroupRuns({Of("sac", 0), other}).size(), 2u);
}

// Each setting of the table, changed by itself, parts two runs or is one of those that change no number.
TEST(RunGroups, EveryOtherSettingPartsThem) {
  int parted = 0;
  std::vector<config::Spec> specs;
  for (const config::Section* section : config::SectionsOf("unified"))
    specs.insert(specs.end(), section->specs.begin(), section->specs.end());
  for (const config::Spec& spec : specs) {
    RunIdentity other = Of("unified", 0);
    const config::Value now = config::Get(other.settings, spec.key);
    config::Value changed = now;
    if (const int* number = std::get_if<int>(&now)) changed = *number + 1;
    if (const double* number = std::get_if<double>(&now)) changed = *number == 0 ? spec.highest / 2 : *number / 2;
    if (const bool* on = std::get_if<bool>(&now)) changed = !*on;
    if (!spec.choices.empty())
      changed = spec.choices.front() == std::get<std::string>(now) ? spec.choices.back() : spec.choices.front();
    if (spec.type == config::Spec::Type::kText) changed = std::string("other");
    ASSERT_TRUE(config::Set(other.settings, spec.key, changed).ok()) << spec.key;
    const size_t groups = GroupRuns({Of("unified", 0), other}).size();
    const bool changes_nothing = spec.key == "run.seed" || spec.key == "run.episodes" || spec.key == "run.threads" ||
                                 spec.key == "run.preset" || spec.key == "log.tensorboard" ||
                                 spec.key == "log.moments" || spec.key == "log.moments_every" ||
                                 spec.key == "log.states" || spec.key == "log.kept";
    EXPECT_EQ(groups, changes_nothing ? 1u : 2u) << spec.key;
    parted += groups == 2;
  }
  EXPECT_GT(parted, 50);
}

TEST(RunGroups, TheNameSaysWhatDiffersAndNumbersStandInTheirOrder) {
  RunIdentity few = Of("unified", 0), many = Of("unified", 0);
  few.settings.Of<eps::CheckSettings>().masks = 5;
  many.settings.Of<eps::CheckSettings>().masks = 100;
  const auto groups = GroupRuns({many, few, Of("sac", 0)});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(Distinction(groups[1]), "eps.masks = 5");
  EXPECT_EQ(Distinction(groups[2]), "eps.masks = 100");
}

TEST(RunGroups, AHorizonOfZeroIsTheTasksOwn) {
  RunIdentity own = Of("sac", 1), other = Of("sac", 2);
  own.settings.env.horizon = 200;  // as cart-pole has it
  other.settings.env.horizon = 50;
  const auto groups = GroupRuns({Of("sac", 0), own, other});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(Distinction(groups[0]), "env.horizon = 50");
  EXPECT_EQ(groups[1].runs, (std::vector<size_t>{0, 1}));
}

TEST(RunGroups, OfManyDifferencesTheFirstAreNamedAndTheRestCounted) {
  RunIdentity other = Of("sac", 0);
  other.settings.Of<learn::SacSettings>().batch = 64;
  other.settings.Of<learn::SacSettings>().hidden = 32;
  other.settings.Of<learn::SacSettings>().layers = 3;
  other.settings.env.horizon = 50;
  const auto groups = GroupRuns({Of("sac", 0), other});
  EXPECT_EQ(Distinction(groups[0]), "env.horizon = 50, sac.hidden = 32 and 2 more");
  EXPECT_EQ(groups[0].differs.size(), 4u);
}

TEST(RunGroups, SettingsOfAPartThatTheAgentDoesNotHavePartNothing) {
  RunIdentity other = Of("sac", 1), unified = Of("unified", 0);
  other.settings.Of<model::DropoutLstmSettings>().hidden = 10;
  EXPECT_EQ(GroupRuns({Of("sac", 0), other}).size(), 1u);
  unified.settings.Of<model::DropoutLstmSettings>().hidden = 10;
  const auto groups = GroupRuns({Of("sac", 0), Of("unified", 0), unified});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(Distinction(groups[0]), "");
  EXPECT_EQ(Distinction(groups[1]), "model.hidden = 10");
  EXPECT_EQ(Distinction(groups[2]), "model.hidden = 200");
}

TEST(RunGroups, ASteeredRunIsNotASeedOfTheCleanOnes) {
  RunIdentity steered = Of("unified", 1);
  steered.steered = true;
  const auto groups = GroupRuns({Of("unified", 0), steered});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(Distinction(groups[0]), "");
  EXPECT_EQ(Distinction(groups[1]), "steered");
}

}  // namespace
}  // namespace equipoise::run
