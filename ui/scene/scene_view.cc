#include "ui/scene/scene_view.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "engine/env/mujoco_errors.h"
#include "ui/gl/gl_functions.h"

namespace equipoise::ui {
namespace {

constexpr int kMaxGeoms = 2000;
constexpr int kShadowMapPixels = 2048;

Status CheckFramebuffer() {
  const GLenum status = gl::CheckFramebufferStatus(GL_FRAMEBUFFER);
  if (status == GL_FRAMEBUFFER_COMPLETE) return {};
  char text[96];
  std::snprintf(text, sizeof text, "the scene cannot be drawn: the driver refuses its framebuffer (0x%x)", status);
  return Error{text};
}

}  // namespace

Result<std::unique_ptr<SceneView>> SceneView::Create(const mjModel* model) {
  std::unique_ptr<SceneView> view(new SceneView);
  env::InstallMujocoHandlers();
  mjv_defaultCamera(&view->camera);
  mjv_defaultOption(&view->option);
  mjv_defaultScene(&view->scene);
  mjr_defaultContext(&view->context_);
  mjv_makeScene(model, &view->scene, kMaxGeoms);
  // The context takes its sizes from the model, which is shared: change a copy. Edges are smoothed by supersampling.
  const std::unique_ptr<mjModel, void (*)(mjModel*)> sized(mj_copyModel(nullptr, model), mj_deleteModel);
  sized->vis.quality.offsamples = 0;
  sized->vis.quality.shadowsize = kShadowMapPixels;
  sized->vis.global.offwidth = sized->vis.global.offheight = 16;
  mjr_makeContext(sized.get(), &view->context_, mjFONTSCALE_200);
  glGenTextures(1, &view->texture_);
  const Status resized = view->Resize(16, 16);
  if (!resized) return resized.error();
  return view;
}

SceneView::~SceneView() {
  mjr_freeContext(&context_);
  mjv_freeScene(&scene);
  if (texture_ != 0) glDeleteTextures(1, &texture_);
}

Status SceneView::Resize(int width, int height) {
  if (width == width_ && height == height_) return {};
  width_ = width;
  height_ = height;
  GLint previous_texture = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &previous_texture);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  // Transparent geoms leave an alpha below 1 behind; ImGui would blend the window into the scene.
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_A, GL_ONE);
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(previous_texture));
#if mjVERSION_HEADER >= 237
  mjr_resizeOffscreen(width, height, &context_);
#else
  context_.offWidth = width;
  context_.offHeight = height;
  gl::BindRenderbuffer(GL_RENDERBUFFER, context_.offDepthStencil);
  gl::RenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH24_STENCIL8, width, height);
  gl::BindRenderbuffer(GL_RENDERBUFFER, 0);
#endif
  gl::BindFramebuffer(GL_FRAMEBUFFER, context_.offFBO);
  gl::FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_, 0);
  const Status complete = CheckFramebuffer();
  gl::BindFramebuffer(GL_FRAMEBUFFER, 0);
  return complete;
}

void SceneView::Draw(const mjModel* model, mjData* data, int width, int height, const SceneQuality& quality,
                     const mjvPerturb* pert, const std::function<void(mjvScene*)>& add) {
  supersample_ = std::max(1, quality.supersample);
  const Status resized = Resize(std::max(16, width * supersample_), std::max(16, height * supersample_));
  if (!resized) throw std::runtime_error(resized.error().message);
  scene.flags[mjRND_SHADOW] = quality.shadows;
  scene.flags[mjRND_REFLECTION] = quality.reflections;
  mjv_updateScene(model, data, &option, pert, &camera, mjCAT_ALL, &scene);
  if (add) add(&scene);
  mjr_setBuffer(mjFB_OFFSCREEN, &context_);
  mjr_render({0, 0, width_, height_}, &scene, &context_);
  mjr_setBuffer(mjFB_WINDOW, &context_);
  gl::BindFramebuffer(GL_FRAMEBUFFER, 0);
}

Picture SceneView::Read() const {
  gl::BindFramebuffer(GL_FRAMEBUFFER, context_.offFBO);
  const Picture all = ReadFramebuffer(width_, height_);
  gl::BindFramebuffer(GL_FRAMEBUFFER, 0);
  return Reduced(all, supersample_);
}

void SceneView::UploadTextures(const mjModel* model) {
  for (int i = 0; i < model->ntex; ++i) mjr_uploadTexture(model, &context_, i);
}

}  // namespace equipoise::ui
