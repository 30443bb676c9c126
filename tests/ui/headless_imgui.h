// headless_imgui.h: an ImGui context without a display or GL, a mouse that tests move, and frames that draw one window.
#pragma once

#include <functional>

#include "ui/kit/imgui_compat.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

class HeadlessImGui {
 public:
  explicit HeadlessImGui(ImVec2 size = {800, 600}, float scale = 1) {
    context_ = ImGui::CreateContext(&Atlas());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = size;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;  // as the real one has
    ApplyTheme(false, scale);
    static float loaded = 0;  // rasterising the fonts takes longer than most tests
    if (loaded == scale) return;
    loaded = scale;
    LoadFonts(scale);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }
  ~HeadlessImGui() { ImGui::DestroyContext(context_); }
  HeadlessImGui(const HeadlessImGui&) = delete;
  HeadlessImGui& operator=(const HeadlessImGui&) = delete;

  // One frame with the mouse as it is. Inside `draw` the cursor stands at (0, 0).
  void Frame(const std::function<void()>& draw) {
    ImGuiIO& io = ImGui::GetIO();
    io.DeltaTime = 1.0f / 30;
    io.MousePos = mouse;
    io.MouseDown[0] = left;
    io.MouseDown[1] = right;
    io.MouseWheel = wheel;
    SetControlKey(control);
    wheel = 0;
    ImGui::NewFrame();
    BeginDragsAtThePress();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(io.DisplaySize);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::Begin("test", nullptr, ImGuiWindowFlags_NoDecoration);
    ImGui::PopStyleVar();
    draw();
    ImGui::End();
    ImGui::Render();
  }

  // Moves there and presses and releases the left button, one frame each. Long pauses keep two of them from becoming a
  // double click.
  void Click(ImVec2 at, const std::function<void()>& draw) {
    mouse = at;
    for (int i = 0; i < 20; ++i) Frame(draw);
    left = true;
    Frame(draw);
    left = false;
    Frame(draw);
  }

  // Moves there, presses the button, moves on, lets go.
  void Drag(bool* button, ImVec2 from, ImVec2 to, const std::function<void()>& draw) {
    mouse = from;
    for (int i = 0; i < 20; ++i) Frame(draw);
    *button = true;
    Frame(draw);
    mouse = {0.5f * (from.x + to.x), 0.5f * (from.y + to.y)};
    Frame(draw);
    mouse = to;
    Frame(draw);
    *button = false;
    Frame(draw);
  }

  ImVec2 mouse{-1e6f, -1e6f};
  bool left = false, right = false, control = false;
  float wheel = 0;

 private:
  static ImFontAtlas& Atlas() {
    static ImFontAtlas atlas;
    return atlas;
  }
  ImGuiContext* context_;
};

}  // namespace equipoise::ui
