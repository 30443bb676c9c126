#include "ui/panels/card_fold.h"

#include <array>

#include "ui/draw.h"
#include "ui/focus.h"
#include "ui/trace.h"

namespace equipoise::ui {

bool CardIsFolded(const UiState& state) { return state.card_folded || state.now_seconds < state.card_in_the_way_until; }

float FoldCaret(UiState& state, ImVec2 right_middle) {
  if (state.for_export) return 0;
  const float side = Px(18);
  const ImVec2 at{right_middle.x - side, right_middle.y - side * 0.5f};
  ImGui::SetCursorScreenPos(at);
  const bool clicked = ImGui::InvisibleButton("scene.fold", {side, side});
  const bool hovered = ImGui::IsItemHovered();
  const ImVec2 end{at.x + side, at.y + side};
  if (FocusItem(ImGui::GetID("scene.fold"), at, end) || clicked) {
    state.card_folded = !state.card_folded;
    state.card_in_the_way_until = 0;
  }
  TraceWidget("scene.fold", at, end);
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  TextCentered(GetFonts().small, {at.x + side * 0.5f, at.y + Px(2)}, hovered ? Colors().text : Colors().secondary,
               state.card_folded ? icon::kChevronRight : icon::kCaretDown);
  return side;
}

void KeepCardOut(UiState& state, const Scene& scene, ImVec2 size, ImVec2 a, ImVec2 b) {
  constexpr double kStays = 2;  // seconds
  const std::array<float, 4> box = scene.BodiesBox();
  const float right = (Px(10) + size.x) / (b.x - a.x), bottom = (Px(10) + size.y) / (b.y - a.y);
  const bool behind = box[0] < right && box[1] < bottom && box[2] > 0 && box[3] > 0;
  if (behind) state.card_in_the_way_until = state.now_seconds + kStays;
}

}  // namespace equipoise::ui
