#include "ui/kit/widgets.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <utility>

#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

// The one field that is being edited, if any.
struct Edit {
  ImGuiID id = 0;
  bool just_opened = false;
  int frame = 0;       // drawn last
  int waiting = 0;     // frames without focus
  bool takes = false;  // characters, since the last frame
  std::string before;
  std::vector<ImWchar> early;  // typed before the field took characters: frames may be slower than fingers
  char text[1024] = "";        // paths are long
};
Edit edit;
constexpr int kFramesUntilFocus = 5;  // without it by then, something else took it

// By mouse, or by Enter while the keyboard's focus lies on it. One that is not enabled is passed over.
bool Clickable(const char* id, ImVec2 position, ImVec2 size, bool enabled = true) {
  ImGui::SetCursorScreenPos(position);
  const bool clicked = ImGui::InvisibleButton(id, {std::max(1.0f, size.x), std::max(1.0f, size.y)});
  const ImVec2 end{position.x + size.x, position.y + size.y};
  TraceWidget(id, position, end);
  const bool pressed = enabled && FocusItem(ImGui::GetID(id), position, end);
  return clicked || pressed;
}

std::optional<std::string> EditField(ImGuiID field, ImVec2 position, ImVec2 size, bool wrong) {
  ImGui::SetCursorScreenPos(position);
  PushFont(GetFonts().mono);
  const float padding = std::max(0.0f, (size.y - FontSize(GetFonts().mono)) * 0.5f);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(Px(7), padding));
  ImGui::SetNextItemWidth(size.x);
  if (edit.just_opened) FocusNextField("##edit");
  std::vector<ImWchar> typed = std::exchange(edit.early, {});
  ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  typed.insert(typed.end(), queue.begin(), queue.end());
  queue.resize(0);
  for (const ImWchar character : typed) queue.push_back(character);
  bool entered = ImGui::InputText("##edit", edit.text, sizeof edit.text,
                                  ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  const bool left = !edit.just_opened && ImGui::IsItemDeactivated();
  const bool changed = ImGui::IsItemDeactivatedAfterEdit();
  edit.just_opened = false;
  edit.frame = ImGui::GetFrameCount();
  // Focus takes a frame: only now are characters taken.
  const bool active = ImGui::IsItemActive();
  // The frame in which it becomes active swallows characters too.
  if (!std::exchange(edit.takes, active) && !entered && !left) {
    if (!active && EnterPressed()) {
      if (!typed.empty())
        std::snprintf(edit.text, sizeof edit.text, "%s", std::string(typed.begin(), typed.end()).c_str());
      entered = true;
    } else if (edit.before == edit.text) {
      edit.early = std::move(typed);
    }
  }
  FocusItem(field, position, {position.x + size.x, position.y + size.y});
  if (active) TraceWidget("edit", position, {position.x + size.x, position.y + size.y});
  edit.waiting = active ? 0 : edit.waiting + 1;
  ImGui::PopStyleVar();
  ImGui::PopFont();
  Frame(position, {position.x + size.x, position.y + size.y}, wrong ? Colors().bad : Colors().accent, Px(4));
  if (!entered && !left && edit.waiting <= kFramesUntilFocus) return std::nullopt;
  if (edit.id == field) edit.id = 0;
  // Escape gives the old text back, which is no wish to change anything.
  if (!entered && (!changed || edit.before == edit.text)) return std::nullopt;
  return std::string(edit.text);
}

}  // namespace

bool Button(const char* id, ImVec2 position, ImVec2 size, const std::string& label, const ButtonStyle& style) {
  const Palette& c = Colors();
  const bool clicked = Clickable(id, position, size, style.enabled) && style.enabled;
  const bool hovered = ImGui::IsItemHovered() && style.enabled, held = ImGui::IsItemActive() && style.enabled;
  const ImVec2 end{position.x + size.x, position.y + size.y};
  ImU32 ground = style.on || held ? c.field_on : hovered ? c.field_hover : c.field;
  if (style.primary) ground = held ? WithAlpha(c.accent, 0.75f) : hovered ? WithAlpha(c.accent, 0.9f) : c.accent;
  ImU32 ink = style.primary ? c.on_accent : style.color != 0 ? style.color : c.text;
  if (!style.enabled) {
    ground = c.raised;
    ink = c.faint;
  }
  Rect(position, end, ground, Px(5));
  ImFont* font = style.font != nullptr ? style.font : style.primary ? GetFonts().strong : GetFonts().small;
  const float key_width = style.key != nullptr ? TextWidth(GetFonts().mono_small, style.key) + Px(16) : 0;
  const std::string text = Elide(font, label, size.x - key_width - Px(6));
  if (style.tooltip != nullptr) Explain(position, end, label, "", style.tooltip);
  if (hovered && style.tooltip != nullptr) {
    Tooltip(style.tooltip, position, end);
  } else if (hovered && text != label) {
    Tooltip(label, position, end);
  }
  const float width = TextWidth(font, text), middle = position.y + size.y * 0.5f;
  const float x = position.x + (size.x - width - key_width) * 0.5f;
  TextMiddle(font, {x, middle}, ink, text);
  if (style.key != nullptr) {
    const float left = x + width + Px(7), right = left + key_width - Px(7);
    Rect({left, middle - Px(8)}, {right, middle + Px(8)}, style.primary ? WithAlpha(ink, 0.12f) : Ink(0.07f), Px(3));
    TextMiddle(GetFonts().mono_small, {left + Px(4.5f), middle}, style.primary ? WithAlpha(ink, 0.8f) : c.secondary,
               style.key);
  }
  return clicked;
}

