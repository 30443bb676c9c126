// draw.h: the small drawing vocabulary of all panels: text (text.h), lines, and one shape for every meaning.
//
// Everything draws into the current ImGui window's list, in screen coordinates.
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/figure/actor.h"
#include "ui/kit/text.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

inline ImDrawList* DrawList() { return ImGui::GetWindowDrawList(); }

void Rect(ImVec2 a, ImVec2 b, ImU32 color, float rounding = 0);
void Frame(ImVec2 a, ImVec2 b, ImU32 color, float rounding = 0, float thickness = 1);
void Line(ImVec2 a, ImVec2 b, ImU32 color, float thickness = 1);
void Dash(ImVec2 a, ImVec2 b, ImU32 color, float thickness = 1, float on = 5, float off = 4);
void DashedPath(const std::vector<ImVec2>& path, ImU32 color, float thickness, float on = 6, float off = 4);
void Path(const std::vector<ImVec2>& path, ImU32 color, float thickness);
void Hatch(ImVec2 a, ImVec2 b, ImU32 color, float step = 4);
// Share [0, 1] of a ring, clockwise from the top.
void ProgressRing(ImVec2 centre, float radius, double share, ImU32 color, ImU32 rest, float thickness);

void ActorGlyph(ImVec2 centre, float radius, Actor actor, float alpha = 1);
// The flag of one or several interventions (FlagText of event_marks.h), its top edge at top_centre.
void NoteFlag(ImVec2 top_centre, const std::string& text);

}  // namespace equipoise::ui
