#include "ui/window/key_actions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/panels/scene/scene_picture.h"
#include "ui/panels/scene/scene_speed.h"
#include "ui/view/mask_choice.h"
#include "ui/view/persistent.h"
#include "ui/workspace/key_choice.h"

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

// From slow motion to as fast as possible (0).
constexpr std::array<double, 8> kSpeeds = {0.1, 0.25, 0.5, 1, 2, 4, 10, 0};

void ChangeSpeed(PanelContext& context, int by) {
  const double now = context.state.scene.speed;
  int at = static_cast<int>(kSpeeds.size()) - 1;
  for (int i = 0; i + 1 < static_cast<int>(kSpeeds.size()); ++i)
    if (now > 0 && now < kSpeeds[static_cast<size_t>(i)] * 1.2) {
      at = i;
      break;
    }
  at = std::clamp(at + by, 0, static_cast<int>(kSpeeds.size()) - 1);
  ChooseSpeed(context, kSpeeds[static_cast<size_t>(at)]);
}

constexpr std::array<float, 8> kZooms = {0.75f, 0.9f, 1, 1.1f, 1.25f, 1.5f, 1.75f, 2};
static_assert(kZooms.front() == kLeastZoom && kZooms.back() == kMostZoom);

// The nearest step in that direction.
float NextZoom(float zoom, int by) {
  if (by > 0) {
    const auto above = std::find_if(kZooms.begin(), kZooms.end(), [zoom](float z) { return z > zoom + 0.01f; });
    return above == kZooms.end() ? kZooms.back() : *above;
  }
  const auto below = std::find_if(kZooms.rbegin(), kZooms.rend(), [zoom](float z) { return z < zoom - 0.01f; });
  return below == kZooms.rend() ? kZooms.front() : *below;
}

// From a run that is only looked at.
void LookAtATraining(UiState& state) {
  for (const RunTab& tab : state.window.runs)
    if (tab.kind == RunTab::Kind::kTrains || tab.kind == RunTab::Kind::kPaused)
      return state.requests.Post(LookAtRun{tab.folder});
}

// In the order of the tabs, round and round.
void LookAtNextRun(UiState& state, int by) {
  const auto count = static_cast<int>(state.window.runs.size());
  for (int i = 0; i < count; ++i)
    if (state.window.runs[static_cast<size_t>(i)].looked && count > 1)
      return state.requests.Post(LookAtRun{state.window.runs[static_cast<size_t>((i + by + count) % count)].folder});
}

// Behind a tab it is the one that is shown, else it takes the place of the others or gives it back.
void ShowPage(UiState& state, Page page) {
  PageChoice& pages = state.view.pages;
  if (state.window.single_pane || page == Page::kControls || page == Page::kExperiments) {
    state.view.large.reset();
    pages.first = pages.second = page;
  } else if (state.view.large == page) {
    state.view.large.reset();
  } else {
    state.view.large = page;
  }
}

// Lists of choices and menus lie over everything else.
bool CloseLists() {
  const ImGuiContext* context = ImGui::GetCurrentContext();
  if (context == nullptr || context->OpenPopupStack.Size == 0) return false;
  ImGui::ClosePopupToLevel(0, false);
  return true;
}

// Sheets first, then the hint of a first start, the mark of the keyboard, what was chosen to be looked at (an episode,
// a mask, an imagination), a run that is looked at beside the training.
void Escape(UiState& state) {
  if (CloseLists()) return;
  if (state.sheet.any()) {
    state.sheet.Close();
  } else if (state.sheet.tour) {
    state.sheet.tour.reset();
  } else if (state.view.explains) {
    state.view.explains = false;
  } else if (state.sheet.hint) {
    state.sheet.hint = false;
  } else if (HasFocus()) {
    ForgetFocus();
  } else if (BackToNow(&state)) {
    return;
  } else if (state.view.large) {
    state.view.large.reset();
  } else if (state.view.presents) {
    state.view.presents = false;
  } else if (state.window.watching) {
    LookAtATraining(state);
  }
}

// While the tour is on the arrows lead through it.
void StepBack(UiState& state, bool imagined) {
  if (state.sheet.tour) {
    *state.sheet.tour = std::max(0, *state.sheet.tour - 1);
  } else {
    imagined ? StepBy(&state.scene.imagined, -1) : state.scene.playback.StepBy(-1);
  }
}
void StepForward(UiState& state, bool imagined) {
  if (state.sheet.tour) {
    ++*state.sheet.tour;
  } else {
    imagined ? StepBy(&state.scene.imagined, 1) : state.scene.playback.StepBy(1);
  }
}

