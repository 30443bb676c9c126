// runs_sheet.cc: the runs in a folder, finished or going on, and the way into each of them.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "engine/browse/better_of.h"
#include "engine/browse/run_list.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/run_request.h"
#include "ui/view/run_tiles.h"
#include "ui/workspace/runs_grid.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

namespace fs = std::filesystem;

constexpr double kRefreshPeriod = 2;

// What lies in the folder, what the better of some of it is, and, where it is a sweep, what it asks for.
struct Listing {
  std::vector<run::RunSummary> runs;
  std::vector<run::BetterRow> better;
  std::vector<PlannedRun> planned;
  std::vector<std::vector<double>> curves;  // of the runs, thinned
};

Listing ListingOf(const std::string& folder, run::RunList* list) {
  Listing listing;
  const bool sweep = sweep::HoldsSweep(folder);
  listing.runs = list->Refresh(sweep ? sweep::SweepPaths(folder).runs : folder);
  listing.better = run::BetterRows(listing.runs);
  for (const run::RunSummary& run : listing.runs) listing.curves.push_back(Thinned(run.returns, 48));
  if (!sweep) return listing;
  // One that is being written or damaged shows the runs that are there.
  if (const auto manifest = sweep::ReadManifest(folder))
    listing.planned = PlannedRuns(manifest.value(), sweep::StandingsOf(manifest.value(), folder, list), folder);
  return listing;
}

struct Browser {
  std::shared_ptr<run::RunList> list = std::make_shared<run::RunList>();  // of the thread while it reads
  std::future<Listing> reading;
  Listing listing;
  std::string parent;
  double refreshed = -1e9;
};

// Read again every two seconds while the sheet is open, beside the window's work: a folder may hold gigabytes of runs
// without an index.
const Listing& Listed(UiState& state, const std::string& folder) {
  Browser& browser = state.memory.OfWindow<Browser>();
  const auto ready = [&browser](std::chrono::milliseconds patience) {
    return browser.reading.valid() && browser.reading.wait_for(patience) == std::future_status::ready;
  };
  const bool other = browser.parent != folder;
  if (other && browser.reading.valid()) (void)browser.reading.get();
  if (ready(std::chrono::milliseconds(0))) browser.listing = browser.reading.get();
  const bool due = state.clock.now - browser.refreshed > kRefreshPeriod || state.clock.now < browser.refreshed;
  if (other || (due && !browser.reading.valid())) {
    browser.parent = folder;
    browser.refreshed = state.clock.now;
    browser.reading = std::async(
        std::launch::async, [list = browser.list, parent = browser.parent] { return ListingOf(parent, list.get()); });
    if (other) browser.listing = {};
    // Usually it takes a moment; what is seen at once need not come a frame later.
    constexpr std::chrono::milliseconds kPatience(500);
    if (other && ready(kPatience)) browser.listing = browser.reading.get();
  }
  state.clock.WakeIn(browser.reading.valid() ? 0.1 : kRefreshPeriod);
  return browser.listing;
}

struct Columns {
  float tick, state, name, task, agent, seed, episodes, mean, spark, actions, right;
  bool narrow;  // without words for the state, agent, seed and the curve: they are said when a row is pointed at
};

Columns ColumnsFor(float left, float right) {
  Columns x{};
  x.narrow = right - left < Px(860);
  x.right = right;
  x.actions = right - Px(168);
  x.spark = x.actions - (x.narrow ? 0 : Px(118));
  x.mean = x.spark - Px(70);
  x.episodes = x.mean - Px(78);
  x.seed = x.episodes - (x.narrow ? 0 : Px(44));
  x.agent = x.seed - (x.narrow ? 0 : Px(120));
  x.task = x.agent - Px(92);
  x.tick = left;
  x.state = left + Px(26);
  x.name = x.state + Px(x.narrow ? 22 : 98);
  return x;
}

