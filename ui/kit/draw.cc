#include "ui/kit/draw.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace equipoise::ui {
namespace {

constexpr const char* kMinus = "\xe2\x88\x92";
constexpr const char* kEllipsis = "\xe2\x80\xa6";

// Removes the last character of a UTF-8 string.
void PopCharacter(std::string* text) {
  while (!text->empty()) {
    const char last = text->back();
    text->pop_back();
    if ((last & 0xC0) != 0x80) break;
  }
}

std::string WithRealMinus(std::string text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const unsigned char next = static_cast<unsigned char>(text[i + 1]);
    const bool starts_number = std::isdigit(next) != 0 || next == '.';
    const bool after_space = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
    if (text[i] == '-' && starts_number && after_space) text.replace(i, 1, kMinus);
  }
  return text;
}

ImVec2 Whole(ImVec2 p) { return {std::floor(p.x), std::floor(p.y)}; }

}  // namespace

std::string Format(const char* format, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return WithRealMinus(buffer);
}

std::string Grouped(long long value) {
  std::string digits = std::to_string(std::llabs(value));
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<size_t>(i), " ");
  return (value < 0 ? kMinus : "") + digits;
}

std::string ShortNumber(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "n/a" : value > 0 ? "\xe2\x88\x9e" : "\xe2\x88\x92\xe2\x88\x9e";
  const double size = std::fabs(value);
  if (size >= 1e4 && size < 1e15 && value == std::floor(value)) return Grouped(static_cast<long long>(value));
  return Format("%.4g", value);
}

