// text.h: numbers in words for a person, and lines of text: how wide they are, cut, broken and drawn.
//
// What is drawn goes into the current ImGui window's list, in screen coordinates.
// Thread   window thread, inside a frame; the numbers on any thread
#pragma once

#include <string>
#include <vector>

#include "ui/kit/theme.h"

namespace equipoise::ui {

// printf, with a real minus sign (U+2212) before numbers.
std::string Format(const char* format, ...) IM_FMTARGS(1);
// A whole number in groups of three ("21 300"), so that large ones can be read.
std::string Grouped(long long value);
// A number for a person: no more digits than mean something (4 significant ones, fewer when they are zeros).
std::string ShortNumber(double value);
// h:mm:ss
std::string Clock(double seconds);

float TextWidth(ImFont* font, const std::string& text);
// All draw one line with its top at position.y. Text returns the width.
float Text(ImFont* font, ImVec2 position, ImU32 color, const std::string& text);
void TextRight(ImFont* font, ImVec2 top_right, ImU32 color, const std::string& text);
void TextCentered(ImFont* font, ImVec2 top_centre, ImU32 color, const std::string& text);
// The same with the vertical middle at position.y, as labels in rows and buttons need it.
float TextMiddle(ImFont* font, ImVec2 left_middle, ImU32 color, const std::string& text);
// `text`, cut with an ellipsis so that it fits into `width`.
std::string Elide(ImFont* font, const std::string& text, float width);
// `text` broken at spaces into lines no wider than `width`; the last of at most `most` lines is elided.
std::vector<std::string> Wrap(ImFont* font, const std::string& text, float width, int most);

}  // namespace equipoise::ui