// Words that sort when they are clicked; the one in force says which way.
void DrawHeadings(const Columns& x, float y, RunTableView* table) {
  const auto head = [&](float left, const char* text, const char* id, RunColumn column) {
    const bool on = table->by == column;
    const std::string words = std::string(text) + (on ? table->descending ? " \xe2\x86\x93" : " \xe2\x86\x91" : "");
    if (Link((std::string("runs.sort.") + id).c_str(), {left, y}, on ? Colors().text : Colors().secondary, words))
      table->SortBy(column);
  };
  Explain({x.tick, y - Px(2)}, {x.tick + Px(20), y + Px(16)}, "Other runs", "A tick draws that run behind the curves.");
  Text(GetFonts().small, {x.tick + Px(2), y}, Colors().secondary, icon::kChart);
  head(x.name, "Run", "name", RunColumn::kName);
  head(x.task, "Task", "task", RunColumn::kTask);
  head(x.episodes, "Episodes", "episodes", RunColumn::kEpisodes);
  head(x.mean, "Last 10", "mean", RunColumn::kMean);
  if (x.narrow) return;
  head(x.state, "State", "state", RunColumn::kState);
  head(x.agent, "Agent, preset", "agent", RunColumn::kAgent);
  head(x.seed, "Seed", "seed", RunColumn::kSeed);
  Text(GetFonts().small, {x.spark, y}, Colors().secondary, "Return");
}

// Is this run drawn behind the curves of the one that is shown? A click changes it.
void DrawTick(PanelContext& context, const run::RunSummary& run, ImVec2 left_middle) {
  const run::Snapshot& snapshot = context.snapshot;
  const bool here = snapshot.info != nullptr && SameFolder(snapshot.info->directory, run.folder);
  if (here || !run.problem.empty()) return;
  std::vector<std::string>& others = context.state.view.curves.others;
  const auto at = std::find_if(others.begin(), others.end(),
                               [&](const std::string& folder) { return SameFolder(folder, run.folder); });
  ButtonStyle style;
  style.on = at != others.end();
  style.enabled = run.description.task == SettingsOf(snapshot).run.task;
  style.tooltip = style.enabled ? "Draw it behind the curves of this run"
                                : "Of another task: its returns cannot be compared with these";
  const std::string id = "runs.tick." + run.folder;
  if (!Button(id.c_str(), {left_middle.x, left_middle.y - Px(9)}, {Px(18), Px(18)}, style.on ? icon::kCheck : "",
              style))
    return;
  if (at != others.end()) {
    others.erase(at);
  } else {
    others.push_back(run.folder);
  }
}

// On a scale of its own.
void DrawOwnSpark(const std::vector<double>& values, ImVec2 a, ImVec2 b) {
  const std::vector<double> means = Thinned(values, 60);
  double lowest = INFINITY, highest = -INFINITY;
  for (const double mean : means) {
    if (std::isfinite(mean)) lowest = std::min(lowest, mean), highest = std::max(highest, mean);
  }
  DrawSpark(means, lowest, highest, a, b);
}

