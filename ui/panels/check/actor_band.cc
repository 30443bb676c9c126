#include "ui/panels/check/actor_band.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr float kHeadRow = 24, kValueRow = 20, kBelow = 6, kIndent = 12;  // at scale 1

struct Cell {
  std::string name, value;
  int characters;  // that the value has room for
};

// No more decimals than leave it as wide as others of its size.
std::string Amount(double value, bool sign) {
  if (!std::isfinite(value)) return "\xe2\x80\x93";
  const int decimals = std::fabs(value) < 99.995 ? 2 : std::fabs(value) < 9999.5 ? 1 : 0;
  return Format(sign ? "%+.*f" : "%.*f", decimals, value);
}

// "small_control" -> "small control"
std::string Words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// The same cells at every step: before the first one there are no rewards yet.
std::vector<Cell> CellsOf(const run::Snapshot& snapshot, const Moment& moment) {
  const double none = NAN;
  const bool stepped = moment.any && moment.step > 0;
  std::vector<Cell> cells = {{"Return so far", Amount(moment.any ? moment.return_so_far : none, false), 7},
                             {"Reward", Amount(stepped ? moment.reward_now : none, true), 6}};
  if (snapshot.info == nullptr) return cells;
  const std::vector<std::string>& names = snapshot.info->task.term_names;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool known = stepped && moment.terms != nullptr && i < moment.terms->size();
    cells.push_back({Words(names[i]), Amount(known ? (*moment.terms)[i] : none, true), 6});
  }
  return cells;
}

FlowPlaces PlacesOf(const std::vector<Cell>& cells, float width) {
  std::vector<float> widths;
  for (const Cell& cell : cells) {
    const std::string room(static_cast<size_t>(cell.characters), '0');
    widths.push_back(TextWidth(GetFonts().small, cell.name) + TextWidth(GetFonts().mono, room) + Px(20));
  }
  return Flow(widths, width - Px(kIndent), Px(kValueRow));
}

std::string Headline(const Moment& moment, const nets::PartList& parts) {
  if (!moment.any) return "No episode to show yet";
  const std::string name = eps::Capitalised(eps::NameOf(parts, moment.pick));
  return moment.pick.random() ? name : name + (moment.live ? " acts" : " acted");
}

// Who, in which episode, and why: what has no room is said when it is pointed at.
void DrawHead(const Moment& moment, const nets::PartList& parts, ImVec2 at, float right, ImU32 color) {
  const Fonts& f = GetFonts();
  const float middle = at.y + Px(11);
  float x = at.x;
  if (moment.any) {
    ActorGlyph({x + Px(7), middle}, Px(6.5f), ActorOf(parts, moment.pick, moment.reason));
    x += Px(22);
  }
  x += TextMiddleElided(f.strong, {x, middle}, color, Headline(moment, parts), right - x) + Px(10);
  if (!moment.any) return;
  const std::string episode = moment.episode > 0 ? Format("episode %d", moment.episode) : "before learning";
  if (x + TextWidth(f.small, episode) > right) return;
  x += TextMiddle(f.small, {x, middle}, Colors().secondary, episode) + Px(12);
  if (right - x > Px(40)) TextMiddleElided(f.small, {x, middle}, Colors().text, moment.why, right - x);
}

}  // namespace

float ActorBandHeight(const run::Snapshot& snapshot, float width) {
  return Px(kHeadRow) + PlacesOf(CellsOf(snapshot, {}), width).height + Px(kBelow);
}

void DrawActorBand(PanelContext& context, const Moment& moment, ImVec2 at, float width) {
  const Fonts& f = GetFonts();
  const float bottom = at.y + ActorBandHeight(context.snapshot, width) - Px(kBelow);
  const ImU32 color =
      moment.any ? ActorColor(ActorOf(PartsOf(context.snapshot), moment.pick, moment.reason)) : Colors().secondary;
  TraceWidget("scene.actor", at, {at.x + width, bottom});
  Rect({at.x, at.y + Px(2)}, {at.x + Px(3), bottom - Px(2)}, color, Px(1));
  const float left = at.x + Px(kIndent);
  Explain(at, {at.x + width, at.y + Px(kHeadRow)}, moment.any && moment.pick.random() ? "Random episode" : "Who acted",
          moment.any ? "Here: " + moment.why : "");
  DrawHead(moment, PartsOf(context.snapshot), {left, at.y}, at.x + width, color);
  const std::vector<Cell> cells = CellsOf(context.snapshot, moment);
  const FlowPlaces places = PlacesOf(cells, width);
  for (size_t i = 0; i < cells.size(); ++i) {
    const ImVec2 p{left + places.at[i].x, at.y + Px(kHeadRow) + places.at[i].y};
    const float name = Text(f.small, {p.x, p.y + Px(1)}, Colors().secondary, cells[i].name);
    const float value = Text(f.mono, {p.x + name + Px(6), p.y}, Colors().text, cells[i].value);
    const std::string now =
        moment.any ? "Here, at step " + std::to_string(moment.step) + ": " + cells[i].value + "." : "";
    const char* term = i == 0 ? "Return" : i == 1 ? "Reward" : "Reward term";
    Explain(p, {p.x + name + Px(8) + value, p.y + Px(kValueRow)}, term, i < 2 ? now : cells[i].name + ". " + now);
  }
}

}  // namespace equipoise::ui
