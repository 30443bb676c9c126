// new_run_sheet.cc: a new run: what is to be learnt, by whom, from which seed, into which folder.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/agent/recipes.h"
#include "engine/config/task_name.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/workspace/new_run_settings.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

int IndexOf(const std::vector<std::string>& items, const std::string& item) {
  return static_cast<int>(std::find(items.begin(), items.end(), item) - items.begin());
}

// A label and one of several; true when another one was chosen.
bool Choose(const char* id, const char* label, ImVec2 at, float width, const std::vector<std::string>& items,
            std::string* chosen) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, label);
  Explain(at, {at.x + width, at.y + Px(28)}, label, "Chosen: " + *chosen + ".");
  const float room = width - Px(96);
  std::vector<std::string> labels;
  for (const std::string& item : items) labels.push_back(config::TaskStem(item));  // of a task from a file, its name
  const int clicked = Segments(id, {at.x + Px(96), at.y}, {room, Px(26)}, labels, IndexOf(items, *chosen));
  if (clicked < 0 || items[static_cast<size_t>(clicked)] == *chosen) return false;
  *chosen = items[static_cast<size_t>(clicked)];
  return true;
}

void TypeInto(const char* id, const char* label, ImVec2 at, float width, const std::string& shown, bool wrong,
              std::string* text) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, label);
  Explain(at, {at.x + width, at.y + Px(28)}, label);
  FieldStyle style;
  style.wrong = wrong;
  if (const auto typed = ValueField(id, {at.x + Px(96), at.y}, {width - Px(96), Px(26)}, shown, style)) *text = *typed;
}

// As it is being typed: what is wrong is said at once, not only when the field is left.
NewRunDraft AsTyped(NewRunDraft draft) {
  const std::pair<const char*, std::string*> fields[] = {
      {"new.seed", &draft.seed}, {"new.episodes", &draft.episodes}, {"new.folder", &draft.folder}};
  for (const auto& [id, text] : fields)
    if (const auto typed = BeingTyped(id)) *text = *typed;
  return draft;
}

// Below a field: what is wrong with it.
void Problem(ImVec2 at, float width, const std::string& text) {
  if (!text.empty()) TextElided(GetFonts().small, at, Colors().bad, text, width);
}

// Below the folder: what is wrong with it and which one is free, or what will become of the run that is here.
void FolderLine(const PanelContext& context, const NewRun& made, ImVec2 at, float width, NewRunDraft* draft) {
  ImFont* font = GetFonts().small;
  const std::string problem = made.problems.folder + made.problems.other;
  if (!problem.empty()) {
    const std::string offer = "Take " + made.free_folder;
    const bool offers = !made.free_folder.empty();
    const float beside = TextWidth(font, problem) + Px(14);
    TextElided(font, at, Colors().bad, problem, offers ? std::min(width * 0.5f, beside) : width);
    if (!offers) return;
    const float left = at.x + std::min(width * 0.5f, beside);
    if (Link("new.free", {left, at.y}, Colors().text, Elide(font, offer, at.x + width - left)))
      draft->folder = made.free_folder;
    return;
  }
  const std::vector<RunTab>& open = context.state.window.runs;
  const bool beside =
      std::any_of(open.begin(), open.end(), [](const RunTab& tab) { return tab.kind == RunTab::Kind::kTrains; });
  TextElided(font, at, Colors().faint,
             beside ? "It trains beside what trains already, in a tab of its own; they share the cores."
                    : "Everything is written there and can be continued at any time.",
             width);
}

// The agents by their titles, in the order of their list: too many to stand side by side.
void ChooseAgent(ImVec2 at, float width, NewRunDraft* draft) {
  const std::vector<agent::Recipe>& recipes = agent::Recipes();
  const auto now = std::find_if(recipes.begin(), recipes.end(), [&](const auto& r) { return draft->agent == r.name; });
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, "Agent");
  const ImVec2 box{at.x + Px(96), at.y};
  const float room = width - Px(96);
  if (Button("new.agent", box, {room, Px(26)}, now != recipes.end() ? now->title : draft->agent))
    ImGui::OpenPopup("new.agents");
  TextMiddle(GetFonts().small, {box.x + room - Px(16), box.y + Px(13)}, Colors().secondary, icon::kCaretDown);
  std::vector<std::string> titles;
  for (const agent::Recipe& recipe : recipes) titles.emplace_back(recipe.title);
  ListStyle list;
  list.width = room - Px(26);
  list.about = [&recipes](int i) {
    const agent::Recipe& recipe = recipes[static_cast<size_t>(i)];
    return std::string(recipe.sentence) + "\n" + recipe.source;
  };
  ImGui::SetNextWindowPos({box.x, box.y + Px(29)});
  const int chosen = ChoiceList("new.agents", titles, static_cast<int>(now - recipes.begin()), list);
  if (chosen < 0 || recipes[static_cast<size_t>(chosen)].name == draft->agent) return;
  draft->agent = recipes[static_cast<size_t>(chosen)].name;
  draft->folder.clear();
}

