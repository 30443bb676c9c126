#include "ui/panels/large_control.h"

#include <string>

#include "ui/kit/draw.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {

void DrawLargeControl(UiState* state, Page page) {
  if (state->window.single_pane || DrawingPicture()) return;
  const bool large = state->view.large == page;
  const ImVec2 right = CardTitleRight(), cursor = ImGui::GetCursorScreenPos();
  const float side = Px(24);
  const ImVec2 a{right.x - side + Px(4), right.y - 0.5f * side}, b{a.x + side, a.y + side};
  const std::string id = std::string("large.") + Name(page);
  ImGui::SetCursorScreenPos(a);
  bool pressed = ImGui::InvisibleButton(id.c_str(), {side, side});
  const bool hovered = ImGui::IsItemHovered();
  pressed |= FocusItem(ImGui::GetID(id.c_str()), a, b);
  TraceWidget(id, a, b);
  const auto key = static_cast<KeyAction>(static_cast<int>(KeyAction::kSceneLarge) + static_cast<int>(page));
  Explain(a, b, "", "",
          std::string(large ? "Back to its place" : "This card in place of the others") + ", " + KeyCapOf(key) + ".");
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (hovered || large) Rect(a, b, hovered ? Colors().field_hover : Colors().field, Px(4));
  ImFont* font = GetFonts().small;
  const char* sign = large ? icon::kCompress : icon::kExpand;
  TextMiddle(font, {0.5f * (a.x + b.x - TextWidth(font, sign)), right.y}, hovered ? Colors().text : Colors().secondary,
             sign);
  if (pressed) large ? state->view.large.reset() : static_cast<void>(state->view.large = page);
  ImGui::SetCursorScreenPos(cursor);
  TakeCardTitleRight(side + Px(2));
}

}  // namespace equipoise::ui
