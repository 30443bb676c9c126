// imgui_backends.h: ImGui's own backends, with what differs between versions (see imgui_compat.h).
#pragma once

#include <algorithm>
#include <vector>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include "ui/kit/imgui_compat.h"
#include "ui/kit/mouse_queue.h"

namespace equipoise::ui {

// After the atlas was filled anew. From 1.92 the renderer notices by itself.
inline void RemakeFontTexture() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

// ImGui::NewFrame, with the keys (GLFW's codes) that went down since the last one. Before 1.87 there is no input queue:
// a key that goes down and up between two frames would be lost, and frames are rare here. For the mouse see
// mouse_queue.h.
inline void NewFrame(const std::vector<int>& pressed, const MouseFrame& mouse) {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
#if IMGUI_VERSION_NUM < 18700
  ImGuiIO& io = ImGui::GetIO();
  std::copy(mouse.held.begin(), mouse.held.end(), io.MouseDown);
  if (mouse.at) io.MousePos = {(*mouse.at)[0], (*mouse.at)[1]};
  std::vector<int> held;
  for (int key : pressed) {
    if (io.KeysDown[key]) continue;
    io.KeysDown[key] = true;
    held.push_back(key);
  }
  ImGui::NewFrame();
  for (int key : held) io.KeysDown[key] = false;
#else
  (void)pressed;
  (void)mouse;
  ImGui::NewFrame();
#endif
  BeginDragsAtThePress();
}

}  // namespace equipoise::ui