template <class Enum>
Enum Next(Enum value, int count) {
  return static_cast<Enum>((static_cast<int>(value) + 1) % count);
}

}  // namespace

void Act(KeyAction action, PanelContext& context) {
  UiState& state = context.state;
  SceneShow& show = state.scene.show;
  const bool imagined = state.scene.shows_imagined();
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
    case KeyAction::kSlower:
      ChangeSpeed(context, -1);
      break;
    case KeyAction::kFaster:
      ChangeSpeed(context, 1);
      break;
    case KeyAction::kRuns:
      state.sheet.Toggle(Sheet::kRuns);
      break;
    case KeyAction::kNewRun:
      state.sheet.Toggle(Sheet::kNewRun);
      break;
    case KeyAction::kTakeAway:
      state.sheet.Toggle(Sheet::kTakeAway);
      break;
    case KeyAction::kNextRun:
      LookAtNextRun(state, 1);
      break;
    case KeyAction::kPreviousRun:
      LookAtNextRun(state, -1);
      break;
    case KeyAction::kCloseRun:
      if (context.snapshot.info != nullptr) state.requests.Post(CloseRun{context.snapshot.info->directory, false});
      break;
    case KeyAction::kSceneLarge:
    case KeyAction::kCheckLarge:
    case KeyAction::kCurvesLarge:
    case KeyAction::kModelLarge:
    case KeyAction::kLogLarge:
    case KeyAction::kControlsShown:
    case KeyAction::kExperimentsShown:
      ShowPage(state, static_cast<Page>(static_cast<int>(action) - static_cast<int>(KeyAction::kSceneLarge)));
      break;
    case KeyAction::kFullScreen:
      state.requests.Post(FullScreen{});
      break;
    case KeyAction::kPresent:
      state.view.presents = !state.view.presents;
      break;
    case KeyAction::kEvidence:
      state.requests.Post(TakeEvidence{});
      break;
    case KeyAction::kEpisodeBefore:
      ChooseEpisode(context, -1);
      break;
    case KeyAction::kEpisodeAfter:
      ChooseEpisode(context, 1);
      break;
    case KeyAction::kNextMask:
      ChooseNextMask(context, false);
      break;
    case KeyAction::kNextSecondMask:
      ChooseNextMask(context, true);
      break;
    case KeyAction::kCurvesIn:
      ZoomCurves(context, 1);
      break;
    case KeyAction::kCurvesOut:
      ZoomCurves(context, -1);
      break;
    case KeyAction::kCurvesEarlier:
      MoveCurves(context, -1);
      break;
    case KeyAction::kCurvesLater:
      MoveCurves(context, 1);
      break;
    case KeyAction::kCurvesAll:
      state.view.curves.FollowTheData();
      break;
    case KeyAction::kUndo:
      state.requests.Post(UndoView{});
      break;
    case KeyAction::kNextControl:
      MoveFocus(1);
      break;
    case KeyAction::kPreviousControl:
      MoveFocus(-1);
      break;
    case KeyAction::kPress:
      PressFocused();
      break;
    case KeyAction::kSafeColours:
      state.view.safe_colours = !state.view.safe_colours;
      break;
    case KeyAction::kPlay:
      imagined ? TogglePlaying(&state.scene.imagined) : state.scene.playback.TogglePlaying();
      break;
    case KeyAction::kBack:
      StepBack(state, imagined);
      break;
    case KeyAction::kForward:
      StepForward(state, imagined);
      break;
    case KeyAction::kSource:
      state.scene.source = Next(state.scene.source, 4);
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
      state.memory.OfWindow<ScenePictureView>().reset_camera = true;
      break;
    case KeyAction::kXAxis:
      state.view.curves.x_axis = Next(state.view.curves.x_axis, 4);
      break;
    case KeyAction::kTheme:
      state.view.light = !state.view.light;
      break;
    case KeyAction::kZoomIn:
      state.view.zoom = NextZoom(state.view.zoom, 1);
      break;
    case KeyAction::kZoomOut:
      state.view.zoom = NextZoom(state.view.zoom, -1);
      break;
    case KeyAction::kZoomReset:
      state.view.zoom = 1;
      break;
    case KeyAction::kSettings:
      state.sheet.Toggle(Sheet::kSettings);
      break;
    case KeyAction::kKeys:
      state.sheet.Toggle(Sheet::kKeys);
      break;
    case KeyAction::kExplain:
      state.view.explains = !state.view.explains;
      break;
    case KeyAction::kTour:
      state.sheet.StartTour();
      break;
    case KeyAction::kScreenshot:
      state.requests.Post(TakeScreenshot{});
      break;
    case KeyAction::kEscape:
      Escape(state);
      break;
  }
}

}  // namespace equipoise::ui
