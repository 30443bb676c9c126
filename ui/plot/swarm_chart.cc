#include "ui/plot/swarm_chart.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ui/figure/axis.h"
#include "ui/figure/beeswarm.h"
#include "ui/figure/ticks.h"
#include "ui/kit/draw.h"
#include "ui/kit/tooltip.h"
#include "ui/kit/trace.h"
#include "ui/plot/chart_frame.h"

namespace equipoise::ui {
namespace {

constexpr size_t kMostWhiskers = 200;  // beyond that they cover each other and the dots
constexpr size_t kEdgeRows = 3;        // outliers named at one edge

bool SameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

const SwarmPlaces& Packed(const eps::Decision& decision, ImVec2 size, float top, float bottom, SwarmPlaces* kept) {
  if (SameBits(kept->delta, decision.delta()) && SameBits(kept->error, decision.standard_error()) &&
      kept->size.x == size.x && kept->size.y == size.y && kept->scale == Scale()) {
    return *kept;
  }
  kept->size = size;
  kept->scale = Scale();
  kept->delta = decision.delta();
  kept->error = decision.standard_error();
  kept->axis = FitSwarmAxis(kept->delta, kept->error);
  const SwarmAxis& axis = kept->axis;
  const bool left = !axis.below.empty() || !axis.not_finite.empty(), right = !axis.above.empty();
  kept->x = {axis.lo, axis.hi, left ? Px(84) : Px(2), size.x - (right ? Px(84) : Px(6)), AxisScale::kLinear, 0};
  std::vector<float> pixels;
  for (size_t i : axis.inside) pixels.push_back(kept->x.ToPixel(kept->delta[i]));
  kept->packing = PackSwarm(pixels, axis.inside, 0.5f * (bottom - top) - Px(4), Px(5.5f), Px(1.5f));
  return *kept;
}

bool Hollow(const eps::Decision& d, size_t mask) {
  return mask < d.standard_error().size() && std::fabs(d.delta()[mask]) < d.standard_error()[mask];
}

// The policies of the comparison that is drawn.
struct Side {
  Actor actor;
  std::string name, short_name;
  ImU32 color() const { return ActorColor(actor); }
};
struct Sides {
  Sides(const eps::Decision& decision, const nets::PartList& parts)
      : preferred(Of(decision.turned_on().preferred, parts)), challenger(Of(decision.turned_on().challenger, parts)) {}
  const Side& Favoured(double delta) const { return delta > 0 ? challenger : preferred; }
  Side preferred, challenger;

