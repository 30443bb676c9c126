#include "ui/panels/curves/curve_chooser.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/curves/curve_data.h"
#include "ui/panels/curves/other_runs.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr double kListAgain = 3;  // seconds

// A word at the right end of the title that opens something. Returns its left edge.
float TitleWord(const char* id, float right, float middle, const std::string& label, bool on, const char* tooltip,
                const std::function<void()>& clicked) {
  ImFont* font = GetFonts().small;
  const float width = TextWidth(font, label), height = FontSize(font);
  const ImVec2 a{right - width - Px(6), middle - height * 0.5f - Px(4)}, b{right + Px(4), a.y + height + Px(8)};
  ImGui::SetCursorScreenPos(a);
  const bool pressed = ImGui::InvisibleButton(id, {b.x - a.x, b.y - a.y});
  if (FocusItem(ImGui::GetID(id), a, b) || pressed) clicked();
  const bool hovered = ImGui::IsItemHovered();
  TraceWidget(std::string("curves.") + id, a, b);
  if (std::string(id) == "x") {
    Explain(a, b, "Axis", eps::Capitalised(tooltip) + ".");
  } else {
    Explain(a, b, "", "", tooltip);
  }
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    Tooltip(tooltip, a, b);
  }
  if (hovered || on) Rect(a, b, hovered ? Colors().field_hover : Colors().field, Px(4));
  TextMiddle(font, {right - width, middle}, hovered || on ? Colors().text : Colors().secondary, label);
  return a.x;
}

