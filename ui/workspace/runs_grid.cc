#include "ui/workspace/runs_grid.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/view/run_request.h"

namespace equipoise::ui {
namespace {

ImVec2 TileSize() { return {Px(158), Px(92)}; }

bool IsHere(const PanelContext& context, const std::string& folder) {
  return context.snapshot.info != nullptr && SameFolder(context.snapshot.info->directory, folder);
}

// Mean of all, lowest and highest seed's newest returns: "5 runs, last 10 between 64.1 and 76.2".
std::string SumOf(const std::vector<run::RunSummary>& runs, const TileGroup& group) {
  double lowest = INFINITY, highest = -INFINITY;
  for (const RunTile& tile : group.tiles) {
    const double mean = tile.run != RunTile::kNoRun ? runs[tile.run].LastMean(10) : NAN;
    if (!std::isfinite(mean)) continue;
    lowest = std::min(lowest, mean);
    highest = std::max(highest, mean);
  }
  const auto count = static_cast<int>(group.tiles.size());
  std::string text = Format("%d run%s", count, count == 1 ? "" : "s");
  if (lowest < highest) text += ", last 10 from " + Brief(lowest) + " to " + Brief(highest);
  if (lowest == highest) text += ", last 10 at " + Brief(lowest);
  return text;
}

void DrawTile(PanelContext& context, const std::vector<run::RunSummary>& runs, const TileGroup& group,
              const RunTile& tile, ImVec2 a) {
  const Palette& c = Colors();
  const ImVec2 size = TileSize(), b{a.x + size.x, a.y + size.y};
  const bool begun = tile.run != RunTile::kNoRun;
  const std::string folder = begun ? runs[tile.run].folder : "";
  ButtonStyle style;
  style.enabled = begun && runs[tile.run].problem.empty() && !IsHere(context, folder);
  const std::string id =
      "runs.tile." + (begun ? folder : group.task + "." + group.title + "." + std::to_string(tile.seed));
  if (Button(id.c_str(), a, size, "", style))
    context.state.requests.Post(RunRequest{RunRequest::Kind::kLook, folder, {}, 0, "", false});
  const float head = a.y + Px(14);
  const float sign = DrawRunState(tile.state, {a.x + Px(8), head}, false);
  const bool readable = !begun || runs[tile.run].problem.empty();
  const std::string name =
      readable ? "seed " + std::to_string(tile.seed) : std::filesystem::path(folder).filename().string();
  TextMiddle(GetFonts().small, {a.x + Px(12) + sign, head}, begun ? c.text : c.secondary,
             Elide(GetFonts().small, name, readable ? Px(80) : size.x - Px(40)));
  const double mean = begun ? runs[tile.run].LastMean(10) : NAN;
  const std::string number = std::isfinite(mean) ? Brief(mean) : !readable ? "" : begun ? "\xe2\x80\x93" : tile.state;
  TextMiddle(GetFonts().mono_small, {b.x - Px(8) - TextWidth(GetFonts().mono_small, number), head}, c.secondary,
             number);
  // As far to the right as the run has come.
  const float done =
      begun && runs[tile.run].total > 0
          ? std::min(1.0f, static_cast<float>(runs[tile.run].episodes) / static_cast<float>(runs[tile.run].total))
          : 1.0f;
  const float left = a.x + Px(8), right = left + done * (size.x - Px(16));
  DrawSpark(tile.curve, group.lowest, group.highest, {left, a.y + Px(28)}, {right, b.y - Px(8)});
  std::string text =
      readable ? group.task + ", " + group.title + ", " + name + ": " + tile.state + "." : "It cannot be read.";
  if (begun && readable)
    text += Format(" Episode %d of %d.", runs[tile.run].episodes, runs[tile.run].total) +
            (IsHere(context, folder) ? " In this window."
             : style.enabled         ? " A click looks at it."
                                     : "");
  if (!tile.why.empty()) text += "\n" + tile.why;
  if (begun) text += "\n" + folder;
  Explain(a, b, "Run", "", text);
}

}  // namespace

float DrawRunState(const std::string& state, ImVec2 left_middle, bool worded) {
  const Palette& c = Colors();
  const char* sign = icon::kCheck;
  ImU32 color = c.secondary;
  if (state == "running") sign = icon::kPlay, color = c.good;
  if (state == "stopped" || state == "waiting") sign = icon::kPause;
  if (state == "finished") color = c.good;
  if (state == "crashed" || state == "unreadable" || state == "cut off" || state == "failed")
    sign = icon::kWarning, color = c.bad;
  const float width = TextMiddle(GetFonts().small, left_middle, color, sign);
  if (!worded) return width;
  return Px(20) + TextMiddle(GetFonts().small, {left_middle.x + Px(20), left_middle.y}, color, state);
}

void DrawSpark(const std::vector<double>& values, double lowest, double highest, ImVec2 a, ImVec2 b) {
  const double span = std::max(highest - lowest, 1e-9);
  std::vector<ImVec2> path;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const auto share = static_cast<float>(i) / static_cast<float>(values.size() - 1);
    path.push_back({a.x + share * (b.x - a.x), b.y - static_cast<float>((values[i] - lowest) / span) * (b.y - a.y)});
  }
  Path(path, Colors().text, Px(1.3f));
}

void DrawRunsGrid(PanelContext& context, const std::vector<run::RunSummary>& runs, const std::vector<TileGroup>& groups,
                  float width) {
  const ImVec2 tile = TileSize();
  const float step_x = tile.x + Px(10), step_y = tile.y + Px(10), heading = Px(34);
  const auto columns = static_cast<size_t>(std::max(1.0f, std::floor((width + Px(10)) / step_x)));
  const ImVec2 window = ImGui::GetWindowPos(), end{window.x, window.y + ImGui::GetWindowSize().y};
  const auto in_sight = [&](float y, float height) { return y + height > window.y && y < end.y; };
  for (const TileGroup& group : groups) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (in_sight(at.y, heading)) {
      const float middle = at.y + Px(20);
      const float name = TextMiddle(
          GetFonts().strong, {at.x, middle}, Colors().text,
          Elide(GetFonts().strong, (group.task.empty() ? "" : group.task + "  ") + group.title, width * 0.6f));
      TextMiddle(GetFonts().small, {at.x + name + Px(14), middle}, Colors().secondary,
                 Elide(GetFonts().small, SumOf(runs, group), width - name - Px(20)));
    }
    if (in_sight(at.y, heading))
      Explain(at, {at.x + width, at.y + heading}, "", "",
              "Runs that differ by their seed alone. All curves of a task are drawn on one scale.");
    const size_t rows = (group.tiles.size() + columns - 1) / columns;
    for (size_t i = 0; i < group.tiles.size(); ++i) {
      const size_t column = i % columns, row = i / columns;
      const ImVec2 a{at.x + static_cast<float>(column) * step_x, at.y + heading + static_cast<float>(row) * step_y};
      if (in_sight(a.y, tile.y)) DrawTile(context, runs, group, group.tiles[i], a);
    }
    ImGui::SetCursorScreenPos({at.x, at.y + heading + static_cast<float>(rows) * step_y});
  }
}

}  // namespace equipoise::ui
