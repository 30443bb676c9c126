// The panels of the check, the curves, the model and the log on a screen without a display: what the mouse does to the
// state, and that no situation of a run breaks them.
#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "tests/ui/headless_imgui.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/check/check_panel.h"
#include "ui/panels/curves/curves_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/model_outputs.h"
#include "ui/panels/model_panel.h"
#include "ui/view/persistent.h"
#include "ui/view/run_look.h"

namespace equipoise::ui {
namespace {

using Panel = void (*)(PanelContext&, ImVec2);

struct PanelOnScreen {
  HeadlessImGui screen{{1000, 700}};
  run::Snapshot snapshot;
  UiState state;
  Panel panel;
  ImVec2 size;

  PanelOnScreen(Panel which, ImVec2 how_large, const SampleOptions& options)
      : snapshot(SampleSnapshot(options)), panel(which), size(how_large) {}
  std::function<void()> Draw() {
    return [this] {
      state.selection.BeginFrame();
      const std::function<void(run::Command)> post = [](const run::Command&) {};
      PanelContext context{snapshot, post, state};
      ImGui::SetCursorScreenPos({0, 0});
      panel(context, size);
    };
  }
  void Hover(ImVec2 at) {
    screen.mouse = at;
    for (int i = 0; i < 3; ++i) screen.Frame(Draw());
  }
};

TEST(CurvesPanel, SharesTheHoveredEpisodeAndSelectsOnAClick) {
  PanelOnScreen panel(DrawCurvesPanel, {456, 480}, {});
  panel.Hover({250, 180});
  ASSERT_TRUE(panel.state.selection.hovered.has_value());
  const int middle = *panel.state.selection.hovered;
  EXPECT_GT(middle, 60);
  EXPECT_LT(middle, 150);
  panel.Hover({250, 340});  // the same x in another chart is the same episode
  EXPECT_EQ(panel.state.selection.hovered, middle);
  panel.screen.Click({250, 180}, panel.Draw());
  EXPECT_EQ(panel.state.selection.episode, middle);
  panel.screen.Click({250, 180}, panel.Draw());
  EXPECT_EQ(panel.state.selection.episode, std::nullopt);
}

TEST(CurvesPanel, ZoomsAllChartsTogether) {
  PanelOnScreen panel(DrawCurvesPanel, {456, 480}, {});
  panel.Hover({250, 180});
  panel.screen.wheel = 4;
  panel.screen.Frame(panel.Draw());
  const int left = [&] {
    panel.Hover({80, 180});
    return panel.state.selection.hovered.value_or(-99);
  }();
  EXPECT_GT(left, 20);
  panel.Hover({80, 340});
  EXPECT_EQ(panel.state.selection.hovered, left);
}

TEST(CurvesPanel, LeavesAZoomBehindWhenTheAxisCountsSomethingElse) {
  PanelOnScreen panel(DrawCurvesPanel, {456, 480}, {});
  panel.Hover({250, 180});
  panel.screen.wheel = 4;
  panel.screen.Frame(panel.Draw());
  EXPECT_FALSE(panel.state.view.curves.x.fit);
  panel.state.view.curves.x_axis = XAxis::kEnvironmentSteps;
  panel.screen.Frame(panel.Draw());
  EXPECT_TRUE(panel.state.view.curves.x.fit);
  EXPECT_GT(panel.state.view.curves.x.hi, 20000);
}

TEST(CheckPanel, SelectsTheEpisodeThatWasClickedInTheStrip) {
  PanelOnScreen panel(DrawCheckPanel, {800, 322}, {});
  const float strip = 322 - 45;
  panel.screen.Click({14, strip}, panel.Draw());
  ASSERT_TRUE(panel.state.selection.episode.has_value());
  const int selected = *panel.state.selection.episode;
  EXPECT_LT(selected, 160);
  const auto shown = ShownDecision(panel.snapshot, panel.state.selection.episode);
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->episode, selected);
  panel.screen.Click({14, strip}, panel.Draw());
  EXPECT_EQ(panel.state.selection.episode, std::nullopt);
}

TEST(CheckPanel, ShowsTheNewestDecisionUnlessAnEpisodeIsSelected) {
  SampleOptions options;
  options.evaluated = 14;
  const run::Snapshot snapshot = SampleSnapshot(options);
  EXPECT_EQ(ShownDecision(snapshot, std::nullopt), snapshot.decision);
  EXPECT_EQ(ShownDecision(snapshot, 100)->episode, 100);
  EXPECT_EQ(ShownDecision(snapshot, 100)->evaluated, 50);
  EXPECT_EQ(ShownDecision(snapshot, 99999), snapshot.decision);
  options.episodes = 0;
  EXPECT_EQ(ShownDecision(SampleSnapshot(options), std::nullopt), nullptr);
}

TEST(LogPanel, GoesToTheEpisodeOfTheLineThatWasClicked) {
  PanelOnScreen panel(DrawLogPanel, {456, 226}, {});
  panel.Hover({200, 50});
  EXPECT_EQ(panel.state.selection.hovered, 213);
  panel.screen.Click({200, 50}, panel.Draw());
  EXPECT_EQ(panel.state.selection.episode, 213);
  panel.screen.Click({200, 50 + 3 * 24}, panel.Draw());
  EXPECT_EQ(panel.state.selection.episode, 212);
}

TEST(LogPanel, BringsAnEpisodeThatIsChosenElsewhereIntoViewOnce) {
  PanelOnScreen panel(DrawLogPanel, {456, 226}, {});
  panel.Hover({200, 50});
  panel.state.selection.episode = 57;
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50 + 3 * 24});
  EXPECT_NEAR(panel.state.selection.hovered.value_or(-99), 57, 1);
  panel.screen.wheel = 3;  // towards the newest: nobody is dragged back
  panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50 + 3 * 24});
  const int later = panel.state.selection.hovered.value_or(-99);
  EXPECT_GT(later, 57);
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50 + 3 * 24});
  EXPECT_EQ(panel.state.selection.hovered, later);
  panel.state.selection.episode.reset();
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50});
  EXPECT_EQ(panel.state.selection.hovered, 213) << "and back to the newest";
}

