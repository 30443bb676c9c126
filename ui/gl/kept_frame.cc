#include "ui/gl/kept_frame.h"

#include "ui/gl/gl_functions.h"

namespace equipoise::ui {

int64_t KeptFrame::Draw(ImDrawData* data, uint32_t ground, const Damage::Version& version,
                        const std::function<void(ImDrawData*)>& render) {
  const int width = static_cast<int>(data->DisplaySize.x * data->FramebufferScale.x);
  const int height = static_cast<int>(data->DisplaySize.y * data->FramebufferScale.y);
  if (width <= 0 || height <= 0) return 0;
  if (width != width_ || height != height_) {
    canvas_ = std::make_unique<Canvas>(width, height);
    if (!canvas_->Complete()) canvas_.reset();
    width_ = width;
    height_ = height;
    damage_.Forget();
  }
  if (canvas_ == nullptr) return 0;
  const auto& boxes = damage_.Compare(*data, ground, version);
  if (boxes.empty()) return 0;
  canvas_->Bind();
  int64_t pixels = 0;
  for (const DamageBox& box : boxes) {
    canvas_->ClearBox(box.left, height - box.bottom, box.right - box.left, box.bottom - box.top);
    pixels += static_cast<int64_t>(box.right - box.left) * (box.bottom - box.top);
  }
  KeepBoxes(boxes, data);
  render(data);
  return pixels;
}

void KeptFrame::Show() const {
  gl::BindFramebuffer(GL_READ_FRAMEBUFFER, canvas_->framebuffer());
  gl::BindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  glDisable(GL_SCISSOR_TEST);
  gl::BlitFramebuffer(0, 0, width_, height_, 0, 0, width_, height_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  gl::BindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace equipoise::ui
