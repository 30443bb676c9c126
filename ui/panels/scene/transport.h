// transport.h: the reward of every step as a bar, and the knob that chooses the moment of the last episode.
#pragma once

#include "ui/view/moment.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

// Where the card is low (`room`: the height of its content) the bars are, too.
float TransportHeight(float room);
void DrawTransport(PanelContext& context, const Moment& moment, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
