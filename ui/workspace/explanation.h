// explanation.h: what lies under the mouse in one sentence, with its present meaning (kit/explain.h, view/glossary.h).
//
// A mouse that rests for a moment is answered; in the explaining mode (the key "?") it is at once, and whatever answers
// with more than its words is framed. A tooltip that a panel shows by itself goes first.
// Thread   window thread, inside a frame, after all panels and sheets
#pragma once

#include <string>

#include "ui/kit/explain.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// "Mask: one version of the model ... \nNow ..."; "" where nothing is known of it.
std::string ExplanationOf(const PanelContext& context, const Meaning& meaning);
// Of what explains itself, and of the words written there, the smallest under the mouse; null: there is none.
const Meaning* MeaningUnder(ImVec2 mouse);
const Meaning* WordsUnder(ImVec2 mouse);
void DrawExplanation(PanelContext& context);

}  // namespace equipoise::ui
