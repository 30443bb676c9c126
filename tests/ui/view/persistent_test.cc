// What outlives the program: written by one start, read by the next, without a display.
#include "ui/view/persistent.h"
#include "ui/view/run_look.h"

#include <gtest/gtest.h>

namespace equipoise::ui {
namespace {

// One start of the program: reads what the last one wrote, and gives what this one would write.
std::string Start(const std::string& file, const std::function<void(Persistent*, UiState*)>& use) {
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  Persistent kept;
  KeepBetweenStarts(&kept);
  ImGui::LoadIniSettingsFromMemory(file.c_str(), file.size());
  UiState state;
  Restore(kept, &state);
  use(&kept, &state);
  Remember(state, &kept);
  std::string out = ImGui::SaveIniSettingsToMemory();
  ImGui::DestroyContext(context);
  return out;
}

TEST(Persistent, KeepsTheChoiceOfChartsBetweenStarts) {
  const std::string file = Start("", [](Persistent*, UiState* state) {
    state->view.curves.shown = Bit(CurveChart::kReturn) | Bit(CurveChart::kLosses) | Bit(CurveChart::kClipped);
    state->view.curves.own = {"td3.saturated", "pool.length"};
    state->view.curves.smoothing = 25;
    state->view.curves.by_actor = true;
    state->view.curves.events = false;
    state->view.curves.x_axis = XAxis::kWallTime;
    state->view.curves.x = {10, 20, false};
  });
  Start(file, [](Persistent*, UiState* state) {
    EXPECT_EQ(state->view.curves.shown,
              Bit(CurveChart::kReturn) | Bit(CurveChart::kLosses) | Bit(CurveChart::kClipped));
    EXPECT_EQ(state->view.curves.own, (std::vector<std::string>{"td3.saturated", "pool.length"}));
    EXPECT_EQ(state->view.curves.smoothing, 25);
    EXPECT_EQ(state->view.curves.fraction_window, 20);
    EXPECT_TRUE(state->view.curves.by_actor);
    EXPECT_FALSE(state->view.curves.events);
    EXPECT_EQ(state->view.curves.x_axis, XAxis::kWallTime);
    EXPECT_TRUE(state->view.curves.x.fit) << "a zoom belongs to a run";
  });
}

TEST(Persistent, KeepsThemeAndScaleAsBefore) {
  const std::string file = Start("", [](Persistent* kept, UiState* state) {
    state->view.light = state->view.safe_colours = true;
    state->view.zoom = 1.5f;
    state->sheet.hint = false;
    kept->panes.left = 301;
  });
  Start(file, [](Persistent* kept, UiState* state) {
    EXPECT_TRUE(state->view.light && state->view.safe_colours);
    EXPECT_FLOAT_EQ(state->view.zoom, 1.5f);
    EXPECT_FALSE(state->sheet.hint);
    EXPECT_FLOAT_EQ(kept->panes.left, 301);
  });
}

TEST(Persistent, LeavesOutWhatItDoesNotKnow) {
  const std::string file =
      "[Equipoise][Main]\ncharts=return nonsense nll\ncharts_x=99\ncharts_smoothing=-3\ncharts_fraction_window=0\n\n";
  Start(file, [](Persistent*, UiState* state) {
    EXPECT_EQ(state->view.curves.shown, Bit(CurveChart::kReturn) | Bit(CurveChart::kNll));
    EXPECT_EQ(state->view.curves.x_axis, XAxis::kEpisode);
    EXPECT_EQ(state->view.curves.smoothing, 0);
    EXPECT_EQ(state->view.curves.fraction_window, 20);
  });
  Start("[Equipoise][Main]\ncharts=only nonsense\n\n",
        [](Persistent*, UiState* state) { EXPECT_EQ(state->view.curves.shown, kUsualCharts); });
}

TEST(Persistent, LeavesOutNumbersThatNobodyCouldHaveChosen) {
  for (const char* value : {"nan", "-nan", "inf", "-inf", "1e30", "-5", "", "wide", "300px"}) {
    const std::string text = value;
    std::string file = "[Equipoise][Main]\n";
    for (const char* name :
         {"left", "right", "check", "log", "model", "settings", "light", "safe_colours", "zoom", "hint_closed",
          "charts_x", "charts_smoothing", "charts_fraction_window", "charts_by_policy", "charts_events"})
      file += name + ("=" + text) + "\n";
    Start(file + "\n", [&](Persistent* kept, UiState* state) {
      for (const float size : {kept->panes.left, kept->panes.right, kept->panes.check, kept->panes.log,
                               kept->panes.model, kept->panes.settings})
        EXPECT_EQ(size, 0) << text;
      EXPECT_FALSE(state->view.light || state->view.safe_colours) << text;
      EXPECT_EQ(state->view.zoom, 1) << text;
      EXPECT_TRUE(state->sheet.hint) << text;
      EXPECT_EQ(state->view.curves.x_axis, XAxis::kEpisode) << text;
      EXPECT_EQ(state->view.curves.smoothing, 0) << text;
      EXPECT_EQ(state->view.curves.fraction_window, 20) << text;
      EXPECT_FALSE(state->view.curves.by_actor) << text;
      EXPECT_TRUE(state->view.curves.events) << text;
    });
  }
}

TEST(Persistent, SaysWhetherSomethingChanged) {
  UiState state;
  Persistent kept;
  Restore(kept, &state);
  EXPECT_FALSE(Remember(state, &kept));
  state.view.curves.smoothing = 5;
  EXPECT_TRUE(Remember(state, &kept));
  EXPECT_FALSE(Remember(state, &kept));
}

TEST(Persistent, AnotherRunKeepsTheChoiceOfChartsAndForgetsWhatWasSelected) {
  UiState state;
  state.view.curves.shown = Bit(CurveChart::kNll);
  state.view.curves.x = {10, 20, false};
  state.view.curves.others = {"runs/b"};
  state.selection.episode = 7;
  state.view.light = true;
  struct Kept {
    int lines = 0;
  };
  state.memory.OfRun<Kept>().lines = state.memory.OfWindow<Kept>().lines = 5;
  ForgetRun(&state);
  EXPECT_EQ(state.memory.OfRun<Kept>().lines, 0) << "what panels keep of a run goes with it";
  EXPECT_EQ(state.memory.OfWindow<Kept>().lines, 5);
  EXPECT_EQ(state.view.curves.shown, Bit(CurveChart::kNll));
  EXPECT_TRUE(state.view.light);
  EXPECT_TRUE(state.view.curves.x.fit);
  EXPECT_TRUE(state.view.curves.others.empty());
  EXPECT_FALSE(state.selection.episode);
}

}  // namespace
}  // namespace equipoise::ui
