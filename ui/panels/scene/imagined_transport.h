// imagined_transport.h: below the imagined scene: reward per step as predicted and as it was, how far the states drift
// from reality, and the knob that chooses the step.
//
// Thread   window thread, inside a frame
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// `errors`: actions are the real ones, so there is a reality to differ from.
float ImaginedTransportHeight(bool errors, bool compact);
void DrawImaginedTransport(PanelContext& context, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
