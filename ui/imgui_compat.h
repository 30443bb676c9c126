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

// Keys the window listens to: 1.86 indexes io.KeysDown by GLFW's codes, 1.87 has named keys only.
#if IMGUI_VERSION_NUM >= 18700
using KeyCode = ImGuiKey;
#define EQ_KEY(glfw_name, imgui_name) imgui_name
#else
using KeyCode = int;
#define EQ_KEY(glfw_name, imgui_name) glfw_name
#endif
namespace key {
constexpr KeyCode kSpace = EQ_KEY(GLFW_KEY_SPACE, ImGuiKey_Space);
constexpr KeyCode kPeriod = EQ_KEY(GLFW_KEY_PERIOD, ImGuiKey_Period);
constexpr KeyCode kComma = EQ_KEY(GLFW_KEY_COMMA, ImGuiKey_Comma);
constexpr KeyCode kSlash = EQ_KEY(GLFW_KEY_SLASH, ImGuiKey_Slash);
constexpr KeyCode kEscape = EQ_KEY(GLFW_KEY_ESCAPE, ImGuiKey_Escape);
constexpr KeyCode kLeft = EQ_KEY(GLFW_KEY_LEFT, ImGuiKey_LeftArrow);
constexpr KeyCode kRight = EQ_KEY(GLFW_KEY_RIGHT, ImGuiKey_RightArrow);
constexpr KeyCode kHome = EQ_KEY(GLFW_KEY_HOME, ImGuiKey_Home);
constexpr KeyCode kMinus = EQ_KEY(GLFW_KEY_MINUS, ImGuiKey_Minus);
constexpr KeyCode kEqual = EQ_KEY(GLFW_KEY_EQUAL, ImGuiKey_Equal);
constexpr KeyCode k0 = EQ_KEY(GLFW_KEY_0, ImGuiKey_0);
constexpr KeyCode kL = EQ_KEY(GLFW_KEY_L, ImGuiKey_L);
constexpr KeyCode kP = EQ_KEY(GLFW_KEY_P, ImGuiKey_P);
constexpr KeyCode kC = EQ_KEY(GLFW_KEY_C, ImGuiKey_C);
constexpr KeyCode kT = EQ_KEY(GLFW_KEY_T, ImGuiKey_T);
constexpr KeyCode kX = EQ_KEY(GLFW_KEY_X, ImGuiKey_X);
constexpr KeyCode kF1 = EQ_KEY(GLFW_KEY_F1, ImGuiKey_F1);
constexpr KeyCode kF2 = EQ_KEY(GLFW_KEY_F2, ImGuiKey_F2);
constexpr KeyCode kF11 = EQ_KEY(GLFW_KEY_F11, ImGuiKey_F11);
constexpr KeyCode kF12 = EQ_KEY(GLFW_KEY_F12, ImGuiKey_F12);
}  // namespace key
#undef EQ_KEY

inline bool KeyPressed(KeyCode code, bool repeat = false) { return ImGui::IsKeyPressed(code, repeat); }

// AddSettingsHandler exists from 1.87; the vector is public in all versions. Before the first NewFrame only.
inline void AddSettingsHandler(const ImGuiSettingsHandler& handler) {
  ImGui::GetCurrentContext()->SettingsHandlers.push_back(handler);
}

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
