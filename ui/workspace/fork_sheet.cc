// fork_sheet.cc: another run that is this one up to an episode: before which, with which settings, into which folder.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/section.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/curves/other_runs.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/has_words.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

// A whole number, or 0.
int NumberIn(const std::string& typed) {
  char* end = nullptr;
  const long number = std::strtol(typed.c_str(), &end, 10);
  return !typed.empty() && *end == '\0' && number > 0 && number <= 1000000 ? static_cast<int>(number) : 0;
}

// Label and field; what stands in it while it is being typed is in force already.
std::string TypeInto(const char* id, const char* label, ImVec2 at, float width, bool wrong, const std::string& usual,
                     std::string* text) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, label);
  FieldStyle style;
  style.wrong = wrong;
  const std::string& shown = text->empty() ? usual : *text;
  if (const auto typed = ValueField(id, {at.x + Px(108), at.y}, {width - Px(108), Px(26)}, shown, style))
    *text = *typed;
  const auto now = BeingTyped(id);
  return now ? *now : text->empty() ? usual : *text;
}

// The settings that the fork will have: those in force before its episode, with what was changed here.
config::Settings Wanted(const ForkSheetView& view) {
  config::Settings settings = view.in_force;
  for (const run::ChangeSetting& change : view.changes) (void)config::Set(settings, change.key, change.value).ok();
  return settings;
}

void FindInForce(const run::Snapshot& snapshot, int episode, ForkSheetView* view) {
  if (episode == view->in_force_before) return;
  view->in_force_before = episode;
  std::vector<run::Event> events;
  if (snapshot.events)
    for (const auto& event : *snapshot.events) events.push_back(*event);
  const config::Settings at_start = IdentityOf(snapshot).settings;
  const auto settings = run::SettingsBefore(at_start, events, episode);
  view->in_force = settings.ok() ? settings.value() : at_start;
}

// What cannot be, in plain words; "": all can.
std::string Problem(const run::Snapshot& snapshot, const ForkSheetView& view, const run::ForkRequest& request) {
  const int done =
      snapshot.episodes && !snapshot.episodes->empty() ? std::max(0, snapshot.episodes->back()->episode) : 0;
  if (request.episode < 1 || request.episode > done + 1)
    return "The episode is a whole number from 1 to " + std::to_string(done + 1) + ".";
  if (request.episodes < request.episode)
    return "It must have at least " + std::to_string(request.episode) + " episodes to have one of its own.";
  if (const Status valid = config::Validate(Wanted(view)); !valid) return valid.error().message;
  return FolderProblem(request.out);
}

// One setting as in the sheet of all of them, but that a change is for the fork.
void DrawRow(PanelContext& context, const config::Spec& spec, ImVec2 at, float width, float height,
             ForkSheetView* view) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float middle = at.y + height * 0.5f, field = at.x + Px(206), after = field + Px(146);
  TextMiddle(f.mono, {at.x, middle}, c.text, Elide(f.mono, spec.key, Px(198)));
  DrawSettingControl(context, spec, {field, middle - Px(11)}, {Px(136), Px(22)});
  const auto changed = std::find_if(view->changes.begin(), view->changes.end(),
                                    [&spec](const run::ChangeSetting& change) { return change.key == spec.key; });
  if (changed == view->changes.end()) {
    TextMiddleElided(f.small, {after, middle}, c.faint, spec.help, at.x + width - after);
    return;
  }
  const std::string was = "was " + config::ToText(config::Get(view->in_force, spec.key));
  const float said = TextMiddle(f.small, {after, middle}, c.note, was);
  if (Link(("fork.undo." + spec.key).c_str(), {after + said + Px(12), middle - FontSize(f.small) * 0.5f}, c.secondary,
           "undo"))
    view->changes.erase(changed);
}

