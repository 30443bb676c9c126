#include "ui/gl/canvas.h"

#include "ui/gl/gl_functions.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

namespace {

void FillWithGround() {
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(Colors().window);
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

}  // namespace

void ClearToGround(int width, int height) {
  glViewport(0, 0, width, height);
  glDisable(GL_SCISSOR_TEST);
  FillWithGround();
}

Canvas::Canvas(int width, int height) : width_(width), height_(height) {
  glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  gl::GenFramebuffers(1, &framebuffer_);
  Bind();
  gl::FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_, 0);
}

Canvas::~Canvas() {
  gl::BindFramebuffer(GL_FRAMEBUFFER, 0);
  gl::DeleteFramebuffers(1, &framebuffer_);
  glDeleteTextures(1, &texture_);
}

void Canvas::Bind() const { gl::BindFramebuffer(GL_FRAMEBUFFER, framebuffer_); }

bool Canvas::Complete() const { return gl::CheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE; }

void Canvas::Clear() const {
  Bind();
  ClearToGround(width_, height_);
}

void Canvas::ClearBox(int left, int bottom, int width, int height) const {
  glViewport(0, 0, width_, height_);
  glEnable(GL_SCISSOR_TEST);
  glScissor(left, bottom, width, height);
  FillWithGround();
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace equipoise::ui
