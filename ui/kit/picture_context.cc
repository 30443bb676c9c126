#include "ui/kit/picture_context.h"

#include "ui/kit/imgui_backends.h"

namespace equipoise::ui {

PictureContext::Use::Use(PictureContext* context)
    : own_(context->context_), before_(ImGui::GetCurrentContext()), theme_(KeepTheme()) {
  ImGui::SetCurrentContext(own_);
}

PictureContext::Use::~Use() {
  ImGui::SetCurrentContext(before_);
  if (before_ != own_) RestoreTheme(theme_);  // the fonts of this context may have been made anew
}

Result<std::unique_ptr<PictureContext>> PictureContext::Create() {
  IMGUI_CHECKVERSION();
  std::unique_ptr<PictureContext> out(new PictureContext);
  ImGuiContext* before = ImGui::GetCurrentContext();
  out->context_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(out->context_);
  ImGui::GetIO().IniFilename = nullptr;
  out->started_ = ImGui_ImplOpenGL3_Init("#version 330");
  ImGui::SetCurrentContext(before);
  if (!out->started_) return Error{"OpenGL 3.3 is needed"};
  return out;
}

PictureContext::~PictureContext() {
  ImGuiContext* before = ImGui::GetCurrentContext();
  ImGui::SetCurrentContext(context_);
  if (started_) ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext(context_);
  ImGui::SetCurrentContext(before == context_ ? nullptr : before);
}

void PictureContext::Apply(bool light, float scale, bool safe_colours) {
  ApplyTheme(light, scale, safe_colours);
  if (scale != scale_) {
    LoadFonts(scale);
    RemakeFontTexture();
    scale_ = scale;
    fonts_ = GetFonts();
  }
  RestoreTheme({Colors(), fonts_, scale});
}

}  // namespace equipoise::ui
