#include "ui/workspace/tour.h"

#include <algorithm>
#include <cmath>

#include "engine/agent/recipes.h"
#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/check/check_panel.h"
#include "ui/view/facts.h"
#include "ui/view/glossary.h"

namespace equipoise::ui {
namespace {

std::string Sentence(const char* term) {
  const Term* found = FindTerm(term);
  return found != nullptr ? found->sentence : "";
}

// The newest episode in which the check did not let the model-based learner act; null: there is none.
const run::EpisodeSummary* NewestNotProved(const run::Snapshot& snapshot) {
  const auto& all = *snapshot.episodes;
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    if ((*it)->decision.reason == eps::Reason::kNotProved) return it->get();
  return nullptr;
}

std::string RunNow(const run::Snapshot& snapshot) {
  const config::Settings& settings = SettingsOf(snapshot);
  const agent::Recipe* recipe = agent::FindRecipe(settings.run.agent);
  return "This run: " + TaskTitle(snapshot) + ", " + (recipe != nullptr ? recipe->title : settings.run.agent) +
         ", seed " + std::to_string(settings.run.seed) + ", episode " + std::to_string(snapshot.episode) + " of " +
         std::to_string(settings.run.episodes) + ".";
}

std::string StageNow(const run::Snapshot& snapshot) {
  const run::StageProgress* stage = WaitingFor(snapshot);
  if (stage == nullptr) return "Nothing is under way at this moment.";
  return Format("Now: %s, %d of %d.", TitlesOf(*stage, PartsOf(snapshot)).whole.c_str(), stage->done, stage->total);
}

std::string SceneNow(const run::Snapshot& snapshot) {
  if (snapshot.episodes->empty()) return "No episode has been acted yet; the body stands where each one starts.";
  const run::EpisodeSummary& last = *snapshot.episodes->back();
  const nets::PartList& parts = PartsOf(snapshot);
  if (last.decision.pick.random())
    return "The last episode was a random one, with a return of " + Brief(last.episode_return) + ".";
  return "In episode " + std::to_string(last.episode) + " " + eps::NameOf(parts, last.decision.pick) +
         " acted, with a return of " + Brief(last.episode_return) + ".";
}

std::string CheckNow(const run::Snapshot& snapshot) {
  const auto decision = ShownDecision(snapshot, std::nullopt);
  if (decision == nullptr || !decision->checked) return "The first check comes once the learners have been trained.";
  return "The newest says: " + eps::Sentence(*decision, PartsOf(snapshot));
}

std::string NotProvedNow(const run::Snapshot& snapshot) {
  const run::EpisodeSummary* record = NewestNotProved(snapshot);
  if (record == nullptr) return "In this run it has not happened yet that one disagreed.";
  return "In episode " + std::to_string(record->episode) + ": " + eps::Sentence(record->decision, PartsOf(snapshot));
}

std::string ReturnNow(const run::Snapshot& snapshot) {
  double best = NAN;
  for (const auto& record : *snapshot.episodes)
    if (std::isfinite(record->episode_return) && !(best >= record->episode_return)) best = record->episode_return;
  return std::isfinite(best) ? "The best return so far is " + Brief(best) + "." : "";
}

}  // namespace

std::vector<TourStop> TourStops(const PanelContext& context) {
  const run::Snapshot& snapshot = context.snapshot;
  const nets::PartList& parts = PartsOf(snapshot);
  const bool compares = Compares(snapshot);
  std::vector<TourStop> stops;
  const auto stop = [&](Page page, Area Arrangement::*area, std::string title, std::vector<std::string> sentences) {
    stops.push_back({page, area, std::move(title), std::move(sentences)});
  };
  stop(Page::kScene, &Arrangement::top_bar, "A run", {Sentence("Run"), RunNow(snapshot)});
  if (context.state.window.single_pane) {
    stop(Page::kControls, &Arrangement::phase_row, "From episode to episode",
         {Sentence("Episode"), StageNow(snapshot)});
  } else {
    stop(Page::kScene, &Arrangement::phase_row, "From episode to episode", {Sentence("Episode"), StageNow(snapshot)});
  }
  stop(Page::kScene, &Arrangement::scene, "The body",
       {Sentence("Scene"), SceneNow(snapshot), "Drag to look around it; below it lie the rewards, step by step."});
  if (parts.HasModel() && !parts.OneBelief())
    stop(compares ? Page::kCheck : Page::kModel, compares ? &Arrangement::check : &Arrangement::model,
         "A " + parts.Belief(),
         {Sentence(parts.Belief() == "mask" ? "Mask" : "Member"),
          compares ? "Each dot is one: a click shows in the scene what it believes." : ""});
  if (compares) {
    stop(Page::kCheck, &Arrangement::check, "Who may act", {Sentence("The check"), CheckNow(snapshot)});
    stop(Page::kCheck, &Arrangement::check, "Not proved", {Sentence("Not proved"), NotProvedNow(snapshot)});
  }
  stop(Page::kCurves, &Arrangement::curves, "How it goes",
       {"Every mark is one episode, in the colour and shape of who acted.", ReturnNow(snapshot),
        "The wheel zooms, a click chooses an episode, and every card follows it."});
  if (parts.HasModel())
    stop(Page::kModel, &Arrangement::model, "Is the model right?",
         {Sentence("Model against reality"), Sentence("Coverage")});
  stop(Page::kControls, &Arrangement::settings, "What can be changed",
       {Sentence("Setting"), "Every change is recorded and stands as a flag on all curves."});
  stop(Page::kExperiments, &Arrangement::experiments, "Break something",
       {Sentence("Experiment"), Sentence("Roll back")});
  stop(Page::kLog, &Arrangement::log, "What happened",
       {Sentence("Log"), Sentence("Health") + " It stands in the last line."});
  stop(Page::kScene, &Arrangement::top_bar, "And on",
       {std::string("Rest the mouse on anything and it is explained; ") + KeyCapOf(KeyAction::kExplain) +
            " explains at once, " + KeyCapOf(KeyAction::kKeys) + " has all keys, the mouse and the words.",
        std::string("Space pauses, ") + KeyCapOf(KeyAction::kTakeAway) + " takes pictures and data away, " +
            KeyCapOf(KeyAction::kRuns) + " opens other runs."});
  return stops;
}

namespace {

constexpr ImGuiWindowFlags kBare = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoFocusOnAppearing;

// Everything but `lit` a little darker, and a frame around it. It takes no click.
void DrawLight(const Area& lit) {
  const ImVec2 all = ImGui::GetIO().DisplaySize, a{lit.x, lit.y}, b{lit.x + lit.w, lit.y + lit.h};
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(all);
  ImGui::Begin("##tour.light", nullptr, kBare | ImGuiWindowFlags_NoInputs);
  const ImU32 shade = Rgb(0x05070A, Colors().light ? 70 : 130);
  Rect({0, 0}, {all.x, a.y}, shade);
  Rect({0, b.y}, all, shade);
  Rect({0, a.y}, {a.x, b.y}, shade);
  Rect({b.x, a.y}, {all.x, b.y}, shade);
  ui::Frame(a, b, Colors().accent, Px(6), Px(2));
  ImGui::End();
}

// Beside what it speaks of, where there is room; else over its lower part.
ImVec2 PlaceOf(const Area& lit, ImVec2 size) {
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const float gap = Px(12);
  const float x = std::clamp(lit.x + 0.5f * (lit.w - size.x), gap, std::max(gap, all.x - size.x - gap));
  const float y = std::clamp(lit.y + 0.5f * (lit.h - size.y), gap, std::max(gap, all.y - size.y - gap));
  if (lit.x + lit.w + gap + size.x + gap <= all.x) return {lit.x + lit.w + gap, y};
  if (lit.x - gap - size.x >= gap) return {lit.x - gap - size.x, y};
  if (lit.y + lit.h + gap + size.y + gap <= all.y) return {x, lit.y + lit.h + gap};
  if (lit.y - gap - size.y >= gap) return {x, lit.y - gap - size.y};
  return {x, std::max(gap, all.y - size.y - gap)};
}

}  // namespace

void DrawTour(PanelContext& context, const Arrangement& arrangement) {
  UiState& state = context.state;
  std::optional<int>& tour = state.sheet.tour;
  if (!tour || state.sheet.any()) return;
  const std::vector<TourStop> stops = TourStops(context);
  if (*tour >= static_cast<int>(stops.size())) {
    tour.reset();
    return;
  }
  const TourStop& stop = stops[static_cast<size_t>(*tour)];
  state.view.large.reset();
  const Area& lit = arrangement.*(stop.area);
  if (lit.h <= 0) {  // behind a tab: seen in the next frame
    state.view.pages.first = state.view.pages.second = stop.page;
    state.clock.WakeIn(0);
    return;
  }
  DrawLight(lit);
  const Fonts& f = GetFonts();
  const float width = std::min(Px(380), ImGui::GetIO().DisplaySize.x - Px(24)), pad = Px(16),
              line = FontSize(f.body) + Px(4);
  std::vector<std::string> lines;
  for (const std::string& sentence : stop.sentences) {
    if (sentence.empty()) continue;
    for (std::string& each : Wrap(f.body, sentence, width - 2 * pad, 8)) lines.push_back(std::move(each));
    lines.emplace_back();  // a gap of half a line
  }
  float height = Px(48) + Px(50);
  for (const std::string& each : lines) height += each.empty() ? 0.5f * line : line;
  const ImVec2 a = PlaceOf(lit, {width, height}), b{a.x + width, a.y + height};
  ImGui::SetNextWindowPos(a);
  ImGui::SetNextWindowSize({width, height});
  ImGui::Begin("##tour", nullptr, kBare);
  Rect(a, b, Colors().raised, Px(8));
  ui::Frame(a, b, Colors().accent, Px(8));
  Explain(a, b, "", "",
          "The tour: the arrows lead on and back, Esc ends it; the run goes on and nothing of it is touched.");
  const std::string count = Format("%d of %d", *tour + 1, static_cast<int>(stops.size()));
  TraceWidget("tour.stop." + std::to_string(*tour + 1), a, b);
  TextMiddle(f.strong, {a.x + pad, a.y + Px(24)}, Colors().text, stop.title);
  TextMiddle(f.small, {b.x - pad - TextWidth(f.small, count), a.y + Px(24)}, Colors().secondary, count);
  float y = a.y + Px(46);
  for (const std::string& each : lines) {
    if (!each.empty()) Text(f.body, {a.x + pad, y}, Colors().text, each);
    y += each.empty() ? 0.5f * line : line;
  }
  const float bottom = b.y - pad - Px(28);
  const bool last = *tour + 1 == static_cast<int>(stops.size());
  ButtonStyle on;
  on.primary = true;
  on.font = f.small;
  on.key = KeyCapOf(KeyAction::kForward);
  if (Button("tour.next", {b.x - pad - Px(110), bottom}, {Px(110), Px(28)}, last ? "Done" : "Next", on)) ++*tour;
  ButtonStyle back;
  back.enabled = *tour > 0;
  back.key = KeyCapOf(KeyAction::kBack);
  if (Button("tour.back", {b.x - pad - Px(206), bottom}, {Px(88), Px(28)}, "Back", back)) --*tour;
  ButtonStyle end;
  end.key = KeyCapOf(KeyAction::kEscape);
  if (Button("tour.end", {a.x + pad, bottom}, {Px(84), Px(28)}, "End", end)) tour.reset();
  ImGui::End();
}

}  // namespace equipoise::ui