TEST(LogPanel, KeepsItsPlaceWhenLinesComeIn) {
  PanelOnScreen panel(DrawLogPanel, {456, 226}, {});
  panel.Hover({200, 50});
  panel.screen.wheel = -5;
  panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50 + 24});
  const int read = panel.state.selection.hovered.value_or(-99);
  ASSERT_LT(read, 213);
  SampleOptions longer;
  longer.episodes = 220;
  panel.snapshot = SampleSnapshot(longer);
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  panel.Hover({200, 50 + 24});
  EXPECT_EQ(panel.state.selection.hovered, read);
}

TEST(ModelPanel, ShowsTheSelectedEpisodeOrTheNewestMeasuredOne) {
  const run::Snapshot snapshot = SampleSnapshot();
  EXPECT_EQ(ShownModelError(snapshot, std::nullopt)->episode, 213);
  EXPECT_EQ(ShownModelError(snapshot, 57)->episode, 57);
  EXPECT_EQ(ShownModelError(snapshot, 1), nullptr);  // the model had not been fitted
  EXPECT_EQ(ShownModelError(snapshot, 4000), nullptr);
  EXPECT_EQ(OlderModelError(snapshot, *ShownModelError(snapshot, 213), 50)->episode, 163);
  EXPECT_EQ(OlderModelError(snapshot, *ShownModelError(snapshot, 30), 50), nullptr);
}

TEST(ModelPanel, PutsCoverageIntoWords) {
  EXPECT_EQ(CoverageText(0.91, 20, test::UnifiedParts()), "reality inside the band: 91 % (81 % is right)");
  EXPECT_EQ(CoverageText(0.4, 20, test::UnifiedParts()),
            "reality inside the band: 40 % (81 % is right), the masks are too sure");
  EXPECT_EQ(CoverageText(1.0, 20, test::UnifiedParts()),
            "reality inside the band: 100 % (81 % is right), the masks are unsure");
  EXPECT_EQ(CoverageText(0.4, 4, test::UnifiedParts()), "reality inside the band: 40 % (54 % is right)");
  EXPECT_EQ(CoverageText(0.4, 20, agent::PartsOf("mbpo")),
            "reality inside the band: 40 % (81 % is right), the members are too sure");
  EXPECT_EQ(CoverageText(NAN, 20, test::UnifiedParts()), "");
}

TEST(ModelPanel, SwitchesToALogarithmicAxisAndBack) {
  PanelOnScreen panel(DrawModelPanel, {456, 178}, {});
  const ImVec2 choice{456 - 12 - 10, 48};
  panel.screen.Click(choice, panel.Draw());
  EXPECT_TRUE(panel.state.view.model_chart.logarithmic);
  panel.screen.Click(choice, panel.Draw());
  EXPECT_FALSE(panel.state.view.model_chart.logarithmic);
}

TEST(ModelPanel, ListsItsOutputsTheWorstFirst) {
  run::EpisodeRecord record;
  env::TaskInfo task;
  task.observation_names = {"height", "pitch", "knee"};
  EXPECT_TRUE(OutputErrors(record, task).empty());
  record.open_loop_by_state = {0.5f, NAN, 2.0f, 0.25f};
  record.nll_by_output = {-1, 3, 2, 0.5f, -0.25f};
  const std::vector<OutputError> outputs = OutputErrors(record, task);
  std::vector<std::string> names;
  std::vector<double> nats;
  for (const OutputError& o : outputs) {
    names.push_back(o.name);
    nats.push_back(o.nats);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"pitch", "knee", "height", "state 4", "reward"}));
  EXPECT_EQ(nats, (std::vector<double>{3, 2, -1, 0.5, -0.25}));
  EXPECT_TRUE(std::isnan(outputs.back().error));
  record.nll_by_output.clear();
  EXPECT_TRUE(std::isnan(OutputErrors(record, task)[0].nats));
}

