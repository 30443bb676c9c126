#include "engine/config/settings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::config {
namespace {

std::string MessageOf(const Status& status) { return status.ok() ? "" : status.error().message; }

TEST(Settings, EveryDefaultIsInsideItsRangeAndEqualsTheStruct) {
  const Settings defaults;
  for (const Spec& spec : Table()) {
    Settings settings;
    EXPECT_EQ(MessageOf(Set(settings, spec.key, spec.fallback)), "") << spec.key;
    EXPECT_EQ(ToText(Get(defaults, spec.key)), ToText(spec.fallback)) << spec.key;
    EXPECT_FALSE(spec.help.empty()) << spec.key;
  }
  EXPECT_EQ(MessageOf(Validate(defaults)), "");
}

TEST(Settings, KeysAreUnique) {
  std::set<std::string> keys;
  for (const Spec& spec : Table()) EXPECT_TRUE(keys.insert(spec.key).second) << spec.key;
  EXPECT_EQ(FindSpec("model.dropout")->key, "model.dropout");
  EXPECT_EQ(FindSpec("dropout"), nullptr);
}

// One value of each type, changed by key, seen in the struct: and nothing else has changed.
TEST(Settings, SetChangesOneFieldOnly) {
  for (const Spec& spec : Table()) {
    Settings settings;
    Value other;
    switch (spec.type) {
      case Spec::Type::kInt:
        other = static_cast<int>(spec.highest);
        break;
      case Spec::Type::kReal:
        other = spec.highest;
        break;
      case Spec::Type::kBool:
        other = !std::get<bool>(spec.fallback);
        break;
      case Spec::Type::kChoice:
        other = spec.choices.back();
        break;
      case Spec::Type::kText:
        other = std::string("other");
        break;
    }
    ASSERT_EQ(MessageOf(Set(settings, spec.key, other)), "") << spec.key;
    for (const Spec& another : Table())
      EXPECT_EQ(ToText(Get(settings, another.key)), ToText(another.key == spec.key ? other : another.fallback))
          << spec.key << " changed " << another.key;
  }
  Settings settings;
  ASSERT_TRUE(Set(settings, "model.dropout", 0.25).ok());
  ASSERT_TRUE(Set(settings, "model.hidden", 64).ok());
  ASSERT_TRUE(Set(settings, "mb.mode", std::string("dreamer")).ok());
  ASSERT_TRUE(Set(settings, "distractors.active", true).ok());
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().dropout, 0.25);
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().hidden, 64);
  EXPECT_EQ(settings.Of<learn::ModelBasedSettings>().mode, "dreamer");
  EXPECT_TRUE(settings.distractors.active);
}

TEST(Settings, RefusesValuesOutsideTheirRangeAndKeepsTheOldOne) {
  Settings settings;
  EXPECT_EQ(MessageOf(Set(settings, "sac.entropy_bonus", -3)), "sac.entropy_bonus = -3 is outside [0, 1000]");
  EXPECT_EQ(MessageOf(Set(settings, "model.hidden", 5000)), "model.hidden = 5000 is outside [4, 4096]");
  EXPECT_EQ(MessageOf(Set(settings, "sac.gamma", 1.0)), "sac.gamma = 1 is outside [0, 0.99999]");
  EXPECT_EQ(MessageOf(Set(settings, "run.task", std::string("cat"))),
            "run.task = \"cat\" is not one of ant, hopper, walker2d, halfcheetah, cartpole, dclaw");
  EXPECT_EQ(settings.Of<learn::SacSettings>().entropy_bonus, 0.2);
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().hidden, 200);
}

TEST(Settings, RefusesNumbersThatAreNotFinite) {
  Settings settings;
  const double inf = std::numeric_limits<double>::infinity();
  for (const double bad : {inf, -inf, std::nan("")}) EXPECT_FALSE(Set(settings, "model.eta", bad).ok()) << bad;
  EXPECT_FALSE(SetFromText(settings, "model.eta", "nan").ok());
  EXPECT_FALSE(SetFromText(settings, "model.eta", "inf").ok());
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().eta, 100.0);
}

