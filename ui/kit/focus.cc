#include "ui/kit/focus.h"

#include <algorithm>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/kit/picture.h"

namespace equipoise::ui {
namespace {

struct Ring {
  std::vector<ImGuiID> items, next;  // of the last frame, of this one
  int depth = 0, deepest = 0;        // scope being drawn; the deepest one of this frame
  int items_depth = 0;               // of `items`
  int focused_depth = 0;             // of the scope in which `focused` was chosen
  ImGuiID focused = 0, before = 0;   // before: in the scope that lies below the one that was opened
  ImVec4 mark{};
  bool visible = false, moved = false, pressed = false, scroll = false;
};
Ring ring;

void ScrollIntoView(ImVec2 a, ImVec2 b) {
  const ImVec2 window = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  if (a.y >= window.y && b.y <= window.y + size.y) return;
  if (ImGui::GetScrollMaxY() > 0) ImGui::SetScrollFromPosY((a.y + b.y) * 0.5f - window.y, 0.5f);
}

// The windows around this one: a sheet that is larger than its frame scrolls as a whole.
void ScrollParents(ImVec2 a, ImVec2 b) {
  if (ImGui::GetScrollMaxY() <= 0 && ImGui::GetScrollMaxX() <= 0)
    ImGui::ScrollToRect(ImGui::GetCurrentWindow(), {a, b});
}

}  // namespace

void BeginFocusFrame() {
  ring.items.swap(ring.next);
  ring.next.clear();
  ring.items_depth = ring.deepest;
  ring.depth = ring.deepest = 0;
  ring.pressed = ring.moved = false;
  if (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1)) ring.visible = false;
}

bool FocusItem(ImGuiID id, ImVec2 a, ImVec2 b) {
  if (DrawingPicture() || ring.depth < ring.deepest) return false;
  if (ring.depth > ring.deepest) {
    ring.deepest = ring.depth;
    ring.next.clear();
  }
  ring.next.push_back(id);
  if (!ring.visible || ring.focused != id) return false;
  if (ring.scroll) {
    ring.scroll = false;
    ScrollIntoView(a, b);
    ScrollParents(a, b);
  }
  ring.mark = {a.x, a.y, b.x, b.y};
  const float out = Px(2);
  Frame({a.x - out, a.y - out}, {b.x + out, b.y + out}, Colors().text, Px(6), Px(2));
  const bool pressed = ring.pressed;
  ring.pressed = false;
  return pressed;
}

void PushFocusScope() { ++ring.depth; }
void PopFocusScope() { --ring.depth; }

void MoveFocus(int by) {
  if (ring.items.empty()) return;
  const auto count = static_cast<int>(ring.items.size());
  const auto index = [](ImGuiID id) {
    return static_cast<int>(std::find(ring.items.begin(), ring.items.end(), id) - ring.items.begin());
  };
  int at = index(ring.focused);
  if (at == count) {  // a list or a sheet was opened, or closed again
    // Only a scope that was closed leads back to where the mark was; a sheet that opens again begins anew.
    at = ring.items_depth < ring.focused_depth ? index(ring.before) : count;
    ring.before = ring.focused;
    at = at == count ? (by > 0 ? 0 : count - 1) : (at + by + count) % count;
  } else if (ring.visible) {
    at = (at + by + count) % count;
  }
  ring.focused = ring.items[static_cast<size_t>(at)];
  ring.focused_depth = ring.items_depth;
  ring.visible = ring.scroll = true;
  ImGui::ClearActiveID();  // a field that is being edited is left, and keeps what was typed
}

void PressFocused() { ring.pressed = ring.visible; }
ImVec4 FocusMark() { return ring.mark; }
int FocusCount() { return static_cast<int>(ring.items.size()); }
void ForgetFocus() {
  ring.visible = false;
  ring.focused = ring.before = 0;
}
bool HasFocus() {
  return ring.visible && std::find(ring.items.begin(), ring.items.end(), ring.focused) != ring.items.end();
}

}  // namespace equipoise::ui
