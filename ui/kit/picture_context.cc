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

PictureContext::PictureContext() {
  IMGUI_CHECKVERSION();
  ImGuiContext* before = ImGui::GetCurrentContext();
  context_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(context_);
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::SetCurrentContext(before);
}

Result<std::unique_ptr<PictureContext>> PictureContext::Create() {
  std::unique_ptr<PictureContext> out = CreateWithoutGl();
  ImGuiContext* before = ImGui::GetCurrentContext();
  ImGui::SetCurrentContext(out->context_);
  out->started_ = ImGui_ImplOpenGL3_Init("#version 330");
  ImGui::SetCurrentContext(before);
  if (!out->started_) return Error{"OpenGL 3.3 is needed"};
  return out;
}

std::unique_ptr<PictureContext> PictureContext::CreateWithoutGl() {
  return std::unique_ptr<PictureContext>(new PictureContext);
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
    if (started_) {
      RemakeFontTexture();
    } else {
      unsigned char* pixels = nullptr;
      int width = 0, height = 0;
      ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);  // lays out the glyphs
    }
    scale_ = scale;
    fonts_ = GetFonts();
  }
  RestoreTheme({Colors(), fonts_, scale});
}

void PictureContext::NewFrame(int width, int height) {
  ImGuiIO& io = ImGui::GetIO();
  if (started_) ImGui_ImplOpenGL3_NewFrame();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DisplayFramebufferScale = {1, 1};
  io.MousePos = {-1e6f, -1e6f};
  io.DeltaTime = 1.0f / 30;
  ImGui::NewFrame();
}

}  // namespace equipoise::ui