void DrawActions(PanelContext& context, const run::RunSummary& run, const Columns& x, float middle) {
  UiState& state = context.state;
  const bool here = context.snapshot.info != nullptr && SameFolder(context.snapshot.info->directory, run.folder);
  if (here) {
    TextMiddle(GetFonts().small, {x.actions, middle}, Colors().secondary, "in this window");
    return;
  }
  ButtonStyle style;
  if (state.window.elsewhere && SameFolder(state.window.elsewhere->folder, run.folder)) {
    style.tooltip = "It goes on in this window";
    if (Button(("runs.back." + run.folder).c_str(), {x.actions, middle - Px(12)}, {Px(64), Px(24)}, "Back", style))
      state.requests.Post(BackToTraining{});
    return;
  }
  style.enabled = run.problem.empty();
  const std::string look = "runs.look." + run.folder, go_on = "runs.continue." + run.folder;
  style.tooltip = "Look at it without touching it; a training goes on meanwhile";
  if (Button(look.c_str(), {x.actions, middle - Px(12)}, {Px(64), Px(24)}, "Look", style)) {
    state.requests.Post(RunRequest{RunRequest::Kind::kLook, run.folder, {}, 0, "", false});
  }
  if (!run.holder.empty()) return;  // somebody else writes it
  // A run that has come to its end goes on only when more episodes are asked for.
  const bool finished = run.description.condition == store::RunCondition::kFinished;
  style.tooltip = finished ? "Take it into this window, where it can be given more episodes"
                           : "Go on from its last checkpoint, in this window";
  if (Button(go_on.c_str(), {x.actions + Px(70), middle - Px(12)}, {Px(96), Px(24)}, finished ? "Open" : "Continue",
             style)) {
    state.requests.Post(RunRequest{RunRequest::Kind::kContinue, run.folder, {}, 0, "", false});
  }
}

void DrawRow(PanelContext& context, const run::RunSummary& run, const Columns& x, float y, float height) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float middle = y + height * 0.5f;
  DrawTick(context, run, {x.tick, middle});
  DrawRunState(run.State(), {x.state, middle}, !x.narrow);
  std::string name =
      fs::path(run.folder).lexically_relative(context.state.memory.OfWindow<RunsSheetView>().folder).string();
  if (name.empty() || name == ".") name = run.folder;
  const auto& d = run.description;
  const float flag = d.steered ? Px(22) : 0;
  const float name_width =
      TextMiddle(f.small, {x.name, middle}, c.text, Elide(f.small, name, x.task - x.name - flag - Px(10)));
  if (d.steered) TextMiddle(f.small, {x.name + name_width + Px(8), middle}, c.note, icon::kHand);
  if (!run.problem.empty()) {
    TextMiddle(f.small, {x.task, middle}, c.bad, Elide(f.small, run.problem, x.actions - x.task - Px(10)));
  } else {
    TextMiddle(f.small, {x.task, middle}, c.secondary, Elide(f.small, d.task, x.agent - x.task - Px(6)));
    if (!x.narrow) {
      TextMiddle(f.small, {x.agent, middle}, c.secondary,
                 Elide(f.small, d.agent + ", " + d.preset, x.seed - x.agent - Px(6)));
      TextMiddle(f.mono, {x.seed, middle}, c.secondary, std::to_string(d.seed));
    }
    TextMiddle(f.mono, {x.episodes, middle}, c.text, Format("%d/%d", run.episodes, run.total));
    const double mean = run.LastMean(10);
    TextMiddle(f.mono, {x.mean, middle}, c.text, std::isfinite(mean) ? Brief(mean) : "\xe2\x80\x93");
    if (!x.narrow) DrawOwnSpark(run.returns, {x.spark, middle - Px(9)}, {x.actions - Px(14), middle + Px(9)});
  }
  DrawActions(context, run, x, middle);
  std::string text = run.folder;
  if (x.narrow && run.problem.empty())
    text += std::string("\n") + run.State() + ", " + d.agent + ", " + d.preset + ", seed " + std::to_string(d.seed);
  if (!d.started.empty()) text += "\nstarted " + d.started + (d.host.empty() ? "" : " on " + d.host);
  if (!run.holder.empty()) text += "\nwritten by " + run.holder;
  if (d.steered) text += "\nsteered by hand";
  if (!d.reason.empty()) text += "\n" + d.reason;
  if (!run.problem.empty()) text += "\n" + run.problem;
  if (run.died) text += "\nthe process that wrote it has ended without a word; it can be continued";
  Explain({x.state, y}, {x.actions, y + height}, "Run", "", text);
}

