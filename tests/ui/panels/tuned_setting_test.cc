// A setting that a learner tunes by itself is shown as it is in force, not as it was set.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac_settings.h"
#include "tests/ui/gallery/glyphs.h"
#include "tests/ui/headless_imgui.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/kit/focus.h"
#include "ui/panels/setting_row.h"
#include "ui/panels/settings_panel.h"
#include "ui/view/facts.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

std::shared_ptr<run::Snapshot> Tuned(bool automatic) {
  auto snapshot = std::make_shared<run::Snapshot>(*testing::BuildSnapshot({}));
  auto settings = std::make_shared<config::Settings>(*snapshot->settings);
  settings->Of<learn::SacSettings>().entropy_auto = settings->Of<learn::ModelBasedSettings>().entropy_auto = automatic;
  settings->Of<learn::SacSettings>().entropy_bonus = 0.1;
  settings->Of<learn::ModelBasedSettings>().entropy_bonus = 0.7;
  snapshot->settings = settings;
  snapshot->scalars = {{"sac.alpha", 0.0133}, {"mb.alpha", 0.0456}};
  snapshot->pending.clear();
  return snapshot;
}

TEST(TunedValue, IsWhatTheLearnerReportedLastWhileItsSwitchIsOn) {
  auto snapshot = Tuned(true);
  EXPECT_EQ(TunedValue(*snapshot, "sac.entropy_bonus"), 0.0133);
  EXPECT_EQ(TunedValue(*snapshot, "mb.entropy_bonus"), 0.0456);
  EXPECT_FALSE(TunedValue(*snapshot, "model.dropout")) << "which nobody tunes";
  snapshot->scalars.clear();
  EXPECT_EQ(TunedValue(*snapshot, "sac.entropy_bonus"), 0.1) << "where it starts";
  EXPECT_FALSE(TunedValue(*Tuned(false), "sac.entropy_bonus"));
}

TEST(TunedValue, CoversEverySettingThatHasASwitchOfThatName) {
  for (const config::Spec& spec : config::Table()) {
    const size_t at = spec.key.find("_auto");
    if (at == std::string::npos || spec.type != config::Spec::Type::kBool) continue;
    const std::optional<TunedSetting> tuned = FindTuned(spec.key.substr(0, at) + "_bonus");
    ASSERT_TRUE(tuned.has_value()) << spec.key << " tunes something that is shown as it was set";
    EXPECT_EQ(tuned->automatic, spec.key);
    EXPECT_NE(config::FindSpec(tuned->key), nullptr);
  }
}

TEST(PendingText, AChangeStartsFromTheValueInForce) {
  run::PendingChange change{"sac.entropy_bonus", config::Value(0.1), config::Value(0.5), 12};
  EXPECT_EQ(PendingText(*Tuned(true), change), "tuned 0.0133 \xe2\x86\x92 0.5 at episode 12");
  EXPECT_EQ(PendingText(*Tuned(false), change), "0.1 \xe2\x86\x92 0.5 at episode 12");
}

// Everything that is written in a frame.
class TunedSettingTest : public ::testing::Test {
 protected:
  template <class Draw>
  std::string Written(Draw draw) {
    for (int i = 0; i < 3; ++i) imgui_.Frame([&] { BeginFocusFrame(), draw(); });
    const testing::GlyphAtlas atlas(*ImGui::GetIO().Fonts);
    std::string text;
    for (const testing::Glyph& glyph : testing::GlyphsOf(*ImGui::GetDrawData(), atlas))
      text += testing::Utf8(glyph.character);
    return text;
  }
  HeadlessImGui imgui_{{1280, 800}};
  UiState state_;
  std::function<void(run::Command)> post_ = [](const run::Command&) {};
};

TEST_F(TunedSettingTest, TheSheetOfAllSettingsShowsTheValueInForceAndWhereItStarted) {
  const auto snapshot = Tuned(true);
  state_.sheet.Open(Sheet::kSettings);
  state_.memory.OfWindow<SettingsSheetView>().search = "sac.entropy_bonus";
  PanelContext context{*snapshot, post_, state_};
  const std::string sheet = Written([&] { DrawSettingsSheet(context); });
  EXPECT_NE(sheet.find("tuned0.0133"), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("start0.1"), std::string::npos) << sheet;
}

TEST_F(TunedSettingTest, SoDoesThePanel) {
  const auto snapshot = Tuned(true);
  PanelContext context{*snapshot, post_, state_};
  const std::string panel = Written([&] { DrawSettingsPanel(context, {290, 400}); });
  EXPECT_NE(panel.find("tuned0.0133"), std::string::npos) << panel;
  EXPECT_NE(panel.find("tuned0.0456"), std::string::npos) << panel;
}

}  // namespace
}  // namespace equipoise::ui
