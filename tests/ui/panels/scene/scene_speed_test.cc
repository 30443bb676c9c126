// The speed is that of whatever moves in the scene, also where no engine is at work.
#include "ui/panels/scene/scene_speed.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ui/headless_imgui.h"
#include "tests/ui/snapshot_builder.h"
#include "ui/panels/run_panel.h"
#include "ui/panels/scene/scene_panel.h"

namespace equipoise::ui {
namespace {

using testing::BuildSnapshot;
using testing::SnapshotOptions;

TEST(SceneSpeed, SlowsTheLoopOfAFinishedRun) {
  HeadlessImGui imgui({900, 700});
  SnapshotOptions options;
  options.state = run::RunState::kFinished;
  const auto snapshot = BuildSnapshot(options);
  const double dt = snapshot->info->task.control_dt_seconds;
  UiState state;
  int posted = 0;
  const std::function<void(run::Command)> post = [&](const run::Command&) { ++posted; };
  PanelContext context{*snapshot, post, state};
  const auto steps_in = [&](double seconds) {
    state.scene.playback = {};
    state.scene.playback.Offer(snapshot->trace);
    state.clock.since_last = seconds;
    state.clock.next_frame_in = INFINITY;
    imgui.Frame([&] { DrawScenePanel(context, {900, 700}, nullptr, "no scene"); });
    return state.scene.playback.step();
  };
  // Half a step more than whole ones: a rounding must not count.
  const double twenty = 20.5 * dt;
  EXPECT_EQ(steps_in(twenty), 20) << "real time before anybody chose";
  ChooseSpeed(context, 0.1);
  EXPECT_EQ(steps_in(twenty), 2);
  EXPECT_NEAR(state.clock.next_frame_in, 10 * dt * (1 - 0.05), 1e-6) << "the next pose is due ten times later";
  ChooseSpeed(context, 4);
  EXPECT_EQ(steps_in(twenty), 82);
  ChooseSpeed(context, 0);
  EXPECT_EQ(steps_in(twenty), 20) << "a loop has no full speed";
  EXPECT_EQ(posted, 0) << "nobody is left to be told";
}

TEST(SceneSpeed, IsToldToAnEngineThatActs) {
  const auto snapshot = BuildSnapshot({});
  UiState state;
  std::vector<double> told;
  const std::function<void(run::Command)> post = [&](const run::Command& command) {
    told.push_back(std::get<run::SetSpeed>(command).factor);
  };
  PanelContext context{*snapshot, post, state};
  ChooseSpeed(context, 0.25);
  EXPECT_EQ(told, (std::vector<double>{0.25}));
  state.window.watching = true;
  ChooseSpeed(context, 1);
  EXPECT_EQ(told.size(), 1u) << "another process acts";
  EXPECT_EQ(state.scene.speed, 1);
}

}  // namespace
}  // namespace equipoise::ui
