#include "ui/plot/actor_strip.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/event_marks.h"
#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/trace.h"
#include "ui/plot/chart_frame.h"
#include "ui/plot/event_flags.h"

namespace equipoise::ui {
namespace {

constexpr int kWheelCells = 5;

int IndexOf(const std::vector<StripCell>& cells, int episode) {
  const auto at = std::lower_bound(cells.begin(), cells.end(), episode,
                                   [](const StripCell& cell, int wanted) { return cell.episode < wanted; });
  return static_cast<int>(at - cells.begin());
}

// Index of the last cell in view, after the selection and the mouse have had their say.
int LastInView(const std::vector<StripCell>& cells, int capacity, std::optional<int> selected, StripView view,
               bool hovered, bool active, float pitch) {
  const int newest = static_cast<int>(cells.size()) - 1;
  int last = *view.last ? std::min(IndexOf(cells, **view.last), newest) : newest;
  if (*view.shows != selected) {
    *view.shows = selected;
    if (!selected) {
      last = newest;
    } else {
      const int wanted = IndexOf(cells, *selected);
      if (wanted > last || wanted <= last - capacity) last = wanted + capacity / 3;
    }
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && io.MouseWheel != 0) last += static_cast<int>(io.MouseWheel * -kWheelCells);
  if (active && ImGui::IsMouseDragging(0, pitch)) {
    const int moved = static_cast<int>(ImGui::GetMouseDragDelta(0, pitch).x / pitch);
    if (moved != 0) ImGui::ResetMouseDragDelta(0);
    last -= moved;
  }
  last = std::clamp(last, std::min(capacity - 1, newest), newest);
  if (last >= newest) {
    view.last->reset();
  } else {
    *view.last = cells[static_cast<size_t>(last)].episode;
  }
  return last;
}

void DrawCell(const StripCell& cell, ImVec2 a, ImVec2 b) {
  const float middle = std::floor(0.5f * (a.y + b.y)), gap = std::max(1.0f, Px(1));
  const ImU32 color = ActorColor(cell.actor);
  const bool up = cell.actor.model_based();
  const ImVec2 c{a.x, up ? a.y : middle + gap}, d{b.x, up ? middle - gap : b.y};
  if (cell.actor.random()) {
    DrawList()->AddCircleFilled({0.5f * (a.x + b.x), middle}, std::min(Px(2), 0.5f * (b.x - a.x)), color, 10);
  } else if (cell.pending) {
    Rect(c, d, WithAlpha(color, 0.3f), 1);
    Frame(c, d, color, 1);
  } else if (cell.actor.forced) {
    Hatch(c, d, color, Px(4));
    Frame(c, d, color, 1);
  } else {
    Rect(c, d, color, 1);
  }
  if (cell.broken) Line({0.5f * (a.x + b.x), b.y - Px(4)}, {0.5f * (a.x + b.x), b.y + Px(3)}, Colors().bad, Px(2));
}

float OverviewHeight() { return Px(9); }

// The whole run from left to right: in every pixel column who acted, up and down as in the cells, by their share.
void DrawOverview(const std::vector<StripCell>& cells, ImVec2 at, float width, int first, int last) {
  constexpr size_t kLooks = 16;  // cells looked at in a column, evenly spread
  const float height = OverviewHeight() - Px(3), middle = at.y + 0.5f * height;
  const auto columns = static_cast<size_t>(std::max(1.0f, width / Px(2)));
  const size_t n = cells.size();
  Rect(at, {at.x + width, at.y + height}, Ink(0.05f), 1);
  for (size_t c = 0; c < columns; ++c) {
    const size_t begin = c * n / columns, end = std::min(n, std::max(begin + 1, (c + 1) * n / columns));
    const size_t stride = std::max<size_t>(1, (end - begin) / kLooks);
    float up = 0, down = 0, all = 0;
    Actor upper, lower;
    for (size_t i = begin; i < end; i += stride, ++all) {
      const Actor actor = cells[i].actor;
      if (actor.random()) continue;
      (actor.model_based() ? up : down) += 1;
      (actor.model_based() ? upper : lower) = actor;
    }
    if (all <= 0) continue;
    const float x = at.x + width * static_cast<float>(c) / static_cast<float>(columns);
    const float right = at.x + width * static_cast<float>(c + 1) / static_cast<float>(columns);
    if (up > 0) Rect({x, middle - 0.5f * height * up / all}, {right, middle}, ActorColor(upper));
    if (down > 0) Rect({x, middle}, {right, middle + 0.5f * height * down / all}, ActorColor(lower));
  }
  const auto x_of = [&](int cell) { return at.x + width * static_cast<float>(cell) / static_cast<float>(n); };
  Frame({x_of(first), at.y - Px(1)}, {std::max(x_of(last + 1), x_of(first) + Px(3)), at.y + height + Px(1)},
        Colors().text, Px(1));
}

// The episode that the mouse is on elsewhere. Out of view: which way it lies.
void DrawEcho(ImVec2 at, ImVec2 end, float left, float pitch, int side) {
  if (side != 0) {
    const float tip = side < 0 ? at.x - Px(5) : end.x + Px(5), base = tip - static_cast<float>(side) * Px(6);
    const float middle = 0.5f * (at.y + end.y);
    DrawList()->AddTriangleFilled({tip, middle}, {base, middle - Px(5)}, {base, middle + Px(5)}, Colors().text);
    return;
  }
  const ImVec2 a{left - Px(1), at.y}, b{left + pitch, end.y};
  Rect(a, b, Ink(0.16f), Px(2));
  Frame(a, b, Ink(0.7f), Px(2));
}

}  // namespace

StripResult DrawActorStrip(const char* id, ImVec2 size, const std::vector<StripCell>& cells,
                           const std::vector<StripFlag>& flags, std::optional<int> selected, std::optional<int> shown,
                           StripView view, const std::vector<int>& noted) {
  StripResult result;
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float bottom = at.y + size.y - TickRowHeight();
  if (size.x < Px(40) || bottom - at.y < Px(12)) {
    ImGui::Dummy(size);
    return result;
  }
  // Where it is low, the cells need all of it.
  const bool overview = bottom - at.y >= OverviewHeight() + Px(16);
  const ImVec2 band = at;
  bool on_band = false;
  if (overview) {
    ImGui::InvisibleButton((std::string(id) + ".band").c_str(), {size.x, OverviewHeight()});
    on_band = ImGui::IsItemActive();
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    TraceWidget("strip.band", band, {band.x + size.x, band.y + OverviewHeight()});
    at.y += OverviewHeight();
    size.y -= OverviewHeight();
    ImGui::SetCursorScreenPos(at);
  }
  ImGui::InvisibleButton(id, size);
  const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive(), let_go = ImGui::IsItemDeactivated();
  const float pitch = std::clamp(std::floor(size.x / 90), Px(6), Px(9));
  const int capacity = std::max(1, static_cast<int>(size.x / pitch));
  const float middle = std::floor(0.5f * (at.y + bottom));
  Line({at.x, middle}, {at.x + size.x, middle}, Ink(0.12f));
  if (cells.empty()) {
    TextCentered(GetFonts().small, {at.x + 0.5f * size.x, bottom + Px(3)}, Colors().faint, "no episode yet");
    return result;
  }

  if (on_band) {  // what lies under the mouse comes into the middle
    const float share = std::clamp((ImGui::GetIO().MousePos.x - band.x) / size.x, 0.0f, 1.0f);
    const auto middle_cell = static_cast<long>(share * static_cast<float>(cells.size()));
    const long wanted = std::clamp(middle_cell + capacity / 2, 0L, static_cast<long>(cells.size()) - 1);
    *view.last = cells[static_cast<size_t>(wanted)].episode;
  }
  const int last = LastInView(cells, capacity, selected, view, hovered, active, pitch);
  const int first = std::max(0, last - capacity + 1);
  result.first = static_cast<size_t>(first);
  result.last = static_cast<size_t>(last);
  if (overview) DrawOverview(cells, band, size.x, first, last);
  const ImVec2 episodes{static_cast<float>(cells[result.first].episode),
                        static_cast<float>(cells[result.last].episode)};
  TraceWidget("strip.view", episodes, episodes);
  const auto left = [&](int index) { return at.x + static_cast<float>(index - first) * pitch; };
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (hovered && mouse.y <= bottom) {
    const int index = first + static_cast<int>((mouse.x - at.x) / pitch);
    if (index >= first && index <= last) {
      const int episode = cells[static_cast<size_t>(index)].episode;
      result.hovered = episode;
      Rect({left(index) - 1, at.y}, {left(index) + pitch, bottom}, Ink(0.08f), Px(2));
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      const ImGuiIO& io = ImGui::GetIO();
      if (let_go && io.MouseDragMaxDistanceSqr[0] < pitch * pitch) result.clicked = episode;
    }
  }
  for (int i = first; i <= last; ++i) {
    const StripCell& cell = cells[static_cast<size_t>(i)];
    DrawCell(cell, {left(i), at.y + Px(2)}, {left(i) + pitch - std::max(1.0f, Px(1)), bottom - Px(2)});
    if (std::binary_search(noted.begin(), noted.end(), cell.episode)) {
      const ImVec2 centre{left(i) + 0.5f * (pitch - 1), middle};
      DrawList()->AddCircleFilled(centre, Px(2.6f), Colors().card, 10);
      DrawList()->AddCircleFilled(centre, Px(2), Colors().note, 10);
    }
    if (shown && cell.episode == *shown) {
      Frame({left(i) - Px(2), at.y - Px(1)}, {left(i) + pitch + Px(1), bottom + Px(1)}, Colors().text, Px(2), Px(1.5f));
    }
  }
  if (view.echoed && !result.hovered) {
    const int index = IndexOf(cells, *view.echoed);
    const bool exists =
        index < static_cast<int>(cells.size()) && cells[static_cast<size_t>(index)].episode == *view.echoed;
    const int side = index < first ? -1 : index > last ? 1 : 0;
    if (exists) DrawEcho(at, {at.x + size.x, bottom}, left(index), pitch, side);
    if (exists && side == 0) {
      result.echoed = view.echoed;
      TraceWidget("strip.echo", {left(index), at.y}, {left(index) + pitch, bottom});
    }
  }
  int newest = last;  // executed
  while (newest > first && cells[static_cast<size_t>(newest)].pending) --newest;
  TraceWidget("strip.last", {left(newest), at.y}, {left(newest) + pitch, bottom});
  ImFont* font = GetFonts().small;
  struct FlagGroup {
    float head;
    std::vector<int> numbers;
  };
  std::vector<FlagGroup> groups;  // closer than a flag's width they share one, as on the curves
  for (const StripFlag& flag : flags) {
    const int index = IndexOf(cells, flag.episode);
    if (index < first || index > last) continue;
    const float x = std::floor(left(index)) - 0.5f, head = std::max(x, at.x + Px(8));
    Dash({x, at.y}, {x, bottom}, Colors().note, Px(1.4f), Px(4), Px(3));
    if (!groups.empty() && head - groups.back().head < FlagWidth()) {
      groups.back().numbers.push_back(flag.number);
    } else {
      groups.push_back({head, {flag.number}});
    }
  }
  std::vector<float> taken;  // by flags
  for (const FlagGroup& group : groups) {
    taken.push_back(group.head);
    NoteFlag({group.head, bottom + Px(2)}, FlagText(group.numbers));
  }
  const double low = cells[static_cast<size_t>(first)].episode, high = cells[static_cast<size_t>(last)].episode;
  float free_from = at.x;
  for (double tick : LinearTicks(std::max(low, 1.0), high, std::max(2, static_cast<int>(size.x / Px(90))))) {
    if (tick != std::floor(tick)) continue;
    const std::string label = Grouped(static_cast<long long>(tick));
    const float half = 0.5f * TextWidth(font, label);
    const float centre = left(IndexOf(cells, static_cast<int>(tick))) + 0.5f * pitch;
    const bool on_flag =
        std::any_of(taken.begin(), taken.end(), [&](float x) { return std::fabs(x - centre) < half + Px(24); });
    if (on_flag || centre - half < free_from || centre + half > at.x + size.x) continue;
    TextCentered(font, {centre, bottom + Px(3)}, Colors().faint, label);
    free_from = centre + half + Px(8);
  }
  return result;
}

}  // namespace equipoise::ui
