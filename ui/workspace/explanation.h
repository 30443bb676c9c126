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
void DrawExplanation(PanelContext& context);

}  // namespace equipoise::ui