 private:
  static Side Of(eps::Pick pick, const nets::PartList& parts) {
    const nets::PartInfo* part = parts.Find(pick.id());
    return {LearnerOf(parts, pick), eps::NameOf(parts, pick), part != nullptr ? part->short_name : pick.id()};
  }
};

void DrawDot(ImVec2 at, float radius, const Side& side, bool hollow, float alpha) {
  const ImU32 color = WithAlpha(side.color(), alpha);
  const float half = radius * 0.88f, line = std::max(1.0f, Px(1.6f));
  if (side.actor.slot == 1) {
    DrawList()->AddCircleFilled(at, radius, hollow ? Colors().card : color, 20);
    if (hollow) DrawList()->AddCircle(at, radius - line * 0.5f, color, 20, line);
  } else if (side.actor.slot == 0) {
    Rect({at.x - half, at.y - half}, {at.x + half, at.y + half}, hollow ? Colors().card : color, 1);
    if (hollow) Frame({at.x - half, at.y - half}, {at.x + half, at.y + half}, color, 1, line);
  } else {
    ActorGlyph(at, radius, side.actor, alpha);
    if (hollow) DrawList()->AddCircleFilled(at, radius * 0.5f, Colors().card, 12);
  }
}

// Grounds of both sides, ticks with signs, and zero as the heaviest line.
void DrawSides(const SwarmPlaces& swarm, const Sides& sides, const Axis& x, float top, float bottom) {
  const float zero = std::floor(x.ToPixel(0)) + 0.5f;
  const bool light = Colors().light;
  Rect({x.from, top}, {zero, bottom}, WithAlpha(sides.preferred.color(), light ? 0.07f : 0.075f));
  Rect({zero, top}, {x.to, bottom}, WithAlpha(sides.challenger.color(), light ? 0.05f : 0.055f));
  ImFont* font = GetFonts().small;
  const int target = std::max(3, static_cast<int>((x.to - x.from) / Px(74)));
  const std::vector<double> ticks = LinearTicks(swarm.axis.lo, swarm.axis.hi, target);
  const auto label_of = [&ticks](double tick) { return (tick > 0 ? "+" : "") + TickLabel(tick, TickStep(ticks)); };
  float widest = 0;
  for (double tick : ticks) widest = std::max(widest, TextWidth(font, label_of(tick)));
  // Where they would touch only every second, third, ... is written, counted from zero, which always is.
  const double step = TickStep(ticks);
  const float apart = std::fabs(x.ToPixel(step) - x.ToPixel(0));
  const long stride = std::max(1L, std::lround(std::ceil((widest + Px(6)) / std::max(apart, 1.0f))));
  for (double tick : ticks) {
    const float px = std::floor(x.ToPixel(tick)) + 0.5f;
    if (tick != 0) Line({px, top}, {px, bottom}, Ink(0.06f));
    const std::string label = label_of(tick);
    const float half = TextWidth(font, label) * 0.5f;
    if (px - half < x.from - Px(2) || px + half > x.to + Px(8) || std::lround(tick / step) % stride != 0) continue;
    TextCentered(font, {px, bottom + Px(3)}, Colors().secondary, label);
  }
  Line({x.from, bottom}, {x.to, bottom}, Ink(0.2f));
  Line({zero, top - Px(4)}, {zero, bottom}, Colors().text, Px(2));
}

void DrawWords(const Sides& sides, const Axis& x, ImVec2 at, float right, const std::string& note) {
  ImFont* font = GetFonts().small;
  const float zero = x.ToPixel(0), middle = at.y + FontSize(font) * 0.5f + Px(1);
  const auto fitting = [font](const Side& side, float room) {
    for (const std::string& words : {side.name + " better", side.name})
      if (TextWidth(font, words) <= room) return words;
    return TextWidth(font, side.short_name) <= room ? side.short_name : std::string();
  };
  const std::string left_words = fitting(sides.preferred, zero - at.x - Px(26));
  const std::string right_words = fitting(sides.challenger, right - zero - Px(22));
  if (!left_words.empty()) ActorGlyph({zero - Px(12), middle}, Px(4), sides.preferred.actor);
  TextRight(font, {zero - Px(22), at.y}, sides.preferred.color(), left_words);
  ActorGlyph({zero + Px(13), middle}, Px(4), sides.challenger.actor);
  const float width = Text(font, {zero + Px(22), at.y}, sides.challenger.color(), right_words);
  if (zero + Px(34) + width + TextWidth(font, note) < right) TextRight(font, {right, at.y}, Colors().faint, note);
}

// The rule that a reader of these dots needs most.
std::string Note(const SwarmPlaces& swarm, const nets::PartList& parts) {
  if (swarm.packing.every > 1) return "one dot for " + std::to_string(swarm.packing.every) + " " + parts.Beliefs();
  if (!swarm.axis.below.empty() || !swarm.axis.above.empty()) return "arrows: beyond 3 interquartile ranges";
  const auto known = [](double error) { return std::isfinite(error); };
  if (std::none_of(swarm.error.begin(), swarm.error.end(), known)) return "";
  return "hollow: smaller than its error";
}

// A rule that is only tried out, or a mask that is followed: a dashed line of its own colour, named.
void DrawThreshold(const Axis& x, float top, float bottom, const std::string& name, double threshold) {
  const float at = std::clamp(std::floor(x.ToPixel(threshold)) + 0.5f, x.from, x.to);
  Dash({at, top}, {at, bottom}, Colors().note, Px(1.6f), Px(5), Px(3));
  ImFont* font = GetFonts().small;
  const std::string label = name + " " + SignedBrief(threshold);
  const float width = TextWidth(font, label);
  const float left = std::max(x.from, at + Px(4) + width < x.to ? at + Px(4) : at - Px(4) - width);
  Rect({left - Px(2), top + Px(1)}, {left + width + Px(2), top + FontSize(font) + Px(4)},
       WithAlpha(Colors().card, 0.75f), Px(2));
  Text(font, {left, top + Px(2)}, Colors().note, label);
}

// Whether words in this box would hide a dot.
bool HidesDots(ImVec2 a, ImVec2 b, const std::vector<SwarmDot>& dots, float radius, ImVec2 origin) {
  return std::any_of(dots.begin(), dots.end(), [&](const SwarmDot& dot) {
    const float x = origin.x + dot.x, y = origin.y + dot.y;
    return x + radius > a.x && x - radius < b.x && y + radius > a.y && y - radius < b.y;
  });
}

// The line lies behind the dots, its words beside it where they hide none; the number stands in the rows as well.
void DrawMean(const Axis& x, float top, float bottom, double mean, const std::string& name, bool words,
              const SwarmPlaces& swarm, ImVec2 origin) {
  if (!std::isfinite(mean)) return;
  const float at = std::floor(x.ToPixel(mean)) + 0.5f;
  if (at < x.from || at > x.to) return;
  if (!words) {
    Dash({at, top}, {at, bottom}, WithAlpha(Colors().text, 0.8f), 1, Px(4), Px(3));
    return;
  }
  ImFont* font = GetFonts().small;
  const std::string label = name + " " + SignedBrief(mean);
  const float width = TextWidth(font, label);
  const float height = FontSize(font) + Px(2);
  for (const float y : {bottom - height - Px(1), top + Px(2)}) {
    for (const float left : {at + Px(4), at - Px(4) - width}) {
      if (left < x.from || left + width > x.to) continue;
      const ImVec2 a{left - Px(2), y}, b{left + width + Px(2), y + height};
      if (HidesDots(a, b, swarm.packing.dots, swarm.packing.radius, origin)) continue;
      Rect(a, b, WithAlpha(Colors().card, 0.75f), Px(2));
      Text(font, {left, y}, Colors().secondary, label);
      return;
    }
  }
}

// The values beyond one edge, farthest first, each with an arrow that points to where it lies.
void DrawEdge(const SwarmPlaces& swarm, const Sides& sides, const std::vector<size_t>& masks, float edge,
              float direction, float middle, size_t not_finite) {
  ImFont* font = GetFonts().mono_small;
  const float row = FontSize(font) + Px(4);
  std::vector<std::string> lines;
  for (size_t k = 0; k < masks.size() && k < kEdgeRows; ++k) lines.push_back(SignedBrief(swarm.delta[masks[k]]));
  if (masks.size() > kEdgeRows) lines.back() = "and " + std::to_string(masks.size() - kEdgeRows + 1) + " more";
  float y = middle - 0.5f * row * static_cast<float>(lines.size() + (not_finite > 0));
  for (size_t k = 0; k < lines.size(); ++k, y += row) {
    const ImU32 color = sides.Favoured(swarm.delta[masks[k]]).color();
    const ImVec2 tip{edge + direction * Px(78), y + row * 0.5f};
    ArrowHead(tip, direction, 0, Px(8), color);
    if (direction > 0) {
      TextRight(font, {tip.x - Px(12), y}, color, lines[k]);
    } else {
      Text(font, {tip.x + Px(12), y}, color, lines[k]);
    }
  }
  if (not_finite > 0) {
    Text(GetFonts().small, {edge - Px(78), y}, Colors().bad, std::to_string(not_finite) + " not finite");
  }
  if (direction < 0 && (not_finite > 0 || !lines.empty())) {  // what decides is ringed, wherever it stands
    const float ringed = not_finite > 0 ? y : middle - 0.5f * row * static_cast<float>(lines.size());
    Frame({edge - Px(82), ringed - Px(1)}, {edge - Px(6), ringed + row}, Colors().text, Px(4), Px(1.4f));
  }
}

// Ring and letter of a selected mask; the letter stands above its dot, or below it where there is no room.
void DrawLetter(ImVec2 dot, float radius, float top, bool second) {
  const ImU32 color = second ? Colors().mask_b : Colors().mask_a;
  DrawList()->AddCircle(dot, radius + Px(3), color, 28, Px(2));
  const float side = Px(15), above = dot.y - radius - Px(5) - side;
  const ImVec2 p{dot.x - side * 0.5f, above >= top - Px(4) ? above : dot.y + radius + Px(5)};
  Rect(p, {p.x + side, p.y + side}, color, Px(3));
  TextCentered(GetFonts().mono_small, {dot.x, p.y + Px(1)}, Colors().light ? IM_COL32_WHITE : Rgb(0x0E1116),
               second ? "B" : "A");
}

}  // namespace

std::string DotSentence(const eps::Decision& d, const nets::PartList& parts, int mask, bool chosen) {
  const size_t i = static_cast<size_t>(mask);
  const double delta = d.delta()[i];
  const double error = i < d.standard_error().size() ? d.standard_error()[i] : NAN;
  const Sides sides(d, parts);
  const Side &better = sides.Favoured(delta), &worse = delta > 0 ? sides.preferred : sides.challenger;
  std::string text = eps::Capitalised(parts.NameOfBelief(mask)) + ": one version of the model; ";
  if (!std::isfinite(delta)) {
    text += "in it the returns are no numbers";
  } else {
    const std::string amount = WithError(std::fabs(delta), error);
    text += "in it " + better.name + " earns " + amount + " more than " + worse.name;
    if (std::fabs(delta) < error) text += ", which is within its own error";
  }
  text += chosen ? "; click to let it go." : "; click to watch it imagine.";
  const char* before = "\nImagined returns: ";
  for (auto p = d.policies.rbegin(); p != d.policies.rend(); ++p) {
    if (i >= p->returns.size()) continue;
    text += before + eps::NameOf(parts, p->policy) + " " + Brief(p->returns[i]);
    before = ", ";
  }
  if (!d.mask_rollouts.empty()) text += ", over " + std::to_string(d.RolloutsOf(i)) + " rollouts";
  return text;
}

SwarmChartResult DrawSwarmChart(const char* id, ImVec2 size, const eps::Decision& decision, const nets::PartList& parts,
                                SwarmMemory* memory, std::optional<int> selected, std::optional<int> second,
                                const SwarmWhatIf& what_if) {
  SwarmChartResult result;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float top = Px(20), bottom = size.y - TickRowHeight();
  if (size.x < Px(120) || bottom - top < Px(16)) {
    ImGui::Dummy(size);
    return result;
  }
  const bool pressed = ImGui::InvisibleButton(id, size);
  const bool hovered = ImGui::IsItemHovered();
  if (ImGui::IsItemActivated()) memory->shift = ImGui::GetIO().KeyShift;
  result.shift = memory->shift;
  const Sides sides(decision, parts);
  const SwarmPlaces& swarm = Packed(decision, size, top, bottom, &memory->places);
  Axis x = swarm.x;
  x.from += at.x;
  x.to += at.x;
  const float middle = at.y + 0.5f * (top + bottom);
  DrawSides(swarm, sides, x, at.y + top, at.y + bottom);
  DrawWords(sides, x, at, at.x + size.x - Px(6), Note(swarm, parts));

  const std::vector<SwarmDot>& dots = swarm.packing.dots;
  const float radius = swarm.packing.radius;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float nearest = (radius + Px(3)) * (radius + Px(3));
  for (const SwarmDot& dot : dots) {
    const float dx = at.x + dot.x - mouse.x, dy = middle + dot.y - mouse.y;
    if (!hovered || dx * dx + dy * dy >= nearest) continue;
    nearest = dx * dx + dy * dy;
    result.hovered = static_cast<int>(dot.index);
  }

  const auto chosen = [&](const SwarmDot& dot) {
    const int mask = static_cast<int>(dot.index);
    return mask == selected || mask == result.hovered;
  };
  DrawList()->PushClipRect({x.from, at.y}, {x.to + Px(2), at.y + size.y}, true);
  for (const SwarmDot& dot : dots) {
    if (dot.index >= swarm.error.size() || (dots.size() > kMostWhiskers && !chosen(dot))) continue;
    const double delta = swarm.delta[dot.index], error = swarm.error[dot.index];
    if (!std::isfinite(error)) continue;
    const ImU32 color =
        chosen(dot) ? Colors().text : WithAlpha(sides.Favoured(delta).color(), Colors().light ? 0.45f : 0.5f);
    Line({x.ToPixel(delta - error), middle + dot.y}, {x.ToPixel(delta + error), middle + dot.y}, color, Px(1.2f));
  }
  DrawList()->PopClipRect();
  const double mean = eps::Summarise(decision).mean;
  const bool partial = decision.evaluated < decision.masks;
  const std::string mean_name = partial ? "mean of the " + std::to_string(decision.evaluated) + " seen" : "mean";
  DrawMean(x, at.y + top, at.y + bottom, mean, mean_name, false, swarm, {at.x, middle});
  for (const SwarmDot& dot : dots) {
    const ImVec2 p{at.x + dot.x, middle + dot.y};
    const bool counts = what_if.masks <= 0 || dot.index < static_cast<size_t>(what_if.masks);
    DrawDot(p, radius, sides.Favoured(swarm.delta[dot.index]), Hollow(decision, dot.index), counts ? 1.0f : 0.25f);
    if (chosen(dot)) DrawList()->AddCircle(p, radius + Px(2), Colors().text, 24, Px(1.5f));
  }
  DrawMean(x, at.y + top, at.y + bottom, mean, mean_name, true, swarm, {at.x, middle});
  if (what_if.threshold) DrawThreshold(x, at.y + top, at.y + bottom, "what if", *what_if.threshold);
  if (what_if.pinned) {
    DrawThreshold(x, at.y + top, at.y + bottom, what_if.pinned_name, *what_if.pinned);
    TraceWidget("mask.pinned", {x.ToPixel(*what_if.pinned), at.y + top}, {x.ToPixel(*what_if.pinned), at.y + bottom});
  }
  const auto trace = [&](const char* name, const SwarmDot& dot) {
    TraceWidget(name, {at.x + dot.x - 2, middle + dot.y - 2}, {at.x + dot.x + 2, middle + dot.y + 2});
  };
  if (!dots.empty()) trace("mask.first", dots.front());
  if (!dots.empty()) trace("mask.last", dots.back());
  for (const SwarmDot& dot : dots) {
    const int mask = static_cast<int>(dot.index);
    if (mask == second) DrawLetter({at.x + dot.x, middle + dot.y}, radius, at.y + top, true);
    if (mask == selected) DrawLetter({at.x + dot.x, middle + dot.y}, radius, at.y + top, false);
  }
  // The least of all lies beyond the left edge when there are outliers or masks without a value there.
  if (!dots.empty() && swarm.axis.below.empty() && swarm.axis.not_finite.empty()) {
    DrawList()->AddCircle({at.x + dots.front().x, middle + dots.front().y}, radius + Px(3.5f), Colors().text, 28,
                          Px(1.6f));
  }
  DrawEdge(swarm, sides, swarm.axis.below, x.from, -1, middle, swarm.axis.not_finite.size());
  DrawEdge(swarm, sides, swarm.axis.above, x.to, 1, middle, 0);
  for (const float direction : {-1.0f, 1.0f}) {  // by which rule they stand there, where the axis has its numbers
    if ((direction < 0 ? swarm.axis.below : swarm.axis.above).empty()) continue;
    const float edge = direction < 0 ? x.from : x.to;
    TextCentered(GetFonts().small, {edge + direction * Px(46), at.y + bottom + Px(3)}, Colors().faint, "beyond 3 IQR");
  }

  if (result.hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    // Below the dots and their axis: what it says is to be seen beside it.
    Tooltip(DotSentence(decision, parts, *result.hovered, selected == result.hovered), {mouse.x - Px(4), at.y + top},
            {mouse.x + Px(30), at.y + size.y});
    if (pressed) result.clicked = result.hovered;
  }
  return result;
}

}  // namespace equipoise::ui