bool Link(const char* id, ImVec2 position, ImU32 color, const std::string& label) {
  ImFont* font = GetFonts().small;
  const ImVec2 size{TextWidth(font, label), FontSize(font) + Px(4)};
  const bool clicked = Clickable(id, position, size);
  const bool hovered = ImGui::IsItemHovered();
  Text(font, position, hovered ? Colors().text : color, label);
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const float y = position.y + FontSize(font) + Px(1);
    Line({position.x, y}, {position.x + size.x, y}, WithAlpha(Colors().text, 0.5f));
  }
  return clicked;
}

ImVec2 SwitchSize() { return {Px(29), Px(16)}; }

bool Switch(const char* id, ImVec2 position, bool on, ImU32 on_color) {
  const Palette& c = Colors();
  const ImVec2 size = SwitchSize(), end{position.x + size.x, position.y + size.y};
  const bool clicked = Clickable(id, position, size);
  const bool hovered = ImGui::IsItemHovered();
  const float radius = size.y * 0.5f;
  const ImU32 off_color = hovered ? c.faint : c.field_on;
  Rect(position, end, on ? (on_color != 0 ? on_color : c.accent) : off_color, radius);
  const ImVec2 knob{on ? end.x - radius : position.x + radius, position.y + radius};
  DrawList()->AddCircleFilled(knob, radius - Px(2), on ? c.on_accent : c.light ? c.card : c.secondary, 20);
  return clicked;
}

int Segments(const char* id, ImVec2 position, ImVec2 size, const std::vector<std::string>& labels, int selected) {
  const Palette& c = Colors();
  Rect(position, {position.x + size.x, position.y + size.y}, c.window, Px(6));
  const float width = size.x / static_cast<float>(labels.size());
  int clicked = -1;
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    const ImVec2 a{position.x + width * static_cast<float>(i), position.y};
    if (Clickable((std::string(id) + "." + std::to_string(i)).c_str(), a, {width, size.y})) clicked = i;
    const bool hovered = ImGui::IsItemHovered();
    if (i == selected || hovered) {
      const float inset = Px(2);
      Rect({a.x + inset, a.y + inset}, {a.x + width - inset, a.y + size.y - inset},
           i == selected ? c.field_on : c.field, Px(5));
    }
    const std::string& label = labels[static_cast<size_t>(i)];
    const float room = width - Px(6), x = a.x + 0.5f * (width - std::min(room, TextWidth(GetFonts().small, label)));
    TextMiddleElided(GetFonts().small, {x, a.y + size.y * 0.5f}, i == selected ? c.text : c.secondary, label, room);
  }
  return clicked;
}

int ChoiceList(const char* popup, const std::vector<std::string>& labels, int selected, const ListStyle& style) {
  if (!ImGui::BeginPopup(popup)) return -1;
  int chosen = -1;
  PushFocusScope();
  PushFont(style.font != nullptr ? style.font : GetFonts().small);
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    const std::string& label = labels[static_cast<size_t>(i)];
    if (ImGui::Selectable(label.c_str(), i == selected, 0, {style.width, 0})) chosen = i;
    if (style.about && ImGui::IsItemHovered()) Tooltip(style.about(i));
    const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
    if (FocusItem(ImGui::GetID(label.c_str()), a, b)) {
      chosen = i;
      ImGui::CloseCurrentPopup();
    }
    // A popup measures itself in a hidden frame, somewhere else than where it will be.
    if (!ImGui::GetCurrentWindow()->Hidden) TraceWidget(std::string(popup) + "." + std::to_string(i), a, b);
  }
  ImGui::PopFont();
  PopFocusScope();
  ImGui::EndPopup();
  return chosen;
}

std::optional<std::string> BeingTyped(const char* id) {
  if (!FieldIsOpen() || edit.id != ImGui::GetID(id)) return std::nullopt;
  return std::string(edit.text);
}

