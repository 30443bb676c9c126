// stage.h: the window's content drawn without a display, as a person would see it: sheets, hints and all.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/ui/gallery/glyphs.h"
#include "tests/ui/gallery/states.h"
#include "ui/gl/canvas.h"
#include "ui/gl/capture.h"
#include "ui/kit/focus.h"
#include "ui/kit/imgui_backends.h"
#include "ui/kit/picture.h"
#include "ui/kit/picture_context.h"
#include "ui/offscreen/offscreen.h"
#include "ui/scene/scene.h"
#include "ui/view/arrangement.h"
#include "ui/view/facts.h"
#include "ui/workspace/content.h"

namespace equipoise::ui::testing {

struct StageSize {
  int width, height;
  float scale;
};
inline constexpr StageSize kStageSizes[] = {{1280, 800, 1}, {1600, 1000, 1}, {2560, 1440, 1.5f}};
// Where not everything has room at once.
inline constexpr StageSize kTabbedSizes[] = {{1280, 800, 2}, {1280, 800, 1.5f}, {1920, 1200, 2}};

// Every tab once, beside whatever the other pane shows.
inline std::vector<PageChoice> ChoicesAt(const StageSize& size) {
  std::vector<PageChoice> choices;
  const ImVec2 window(static_cast<float>(size.width), static_cast<float>(size.height));
  for (const Tabs& tabs : Arrange(window, size.scale, {}).tabs) {
    for (size_t i = 0; i < tabs.pages.size(); ++i) {
      if (choices.size() <= i) choices.emplace_back();
      (tabs.second ? choices[i].second : choices[i].first) = tabs.pages[i];
    }
  }
  if (choices.empty()) choices.emplace_back();
  return choices;
}

class Stage {
 public:
  // A message when there is no GL without a display.
  static Result<std::unique_ptr<Stage>> Create() {
    auto offscreen = OffscreenContext::Create();
    if (!offscreen) return offscreen.error();
    std::unique_ptr<Stage> stage(new Stage);
    stage->offscreen_ = std::move(offscreen).value();
    auto pictures = PictureContext::Create();
    if (!pictures) return pictures.error();
    stage->pictures_ = std::move(pictures).value();
    stage->use_ = std::make_unique<PictureContext::Use>(stage->pictures_.get());
    return stage;
  }

  struct Look {
    StageSize size{1280, 800, 1};
    bool light = false, safe = false;
    SceneEffort effort = SceneEffort::kLow;
    PaneSizes panes;
    PageChoice pages;
  };
  // What was written, after the frame has settled; with `picture` also how it looks.
  std::vector<Glyph> Show(const GalleryState& shown, const Look& look, Picture* picture = nullptr) {
    const StageSize& size = look.size;
    pictures_->Apply(look.light,
                     FittingScale({static_cast<float>(size.width), static_cast<float>(size.height)}, size.scale),
                     look.safe);
    UiState state;
    state.view.light = look.light;
    state.view.safe_colours = look.safe;
    state.window.scene_effort = look.effort;
    state.scene.playback.Offer(shown.snapshot->trace);
    if (shown.snapshot->trace != nullptr) state.scene.playback.Seek(0.63 * shown.snapshot->trace->steps());
    state.view.pages = look.pages;
    shown.prepare(&state);
    PaneSizes panes = look.panes;
    const std::function<void(run::Command)> ignore = [](const run::Command&) {};
    PanelContext context{*shown.snapshot, ignore, state};
    const Canvas canvas(size.width, size.height);
    // What one frame measures (clips, sizes of children) the next one uses.
    for (int frame = 0; frame < 3; ++frame) {
      const auto start = std::chrono::steady_clock::now();
      ImGuiIO& io = ImGui::GetIO();
      ImGui_ImplOpenGL3_NewFrame();
      io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
      io.MousePos = {-1e6f, -1e6f};
      io.DeltaTime = 1.0f / 30;
      ImGui::NewFrame();
      const PictureDrawing drawing(frame == 0);  // which waits for what is read beside the frames
      BeginFocusFrame();
      DrawContent(context, &panes, SceneOf(*shown.snapshot), "");
      ImGui::Render();
      last_frame_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    if (picture != nullptr) {
      canvas.Clear();
      ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
      *picture = ReadFramebuffer(size.width, size.height);
    }
    scene_box_ = PictureBox(*ImGui::GetDrawData());
    return GlyphsOf(*ImGui::GetDrawData(), GlyphAtlas(*ImGui::GetIO().Fonts));
  }

  // Where the picture of the scene was in the last frame: x0, y0, x1, y1; empty: it was not shown.
  ImVec4 scene_box() const { return scene_box_; }

  // Of building the last frame, without drawing it.
  double last_frame_seconds() const { return last_frame_seconds_; }

 private:
  Stage() = default;
  Scene* SceneOf(const run::Snapshot& snapshot) {
    std::unique_ptr<Scene>& scene = scenes_[SettingsOf(snapshot).run.task];
    if (scene == nullptr) {
      auto made = Scene::Create(SettingsOf(snapshot).run.task);
      if (made) scene = std::move(made).value();
    }
    return scene.get();
  }

  std::unique_ptr<OffscreenContext> offscreen_;  // before all that lives in it
  std::unique_ptr<PictureContext> pictures_;
  std::unique_ptr<PictureContext::Use> use_;
  std::map<std::string, std::unique_ptr<Scene>> scenes_;
  double last_frame_seconds_ = 0;
  ImVec4 scene_box_{};
};

}  // namespace equipoise::ui::testing
