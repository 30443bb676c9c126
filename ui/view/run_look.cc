#include "ui/view/run_look.h"

#include <utility>

#include "ui/view/persistent.h"

namespace equipoise::ui {

RunLook TakeRunLook(UiState* state) {
  RunLook look;
  ViewChoices& view = state->view;
  SceneChoices& scene = state->scene;
  look.curves = view.curves;
  view.curves = {};
  Choose(ChoiceOf(look.curves), &view.curves);
  look.model_chart = std::exchange(view.model_chart, {});
  look.strip_last = std::exchange(view.strip_last, std::nullopt);
  look.selection = std::exchange(state->selection, {});
  look.answers = std::exchange(state->answers, {});
  look.source = scene.source;
  look.source_before = std::exchange(scene.source_before, SceneSource::kAutomatic);
  if (scene.shows_imagined()) scene.source = SceneSource::kAutomatic;
  look.playback = std::exchange(scene.playback, {});
  look.imagined = std::exchange(scene.imagined, {});
  look.speed = std::exchange(scene.speed, 0);
  look.memory = state->memory.TakeRun();
  return look;
}

void GiveRunLook(RunLook look, UiState* state) {
  const ChartChoice charts = ChoiceOf(state->view.curves);
  state->view.curves = std::move(look.curves);
  Choose(charts, &state->view.curves);
  state->view.model_chart = look.model_chart;
  state->view.strip_last = look.strip_last;
  state->selection = look.selection;
  state->answers = std::move(look.answers);
  SceneChoices& scene = state->scene;
  scene.source = look.source;
  scene.source_before = look.source_before;
  scene.playback = std::move(look.playback);
  scene.imagined = std::move(look.imagined);
  scene.speed = look.speed;
  state->memory.GiveRun(std::move(look.memory));
}

void ForgetRun(UiState* state) { TakeRunLook(state); }

}  // namespace equipoise::ui
