// imgui_compat.h: Dear ImGui 1.86 (Debian 12) to 1.92 behind one set of names. Include this instead of imgui.h.
//
// Every difference between versions that the window meets is bridged here and nowhere else. With 1.92 the settled names
// are used, so IMGUI_DISABLE_OBSOLETE_FUNCTIONS holds. Thread   the one that owns the ImGui context
#pragma once

#include <cstdint>

#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_freetype.h>
#include <imgui_internal.h>

namespace equipoise::ui {

inline ImTextureID TextureId(unsigned gl_texture) {
  return (ImTextureID)(intptr_t)gl_texture;  // NOLINT: void* up to 1.91.3, an integer from 1.91.4
}

// Child windows: a bool for the border in 1.86, flags from 1.90; the padding flag moved as well.
inline bool BeginChild(const char* id, ImVec2 size, bool border, bool padded, ImGuiWindowFlags flags = 0) {
#if IMGUI_VERSION_NUM >= 19000
  ImGuiChildFlags child_flags = 0;
  if (border) child_flags |= 1;  // ImGuiChildFlags_Border, renamed _Borders in 1.91.1 with the same value
  if (padded) child_flags |= ImGuiChildFlags_AlwaysUseWindowPadding;
  return ImGui::BeginChild(id, size, child_flags, flags);
#else
  if (padded) flags |= ImGuiWindowFlags_AlwaysUseWindowPadding;
  return ImGui::BeginChild(id, size, border, flags);
#endif
}

inline void PushFont(ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200
  ImGui::PushFont(font, 0.0f);
#else
  ImGui::PushFont(font);
#endif
}

inline float FontSize(const ImFont* font) {
#if IMGUI_VERSION_NUM >= 19200
  return font->LegacySize;
#else
  return font->FontSize;
#endif
}

// FreeType with light hinting is visibly crisper at 12 to 15 pixels than the built-in rasteriser.
inline void UseFreeType(ImFontAtlas* atlas) {
#if IMGUI_VERSION_NUM >= 19200
  atlas->SetFontLoader(ImGuiFreeType::GetFontLoader());
  atlas->FontLoaderFlags = ImGuiFreeTypeLoaderFlags_LightHinting;
#else
  atlas->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas->FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#endif
}

// AddSettingsHandler exists from 1.87; the vector is public in all versions. Before the first NewFrame only.
inline void AddSettingsHandler(const ImGuiSettingsHandler& handler) {
  ImGui::GetCurrentContext()->SettingsHandlers.push_back(handler);
}

// Did Escape go down in this frame? Closes an open choice; ImGui does so by itself only with keyboard navigation.
inline bool EscapePressed() {
#if IMGUI_VERSION_NUM >= 18700
  return ImGui::IsKeyPressed(ImGuiKey_Escape);
#else
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
#endif
}

// Did Enter go down in this frame?
inline bool EnterPressed() {
#if IMGUI_VERSION_NUM >= 18700
  return ImGui::IsKeyPressed(ImGuiKey_Enter);
#else
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter));
#endif
}

// Before ImGui::NewFrame, where there is no keyboard: is Ctrl held?
inline void SetControlKey(bool held) {
#if IMGUI_VERSION_NUM >= 18930
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, held);
#else
  ImGui::GetIO().KeyCtrl = held;
#endif
}

// After ImGui::NewFrame. A drag begins at the press: where frames are slow the mouse comes from afar and presses within
// one of them, and its way there moves nothing.
inline void BeginDragsAtThePress() {
  ImGuiIO& io = ImGui::GetIO();
  bool pressed = false, held = false;
  for (int button = 0; button < 3; ++button) {
    pressed |= io.MouseClicked[button];
    held |= io.MouseDown[button] && !io.MouseClicked[button];
  }
  if (pressed && !held) io.MouseDelta = {0, 0};
}

// An item of a popup that may be clicked again and again.
#if IMGUI_VERSION_NUM >= 19110
constexpr int kKeepsPopupOpen = ImGuiSelectableFlags_NoAutoClosePopups;
#else
constexpr int kKeepsPopupOpen = ImGuiSelectableFlags_DontClosePopups;
#endif

#if IMGUI_VERSION_NUM >= 19090
constexpr int kColorTabSelected = ImGuiCol_TabSelected;
constexpr int kColorTabDimmed = ImGuiCol_TabDimmed;
constexpr int kColorTabDimmedSelected = ImGuiCol_TabDimmedSelected;
#else
constexpr int kColorTabSelected = ImGuiCol_TabActive;
constexpr int kColorTabDimmed = ImGuiCol_TabUnfocused;
constexpr int kColorTabDimmedSelected = ImGuiCol_TabUnfocusedActive;
#endif

}  // namespace equipoise::ui
