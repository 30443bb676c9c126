#include "ui/panels/run_panel.h"

#include <cmath>
#include <string>

#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

void DrawMainButton(PanelContext& context, ImVec2 at, ImVec2 size) {
  const run::RunState state = context.snapshot.state;
  ButtonStyle style;
  style.primary = true;
  style.key = KeyCapOf(KeyAction::kPause);
  std::string label = std::string(icon::kPause) + "   Pause";
  if (state == run::RunState::kPaused) label = std::string(icon::kPlay) + "   Resume";
  if (state == run::RunState::kFinished || state == run::RunState::kStopped) {
    style.enabled = style.primary = false;
    style.font = GetFonts().strong;
    style.key = nullptr;
    label = state == run::RunState::kFinished ? "Finished" : "Stopped";
  }
  if (!Button("run.pause", at, size, label, style)) return;
  if (state == run::RunState::kPaused) {
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
  const run::RunState state = context.snapshot.state;
  const float gap = Px(6), each = (width - 2 * gap) / 3;
  float x = at.x;
  for (const Item& item : items) {
    ButtonStyle style;
    style.key = KeyCapOf(item.action);
    style.enabled = state != run::RunState::kFinished && state != run::RunState::kStopped;
    style.tooltip = "Goes on for one of these, then pauses";
    if (Button(item.id, {x, at.y}, {each, height}, item.label, style)) context.post(run::Step{item.unit});
    x += each + gap;
  }
}

void DrawSpeed(PanelContext& context, ImVec2 at, float width, float height) {
  const double factors[] = {0.25, 1, 4, 0};
  int selected = -1;
  for (int i = 0; i < 4; ++i) {
    if (std::fabs(context.snapshot.speed - factors[i]) < 1e-9) selected = i;
  }
  const float label_width = Px(48);
  TextMiddle(GetFonts().small, {at.x, at.y + height * 0.5f}, Colors().secondary, "Speed");
  const int clicked = Segments("run.speed", {at.x + label_width, at.y}, {width - label_width, height},
                               {"\xc2\xbc\xc3\x97", "real time", "4\xc3\x97", "full"}, selected);
  if (clicked >= 0) context.post(run::SetSpeed{factors[clicked]});
}

}  // namespace

void DrawRunPanel(PanelContext& context, ImVec2 size) {
  BeginCard("run", icon::kPlay, "Run", size);
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  DrawMainButton(context, at, {width, Px(34)});
  at.y += Px(34) + Px(6);
  DrawSteps(context, at, width, Px(26));
  at.y += Px(26) + Px(context.state.compact ? 6 : 9);
  DrawSpeed(context, at, width, Px(22));
  EndCard();
}

}  // namespace equipoise::ui
