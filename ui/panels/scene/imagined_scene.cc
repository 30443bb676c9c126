#include "ui/panels/scene/imagined_scene.h"

#include <algorithm>

#include "ui/kit/explain.h"
#include "ui/kit/widgets.h"
#include "ui/panels/scene/imagined_overlay.h"
#include "ui/panels/scene/imagined_transport.h"
#include "ui/panels/scene/scene_picture.h"
#include "ui/panels/scene/scene_speed.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

// Behind each other: the rollouts of one mask close together, the second mask further off.
float LaneOf(size_t mask, size_t rollout) { return (mask == 0 ? 1.0f : 2.6f) + 0.45f * static_cast<float>(rollout); }

bool Usable(const ImaginedView& view) { return view.shown != nullptr && view.shown->problem.empty(); }

// What to say in place of a picture; empty: there is one.
std::string WhyNothing(const run::Snapshot& snapshot, const UiState& state) {
  const ImaginedView& view = state.scene.imagined;
  if (!PartsOf(snapshot).empty() && !PartsOf(snapshot).HasModel())
    return "This agent has no model, so nothing can be imagined.";
  const auto decision = ImaginedDecision(snapshot, state.selection.episode, view);
  if (decision == nullptr) return "Nothing to imagine yet: the model is fitted for the first time before episode 1.";
  if (decision->episode < 1) return "There was no model to imagine with before episode 1.";
  if (view.shown == nullptr) return "Imagining\xe2\x80\xa6";
  return view.shown->problem;
}

}  // namespace

void PrepareImagined(PanelContext& context) {
  UiState& state = context.state;
  ImaginedView& view = state.scene.imagined;
  const auto decision = ImaginedDecision(context.snapshot, state.selection.episode, view);
  // The check shows the same decision for as long as it is imagined, while the run goes on.
  if (decision != nullptr) state.selection.episode = view.episode = decision->episode;
  if (auto request = NewRequest(decision.get(), state.selection.mask, view)) {
    view.asked = *request;
    state.answers.questions.push_back(std::move(*request));
  }
  const double dt = ShownStepSeconds(context);
  view.position = std::min(view.position, static_cast<double>(view.last()));
  Advance(&view, state.clock.since_last, dt);
  state.clock.WakeIn(NextIn(view, dt));
}

ImaginedColors ImaginedColorsNow() { return {Colors().text, MaskColor(false), MaskColor(true), Colors().note}; }

void AddImagined(const run::Imagined& shown, int at, bool lanes, const ImaginedColors& colors, Scene::Frame* frame) {
  const int step = std::clamp(at, 0, shown.horizon);
  if (shown.has_real) {
    frame->qpos = shown.real.qpos.data() + static_cast<size_t>(step) * static_cast<size_t>(shown.qpos_size);
    frame->trails.push_back({shown.real.qpos.data(), step, colors.real, 0});
  }
  const double most = MostInformation(shown);
  for (size_t m = 0; m < shown.masks.size(); ++m) {
    const auto& rollouts = shown.masks[m].rollouts;
    for (size_t r = rollouts.size(); r-- > 0;) {  // the farthest first
      const Ghost ghost{rollouts[r].qpos.data(), step, m == 1 ? colors.mask_b : colors.mask_a,
                        lanes ? LaneOf(m, r) : 0.0f};
      frame->ghosts.push_back(ghost);
      frame->trails.push_back(ghost);
      if (rollouts[r].information.empty()) continue;
      Ghost& trail = frame->trails.back();
      trail.lit = rollouts[r].information.data();
      trail.most = most;
      trail.light = colors.lit;
    }
  }
  // A plan before anything was acted has no real body: the first rollout leads the camera.
  if (!shown.has_real && !shown.masks.empty() && !shown.masks[0].rollouts.empty())
    frame->qpos =
        shown.masks[0].rollouts[0].qpos.data() + static_cast<size_t>(step) * static_cast<size_t>(shown.qpos_size);
}

void DrawImaginedScene(PanelContext& context, Scene* scene, const std::string& problem, ImVec2 at, ImVec2 room) {
  UiState& state = context.state;
  ImaginedView& view = state.scene.imagined;
  const nets::PartList& parts = PartsOf(context.snapshot);
  // In a low card the errors are left to the card of the beliefs.
  const bool errors = !view.policy.has_value() && room.y >= Px(250);
  const bool random = state.selection.episode && *state.selection.episode < 1;
  const bool usable = Usable(view) && !random && scene != nullptr && view.shown->qpos_size == scene->qpos_size();
  const float band = usable ? LegendBandHeight(view, parts, room.x) : 0;
  const float transport = std::min(ImaginedTransportHeight(errors, state.window.compact), room.y - band - Px(60));
  const ImVec2 a{at.x, at.y + band}, b{at.x + room.x, a.y + std::max(Px(40), room.y - band - transport)};
  if (!usable) {
    DrawProblem(scene == nullptr ? problem : WhyNothing(context.snapshot, state), a, b);
    return;
  }
  DrawLegendBand(view, parts, at, room.x);
  ImDrawList* list = DrawList();
  list->ChannelsSplit(2);
  list->ChannelsSetCurrent(1);
  DrawViewOptions(state, scene, b);
  DrawLanesChoice(&view, a, b);
  DrawRebuiltPill(view, a, b);
  list->ChannelsSetCurrent(0);
  Scene::Frame frame;
  AddImagined(*view.shown, view.step(), view.lanes, ImaginedColorsNow(), &frame);
  frame.torso = Colors().text;
  DrawScenePicture(context, scene, problem, std::move(frame), false, a, b);
  list->ChannelsMerge();
  if (scene->picked() > 0) DrawPicked(*scene, a, b);
  DrawImaginedTransport(context, {at.x, b.y}, {room.x, transport});
}

void DrawActionsChoice(const nets::PartList& parts, UiState& state, ImVec2 right, float left_limit) {
  ImFont* font = GetFonts().small;
  const bool narrow = right.x - left_limit < Px(330);
  const float width = std::min(Px(narrow ? 132 : 234), right.x - left_limit), height = Px(25);
  if (width < Px(90)) return;
  std::vector<std::string> labels = {narrow ? "Real" : "Real actions"};
  std::vector<std::optional<eps::Pick>> choices = {std::nullopt};
  for (const nets::PartInfo& part : parts.all()) {
    if (!part.acts() || !part.imaginable()) continue;
    labels.push_back(narrow ? part.short_name : eps::Capitalised(part.name));
    choices.emplace_back(eps::Pick::Of(part.id));
  }
  const auto chosen = std::find(choices.begin(), choices.end(), state.scene.imagined.policy);
  const ImVec2 at{right.x - width, right.y - height * 0.5f};
  const int clicked =
      Segments("imagined.actions", at, {width, height}, labels, static_cast<int>(chosen - choices.begin()));
  if (clicked >= 0) state.scene.imagined.policy = choices[static_cast<size_t>(clicked)];
  Explain({left_limit, at.y}, {at.x + width, at.y + height}, "", "",
          "Whose actions are imagined: those that were really acted, or those that a policy would choose.");
  const std::string title = "Actions from";
  if (at.x - Px(10) - TextWidth(font, title) > left_limit)
    TextRight(font, {at.x - Px(10), right.y - FontSize(font) * 0.5f - Px(1)}, Colors().secondary, title);
}

}  // namespace equipoise::ui
