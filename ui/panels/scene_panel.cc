#include "ui/panels/scene_panel.h"

#include <algorithm>
#include <cmath>

#include "ui/facts.h"
#include "ui/layout.h"
#include "ui/panels/scene_overlay.h"
#include "ui/panels/transport.h"
#include "ui/trace.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

// At full speed an episode is acted in milliseconds: the scene would only flicker, so the loop stays.
bool ShowsLive(const run::Snapshot& snapshot, SceneSource source) {
  if (source != SceneSource::kAutomatic) return source == SceneSource::kLive;
  if (!snapshot.live.acting) return false;
  return snapshot.speed > 0 || snapshot.state == run::RunState::kPaused || snapshot.trace == nullptr;
}

SceneQuality QualityOf(SceneEffort effort) {
  switch (effort) {
    case SceneEffort::kLow:
      return {false, false, 1};
    case SceneEffort::kMedium:
      return {true, false, 1};
    case SceneEffort::kFull:
      break;
  }
  return {true, true, 2};
}

void HandleGestures(Scene& scene, UiState& state, float height) {
  const ImGuiIO& io = ImGui::GetIO();
  if (state.camera_reset_wanted) scene.ResetCamera();
  state.camera_reset_wanted = false;
  if (ImGui::IsItemActive() && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
    // A share of the picture's height as in MuJoCo's own viewer, tamed where the picture is small.
    const double unit = std::max(height, Px(600)), dx = io.MouseDelta.x / unit, dy = io.MouseDelta.y / unit;
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
      scene.Orbit(dx, dy);
    } else if (ImGui::IsMouseDown(ImGuiMouseButton_Right)) {
      scene.Pan(dx, dy);
    } else {
      scene.Zoom(-10 * dy);
    }
  }
  if (!ImGui::IsItemHovered()) return;
  if (io.MouseWheel != 0) scene.Zoom(io.MouseWheel);
  if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) scene.ResetCamera();
}

void DrawProblem(const std::string& text, ImVec2 a, ImVec2 b) {
  Rect(a, b, Colors().raised, Px(6));
  const auto lines = Wrap(GetFonts().small, text, std::min(b.x - a.x - Px(40), Px(520)), 6);
  float y = (a.y + b.y) * 0.5f - Px(10) * static_cast<float>(lines.size());
  for (const std::string& line : lines) {
    TextCentered(GetFonts().small, {(a.x + b.x) * 0.5f, y}, Colors().secondary, line);
    y += Px(20);
  }
}

void DrawPicture(PanelContext& context, const Moment& moment, Scene* scene, const std::string& problem, ImVec2 a,
                 ImVec2 b) {
  const ImVec2 size{b.x - a.x, b.y - a.y};
  ImGui::SetCursorScreenPos(a);
  ImGui::InvisibleButton(
      "scene.picture", size,
      ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
  TraceWidget("scene.picture", a, b);
  if (scene == nullptr) {
    DrawProblem(problem, a, b);
    return;
  }
  HandleGestures(*scene, context.state, size.y);
  Scene::Frame frame;
  if (moment.qpos != nullptr && moment.qpos_size == scene->qpos_size()) frame.qpos = moment.qpos;
  frame.torso = moment.any ? ActorColor(ActorOf(moment.pick, moment.reason)) : Colors().random;
  frame.light = Colors().light;
  frame.width = static_cast<int>(size.x);
  frame.height = static_cast<int>(size.y);
  frame.crowded = std::max(0.0f, ActorCardHeight(context.snapshot, moment, a, b) / size.y - 0.25f);
  frame.quality = QualityOf(context.state.scene_effort);
  const auto texture = scene->Draw(frame);
  if (!texture) {
    DrawProblem("The scene cannot be drawn: " + texture.error().message + ".", a, b);
    return;
  }
  DrawList()->AddImageRounded(TextureId(texture.value()), a, b, {0, 1}, {1, 0}, IM_COL32_WHITE, Px(6));
  Frame(a, b, Colors().line, Px(6));
}

void DrawSources(UiState& state, bool compact) {
  const ImVec2 right = CardTitleRight();
  const float width = Px(compact ? 216 : 250), height = Px(25);
  const int clicked = Segments("scene.source", {right.x - width, right.y - height * 0.5f}, {width, height},
                               {"Auto", "Live", "Last episode"}, static_cast<int>(state.scene_source));
  if (clicked >= 0) state.scene_source = static_cast<SceneSource>(clicked);
}

}  // namespace

void DrawScenePanel(PanelContext& context, ImVec2 size, Scene* scene, const std::string& problem) {
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  const double dt = snapshot.info != nullptr ? snapshot.info->task.control_dt_seconds : 0;
  Follow(snapshot, &state.live_trail);
  state.playback.Offer(snapshot.trace);
  const bool live = ShowsLive(snapshot, state.scene_source);
  if (!live && !state.for_export) {
    state.playback.Advance(state.frame_seconds, dt);
    state.next_frame_in = std::min(state.next_frame_in, state.playback.NextIn(dt));
  }
  const Moment moment = live ? LiveMoment(snapshot, state.live_trail) : PlaybackMoment(snapshot, state.playback);

  BeginCard("scene", icon::kCube, "Scene", size);
  if (!state.for_export) DrawSources(state, state.compact);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const ImVec2 a = at, b{at.x + room.x, at.y + std::max(Px(60), room.y - TransportHeight())};
  DrawPicture(context, moment, scene, problem, a, b);
  DrawActorCard(context, moment, a, b);
  DrawShownPill(context, moment, a, b);
  if (snapshot.state == run::RunState::kStopped) {
    DrawStopped(snapshot.stopped_reason, a, b);
  } else if (!state.for_export) {
    DrawGestureHint(a, b, state.compact);
  }
  DrawTransport(context, moment, {at.x, b.y}, {room.x, TransportHeight()});
  EndCard();
}

}  // namespace equipoise::ui
