// reason_field.h: the line in which a person says why, before they intervene (view/reason.h). What was typed is known with
// the click elsewhere that ends the typing, so before what is clicked.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

void DrawReason(PanelContext& context, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