// What the better of some agents reaches, in the columns of the runs that it is made of.
void DrawBetter(const run::BetterRow& row, const Columns& x, float y, float height) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float middle = y + height * 0.5f;
  TraceWidget("runs.better." + row.task + "." + run::NameOf(row.best), {x.state, y}, {x.right, y + height});
  TextMiddle(f.small, {x.state, middle}, c.secondary, icon::kScale);
  if (!x.narrow) TextMiddle(f.small, {x.state + Px(20), middle}, c.secondary, "better of");
  TextMiddle(f.small, {x.name, middle}, c.text, Elide(f.small, run::NameOf(row.best), x.task - x.name - Px(10)));
  TextMiddle(f.small, {x.task, middle}, c.secondary, Elide(f.small, row.task, x.agent - x.task - Px(6)));
  if (!row.problem.empty()) {
    const float left = x.narrow ? x.episodes : x.agent;
    TextMiddle(f.small, {left, middle}, c.note, Elide(f.small, row.problem, x.right - left - Px(10)));
  } else {
    if (!x.narrow) {
      TextMiddle(f.small, {x.agent, middle}, c.text, Elide(f.small, row.best.best, x.seed - x.agent - Px(6)));
      TextMiddle(f.small, {x.seed, middle}, c.secondary, Format("n = %d", row.mean.n));
      if (std::isfinite(row.mean.half))
        TextMiddle(f.mono, {x.spark, middle}, c.text, "\xc2\xb1 " + Brief(row.mean.half));
    }
    TextMiddle(f.mono, {x.episodes, middle}, c.text, Format("1-%d", static_cast<int>(row.best.episodes)));
    TextMiddle(f.mono, {x.mean, middle}, c.text, std::isfinite(row.mean.mean) ? Brief(row.mean.mean) : "\xe2\x80\x93");
    TextMiddle(f.small, {x.actions, middle}, c.secondary,
               Format("mean of all, %d \xc3\x97 the steps", static_cast<int>(row.best.agents.size())));
  }
  Explain({x.state, y}, {x.right, y + height}, "", "", run::Explain(row));
}

// Taken letter by letter.
void DrawSearch(RunsSheetView* view, ImVec2 at) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, "With");
  Explain(at, {at.x + Px(330), at.y + Px(26)}, "", "",
          "Only runs with these words: in name, task, agent, preset, state or seed.");
  if (const auto typed = ValueField("runs.search", {at.x + Px(90), at.y}, {Px(240), Px(26)}, view->table.search))
    view->table.search = *typed;
  if (const auto typing = BeingTyped("runs.search")) view->table.search = *typing;
}

void DrawEmpty(const std::string& folder) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float middle = at.x + room.x * 0.5f;
  std::error_code error;
  const bool exists = fs::is_directory(folder, error);
  TextCentered(GetFonts().strong, {middle, at.y + room.y * 0.35f}, Colors().text,
               exists ? "No run lies in " + folder + "." : "There is no folder " + folder + ".");
  TextCentered(GetFonts().small, {middle, at.y + room.y * 0.35f + Px(26)}, Colors().secondary,
               "A run is a folder with a run.json. Start a new one, or type another folder above.");
}

void DrawTable(PanelContext& context, const Listing& listing, const std::vector<size_t>& rows, const Columns& x) {
  const float row = Px(32);
  const ImVec2 window = ImGui::GetWindowPos(), end{window.x, window.y + ImGui::GetWindowSize().y};
  for (const size_t i : rows) {  // of thousands only those in sight
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (at.y + row > window.y && at.y < end.y) DrawRow(context, listing.runs[i], x, at.y, row);
    ImGui::SetCursorScreenPos({at.x, at.y + row});
  }
  for (const run::BetterRow& better : listing.better) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (&better == &listing.better.front()) Line(at, {x.right, at.y}, Colors().line);
    DrawBetter(better, x, at.y, row);
    ImGui::SetCursorScreenPos({at.x, at.y + row});
  }
}

}  // namespace

void DrawRunsSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kRuns)) return;
  RunsSheetView& view = state.memory.OfWindow<RunsSheetView>();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const Listing& listing = Listed(state, view.folder);
  const std::vector<run::RunSummary>& runs = listing.runs;
  const size_t lines = view.curves ? 100 : runs.size() + listing.better.size();
  const float needed = Px(162) + Px(32) * static_cast<float>(std::max<size_t>(lines, 6));
  const ImVec2 size{std::clamp(all.x - Px(48), Px(560), Px(1180)), std::clamp(all.y - Px(100), Px(320), needed)};
  const SheetFrame frame = BeginSheet("##runs", size, icon::kFolder, "Runs");
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  TextMiddle(GetFonts().small, {top.x, top.y + Px(13)}, Colors().secondary, "In the folder");
  const float field = std::min(Px(380), width - Px(90 + 14 + 60 + 140 + 162));
  if (const auto typed = ValueField("runs.folder", {top.x + Px(90), top.y}, {field, Px(26)}, view.folder))
    view.folder = typed->empty() ? "runs" : *typed;
  TextMiddle(GetFonts().small, {top.x + Px(90 + 14) + field, top.y + Px(13)}, Colors().faint,
             Format("%d run%s", static_cast<int>(runs.size()), runs.size() == 1 ? "" : "s"));
  ButtonStyle style;
  style.primary = true;
  style.font = GetFonts().small;
  style.key = KeyCapOf(KeyAction::kNewRun);
  style.tooltip = "Choose task, agent and settings of a run that begins in this window";
  if (Button("runs.new", {top.x + width - Px(130), top.y - Px(1)}, {Px(130), Px(28)}, "New run\xe2\x80\xa6", style)) {
    state.sheet.Open(Sheet::kNewRun);
  }
  const std::vector<size_t> rows = RowsOf(runs, view.table);
  DrawSearch(&view, {top.x, top.y + Px(34)});
  std::string found = Format("%d of %d found", static_cast<int>(rows.size()), static_cast<int>(runs.size()));
  const auto ticked = static_cast<int>(state.view.curves.others.size());
  if (ticked > 0) found += Format(", %d drawn behind the curves", ticked);
  TextMiddle(GetFonts().small, {top.x + Px(90 + 254), top.y + Px(47)}, Colors().secondary, found);
  if (ticked > 0 && Link("runs.untick", {top.x + width - TextWidth(GetFonts().small, "none of them"), top.y + Px(40)},
                         Colors().secondary, "none of them"))
    state.view.curves.others.clear();
  const ImVec2 view_at{top.x + width - Px(130 + 162), top.y};
  Explain(view_at, {view_at.x + Px(150), view_at.y + Px(26)}, "", "",
          "A row for each run, or a small curve for each: the seeds of an agent beside each other, on one scale for a "
          "task. In the folder of a sweep the runs that wait have a place as well.");
  const int shown = Segments("runs.view", view_at, {Px(150), Px(26)}, {"Table", "Curves"}, view.curves ? 1 : 0);
  if (shown >= 0) view.curves = shown == 1;
  const Columns x = ColumnsFor(top.x, top.x + width - Px(14));
  if (!view.curves) DrawHeadings(x, top.y + Px(74), &view.table);
  const float head = view.curves ? Px(68) : Px(92);
  Line({top.x, top.y + head}, {top.x + width, top.y + head}, Colors().line);
  ImGui::SetCursorScreenPos({top.x, top.y + head + Px(2)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("list", {0, 0}, false, false);
  ImGui::PopStyleColor();
  if (runs.empty() && (!view.curves || listing.planned.empty())) DrawEmpty(view.folder);
  if (view.curves) {
    DrawRunsGrid(context, runs, TilesOf(runs, listing.curves, rows, listing.planned, view.table.search),
                 width - Px(14));
  } else {
    DrawTable(context, listing, rows, x);
  }
  ImGui::Dummy({1, Px(4)});
  ImGui::EndChild();
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
