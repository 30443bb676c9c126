#include "ui/workspace/context_menu.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/workspace/explanation.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

constexpr const char* kPopup = "##context";
constexpr float kStill = 4;  // pixels at scale 1 that a click may move

struct Menu {                        // of the window
  std::string value, episode_words;  // to be copied; "": there is none
  std::optional<int> episode;
  std::optional<Page> page;
  std::string run;    // the folder of a row in the table of runs; "": none
  double opens = -1;  // when it does; below 0: nothing waits
};

bool Inside(ImVec2 p, const Area& area) {
  return area.h > 0 && p.x >= area.x && p.x < area.x + area.w && p.y >= area.y && p.y < area.y + area.h;
}

std::optional<Page> PageAt(const Arrangement& a, ImVec2 mouse) {
  const std::pair<Page, const Area*> cards[] = {{Page::kScene, &a.scene},
                                                {Page::kCheck, &a.check},
                                                {Page::kCurves, &a.curves},
                                                {Page::kModel, &a.model},
                                                {Page::kLog, &a.log}};
  for (const auto& [page, area] : cards)
    if (Inside(mouse, *area)) return page;
  return std::nullopt;
}

std::optional<ShotOf> ShotOfPage(std::optional<Page> page) {
  if (page == Page::kScene) return ShotOf::kScene;
  if (page == Page::kCheck) return ShotOf::kCheck;
  if (page == Page::kCurves) return ShotOf::kCurves;
  if (page == Page::kModel) return ShotOf::kModel;
  return std::nullopt;
}

// "episode 12: return 56.68, SAC": what a row of the log or a mark of a chart stands for.
std::string EpisodeWords(const run::Snapshot& snapshot, int episode) {
  const run::EpisodeSummary* record = FindEpisode(snapshot, episode);
  if (record == nullptr) return "episode " + std::to_string(episode);
  return "episode " + std::to_string(episode) + ": return " + config::ToText(config::Value(record->episode_return));
}

// The present value of what explains itself, or the words themselves; "": neither says a number.
std::string ValueAt(ImVec2 mouse) {
  const auto has_digit = [](const std::string& text) { return text.find_first_of("0123456789") != std::string::npos; };
  const Meaning *meaning = MeaningUnder(mouse), *words = WordsUnder(mouse);
  if (meaning != nullptr && has_digit(meaning->now)) return meaning->now;
  return words != nullptr ? words->term : "";
}

void Take(PanelContext& context, const Arrangement& arrangement, Menu* menu) {
  UiState& state = context.state;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  *menu = {};
  if (!state.sheet.any()) {
    menu->episode = state.selection.next_hovered ? state.selection.next_hovered : state.selection.hovered;
    menu->page = PageAt(arrangement, mouse);
  }
  menu->run = state.sheet.Shows(Sheet::kRuns) ? state.memory.OfWindow<PointedRun>().folder : "";
  menu->value = !menu->run.empty() ? menu->run : ValueAt(mouse);
  if (menu->episode) menu->episode_words = EpisodeWords(context.snapshot, *menu->episode);
  const bool waits = menu->page == Page::kScene;
  menu->opens = state.clock.now + (waits ? ImGui::GetIO().MouseDoubleClickTime : 0.0);
}

struct Entry {
  std::string id, label;
};

std::vector<Entry> EntriesOf(const PanelContext& context, const Menu& menu) {
  std::vector<Entry> lines;
  const UiState& state = context.state;
  const auto add = [&](const char* id, std::string label) { lines.push_back({id, std::move(label)}); };
  if (menu.episode) add("copy.episode", "Copy: " + Elide(GetFonts().small, menu.episode_words, Px(300)));
  if (!menu.value.empty()) add("copy", "Copy: " + Elide(GetFonts().small, menu.value, Px(300)));
  if (!menu.run.empty()) {
    add("look", "Look at it");
    add("folder", "Open its folder");
  }
  if (menu.episode && *menu.episode > 0) {
    const std::string number = std::to_string(*menu.episode);
    if (state.selection.episode != menu.episode) add("go", "Go to episode " + number);
    if (context.snapshot.info != nullptr && !context.snapshot.info->directory.empty())
      add("fork", "Fork from episode " + number + " with other settings");
  }
  if (ShotOfPage(menu.page)) {
    add("picture", "Export this card as a picture");
    if (menu.page != Page::kScene) add("plots", "Export its plots, SVG");
    add("data", "Export its data, CSV");
  }
  if (menu.page && !state.window.single_pane)
    add("large", state.view.large == menu.page ? "Back to its place" : "This card in place of the others");
  add("export", std::string("Export, all choices  ") + KeyCapOf(KeyAction::kTakeAway));
  return lines;
}

void Act(PanelContext& context, const Menu& menu, const std::string& id) {
  UiState& state = context.state;
  const auto take_away = [&](TakeAwayRequest::What what) {
    TakeAwayRequest request;
    request.what = what;
    request.part = *ShotOfPage(menu.page);
    state.requests.Post(request);
  };
  if (id == "copy" || id == "copy.episode") {
    const std::string& text = id == "copy" ? menu.value : menu.episode_words;
    ImGui::SetClipboardText(text.c_str());
    Toast(state, "Copied: " + text);
  } else if (id == "look") {
    state.requests.Post(RunRequest{RunRequest::Kind::kLook, menu.run, {}, 0, "", false});
  } else if (id == "folder") {
    state.requests.Post(OpenFolder{menu.run});
  } else if (id == "go") {
    state.selection.episode = menu.episode;
  } else if (id == "fork") {
    state.sheet.AskToFork(*menu.episode);
  } else if (id == "picture") {
    take_away(TakeAwayRequest::What::kPicture);
  } else if (id == "plots") {
    take_away(TakeAwayRequest::What::kPlots);
  } else if (id == "data") {
    take_away(TakeAwayRequest::What::kVisibleData);
  } else if (id == "large") {
    state.view.large = state.view.large == menu.page ? std::nullopt : menu.page;
  } else if (id == "export") {
    state.sheet.Open(Sheet::kTakeAway);
  }
}

}  // namespace

void DrawContextMenu(PanelContext& context, const Arrangement& arrangement) {
  UiState& state = context.state;
  Menu& menu = state.memory.OfWindow<Menu>();
  const ImGuiIO& io = ImGui::GetIO();
  const float still = Px(kStill) * Px(kStill);
  if (ImGui::IsMouseClicked(1)) menu.opens = -1;  // a second click, or one elsewhere
  const bool clicked = ImGui::IsMouseReleased(1) && io.MouseDragMaxDistanceSqr[1] < still && !io.KeyCtrl;
  const bool twice = io.MouseClickedLastCount[1] > 1;
  if (clicked && !twice) Take(context, arrangement, &menu);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({1, 1});
  ImGui::Begin("##context.menus", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing);
  if (menu.opens >= 0 && state.clock.now >= menu.opens) {
    menu.opens = -1;
    ImGui::OpenPopup(kPopup);
    state.clock.WakeIn(0);
  } else if (menu.opens >= 0) {
    state.clock.WakeIn(menu.opens - state.clock.now);
  }
  const std::vector<Entry> lines = EntriesOf(context, menu);
  std::vector<std::string> labels;
  for (const Entry& line : lines) labels.push_back(line.label);
  const int chosen = ChoiceList(kPopup, labels, -1);
  if (chosen >= 0) Act(context, menu, lines[static_cast<size_t>(chosen)].id);
  ImGui::End();
}

}  // namespace equipoise::ui