// What is to be learnt, by whom, from which seed, into which folder.
void DrawRunPage(PanelContext& context, const std::vector<std::string>& presets, const NewRun& made, ImVec2 at,
                 float width, NewRunDraft* draft) {
  const float step = Px(36);
  std::vector<std::string> tasks = config::FindSpec("run.task")->choices;
  for (const std::string& task : {draft->task, SettingsOf(context.snapshot).run.task})  // from files
    if (IndexOf(tasks, task) == static_cast<int>(tasks.size())) tasks.push_back(task);
  if (Choose("new.task", "Task", at, width, tasks, &draft->task)) draft->folder.clear();
  at.y += step;
  if (!presets.empty() && Choose("new.preset", "Preset", at, std::min(width, Px(330)), presets, &draft->preset))
    draft->folder.clear();
  TextMiddleElided(
      GetFonts().small, {at.x + Px(346), at.y + Px(13)}, Colors().faint,
      draft->preset == "paper" ? "the paper's sizes: minutes an episode" : "smaller networks: seconds an episode",
      width - Px(346));
  at.y += step;
  ChooseAgent(at, width, draft);
  at.y += Px(29);
  if (const agent::Recipe* recipe = agent::FindRecipe(draft->agent))
    TextElided(GetFonts().small, {at.x + Px(96), at.y}, Colors().faint, recipe->sentence, width - Px(96));
  at.y += Px(24);

  const NewRun::Problems& problems = made.problems;
  const float half = (width - Px(16)) * 0.5f, right = at.x + half + Px(16);
  TypeInto("new.seed", "Seed", at, half, draft->seed, !problems.seed.empty(), &draft->seed);
  const std::string usual = problems.other.empty() ? std::to_string(made.request.settings.run.episodes) : "";
  TypeInto("new.episodes", "Episodes", {right, at.y}, half, draft->episodes.empty() ? usual : draft->episodes,
           !problems.episodes.empty(), &draft->episodes);
  at.y += Px(30);
  Problem({at.x + Px(96), at.y}, half - Px(96), problems.seed);
  Problem({right + Px(96), at.y}, half - Px(96), problems.episodes);
  at.y += Px(22);
  TypeInto("new.folder", "Folder", at, width, draft->folder.empty() ? made.request.folder : draft->folder,
           !problems.folder.empty(), &draft->folder);
  at.y += Px(32);
  FolderLine(context, made, {at.x + Px(96), at.y}, width - Px(96), draft);
}

}  // namespace

void DrawNewRunSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kNewRun)) return;
  NewRunSheetView& view = state.memory.OfRun<NewRunSheetView>();
  NewRunDraft& draft = view.draft;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const bool small = view.page == NewRunPage::kRun;
  const ImVec2 wanted = small
                            ? ImVec2{std::clamp(all.x - Px(40), Px(520), Px(620)), Px(416)}
                            : ImVec2{std::clamp(all.x - Px(40), Px(560), Px(1100)), std::max(all.y - Px(80), Px(340))};
  const SheetFrame frame = BeginSheet("##newrun", wanted, icon::kPlay, "New run");
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const std::string changed =
      draft.changes.empty() ? "" : Format(", %d changed", static_cast<int>(draft.changes.size()));
  const int page = Segments("new.page", top, {std::min(width, Px(420)), Px(26)},
                            {"Run", "All settings" + changed, "Presets compared"}, static_cast<int>(view.page));
  const std::vector<std::string> presets = PresetsOf(draft.task, draft.agent);
  if (!presets.empty() && IndexOf(presets, draft.preset) == static_cast<int>(presets.size())) draft.preset = presets[0];
  const NewRun made = Resolve(AsTyped(draft));
  const NewRun::Problems& problems = made.problems;
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(12) - Px(34);
  const ImVec2 at{top.x, top.y + Px(40)};
  ImGui::SetCursorScreenPos(at);
  switch (view.page) {
    case NewRunPage::kRun:
      DrawRunPage(context, presets, made, at, width, &draft);
      break;
    case NewRunPage::kSettings:
      DrawNewRunSettings(context, made, &view, {width, bottom - at.y - Px(10)});
      break;
    case NewRunPage::kPresets:
      DrawPresetsCompared(made, presets, &view, {width, bottom - at.y - Px(10)});
      break;
  }
  if (page >= 0) view.page = static_cast<NewRunPage>(page);

  const float buttons = top.x + width - Px(150) - Px(138);
  if (!small)
    TextMiddleElided(GetFonts().small, {top.x, bottom + Px(17)}, problems.any() ? Colors().bad : Colors().secondary,
                     problems.any()
                         ? problems.seed + problems.episodes + problems.folder + problems.other
                         : draft.agent + ", " + config::TaskStem(draft.task) + ", preset " + draft.preset + changed,
                     buttons - top.x - Px(12));
  ButtonStyle style;
  style.primary = style.enabled = !problems.any();
  const bool start = Button("new.start", {top.x + width - Px(150), bottom}, {Px(150), Px(34)}, "Start", style);
  ButtonStyle quiet;
  quiet.enabled = !problems.any();
  const bool paused = Button("new.paused", {buttons, bottom}, {Px(130), Px(34)}, "Start paused", quiet);
  if ((start || paused) && !problems.any()) {
    RunRequest request = made.request;
    request.paused = paused;
    state.requests.Post(std::move(request));
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