// One line with a tick when it is on. True when it was clicked.
bool Item(const std::string& id, const std::string& label, bool on, const char* tooltip = nullptr) {
  const std::string text = std::string(on ? icon::kCheck : "    ") + "  " + label + "##" + id;
  bool clicked = ImGui::Selectable(text.c_str(), false, kKeepsPopupOpen);
  clicked |= FocusItem(ImGui::GetID(text.c_str()), ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  // A popup measures itself in a hidden frame, somewhere else than where it will be.
  if (!ImGui::GetCurrentWindow()->Hidden) TraceWidget("curves." + id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  if (tooltip != nullptr && ImGui::IsItemHovered()) Tooltip(tooltip, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
  return clicked;
}

void Heading(const char* text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  Text(GetFonts().small, {at.x, at.y + Px(5)}, Colors().faint, text);
  ImGui::Dummy({Px(10), FontSize(GetFonts().small) + Px(7)});
}

void Choice(const char* id, const char* label, const std::vector<int>& values, const std::vector<std::string>& names,
            int* value) {
  Heading(label);
  const auto at = std::find(values.begin(), values.end(), *value);
  const ImVec2 position = ImGui::GetCursorScreenPos(), size{Px(292), Px(23)};
  const int clicked =
      Segments(id, position, size, names, at == values.end() ? -1 : static_cast<int>(at - values.begin()));
  if (clicked >= 0) *value = values[static_cast<size_t>(clicked)];
  ImGui::SetCursorScreenPos(position);
  ImGui::Dummy(size);
}

void ChartItems(CurvesView* curves, const nets::PartList& parts) {
  std::vector<std::string> headings;  // in the order in which they come
  for (const ChartTable& table : ChartTables(parts))
    if (Applies(table, parts) && std::find(headings.begin(), headings.end(), table.group) == headings.end())
      headings.push_back(table.group);
  for (const std::string& heading : headings) {
    Heading(heading.c_str());
    for (const ChartTable& table : ChartTables(parts)) {
      if (table.group != heading || !Applies(table, parts)) continue;
      const std::string id = "chart." + std::to_string(static_cast<int>(table.chart));
      if (Item(id, table.title, curves->Shows(table), table.about.c_str())) curves->Toggle(table, parts);
    }
  }
}

struct RunsListed {  // those beside this one
  std::vector<RunChoice> runs;
  double at = -1e9;  // as FrameClock::now
};

void OtherRunItems(UiState* state, const run::Snapshot& snapshot) {
  RunsListed& beside = state->memory.OfRun<RunsListed>();
  const std::string directory = snapshot.info != nullptr ? snapshot.info->directory : "";
  if (state->clock.now - beside.at > kListAgain) {
    beside.runs = RunsBeside(directory, SettingsOf(snapshot).run.task);
    beside.at = state->clock.now;
  }
  Heading("Other runs of this task; mean \xc2\xb1 1 sd over those that differ in nothing but the seed");
  std::vector<std::string>& others = state->view.curves.others;
  if (!others.empty() && Item("difference", "Returns minus this run's", state->view.curves.difference,
                              "One curve for each other run: above 0 it earned more at the same place"))
    state->view.curves.difference = !state->view.curves.difference;
  if (beside.runs.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    Text(GetFonts().small, {at.x + Px(18), at.y}, Colors().faint, "none in the folder of this run");
    ImGui::Dummy({Px(10), FontSize(GetFonts().small) + Px(4)});
  }
  for (const RunChoice& run : beside.runs) {
    const auto at = std::find(others.begin(), others.end(), run.folder);
    const std::string label = run.name + "   " + run.agent + ", " + run.preset + ", seed " + std::to_string(run.seed);
    if (!Item("other." + run.name, label, at != others.end())) continue;
    if (at == others.end()) {
      others.push_back(run.folder);
    } else {
      others.erase(at);
    }
  }
}

// `right`, `top`: the corner that the popup hangs from.
void DrawPopup(PanelContext& context, float right, float top) {
  UiState& state = context.state;
  CurvesView& curves = state.view.curves;
  const float highest = ImGui::GetIO().DisplaySize.y - top - Px(20);
  ImGui::SetNextWindowPos({right, top}, ImGuiCond_Always, {1, 0});
  ImGui::SetNextWindowSizeConstraints({Px(312), 0}, {Px(420), highest});
  PushFont(GetFonts().small);
  if (ImGui::BeginPopup("choose curves")) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {Px(4), Px(3)});
    ChartItems(&curves, PartsOf(context.snapshot));
    Choice("curves.smoothing", "Smoothed over episodes (raw values stay)", {1, 5, 0, 50, 200},
           {"raw", "5", "by length", "50", "200"}, &curves.smoothing);
    Choice("curves.window", "Model-free fraction among the last picks", {10, 20, 50, 100}, {"10", "20", "50", "100"},
           &curves.fraction_window);
    Heading("Drawn with them");
    if (Item("by_actor", "Smoothed return of each policy apart", curves.by_actor,
             "The one smoothed line mixes both policies: it moves when the actor changes."))
      curves.by_actor = !curves.by_actor;
    if (Item("events", "What happened: by hand, forced, switches", curves.events)) curves.events = !curves.events;
    OtherRunItems(&state, context.snapshot);
    ImGui::PopStyleVar();
    if (EscapePressed()) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopFont();
}

}  // namespace

float DrawCurveChoices(PanelContext& context, float left) {
  UiState& state = context.state;
  const ImVec2 end = CardTitleRight(), cursor = ImGui::GetCursorScreenPos();
  const bool quiet = DrawingPicture();
  float x = end.x - Px(4);
  if (!quiet) {
    x = TitleWord("show", x, end.y, std::string("show  ") + icon::kCaretDown, !state.view.curves.usual(),
                  "charts, smoothing, other runs", [] { ImGui::OpenPopup("choose curves"); });
    x -= Px(8);
  }
  const std::string caret = quiet ? "" : std::string("  ") + icon::kCaretDown;
  if (state.view.curves.x_log) TraceWidget("curves.axis.log", end, end);
  const float all = quiet ? 0 : TextWidth(GetFonts().small, "all") + Px(14);
  const std::string axis =
                        std::string("x: ") + (state.view.curves.x_log ? "log " : "") + Label(state.view.curves.x_axis),
                    about = "what the x axis counts: ";
  const std::string fitting =
      Elide(GetFonts().small, axis, x - Px(6) - left - all - TextWidth(GetFonts().small, caret));
  x = TitleWord("x", x, end.y, fitting + caret, false, (about + Label(state.view.curves.x_axis)).c_str(),
                [] { ImGui::OpenPopup("choose x axis"); });
  if (!quiet) {
    const bool zoomed = state.view.curves.Zoomed();
    if (zoomed) TraceWidget("curves.zoomed", end, end);
    const std::string tip = zoomed ? "zoomed: back to all of the run" : "all of the run is in view";
    x = TitleWord("fit", x - Px(8), end.y, "all", zoomed, (tip + ", " + KeyCapOf(KeyAction::kCurvesAll)).c_str(),
                  [&] { state.view.curves.FollowTheData(); });
  }
  PushFont(GetFonts().small);
  if (ImGui::BeginPopup("choose x axis")) {
    for (XAxis choice : {XAxis::kEpisode, XAxis::kEnvironmentSteps, XAxis::kGradientSteps, XAxis::kWallTime}) {
      if (ImGui::Selectable(Label(choice), choice == state.view.curves.x_axis)) state.view.curves.x_axis = choice;
    }
    if (Item("x.log", "logarithmic", state.view.curves.x_log, "each step to the right is the same factor")) {
      state.view.curves.x_log = !state.view.curves.x_log;
      state.view.curves.x.fit = true;
    }
    if (EscapePressed()) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopFont();
  DrawPopup(context, end.x, end.y + Px(14));
  ImGui::SetCursorScreenPos(cursor);
  return x;
}

}  // namespace equipoise::ui