TEST(Settings, RefusesTheWrongType) {
  Settings settings;
  EXPECT_EQ(MessageOf(Set(settings, "model.hidden", 64.5)), "model.hidden = 64.5 should be a whole number");
  EXPECT_EQ(MessageOf(Set(settings, "model.dropout", std::string("x"))), "model.dropout = x should be a number");
  EXPECT_EQ(MessageOf(Set(settings, "mb.entropy_auto", 1)), "mb.entropy_auto = 1 should be true or false");
  EXPECT_TRUE(Set(settings, "model.eta", 3).ok()) << "an int is accepted for a real";
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().eta, 3.0);
}

TEST(Settings, ReadsText) {
  Settings settings;
  EXPECT_TRUE(SetFromText(settings, "model.lr", " 2e-3 ").ok());
  EXPECT_EQ(settings.Of<model::DropoutLstmSettings>().lr, 2e-3);
  EXPECT_TRUE(SetFromText(settings, "log.tensorboard", "off").ok());
  EXPECT_FALSE(settings.log.tensorboard);
  EXPECT_EQ(MessageOf(SetFromText(settings, "run.seed", "99999999999")),
            "run.seed = 99999999999 is outside [0, 2147483647]");
  EXPECT_EQ(MessageOf(SetFromText(settings, "run.seed", "7x")), "run.seed = 7x should be a whole number");
  EXPECT_EQ(MessageOf(SetFromText(settings, "run.seed", "")), "run.seed =  should be a whole number");
  EXPECT_EQ(settings.run.seed, 0);
}

TEST(Settings, TextReadsBackAsTheSameNumber) {
  for (const double value : {0.1, 1.0 / 3, 1e-6, 1234.56789, 0.00099999999999999}) {
    Settings settings;
    ASSERT_TRUE(SetFromText(settings, "mb.value_scale", ToText(1.0 + value)).ok());
    EXPECT_EQ(settings.Of<learn::ModelBasedSettings>().value_scale, 1.0 + value);
  }
}

TEST(Settings, SuggestsTheNearestKey) {
  EXPECT_EQ(NearestKey("model.hiden"), "model.hidden");
  EXPECT_EQ(NearestKey("dropout"), "model.dropout");
  EXPECT_EQ(NearestKey("ep.masks"), "eps.masks");
  EXPECT_EQ(NearestKey("sac.burn_in"), "mb.burn_in");
  Settings settings;
  EXPECT_EQ(MessageOf(Set(settings, "model.hiden", 64)),
            "unknown setting model.hiden; the nearest known one is model.hidden");
  const std::string longer(1'000'000, 'x');  // a file that is none: in no time, and in a line that can be read
  EXPECT_LT(MessageOf(Set(settings, longer, 64)).size(), 200u);
}

TEST(Settings, ValidateRefusesContradictions) {
  const auto refused = [](const std::vector<std::pair<const char*, const char*>>& changes) {
    Settings settings;
    for (const auto& [key, text] : changes) EXPECT_TRUE(SetFromText(settings, key, text).ok()) << key;
    return !Validate(settings).ok();
  };
  EXPECT_TRUE(refused({{"distractors.shortest_period", "50"}, {"distractors.longest_period", "49"}}));
  EXPECT_FALSE(refused({{"distractors.shortest_period", "50"}, {"distractors.longest_period", "50"}}));
  EXPECT_TRUE(refused({{"model.sd_min", "0.5"}, {"model.sd_max", "0.4"}}));
  EXPECT_TRUE(refused({{"sac.entropy_auto", "true"}, {"sac.entropy_bonus", "0"}}));
  EXPECT_FALSE(refused({{"sac.entropy_auto", "false"}, {"sac.entropy_bonus", "0"}}));
  EXPECT_TRUE(refused({{"mb.entropy_auto", "true"}, {"mb.entropy_bonus", "0"}}));
  EXPECT_TRUE(refused({{"eps.masks", "100000"}, {"eps.rollouts", "100000"}}));
  EXPECT_TRUE(refused({{"mb.mode", "dreamer"}, {"env.horizon", "10"}}));
  EXPECT_FALSE(refused({{"mb.mode", "full"}, {"env.horizon", "10"}}));
  EXPECT_TRUE(refused({{"sac.critics", "5"}, {"sac.target_critics", "6"}}));
  EXPECT_FALSE(refused({{"sac.critics", "5"}, {"sac.target_critics", "5"}}));
  Settings settings;
  settings.Of<learn::SacSettings>().target_critics = 3;
  EXPECT_EQ(MessageOf(Validate(settings)),
            "sac.target_critics = 3 is more than there are: sac.critics = 2; lower it or have more critics");
}

}  // namespace
}  // namespace equipoise::config
