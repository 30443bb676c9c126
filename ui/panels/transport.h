// transport.h: the reward of every step as a bar, and the knob that chooses the moment of the last episode.
#pragma once

#include "ui/panel.h"

namespace equipoise::ui {

float TransportHeight();
void DrawTransport(PanelContext& context, const Moment& moment, ImVec2 at, ImVec2 size);

}  // namespace equipoise::ui
