#include "ui/panels/run_panel.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/explain.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/picture.h"
#include "ui/kit/widgets.h"
#include "ui/panels/scene/scene_speed.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

bool Ended(const run::Snapshot& snapshot) {
  return snapshot.state == run::RunState::kFinished || snapshot.state == run::RunState::kStopped;
}

// Somebody else writes this run: it can be watched only.
bool OnlyWatched(const PanelContext& context) { return context.state.window.watching && !Ended(context.snapshot); }

// As many episodes again as the run was made for.
int MoreEpisodes(const run::Snapshot& snapshot) { return std::max(1, SettingsOf(snapshot).run.episodes); }

void GoOn(PanelContext& context) {
  const run::Snapshot& snapshot = context.snapshot;
  if (snapshot.info == nullptr || snapshot.info->directory.empty()) return;
  RunRequest request{RunRequest::Kind::kContinue, snapshot.info->directory, {}, 0, "", false};
  if (snapshot.state == run::RunState::kFinished)
    request.episodes = SettingsOf(snapshot).run.episodes + MoreEpisodes(snapshot);
  context.state.requests.Post(request);
}

void DrawMainButton(PanelContext& context, ImVec2 at, ImVec2 size) {
  const run::Snapshot& snapshot = context.snapshot;
  const run::RunState state = snapshot.state;
  ButtonStyle style;
  style.primary = true;
  style.key = KeyCapOf(KeyAction::kPause);
  std::string label = std::string(icon::kPause) + "   Pause";
  if (state == run::RunState::kPaused) label = std::string(icon::kPlay) + "   Resume";
  if (Ended(snapshot)) {
    style.key = nullptr;
    const bool saved = snapshot.info != nullptr && !snapshot.info->directory.empty();
    const std::string more =
        state == run::RunState::kFinished ? Format("Run %d more episodes", MoreEpisodes(snapshot)) : "Continue";
    label = saved ? std::string(icon::kPlay) + "   " + more
                  : std::string(state == run::RunState::kFinished ? "Finished" : "Stopped");
    style.enabled = style.primary = saved && !DrawingPicture();
    style.font = GetFonts().strong;
  } else if (OnlyWatched(context)) {
    style.enabled = style.primary = false;
    style.font = GetFonts().strong;
    style.key = nullptr;
    label = std::string(icon::kEye) + "   Watching";
    style.tooltip = "Another process writes this run; it can be looked at, not steered";
  }
  if (!Button("run.pause", at, size, label, style)) return;
  if (Ended(snapshot)) {
    GoOn(context);
  } else if (state == run::RunState::kPaused) {
    context.post(run::Resume{});
  } else {
    context.post(run::Pause{});
  }
}

void DrawSteps(PanelContext& context, ImVec2 at, float width, float height) {
  struct Item {
    const char *id, *label;
    KeyAction action;
    run::Step::Unit unit;
  };
  const Item items[] = {
      {"run.step_environment", "Env step", KeyAction::kEnvironmentStep, run::Step::Unit::kEnvironmentStep},
      {"run.step_gradient", "Gradient", KeyAction::kGradientStep, run::Step::Unit::kGradientStep},
      {"run.step_episode", "Episode", KeyAction::kEpisodeStep, run::Step::Unit::kEpisode},
  };
  const float gap = Px(6), each = (width - 2 * gap) / 3;
  float x = at.x;
  for (const Item& item : items) {
    ButtonStyle style;
    style.key = KeyCapOf(item.action);
    style.enabled = !Ended(context.snapshot) && !OnlyWatched(context);
    style.tooltip = "Goes on for one of these, then pauses";
    if (Button(item.id, {x, at.y}, {each, height}, item.label, style)) context.post(run::Step{item.unit});
    x += each + gap;
  }
}

void DrawSpeed(PanelContext& context, ImVec2 at, float width, float height) {
  const double factors[] = {0.1, 0.25, 1, 4, 0};
  int selected = -1;
  for (int i = 0; i < 5; ++i) {
    if (std::fabs(context.state.scene.speed - factors[i]) < 1e-9) selected = i;
  }
  const std::string pace = context.state.scene.speed > 0
                               ? Format("Now %g times real time.", context.state.scene.speed)
                               : std::string("Now as fast as possible; what was acted is shown in real time.");
  Explain(at, {at.x + width, at.y + height}, "Speed", pace);
  const float label_width = Px(48);
  // A speed that only the keys reach is said in words.
  const std::string label = selected < 0 ? Format("%g\xc3\x97", context.state.scene.speed) : "Speed";
  TextMiddle(GetFonts().small, {at.x, at.y + height * 0.5f}, Colors().secondary, label);
  const int clicked = Segments("run.speed", {at.x + label_width, at.y}, {width - label_width, height},
                               {"0.1\xc3\x97", "\xc2\xbc\xc3\x97", "real", "4\xc3\x97", "full"}, selected);
  if (clicked >= 0) ChooseSpeed(context, factors[clicked]);
}

}  // namespace

void DrawRunPanel(PanelContext& context, ImVec2 size) {
  BeginCard("run", icon::kPlay, "Run", size);
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  DrawMainButton(context, at, {width, Px(34)});
  at.y += Px(34) + Px(6);
  DrawSteps(context, at, width, Px(26));
  at.y += Px(26) + Px(context.state.window.compact ? 6 : 9);
  DrawSpeed(context, at, width, Px(22));
  EndCard();
}

}  // namespace equipoise::ui
