#include "ui/kit/text.h"

#include "ui/kit/explain.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

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

bool Digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "1e-05" -> "1e-5" with a real minus, "2e+06" -> "2e6": as numbers on axes and in sentences have their exponents.
void ShortenExponent(std::string* text, size_t e) {
  if (e == 0 || !Digit((*text)[e - 1]) || e + 2 >= text->size()) return;
  const char sign = (*text)[e + 1];
  if ((sign != '-' && sign != '+') || !Digit((*text)[e + 2])) return;
  size_t zeros = 0;
  while (e + 3 + zeros < text->size() && (*text)[e + 2 + zeros] == '0' && Digit((*text)[e + 3 + zeros])) ++zeros;
  text->replace(e + 1, 1 + zeros, sign == '-' ? kMinus : "");
}

std::string WithRealMinus(std::string text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const bool starts_number = Digit(text[i + 1]) || text[i + 1] == '.';
    const bool after_space = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
    if (text[i] == '-' && starts_number && after_space) text.replace(i, 1, kMinus);
    if (text[i] == 'e') ShortenExponent(&text, i);
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
  ImGui::GetWindowDrawList()->AddText(font, FontSize(font), Whole(position), color, text.c_str(),
                                      text.c_str() + text.size());
  const float width = TextWidth(font, text);
  NoteWords(position, {position.x + width, position.y + FontSize(font) + Px(2)}, text);
  return width;
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

}  // namespace equipoise::ui
