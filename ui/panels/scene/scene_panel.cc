#include "ui/panels/scene/scene_panel.h"

#include <algorithm>
#include <cmath>

#include "ui/kit/explain.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/check/actor_band.h"
#include "ui/panels/large_control.h"
#include "ui/panels/scene/imagined_scene.h"
#include "ui/panels/scene/planned_ways.h"
#include "ui/panels/scene/scene_overlay.h"
#include "ui/panels/scene/scene_picture.h"
#include "ui/panels/scene/scene_speed.h"
#include "ui/panels/scene/transport.h"
#include "ui/view/facts.h"
#include "ui/view/moment.h"

namespace equipoise::ui {
namespace {

// An episode that is chosen in a plot, the strip or the log is shown as it was acted, once it has been brought back.
void FollowSelection(PanelContext& context) {
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  Playback& playback = state.scene.playback;
  playback.Offer(snapshot.trace);
  if (!state.selection.episode || FindEpisode(snapshot, *state.selection.episode) == nullptr) {
    playback.Pin(nullptr);
    return;
  }
  const int episode = *state.selection.episode;
  if (playback.pinned() && playback.trace()->episode == episode) return;
  if (snapshot.trace != nullptr && snapshot.trace->episode == episode) {
    playback.Pin(snapshot.trace);
  } else if (state.answers.recalled != nullptr && state.answers.recalled->request.episode == episode) {
    playback.Pin(state.answers.recalled->trace);
  } else if (state.answers.recall_asked != episode && !DrawingPicture()) {
    state.answers.recall_asked = episode;
    state.answers.questions.push_back(run::Recall{episode});
  }
}

void DrawPicture(PanelContext& context, const Moment& moment, Scene* scene, const std::string& problem, ImVec2 a,
                 ImVec2 b) {
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  ImDrawList* list = DrawList();
  list->ChannelsSplit(2);
  list->ChannelsSetCurrent(1);
  if (!DrawingPicture()) DrawViewOptions(state, scene, b);
  list->ChannelsSetCurrent(0);
  Scene::Frame frame;
  if (scene != nullptr && moment.qpos != nullptr && moment.qpos_size == scene->qpos_size()) {
    frame.qpos = moment.qpos;
    frame.qvel = moment.qvel;
    frame.ctrl = moment.ctrl;
  }
  frame.torso = moment.any ? ActorColor(ActorOf(PartsOf(snapshot), moment.pick, moment.reason)) : Colors().random;
  AddPlannedWays(snapshot, moment, frame.torso, &frame);
  DrawScenePicture(context, scene, problem, std::move(frame), moment.live && snapshot.live.acting, a, b);
  list->ChannelsMerge();
}

// Returns the left end of what it drew.
float DrawSources(UiState& state) {
  const ImVec2 right = CardTitleRight();
  const float width = Px(state.window.compact ? 236 : 320), height = Px(25);
  std::string acted = state.window.compact ? "Last" : "Last episode";
  if (state.scene.playback.pinned() && state.scene.playback.trace()->episode > 0)
    acted = (state.window.compact ? "Ep. " : "Episode ") + std::to_string(state.scene.playback.trace()->episode);
  const std::vector<std::string> labels = {"Auto", "Live", acted, "Imagined"};
  const int clicked = Segments("scene.source", {right.x - width, right.y - height * 0.5f}, {width, height}, labels,
                               static_cast<int>(state.scene.source));
  static constexpr const char* kAbout[] = {"live while it acts, the last episode otherwise", "the body that acts now",
                                           "the last episode, or the one that was chosen, again and again",
                                           "what a version of the model believes would happen"};
  for (int i = 0; i < 4; ++i) {
    const float each = width / 4, x = right.x - width + each * static_cast<float>(i);
    Explain({x, right.y - height * 0.5f}, {x + each, right.y + height * 0.5f}, "Source",
            labels[static_cast<size_t>(i)] + ": " + kAbout[i] + ".");
  }
  if (clicked >= 0) state.scene.source = static_cast<SceneSource>(clicked);
  return right.x - width;
}

}  // namespace

void DrawScenePanel(PanelContext& context, ImVec2 size, Scene* scene, const std::string& problem) {
  const run::Snapshot& snapshot = context.snapshot;
  UiState& state = context.state;
  const double dt = ShownStepSeconds(context);
  FollowSelection(context);
  const bool imagined = state.scene.shows_imagined();
  if (imagined) {
    PrepareImagined(context);
  } else {
    state.scene.source_before = state.scene.source;
  }
  const bool live = ShowsLive(snapshot, state.scene);
  if (!live && !imagined && !DrawingPicture()) {
    state.scene.playback.Advance(state.clock.since_last, dt);
    state.clock.WakeIn(state.scene.playback.NextIn(dt));
  }
  const Moment moment = SceneMoment(snapshot, state.scene);

  BeginCard("scene", icon::kCube, "Scene", size);
  DrawLargeControl(&state, Page::kScene);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  if (!DrawingPicture()) {
    const float left = DrawSources(state);
    if (imagined) DrawActionsChoice(PartsOf(snapshot), state, {left - Px(12), CardTitleRight().y}, at.x + Px(84));
    ImGui::SetCursorScreenPos(at);
  }
  if (imagined) {
    DrawImaginedScene(context, scene, problem, at, room);
    EndCard();
    return;
  }
  const float band = ActorBandHeight(snapshot, room.x), transport = TransportHeight(room.y);
  DrawActorBand(context, moment, at, room.x);
  const ImVec2 a{at.x, at.y + band}, b{at.x + room.x, a.y + std::max(Px(40), room.y - band - transport)};
  DrawPicture(context, moment, scene, problem, a, b);
  DrawPlanPill(snapshot, moment, a, b);
  DrawShownPill(context, moment, a, b);
  if (state.scene.playback.pinned() && state.scene.playback.trace() != snapshot.trace)
    TraceWidget("scene.recalled", a, b);
  if (snapshot.state == run::RunState::kStopped) {
    DrawStopped(snapshot.stopped_reason, a, b);
  } else if (scene != nullptr && scene->picked() > 0) {
    DrawPicked(*scene, a, b);
  } else if (!DrawingPicture() && !state.view.presents) {
    DrawGestureHint(a, b, state.window.compact);
  }
  DrawTransport(context, moment, {at.x, b.y}, {room.x, transport});
  EndCard();
}

}  // namespace equipoise::ui