void DrawSettings(PanelContext& context, ForkSheetView* view, float height) {
  run::Snapshot shown = context.snapshot;
  shown.settings = std::make_shared<const config::Settings>(Wanted(*view));
  shown.pending.clear();
  const std::function<void(run::Command)> take = [view](const run::Command& command) {
    const auto* change = std::get_if<run::ChangeSetting>(&command);
    if (change == nullptr) return;
    const auto same = [change](const run::ChangeSetting& c) { return c.key == change->key; };
    view->changes.erase(std::remove_if(view->changes.begin(), view->changes.end(), same), view->changes.end());
    if (!(config::Get(view->in_force, change->key) == change->value)) view->changes.push_back(*change);
  };
  PanelContext forked{shown, take, context.state};
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("settings", {0, height}, false, false);
  ImGui::PopStyleColor();
  const float width = ImGui::GetContentRegionAvail().x - Px(14), row = Px(28);
  int rows = 0;
  for (const config::Section* section : config::SectionsOf(*shown.settings))
    for (const config::Spec& spec : section->specs) {
      if (spec.when != config::When::kEpisode || spec.key == "run.episodes") continue;
      if (!HasWords(spec.key + " " + spec.help, view->search)) continue;
      const ImVec2 at = ImGui::GetCursorScreenPos();
      DrawRow(forked, spec, {at.x + Px(3), at.y}, width - Px(3), row, view);
      ImGui::SetCursorScreenPos({at.x, at.y + row});
      ++rows;
    }
  if (rows == 0) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    TextCentered(GetFonts().small, {at.x + width * 0.5f, at.y + Px(40)}, Colors().secondary,
                 "No setting that may change has that in its name or meaning.");
  }
  ImGui::Dummy({1, Px(8)});
  ImGui::EndChild();
}

}  // namespace

void DrawForkSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kFork)) return;
  const run::Snapshot& snapshot = context.snapshot;
  const std::string directory = snapshot.info != nullptr ? snapshot.info->directory : "";
  ForkSheetView& view = state.memory.OfRun<ForkSheetView>();
  if (const auto episode = state.sheet.TakeForksBefore()) {
    view = {};
    view.episode = std::to_string(*episode);
    view.folder = FreeBeside(directory + "-fork");
  }
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::clamp(all.x - Px(40), Px(520), Px(820)), std::clamp(all.y - Px(60), Px(380), Px(620))};
  const SheetFrame frame = BeginSheet("##fork", size, icon::kChart, "Fork: this run again, then with another setting");
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, half = (width - Px(16)) * 0.5f;

  run::ForkRequest request;
  request.from = directory;
  request.changes = view.changes;
  request.episode =
      NumberIn(TypeInto("fork.episode", "Before episode", at, half, NumberIn(view.episode) == 0, "", &view.episode));
  const std::string usual = std::to_string(SettingsOf(snapshot).run.episodes);
  request.episodes = NumberIn(
      TypeInto("fork.episodes", "Episodes in all", {at.x + half + Px(16), at.y}, half, false, usual, &view.episodes));
  at.y += Px(34);
  request.out = TypeInto("fork.folder", "Folder", at, width, false, "", &view.folder);
  at.y += Px(34);
  FindInForce(snapshot, std::max(request.episode, 1), &view);
  const std::string problem = Problem(snapshot, view, request);
  const std::string words =
      !problem.empty() ? problem
      : view.changes.empty()
          ? "Without a change it goes on as if nothing had been done by hand at that episode and later."
          : "It is this run again up to there, and trains beside it; this run goes on. Both are drawn in the curves.";
  TextElided(GetFonts().small, {at.x, at.y}, problem.empty() ? Colors().faint : Colors().bad, words, width);
  at.y += Px(26);
  TypeInto("fork.search", "Settings with", at, half, false, "", &view.search);
  at.y += Px(34);
  ImGui::SetCursorScreenPos(at);
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(12) - Px(34);
  DrawSettings(context, &view, bottom - Px(10) - at.y);
  ButtonStyle style;
  style.primary = style.enabled = problem.empty();
  if (Button("fork.start", {at.x + width - Px(170), bottom}, {Px(170), Px(34)}, "Start the fork", style) &&
      problem.empty()) {
    state.requests.Post(std::move(request));
    state.sheet.Close();
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
