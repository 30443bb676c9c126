// key_actions.h: what a key does. Apart from the window, so that it can be tested without one.
#pragma once

#include "ui/kit/keys.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

void Act(KeyAction action, PanelContext& context);

}  // namespace equipoise::ui
