#include "ui/window/presenter.h"

#include "ui/kit/imgui_backends.h"
#include "ui/kit/theme.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

constexpr double kShownAgain = 0.25;  // seconds; what covered the window may be gone

}  // namespace

bool Presenter::Present(const GlfwWindow& window, const Scene* scene, double now) {
  if (software_) {
    const auto version = [scene](ImTextureID texture) -> uint64_t {
      const bool shown = scene != nullptr && texture == TextureId(scene->texture());
      return shown ? static_cast<uint64_t>(scene->drawn()) : 0;
    };
    const int64_t drawn = kept_.Draw(ImGui::GetDrawData(), Colors().window, version,
                                     [](ImDrawData* data) { ImGui_ImplOpenGL3_RenderDrawData(data); });
    if (kept_.usable()) {
      TraceWidget("frame.pixels", {0, 0}, {static_cast<float>(drawn), 0});
      if (drawn == 0 && now - shown_ < kShownAgain) return false;
      shown_ = now;
      kept_.Show();
      return true;
    }
  }
  int width = 0, height = 0;
  window.FramebufferSize(&width, &height);
  ClearToGround(width, height);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return true;
}

}  // namespace equipoise::ui