TEST(ModelPanel, ShowsOutputsInsteadOfStepsAndBack) {
  PanelOnScreen panel(DrawModelPanel, {456, 178}, {});
  panel.screen.Click({456 - 12 - 50, 48}, panel.Draw());  // left of the word for the scale
  EXPECT_TRUE(panel.state.view.model_chart.by_output);
  EXPECT_FALSE(panel.state.view.model_chart.logarithmic);
  panel.screen.Click({456 - 12 - 20, 48}, panel.Draw());  // outputs have no such scale
  EXPECT_FALSE(panel.state.view.model_chart.by_output);
}

std::vector<SampleOptions> Situations() {
  std::vector<SampleOptions> all;
  for (int episodes : {0, 1, 2, 213}) {
    for (const char* agent : {"unified", "sac", "mbrl"}) {
      SampleOptions options;
      options.episodes = episodes;
      options.agent = agent;
      all.push_back(options);
    }
  }
  SampleOptions options;
  options.holes = options.distractors = true;
  all.push_back(options);
  options = {};
  options.outlier = true;
  options.evaluated = 14;
  all.push_back(options);
  options = {};
  options.masks = options.evaluated = 1;
  all.push_back(options);
  return all;
}

TEST(DataPanels, HoldInEverySituationAtEverySizeInBothThemes) {
  HeadlessImGui screen({1000, 700});
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  for (const SampleOptions& options : Situations()) {
    const run::Snapshot snapshot = SampleSnapshot(options);
    for (bool small : {false, true}) {
      for (const std::optional<int> selected :
           {std::optional<int>(), std::optional<int>(0), std::optional<int>(999999)}) {
        UiState state;
        state.window.compact = small;
        state.selection.episode = selected;
        state.view.model_chart.logarithmic = small;
        state.view.model_chart.by_output = !small;
        ApplyTheme(small, 1);
        PanelContext context{snapshot, post, state};
        screen.Frame([&] {
          const ImVec2 size = small ? ImVec2(330, 120) : ImVec2(480, 330);
          for (Panel panel :
               {Panel(DrawCheckPanel), Panel(DrawCurvesPanel), Panel(DrawModelPanel), Panel(DrawLogPanel)}) {
            ImGui::SetCursorScreenPos({0, 0});
            panel(context, size);
          }
        });
        EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 100);
      }
    }
  }
}

// How far the lines of the log are scrolled.
float LogScroll() {
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if (std::string(window->Name).find("lines") != std::string::npos) return window->Scroll.y;
  return -1;
}

TEST(LogPanel, StaysWhereItWasScrolledAndBeginsAnewInAnotherRun) {
  PanelOnScreen panel(DrawLogPanel, {400, 200}, {});
  panel.screen.mouse = {200, 150};
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  EXPECT_EQ(LogScroll(), 0);
  panel.screen.wheel = -5;
  for (int i = 0; i < 5; ++i) panel.screen.Frame(panel.Draw());
  EXPECT_GT(LogScroll(), 20);
  ForgetRun(&panel.state);
  for (int i = 0; i < 3; ++i) panel.screen.Frame(panel.Draw());
  EXPECT_EQ(LogScroll(), 0);
}

TEST(DataPanels, HoldForASnapshotThatSaysNothing) {
  HeadlessImGui screen({1000, 700});
  const std::function<void(run::Command)> post = [](const run::Command&) {};
  run::Snapshot snapshot;
  snapshot.state = run::RunState::kStopped;
  snapshot.stopped_reason = "The disk is full: free some space and resume the run.";
  UiState state;
  PanelContext context{snapshot, post, state};
  for (Panel panel : {Panel(DrawCheckPanel), Panel(DrawCurvesPanel), Panel(DrawModelPanel), Panel(DrawLogPanel)}) {
    screen.Frame([&] {
      ImGui::SetCursorScreenPos({0, 0});
      panel(context, {480, 330});
    });
    EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 100);
  }
}

TEST(DataPanels, DrawTwentyThousandEpisodesWithABoundedNumberOfVertices) {
  SampleOptions options;
  options.episodes = 20000;
  options.masks = options.evaluated = 5;
  PanelOnScreen panel(DrawCurvesPanel, {456, 480}, options);
  panel.screen.Frame(panel.Draw());
  EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 5000);
  EXPECT_LT(ImGui::GetDrawData()->TotalVtxCount, 120000);
}

}  // namespace
}  // namespace equipoise::ui