void FocusNextField(const char* id) {
  // ImGui 1.90.1 gives the keyboard only to items of the focus scope, which is a window's own, in which it last was.
  ImGui::SetFocusID(ImGui::GetID(id), ImGui::GetCurrentWindow());
  ImGui::SetKeyboardFocusHere();
}

bool FieldIsOpen() { return edit.id != 0 && ImGui::GetFrameCount() - edit.frame <= 1; }

std::optional<std::string> ValueField(const char* id, ImVec2 position, ImVec2 size, const std::string& value,
                                      const FieldStyle& style) {
  const Palette& c = Colors();
  const ImGuiID field = ImGui::GetID(id);
  if (edit.id == field && style.enabled && !DrawingPicture()) {
    ImGui::PushID(id);
    auto typed = EditField(field, position, size, style.wrong);
    ImGui::PopID();
    return typed;
  }
  const bool clicked = Clickable(id, position, size, style.enabled) && style.enabled;
  const bool hovered = ImGui::IsItemHovered() && style.enabled;
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
  if (clicked) {
    edit.id = field;
    edit.just_opened = true;
    edit.frame = ImGui::GetFrameCount();
    edit.waiting = 0;
    edit.early.clear();
    edit.takes = false;
    edit.before = value;
    std::snprintf(edit.text, sizeof edit.text, "%s", value.c_str());
  }
  const ImVec2 end{position.x + size.x, position.y + size.y};
  const float middle = position.y + size.y * 0.5f;
  Rect(position, end, !style.enabled ? c.raised : hovered ? c.field_hover : c.field, Px(4));
  if (!style.enabled) Frame(position, end, c.line, Px(4));
  if (style.wrong) Frame(position, end, c.bad, Px(4));
  if (style.noted) Frame(position, end, WithAlpha(c.note, 0.7f), Px(4));
  float right = end.x - Px(7);
  if (!style.unit.empty()) {
    const float width = TextWidth(GetFonts().small, style.unit);
    TextMiddle(GetFonts().small, {right - width, middle}, c.secondary, style.unit);
    right -= width + Px(5);
  }
  const std::string text = Elide(GetFonts().mono, value, right - position.x - Px(6));
  // Numbers stand at the right, so that their digits are below each other; folders and names are read from the left.
  const bool words = value.find('/') != std::string::npos || (!value.empty() && std::isalpha(value.front()) != 0);
  const float x = words && style.unit.empty() ? position.x + Px(7) : right - TextWidth(GetFonts().mono, text);
  TextMiddle(GetFonts().mono, {x, middle}, style.enabled ? c.text : c.secondary, text);
  return std::nullopt;
}

float TextElided(ImFont* font, ImVec2 position, ImU32 color, const std::string& text, float width) {
  if (TextWidth(font, text) <= width) return Text(font, position, color, text);
  const float drawn = Text(font, position, color, Elide(font, text, std::max(width, 0.0f)));
  const ImVec2 end{position.x + drawn, position.y + FontSize(font) + Px(3)};
  if (!DrawingPicture() && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(position, end))
    Tooltip(text, position, end);
  return drawn;
}

float TextMiddleElided(ImFont* font, ImVec2 left_middle, ImU32 color, const std::string& text, float width) {
  return TextElided(font, {left_middle.x, left_middle.y - FontSize(font) * 0.5f - Px(1)}, color, text, width);
}

float Pill(ImVec2 left_middle, ImU32 color, ImU32 ground, const std::string& icon, const std::string& text) {
  ImFont* font = GetFonts().small;
  const float height = Px(24), padding = Px(11), icon_width = Px(15);
  const float width = TextWidth(font, text) + icon_width + 2 * padding;
  const ImVec2 a{left_middle.x, left_middle.y - height * 0.5f}, b{a.x + width, a.y + height};
  Rect(a, b, ground, height * 0.5f);
  if (icon.empty()) {
    DrawList()->AddCircleFilled({a.x + padding + Px(4), left_middle.y}, Px(4), color, 16);
  } else {
    TextMiddle(font, {a.x + padding - Px(1), left_middle.y}, color, icon);
  }
  TextMiddle(font, {a.x + padding + icon_width, left_middle.y}, color, text);
  return width;
}

float KeyCap(ImVec2 left_middle, const char* key) {
  ImFont* font = GetFonts().mono_small;
  const float width = TextWidth(font, key) + Px(12), half = Px(10);
  const ImVec2 a{left_middle.x, left_middle.y - half}, b{a.x + width, left_middle.y + half};
  Rect(a, b, Colors().field, Px(4));
  Frame(a, b, Colors().line, Px(4));
  TextMiddle(font, {a.x + Px(6), left_middle.y}, Colors().text, key);
  return width;
}

}  // namespace equipoise::ui
