// work_pills.h: what goes on in this window beside what it shows: a training while another run is looked at, a film
// being made. A click on the first leads back to it, one on the second gives the film up.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// Returns the width that was taken, the space behind included: at most `room`, and 0 when nothing goes on.
float DrawWorkPills(PanelContext& context, ImVec2 left_middle, float room);

}  // namespace equipoise::ui
