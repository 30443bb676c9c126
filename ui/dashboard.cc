#include "ui/dashboard.h"

#include <cmath>

#include "ui/arrangement.h"
#include "ui/capture.h"
#include "ui/content.h"
#include "ui/facts.h"
#include "ui/gl_functions.h"
#include "ui/imgui_backends.h"
#include "ui/offscreen.h"

namespace equipoise::ui {
namespace {

// A framebuffer to draw a picture into.
class Canvas {
 public:
  Canvas(int width, int height) {
    glGenTextures(1, &texture_);
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    gl::GenFramebuffers(1, &framebuffer_);
    Bind();
    gl::FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_, 0);
  }
  ~Canvas() {
    gl::DeleteFramebuffers(1, &framebuffer_);
    glDeleteTextures(1, &texture_);
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void Bind() const { gl::BindFramebuffer(GL_FRAMEBUFFER, framebuffer_); }
  bool Complete() const { return gl::CheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE; }

 private:
  GLuint texture_ = 0, framebuffer_ = 0;
};

// An ImGui context of its own, with its renderer.
class ImGuiSession {
 public:
  ImGuiSession(int width, int height) {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.MousePos = {-1e6f, -1e6f};
    io.DeltaTime = 1.0f / 30;
  }
  bool Start() { return started_ = ImGui_ImplOpenGL3_Init("#version 330"); }
  ~ImGuiSession() {
    if (started_) ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
  }
  ImGuiSession(const ImGuiSession&) = delete;
  ImGuiSession& operator=(const ImGuiSession&) = delete;

 private:
  bool started_ = false;
};

Picture Draw(const run::Snapshot& snapshot, const DashboardOptions& options, const Canvas& canvas, Scene* scene,
             const std::string& problem) {
  UiState state;
  state.light = options.light;
  state.for_export = true;
  state.playback.Offer(snapshot.trace);
  if (snapshot.trace != nullptr) state.playback.Seek(std::floor(options.moment * snapshot.trace->steps()));
  PaneSizes panes;
  const std::function<void(run::Command)> ignore = [](const run::Command&) {};
  PanelContext context{snapshot, ignore, state};
  // What one frame measures (clips, sizes of children) the next one uses.
  for (int pass = 0; pass < 2; ++pass) {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    DrawContent(context, &panes, scene, problem);
    ImGui::Render();
  }
  canvas.Bind();
  glViewport(0, 0, options.width, options.height);
  glDisable(GL_SCISSOR_TEST);
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(Colors().window);
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return ReadFramebuffer(options.width, options.height);
}

}  // namespace

Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, int width, int height) {
  DashboardOptions options;
  options.width = width;
  options.height = height;
  return RenderDashboard(snapshot, png_path, options);
}

Status RenderDashboard(const run::Snapshot& snapshot, const std::string& png_path, const DashboardOptions& options) {
  auto offscreen = OffscreenContext::Create();
  if (!offscreen) return Error{png_path + ": no picture: " + offscreen.error().message};
  const Canvas canvas(options.width, options.height);
  if (!canvas.Complete()) return Error{png_path + ": no picture: the driver refuses a framebuffer of this size"};
  ImGuiSession session(options.width, options.height);
  const ImVec2 size{static_cast<float>(options.width), static_cast<float>(options.height)};
  const float scale = FittingScale(size, options.scale);
  ApplyTheme(options.light, scale);
  LoadFonts(scale);
  if (!session.Start()) return Error{png_path + ": no picture: OpenGL 3.3 is needed"};
  auto scene = Scene::Create(SettingsOf(snapshot).run.task);
  const std::string problem = scene ? "" : "The scene cannot be drawn: " + scene.error().message;
  const Picture picture = Draw(snapshot, options, canvas, scene ? scene.value().get() : nullptr, problem);
  return WritePng(picture, png_path);
}

}  // namespace equipoise::ui
