#include "ui/key_actions.h"

#include <algorithm>

namespace equipoise::ui {
namespace {

void TogglePause(PanelContext& context) {
  const run::RunState state = context.snapshot.state;
  if (state == run::RunState::kPaused) {
    context.post(run::Resume{});
  } else if (state == run::RunState::kRunning || state == run::RunState::kStarting) {
    context.post(run::Pause{});
  }
}

// Sheets first, then the pinned episode.
void Escape(UiState& state) {
  if (state.show_keys || state.show_settings) {
    state.show_keys = state.show_settings = false;
  } else {
    state.selected_episode.reset();
    state.selected_mask.reset();
    state.imagined.second_mask.reset();
    state.imagined.episode.reset();
  }
}

template <class Enum>
Enum Next(Enum value, int count) {
  return static_cast<Enum>((static_cast<int>(value) + 1) % count);
}

}  // namespace

void Act(KeyAction action, PanelContext& context) {
  UiState& state = context.state;
  SceneShow& show = state.scene_show;
  const bool imagined = state.scene_source == SceneSource::kImagined;
  switch (action) {
    case KeyAction::kPause:
      TogglePause(context);
      break;
    case KeyAction::kEnvironmentStep:
      context.post(run::Step{run::Step::Unit::kEnvironmentStep});
      break;
    case KeyAction::kGradientStep:
      context.post(run::Step{run::Step::Unit::kGradientStep});
      break;
    case KeyAction::kEpisodeStep:
      context.post(run::Step{run::Step::Unit::kEpisode});
      break;
    case KeyAction::kPlay:
      imagined ? TogglePlaying(&state.imagined) : state.playback.TogglePlaying();
      break;
    case KeyAction::kBack:
      imagined ? StepBy(&state.imagined, -1) : state.playback.StepBy(-1);
      break;
    case KeyAction::kForward:
      imagined ? StepBy(&state.imagined, 1) : state.playback.StepBy(1);
      break;
    case KeyAction::kSource:
      state.scene_source = Next(state.scene_source, 4);
      break;
    case KeyAction::kNextCamera:
      // The scene knows how many there are; one too many means: follow.
      ++show.camera;
      break;
    case KeyAction::kContacts:
      show.contacts = !show.contacts;
      break;
    case KeyAction::kForces:
      show.forces = !show.forces;
      break;
    case KeyAction::kJoints:
      show.joints = !show.joints;
      break;
    case KeyAction::kLabels:
      show.labels = !show.labels;
      break;
    case KeyAction::kTransparent:
      show.transparent = !show.transparent;
      break;
    case KeyAction::kCamera:
      state.camera_reset_wanted = true;
      break;
    case KeyAction::kXAxis:
      state.x_axis = Next(state.x_axis, 4);
      break;
    case KeyAction::kTheme:
      state.light = !state.light;
      break;
    case KeyAction::kZoomIn:
      state.zoom = std::min(3.0f, state.zoom + 0.1f);
      break;
    case KeyAction::kZoomOut:
      state.zoom = std::max(0.6f, state.zoom - 0.1f);
      break;
    case KeyAction::kZoomReset:
      state.zoom = 1;
      break;
    case KeyAction::kSettings:
      state.show_settings = !state.show_settings;
      break;
    case KeyAction::kKeys:
      state.show_keys = !state.show_keys;
      break;
    case KeyAction::kScreenshot:
      state.screenshot_wanted = true;
      break;
    case KeyAction::kEscape:
      Escape(state);
      break;
  }
}

}  // namespace equipoise::ui
