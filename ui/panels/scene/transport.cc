#include "ui/panels/scene/transport.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

struct Lane {  // where steps and rewards lie on the screen
  float left, right, top, bottom, zero;
  int steps;
  double lowest, highest;
  float X(double step) const { return left + static_cast<float>(step / std::max(1, steps)) * (right - left); }
  float Y(double reward) const {
    return bottom - static_cast<float>((reward - lowest) / (highest - lowest)) * (bottom - top);
  }
};

void DrawButtons(UiState& state, ImVec2 at, float side, bool live) {
  struct Item {
    const char *id, *icon, *about;
  };
  const bool playing = state.scene.playback.playing();
  const Item items[] = {
      {"transport.back", icon::kStepBack, "One step back"},
      {"transport.play", playing ? icon::kPause : icon::kPlay, playing ? "Hold the episode" : "Play the episode"},
      {"transport.forward", icon::kStepForward, "One step forward"},
      {"transport.loop", icon::kLoop, "Again and again, or once"}};
  for (int i = 0; i < 4; ++i) {
    ButtonStyle style;
    style.tooltip = items[i].about;
    style.enabled = !live && state.scene.playback.trace() != nullptr;
    style.on = i == 3 && state.scene.playback.loop() && style.enabled;
    if (!Button(items[i].id, {at.x + static_cast<float>(i) * (side + Px(4)), at.y}, {side, side}, items[i].icon,
                style)) {
      continue;
    }
    if (i == 0) state.scene.playback.StepBy(-1);
    if (i == 1) state.scene.playback.TogglePlaying();
    if (i == 2) state.scene.playback.StepBy(1);
    if (i == 3) state.scene.playback.ToggleLoop();
  }
}

Lane LaneOf(const Moment& moment, ImVec2 at, ImVec2 size, float left, float right) {
  Lane lane{at.x + left, at.x + size.x - right, at.y, at.y + size.y - Px(40), 0, std::max(1, moment.steps), 0, 0};
  for (int i = 0; i < moment.known; ++i) {
    const double r = moment.reward[i];
    if (!std::isfinite(r)) continue;
    lane.lowest = std::min(lane.lowest, r);
    lane.highest = std::max(lane.highest, r);
  }
  if (lane.highest - lane.lowest < 1e-9) lane.highest = lane.lowest + 1;
  lane.zero = lane.Y(0);
  return lane;
}

// Thousands of steps on hundreds of pixels: a bar per pixel column shows the mean of its steps.
void DrawBars(const Lane& lane, const Moment& moment, ImU32 color) {
  const float each = (lane.right - lane.left) / static_cast<float>(lane.steps);
  const int stride = std::max(1, static_cast<int>(std::ceil(Px(2) / std::max(each, 1e-6f))));
  const float space = each * static_cast<float>(stride) >= Px(5) ? 1.0f : 0.0f;
  const int known = std::min(moment.known, lane.steps);
  for (int i = 0; i < known; i += stride) {
    double sum = 0;
    int count = 0;
    for (int k = i; k < std::min(known, i + stride); ++k) {
      if (!std::isfinite(moment.reward[k])) continue;
      sum += moment.reward[k];
      ++count;
    }
    if (count == 0) continue;
    const float y = lane.Y(sum / count);
    const bool past = i < moment.step;
    Rect({lane.X(i), std::min(y, lane.zero - 1)}, {lane.X(i + stride) - space, std::max(y, lane.zero)},
         WithAlpha(color, past ? 0.85f : 0.30f));
  }
}

void DrawRuler(const Lane& lane, const Moment& moment, float track) {
  const Palette& c = Colors();
  const float knob = lane.X(moment.step);
  Line({lane.left, track}, {knob, track}, c.secondary, Px(2));
  Line({knob, track}, {lane.right, track}, Ink(0.16f), Px(2));
  Line({knob, lane.top - Px(3)}, {knob, track}, c.text, Px(1.6f));
  DrawList()->AddCircleFilled({knob, track}, Px(7), c.card, 24);
  DrawList()->AddCircleFilled({knob, track}, Px(5), c.text, 24);
  ImFont* font = GetFonts().small;
  const std::string here = std::to_string(moment.step);
  const float y = track + Px(7), here_half = TextWidth(font, here) * 0.5f + Px(8);
  const int fifth = std::max(1, lane.steps / 5);
  for (int k = 0; k <= 5; ++k) {
    const int step = k == 5 ? lane.steps : k * fifth;
    const std::string text = std::to_string(step);
    const float x = lane.X(step), half = TextWidth(font, text) * 0.5f;
    if (std::fabs(x - knob) > here_half + half) TextCentered(font, {x, y}, c.faint, text);
  }
  TextCentered(font, {knob, y}, c.text, here);
  Text(font, {lane.right + Px(16), y}, c.faint, "steps");
}

}  // namespace

float TransportHeight(float room) { return room < Px(250) ? Px(52) : Px(76); }

void DrawTransport(PanelContext& context, const Moment& moment, ImVec2 at, ImVec2 size) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  UiState& state = context.state;
  const float side = Px(28), left = 4 * (side + Px(4)) + Px(12), right = Px(96);
  const ImVec2 top{at.x, at.y + Px(9)};
  DrawButtons(state, top, side, moment.live);
  const bool low = size.y < Px(70);
  if (!low) Text(f.small, {top.x, top.y + Px(35)}, c.secondary, moment.live ? "reward, live" : "reward per step");

  const Lane lane = LaneOf(moment, top, size, left, right);
  const float track = lane.bottom + Px(8);
  if (!moment.live && moment.any) {
    ImGui::SetCursorScreenPos({lane.left, lane.top});
    ImGui::InvisibleButton("transport.scrub", {lane.right - lane.left, track + Px(8) - lane.top});
    TraceWidget("transport.scrub", {lane.left, lane.top}, {lane.right, track + Px(8)});
    if (ImGui::IsItemActive()) {
      const float share = (ImGui::GetIO().MousePos.x - lane.left) / (lane.right - lane.left);
      state.scene.playback.Seek(std::round(std::clamp(share, 0.0f, 1.0f) * static_cast<float>(lane.steps)));
    }
  }
  if (moment.any)
    Explain(at, {at.x + size.x, at.y + size.y}, "Reward",
            Format("At step %d of %d: %.3g. Drag to another step.", moment.step, moment.steps, moment.reward_now));
  DrawBars(lane, moment, ActorColor(ActorOf(PartsOf(context.snapshot), moment.pick, moment.reason)));
  Line({lane.left, lane.zero}, {lane.right, lane.zero}, Ink(0.25f));
  DrawRuler(lane, moment, track);
  const double dt = context.snapshot.info != nullptr ? context.snapshot.info->task.control_dt_seconds : 0;
  const float x = lane.right + Px(16);
  Text(f.mono, {x, top.y + Px(3)}, c.text, Format("%.2f s", moment.step * dt));
  if (!low) Text(f.small, {x, top.y + Px(21)}, c.secondary, Format("of %.2f s", moment.steps * dt));
}

}  // namespace equipoise::ui
