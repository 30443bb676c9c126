// new_run_sheet.cc: a new run: what is to be learnt, by whom, from which seed, into which folder.
#include <algorithm>
#include <string>
#include <vector>

#include "ui/facts.h"
#include "ui/focus.h"
#include "ui/layout.h"
#include "ui/setting_row.h"
#include "ui/sheets.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

int IndexOf(const std::vector<std::string>& items, const std::string& item) {
  return static_cast<int>(std::find(items.begin(), items.end(), item) - items.begin());
}

// A label and one of several; true when another one was chosen.
bool Choose(const char* id, const char* label, ImVec2 at, float width, const std::vector<std::string>& items,
            std::string* chosen, const std::vector<std::string>& shown = {}) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, label);
  const float room = width - Px(96);
  const int clicked =
      Segments(id, {at.x + Px(96), at.y}, {room, Px(26)}, shown.empty() ? items : shown, IndexOf(items, *chosen));
  if (clicked < 0 || items[static_cast<size_t>(clicked)] == *chosen) return false;
  *chosen = items[static_cast<size_t>(clicked)];
  return true;
}

void TypeInto(const char* id, const char* label, ImVec2 at, float width, const std::string& shown,
              const std::string& unit, std::string* text) {
  TextMiddle(GetFonts().small, {at.x, at.y + Px(13)}, Colors().secondary, label);
  FieldStyle style;
  style.unit = unit;
  if (const auto typed = ValueField(id, {at.x + Px(96), at.y}, {width - Px(96), Px(26)}, shown, style)) *text = *typed;
}

const char* Meaning(const std::string& agent) {
  if (agent == "sac") return "The model-free learner alone.";
  if (agent == "mbrl") return "The model-based learner alone: model, and a policy trained inside it.";
  return "Both learners share one buffer; before every episode the check decides who acts.";
}

}  // namespace

void DrawNewRunSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.show_new_run) return;
  NewRunDraft& draft = state.new_run;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  BeginSheet("##newrun", {std::min(Px(620), all.x - Px(40)), Px(352)}, icon::kPlay, "New run", &state.show_new_run);
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, step = Px(36);
  const std::vector<std::string> tasks = config::FindSpec("run.task")->choices;
  if (Choose("new.task", "Task", at, width, tasks, &draft.task)) draft.folder.clear();
  at.y += step;
  const std::vector<std::string> presets = PresetsOf(draft.task);
  if (!presets.empty() && IndexOf(presets, draft.preset) == static_cast<int>(presets.size())) draft.preset = presets[0];
  if (!presets.empty() && Choose("new.preset", "Preset", at, std::min(width, Px(330)), presets, &draft.preset))
    draft.folder.clear();
  TextMiddle(
      GetFonts().small, {at.x + Px(346), at.y + Px(13)}, Colors().faint,
      draft.preset == "paper" ? "the paper's sizes: minutes an episode" : "smaller networks: seconds an episode");
  at.y += step;
  if (Choose("new.agent", "Agent", at, width, {"unified", "sac", "mbrl"}, &draft.agent,
             {"Unified RL", "SAC alone", "Model-based alone"}))
    draft.folder.clear();
  at.y += Px(29);
  Text(GetFonts().small, {at.x + Px(96), at.y}, Colors().faint, Meaning(draft.agent));
  at.y += Px(24);

  const Result<RunRequest> request = Resolve(draft);
  const float half = (width - Px(16)) * 0.5f;
  TypeInto("new.seed", "Seed", at, half, draft.seed, "", &draft.seed);
  const std::string usual = request ? std::to_string(request.value().settings.run.episodes) : "";
  TypeInto("new.episodes", "Episodes", {at.x + half + Px(16), at.y}, half,
           draft.episodes.empty() ? usual : draft.episodes, "", &draft.episodes);
  at.y += step;
  const std::string folder = !draft.folder.empty() ? draft.folder : request ? request.value().folder : "";
  TypeInto("new.folder", "Folder", at, width, folder, "", &draft.folder);
  at.y += step;

  if (!request) {
    for (const std::string& line : Wrap(GetFonts().small, request.error().message, width - Px(96), 2)) {
      Text(GetFonts().small, {at.x + Px(96), at.y}, Colors().bad, line);
      at.y += Px(17);
    }
  } else {
    const bool running =
        context.snapshot.state == run::RunState::kRunning || context.snapshot.state == run::RunState::kPaused;
    const std::string leaves = (running && !state.watching) || state.elsewhere
                                   ? "You are asked first whether the training that goes on shall end for it."
                                   : "Everything is written there and can be continued at any time.";
    Text(GetFonts().small, {at.x + Px(96), at.y}, Colors().faint, leaves);
  }
  const float bottom = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(12) - Px(34);
  ButtonStyle style;
  style.primary = style.enabled = request.ok();
  bool start = Button("new.start", {at.x + width - Px(150), bottom}, {Px(150), Px(34)}, "Start", style);
  ButtonStyle quiet;
  quiet.enabled = request.ok();
  const bool paused =
      Button("new.paused", {at.x + width - Px(150) - Px(138), bottom}, {Px(130), Px(34)}, "Start paused", quiet);
  if ((start || paused) && request) {
    state.run_wanted = request.value();
    state.run_wanted->paused = paused;
  }
  EndSheet();
}

}  // namespace equipoise::ui
