#include "ui/workspace/content.h"

#include "ui/kit/draw.h"
#include "ui/kit/picture.h"
#include "ui/kit/tooltip.h"
#include "ui/panels/check/beliefs_panel.h"
#include "ui/panels/check/check_panel.h"
#include "ui/panels/curves/curves_panel.h"
#include "ui/panels/effects_panel.h"
#include "ui/panels/experiments_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/page_tabs.h"
#include "ui/panels/phase_row.h"
#include "ui/panels/run_panel.h"
#include "ui/panels/run_tabs.h"
#include "ui/panels/scene/scene_panel.h"
#include "ui/panels/settings_panel.h"
#include "ui/panels/status_line.h"
#include "ui/panels/top_bar.h"
#include "ui/view/arrangement.h"
#include "ui/view/facts.h"
#include "ui/workspace/context_menu.h"
#include "ui/workspace/explanation.h"
#include "ui/workspace/run_arrangement.h"
#include "ui/workspace/sheets.h"
#include "ui/workspace/tour.h"

namespace equipoise::ui {
namespace {

constexpr ImGuiWindowFlags kRoot = ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoDecoration |
                                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                   ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBringToFrontOnFocus |
                                   ImGuiWindowFlags_NoNav;

template <class Draw>
void Put(const Area& area, Draw draw) {
  if (area.h <= 0) return;
  ImGui::SetCursorScreenPos({area.x, area.y});
  draw(ImVec2(area.w, area.h));
}

void DrawSplitters(const Arrangement& a, PaneSizes* panes) {
  const float gap = Gap(), column = a.check.y + a.check.h - a.scene.y;
  const float between = a.check.y - gap - a.scene.y - a.scene.h;
  const auto at = [](float x, float y) { ImGui::SetCursorScreenPos({x, y}); };
  at(a.scene.x - gap, a.scene.y);
  Splitter("split.left", true, column, a.run.w, Px(264), Px(420), 1, &panes->left);
  at(a.curves.x - gap, a.scene.y);
  Splitter("split.right", true, column, a.curves.w, Px(320), a.curves.w + a.scene.w - Px(460), -1, &panes->right);
  at(a.check.x, a.check.y - gap);
  Splitter("split.check", false, a.check.w, a.check.h, Px(220), column - gap - between - Px(240), -1, &panes->check);
  if (a.model.h > 0) at(a.model.x, a.model.y - gap);
  if (a.model.h > 0)
    Splitter("split.model", false, a.model.w, a.model.h, Px(120), a.model.h + a.curves.h - Px(220), -1, &panes->model);
  at(a.log.x, a.log.y - gap);
  Splitter("split.log", false, a.log.w, a.log.h, Px(90), column - Px(360), -1, &panes->log);
  at(a.experiments.x, a.experiments.y - gap);
  Splitter("split.settings", false, a.settings.w, a.settings.h, Px(120), a.settings.h + a.experiments.h - Px(216), 1,
           &panes->settings);
}

}  // namespace

void DrawContent(PanelContext& context, PaneSizes* panes, Scene* scene, const std::string& problem) {
  UiState& state = context.state;
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  // Before and after in the middle only for whoever has asked for them: nothing gives way by itself at the first change.
  Wishes wishes;
  wishes.effects = state.memory.OfWindow<ExperimentsView>().effects;
  wishes.pages = state.view.pages;
  wishes.large = state.view.large;
  wishes.presents = state.view.presents;
  wishes.run_tabs = state.window.runs.size() > 1 && !state.view.presents && !DrawingPicture();
  const Arrangement a = ArrangeForRun(context.snapshot, window, Scale(), *panes, wishes);
  state.window.compact = a.compact;
  state.window.single_pane = a.single_pane();
  state.selection.BeginFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(window);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin("##root", nullptr, kRoot);
  ImGui::PopStyleVar();
  Put(a.run_tabs, [&](ImVec2 size) { DrawRunTabs(context, size); });
  Put(a.top_bar, [&](ImVec2 size) { DrawTopBar(context, size); });
  Put(a.phase_row, [&](ImVec2 size) { DrawPhaseRow(context, size); });
  for (const Tabs& tabs : a.tabs) DrawPageTabs(tabs, tabs.second ? &state.view.pages.second : &state.view.pages.first);
  Put(a.run, [&](ImVec2 size) { DrawRunPanel(context, size); });
  Put(a.settings, [&](ImVec2 size) { DrawSettingsPanel(context, size); });
  Put(a.experiments, [&](ImVec2 size) { DrawExperimentsPanel(context, size); });
  Put(a.scene, [&](ImVec2 size) { DrawScenePanel(context, size, scene, problem); });
  Put(a.effects, [&](ImVec2 size) { DrawEffectsPanel(context, size); });
  Put(a.check, [&](ImVec2 size) { DrawCheckPanel(context, size); });
  Put(a.curves, [&](ImVec2 size) { DrawCurvesPanel(context, size); });
  const bool imagined = state.scene.shows_imagined();
  Put(a.model, [&](ImVec2 size) { imagined ? DrawBeliefsPanel(context, size) : DrawModelPanel(context, size); });
  Put(a.log, [&](ImVec2 size) { DrawLogPanel(context, size); });
  Put(a.status, [&](ImVec2 size) { DrawStatusLine(context, size); });
  if (!DrawingPicture() && !state.view.large && a.tabs.empty()) DrawSplitters(a, panes);
  ImGui::End();
  if (DrawingPicture()) return;  // a picture shows the run, not what lies over it
  DrawHint(context);
  DrawSettingsSheet(context);
  DrawRunsSheet(context);
  DrawNewRunSheet(context);
  DrawForkSheet(context);
  DrawTakeAwaySheet(context);
  DrawCloseRunSheet(context);
  DrawKeySheet(context);
  DrawToast(context);
  DrawTour(context, a);
  DrawContextMenu(context, a);
  DrawExplanation(context);
  ShowTooltip();
}

}  // namespace equipoise::ui
