// reevaluation.h: the check of the selected episode made again from what the run kept: the same numbers, to the bit?
//
// A check that stopped early is completed; its dots then stand in the chart in place of the partial ones.
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

// The button "Re-evaluate", of an episode that was planned "Plan again", and, when there is an answer for this decision, what it says. In the title row of the check,
// from `left` on; only for a selected episode. Returns where it ends.
float DrawReevaluation(UiState& state, const nets::PartList& parts, const eps::Decision* decision, ImVec2 title_right,
                       float left);

// The completed check in place of `shown`, when it was asked for and came out the same; else null. Valid as long as
// state.answers.reevaluated.
const eps::Decision* CompletedDecision(const UiState& state, const eps::Decision* shown);

// "same numbers", "3 numbers differ", "not kept", "...": a few words of an answer.
std::string AnswerWords(const run::Reevaluated& answer);

}  // namespace equipoise::ui