std::string Clock(double seconds) {
  const long long s = std::isfinite(seconds) ? static_cast<long long>(std::max(0.0, seconds)) : 0;
  return Format("%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

float TextWidth(ImFont* font, const std::string& text) {
  return font->CalcTextSizeA(FontSize(font), 1e9f, 0, text.c_str(), text.c_str() + text.size()).x;
}

float Text(ImFont* font, ImVec2 position, ImU32 color, const std::string& text) {
  DrawList()->AddText(font, FontSize(font), Whole(position), color, text.c_str(), text.c_str() + text.size());
  return TextWidth(font, text);
}

void TextRight(ImFont* font, ImVec2 top_right, ImU32 color, const std::string& text) {
  Text(font, {top_right.x - TextWidth(font, text), top_right.y}, color, text);
}

void TextCentered(ImFont* font, ImVec2 top_centre, ImU32 color, const std::string& text) {
  Text(font, {top_centre.x - TextWidth(font, text) * 0.5f, top_centre.y}, color, text);
}

float TextMiddle(ImFont* font, ImVec2 left_middle, ImU32 color, const std::string& text) {
  return Text(font, {left_middle.x, left_middle.y - FontSize(font) * 0.5f - Px(1)}, color, text);
}

std::string Elide(ImFont* font, const std::string& text, float width) {
  if (TextWidth(font, text) <= width) return text;
  std::string cut = text;
  while (!cut.empty() && TextWidth(font, cut + kEllipsis) > width) PopCharacter(&cut);
  while (!cut.empty() && cut.back() == ' ') cut.pop_back();
  return cut + kEllipsis;
}

std::vector<std::string> Wrap(ImFont* font, const std::string& text, float width, int most) {
  std::vector<std::string> lines;
  std::string rest = text;
  while (!rest.empty()) {
    if (static_cast<int>(lines.size()) + 1 >= most || TextWidth(font, rest) <= width) {
      lines.push_back(Elide(font, rest, width));
      break;
    }
    size_t cut = std::string::npos;
    for (size_t space = rest.find(' '); space != std::string::npos; space = rest.find(' ', space + 1)) {
      if (TextWidth(font, rest.substr(0, space)) > width) break;
      cut = space;
    }
    if (cut == std::string::npos) cut = std::min(rest.find(' '), rest.size());
    lines.push_back(Elide(font, rest.substr(0, cut), width));
    rest = cut < rest.size() ? rest.substr(cut + 1) : "";
  }
  return lines;
}

void Rect(ImVec2 a, ImVec2 b, ImU32 color, float rounding) { DrawList()->AddRectFilled(a, b, color, rounding); }

void Frame(ImVec2 a, ImVec2 b, ImU32 color, float rounding, float thickness) {
  DrawList()->AddRect(a, b, color, rounding, 0, thickness);
}

void Line(ImVec2 a, ImVec2 b, ImU32 color, float thickness) { DrawList()->AddLine(a, b, color, thickness); }

void Dash(ImVec2 a, ImVec2 b, ImU32 color, float thickness, float on, float off) {
  DashedPath({a, b}, color, thickness, on, off);
}

void DashedPath(const std::vector<ImVec2>& path, ImU32 color, float thickness, float on, float off) {
  const float period = on + off;
  float phase = 0;  // runs through the corners, so that dashes keep their length along the path
  for (size_t i = 1; i < path.size(); ++i) {
    const ImVec2 a = path[i - 1], b = path[i];
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (!(length > 0) || length > 1e5f) continue;
    const ImVec2 unit{(b.x - a.x) / length, (b.y - a.y) / length};
    for (float s = 0; s < length;) {
      const float piece = std::max(std::min(length - s, (phase < on ? on : period) - phase), 0.01f);
      const float e = s + piece;
      if (phase < on)
        Line({a.x + unit.x * s, a.y + unit.y * s}, {a.x + unit.x * e, a.y + unit.y * e}, color, thickness);
      s = e;
      phase = std::fmod(phase + piece, period);
    }
  }
}

void Path(const std::vector<ImVec2>& path, ImU32 color, float thickness) {
  if (path.size() > 1) DrawList()->AddPolyline(path.data(), static_cast<int>(path.size()), color, 0, thickness);
}

void Hatch(ImVec2 a, ImVec2 b, ImU32 color, float step) {
  DrawList()->PushClipRect(a, b, true);
  const float height = b.y - a.y;
  for (float x = a.x - height; x < b.x; x += step) Line({x, b.y}, {x + height, a.y}, color, 1.4f);
  DrawList()->PopClipRect();
}

void ProgressRing(ImVec2 centre, float radius, double share, ImU32 color, ImU32 rest, float thickness) {
  constexpr float kTop = -1.5707963f, kTurn = 6.2831853f;
  DrawList()->AddCircle(centre, radius, rest, 32, thickness);
  const float part = static_cast<float>(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0));
  if (part <= 0) return;
  DrawList()->PathArcTo(centre, radius, kTop, kTop + kTurn * part, 32);
  DrawList()->PathStroke(color, 0, thickness);
}

Actor ActorOf(const nets::PartList& parts, eps::Pick pick, eps::Reason reason) {
  return {parts.SlotOf(pick.id()), reason == eps::Reason::kForced};
}

ImU32 ActorColor(Actor actor) {
  const Palette& p = Colors();
  return actor.random() ? p.random : p.learner[static_cast<size_t>(actor.slot) % p.learner.size()];
}

const std::vector<ImVec2>& MarkCorners(int slot) {
  const auto polygon = [](int corners, float radius, float turn) {
    std::vector<ImVec2> out;
    for (int i = 0; i < corners; ++i) {
      const float angle = 6.2831853f * (static_cast<float>(i) / static_cast<float>(corners) + turn);
      out.push_back({radius * std::sin(angle), -radius * std::cos(angle)});
    }
    return out;
  };
  static const std::array<std::vector<ImVec2>, nets::kSlots> kMarks = {
      std::vector<ImVec2>{{-0.9f, -0.9f}, {0.9f, -0.9f}, {0.9f, 0.9f}, {-0.9f, 0.9f}},
      {},                           // a circle
      polygon(4, 1.25f, 0),         // a diamond
      polygon(3, 1.35f, 0.5f),      // a triangle on its tip
      polygon(5, 1.15f, 0),         // a pentagon
      polygon(6, 1.1f, 0.25f / 3),  // a hexagon
      std::vector<ImVec2>{{-1.2f, -0.6f}, {1.2f, -0.6f}, {1.2f, 0.6f}, {-1.2f, 0.6f}},
      std::vector<ImVec2>{{-0.6f, -1.2f}, {0.6f, -1.2f}, {0.6f, 1.2f}, {-0.6f, 1.2f}}};
  return kMarks[static_cast<size_t>(slot) % kMarks.size()];
}

void ActorGlyph(ImVec2 centre, float radius, Actor actor, float alpha) {
  const ImU32 color = WithAlpha(ActorColor(actor), alpha);
  const float r = radius;
  if (actor.random()) {
    Line({centre.x - r, centre.y - r}, {centre.x + r, centre.y + r}, color, 1.5f);
    Line({centre.x - r, centre.y + r}, {centre.x + r, centre.y - r}, color, 1.5f);
    return;
  }
  if (actor.forced) {
    const float side = r * 1.35f;
    const ImVec2 a{centre.x, centre.y - side}, b{centre.x + side, centre.y + side * 0.75f},
        c{centre.x - side, centre.y + side * 0.75f};
    DrawList()->AddTriangleFilled(a, b, c, Colors().card);
    DrawList()->AddTriangle(a, b, c, color, 1.6f);
    return;
  }
  const std::vector<ImVec2>& corners = MarkCorners(actor.slot);
  if (corners.empty()) {
    DrawList()->AddCircleFilled(centre, r, color, 20);
  } else if (actor.slot == 0) {
    Rect({centre.x - r * 0.9f, centre.y - r * 0.9f}, {centre.x + r * 0.9f, centre.y + r * 0.9f}, color, 1);
  } else {
    std::vector<ImVec2> at;
    for (const ImVec2& corner : corners) at.push_back({centre.x + r * corner.x, centre.y + r * corner.y});
    DrawList()->AddConvexPolyFilled(at.data(), static_cast<int>(at.size()), color);
  }
}

void NoteFlag(ImVec2 top_centre, const std::string& text) {
  ImFont* font = GetFonts().small;
  const float half = std::max(Px(8), TextWidth(font, text) * 0.5f + Px(4)), height = Px(15);
  Rect({top_centre.x - half, top_centre.y}, {top_centre.x + half, top_centre.y + height}, Colors().note, Px(3));
  TextCentered(font, {top_centre.x, top_centre.y + (height - FontSize(font)) * 0.5f - Px(1)}, Colors().on_note, text);
}

}  // namespace equipoise::ui
