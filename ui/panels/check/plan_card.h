// plan_card.h: how the plan that is being acted came about, where another agent's check would stand: the scores of its
// rounds of candidates, or how often each first action was tried in a tree; and what it promises.
//
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/record/snapshot.h"
#include "ui/kit/draw.h"

namespace equipoise::ui {

// What is said of it, label and value.
std::vector<std::pair<std::string, std::string>> PlanRows(const plan::PlanTrace& plan);

// `color`: of who acts.
void DrawPlanCard(const plan::PlanTrace& plan, ImU32 color, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
