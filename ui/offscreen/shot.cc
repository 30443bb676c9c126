#include "ui/offscreen/shot.h"

#include <cmath>
#include <utility>

#include "ui/gl/canvas.h"
#include "ui/kit/imgui_backends.h"
#include "ui/kit/picture.h"
#include "ui/panels/check/check_panel.h"
#include "ui/panels/curves/curves_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/scene/scene_panel.h"
#include "ui/view/arrangement.h"
#include "ui/workspace/content.h"

namespace equipoise::ui {
namespace {

std::pair<int, int> PixelsOf(const ShotSpec& spec) {
  return {static_cast<int>(std::lround(spec.width * spec.scale)),
          static_cast<int>(std::lround(spec.height * spec.scale))};
}

float ScaleOf(const ShotSpec& spec) {
  if (spec.part != ShotOf::kWindow) return spec.scale;
  const auto [width, height] = PixelsOf(spec);
  return WholeScale({static_cast<float>(width), static_cast<float>(height)}, spec.scale);
}

}  // namespace

Shooter::Shooter(PictureContext* own, Scene* scene, std::string problem, PaneSizes panes)
    : own_(own), scene_(scene), problem_(std::move(problem)), panes_(panes) {}

void Shooter::DrawPart(PanelContext& context, const ShotSpec& spec) {
  if (spec.part == ShotOf::kWindow) {
    DrawContent(context, &panes_, scene_, problem_);
    return;
  }
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin("##part", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  ImGui::SetCursorScreenPos({0, 0});
  context.state.window.compact = false;
  if (spec.part == ShotOf::kCurves) DrawCurvesPanel(context, size);
  if (spec.part == ShotOf::kCheck) DrawCheckPanel(context, size);
  if (spec.part == ShotOf::kModel) DrawModelPanel(context, size);
  if (spec.part == ShotOf::kScene) DrawScenePanel(context, size, scene_, problem_);
  ImGui::End();
}

// In the picture's own context.
void Shooter::Draw(PanelContext& context, const ShotSpec& spec, int width, int height) {
  UiState& state = context.state;
  const PictureDrawing drawing;
  const SceneEffort effort = std::exchange(state.window.scene_effort, SceneEffort::kFull);
  // What one frame measures (clips, sizes of children) the next one uses.
  for (int pass = 0; pass < 2; ++pass) {
    own_->NewFrame(width, height);
    DrawPart(context, spec);
    ImGui::Render();
  }
  state.window.scene_effort = effort;
}

void Shooter::Lay(PanelContext& context, const ShotSpec& spec) {
  const auto [width, height] = PixelsOf(spec);
  const PictureContext::Use use(own_);
  own_->Apply(context.state.view.light, ScaleOf(spec), context.state.view.safe_colours);
  Draw(context, spec, width, height);
}

Result<Picture> Shooter::Take(PanelContext& context, const ShotSpec& spec) {
  const auto [width, height] = PixelsOf(spec);
  const PictureContext::Use use(own_);
  own_->Apply(context.state.view.light, ScaleOf(spec), context.state.view.safe_colours);
  const Canvas canvas(width, height);
  if (!canvas.Complete())
    return Error{"the driver refuses a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                 " pixels; choose a smaller scale"};
  Draw(context, spec, width, height);
  canvas.Clear();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  return ReadFramebuffer(width, height);
}

}  // namespace equipoise::ui
