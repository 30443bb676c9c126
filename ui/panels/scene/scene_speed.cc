#include "ui/panels/scene/scene_speed.h"

namespace equipoise::ui {

void ChooseSpeed(PanelContext& context, double factor) {
  context.state.scene.speed = factor;
  context.state.clock.next_frame_in = 0;
  const run::RunState state = context.snapshot.state;
  const bool ended = state == run::RunState::kFinished || state == run::RunState::kStopped;
  if (!ended && !context.state.window.watching) context.post(run::SetSpeed{factor});
}

double ReplayPace(double speed) { return speed > 0 ? speed : 1; }

double ShownStepSeconds(const PanelContext& context) {
  const run::RunInfo* info = context.snapshot.info.get();
  return info != nullptr ? info->task.control_dt_seconds / ReplayPace(context.state.scene.speed) : 0;
}

}  // namespace equipoise::ui
