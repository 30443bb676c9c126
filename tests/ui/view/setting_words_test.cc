#include "ui/view/setting_words.h"

#include <gtest/gtest.h>

#include <cctype>

#include "engine/config/section.h"

namespace equipoise::ui {
namespace {

TEST(SettingWords, NoSettingIsCalledByItsKey) {
  for (const config::Spec& spec : config::Table()) {
    const std::string words = SettingWords(spec.key);
    EXPECT_EQ(words.find('_'), std::string::npos) << spec.key << ": " << words;
    EXPECT_EQ(words.find(spec.key), std::string::npos) << spec.key << ": " << words;
    EXPECT_GE(words.size(), 4u) << spec.key << ": " << words;
  }
  EXPECT_EQ(SettingWords("sac.entropy_bonus"), "entropy bonus of SAC");
  EXPECT_EQ(SettingWords("model.dropout"), "dropout of the dynamics model");
}

TEST(SettingWords, ReplacesKeysInSentencesAndNothingElse) {
  EXPECT_EQ(InWords("lower model.eta. Or wait."), "lower weight prior of the dynamics model. Or wait.");
  EXPECT_EQ(InWords("model.nothing stays, as do runs/a.b and 1.5"), "model.nothing stays, as do runs/a.b and 1.5");
}

TEST(SettingWords, SayWhatWasSetWithOneKindOfMinus) {
  run::Event event;
  event.kind = run::Event::Kind::kIntervention;
  event.key = "sac.target_entropy";
  event.from = "-1";
  event.to = "-0.5";
  event.text = "You set sac.target_entropy from -1 to -0.5; in force from episode 41. Checkpoint before-1 kept.";
  EXPECT_EQ(EventSentence(event),
            "You set the target entropy of SAC from \xe2\x88\x92"
            "1 to \xe2\x88\x92"
            "0.5; in force from episode 41. Checkpoint before-1 kept.");
  event.why = "does sac.gamma matter?";
  const std::string told = EventSentence(event);
  EXPECT_NE(told.find("Checkpoint before-1 kept. Reason: does sac.gamma matter?"), std::string::npos) << told;
}

TEST(SettingWords, ValuesAreReadBackAsTheyAreShown) {
  for (const double value : {-0.5, 1e-5, 0.25, 1e-4, 20000.0}) {
    config::Settings settings;
    const std::string shown = SettingText(value);
    EXPECT_EQ(shown.find('-'), std::string::npos) << shown;
    ASSERT_TRUE(ReadSetting("sac.target_entropy", shown, &settings) || value > 1000 || value < 1) << shown;
  }
  config::Settings settings;
  ASSERT_TRUE(ReadSetting("model.lr", SettingText(2e-5), &settings));
  EXPECT_EQ(std::get<double>(config::Get(settings, "model.lr")), 2e-5);
}

}  // namespace
}  // namespace equipoise::ui
