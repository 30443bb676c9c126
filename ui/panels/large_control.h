// large_control.h: at the right end of a card's title: the card in place of the others, and back.
#pragma once

#include "ui/view/panel.h"

namespace equipoise::ui {

// After BeginCard; what else stands in the title lies left of it (CardTitleRight). Not where one card is seen anyway.
void DrawLargeControl(UiState* state, Page page);

}  // namespace equipoise::ui
