#include "ui/panels/top_bar.h"

#include <algorithm>
#include <functional>
#include <string>

#include "engine/agent/recipes.h"
#include "ui/kit/explain.h"
#include "ui/kit/keys.h"
#include "ui/kit/picture.h"
#include "ui/kit/widgets.h"
#include "ui/panels/work_pills.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

// Two weights of equal size on one beam.
float DrawMark(ImVec2 left_middle) {
  const Palette& c = Colors();
  const float x = left_middle.x, y = left_middle.y;
  DrawList()->AddCircleFilled({x + Px(5), y - Px(2)}, Px(5), ActorColor({1}), 24);
  Rect({x + Px(17), y - Px(7)}, {x + Px(27), y + Px(3)}, ActorColor({0}), Px(1.5f));
  Line({x - Px(1), y + Px(6)}, {x + Px(28), y + Px(6)}, c.text, Px(2));
  return Px(28);
}

float DrawState(ImVec2 left_middle, const run::Snapshot& snapshot) {
  const Palette& c = Colors();
  const char* text = "Starting";
  ImU32 color = c.secondary;
  switch (snapshot.state) {
    case run::RunState::kStarting:
      break;
    case run::RunState::kRunning:
      text = IsActive(snapshot, run::kActStage) ? "Acting" : "Training";
      color = c.good;
      break;
    case run::RunState::kPaused:
      text = "Paused";
      color = c.text;
      break;
    case run::RunState::kFinished:
      text = "Finished";
      color = c.good;
      break;
    case run::RunState::kStopped:
      text = "Stopped";
      if (!snapshot.stopped_reason.empty()) color = c.bad;  // else somebody asked for it
      break;
  }
  const float width = Pill(left_middle, color, WithAlpha(color, c.light ? 0.13f : 0.17f), "", text);
  Explain({left_middle.x, left_middle.y - Px(12)}, {left_middle.x + width, left_middle.y + Px(12)}, "State of the run",
          std::string("Now: ") + text + ".");
  return width;
}

float DrawSteered(ImVec2 left_middle, const run::Snapshot& snapshot, bool compact) {
  const int count = Interventions(snapshot);
  std::string text = "Steered";
  if (!compact && count > 0) text += Format(", %d intervention%s", count, count == 1 ? "" : "s");
  const float width = Pill(left_middle, Colors().note, Colors().note_fill, icon::kHand, text);
  Frame({left_middle.x, left_middle.y - Px(12)}, {left_middle.x + width, left_middle.y + Px(12)},
        WithAlpha(Colors().note, 0.55f), Px(12));
  Explain({left_middle.x, left_middle.y - Px(12)}, {left_middle.x + width, left_middle.y + Px(12)}, "Steered",
          Format("In this run: %d intervention%s.", count, count == 1 ? "" : "s"));
  return width;
}

std::string DeviceOf(const run::Snapshot& snapshot) {
  const std::string text = snapshot.info != nullptr ? snapshot.info->device_text : "";
  return text == "cpu" ? "CPU" : text;  // a run folder has the setting alone
}

struct Fact {
  const char* name;
  std::string value;
  int rank;  // those of higher rank are left out first when there is no room
  std::string whole = {};
};

std::vector<Fact> FactsOf(const run::Snapshot& snapshot, bool compact) {
  const config::Settings& settings = SettingsOf(snapshot);
  const agent::Recipe* recipe = agent::FindRecipe(settings.run.agent);
  std::string task = TaskTitle(snapshot);
  const int horizon = snapshot.info != nullptr ? snapshot.info->horizon : 0;
  if (!compact && horizon > 0) task += Format(" \xc2\xb7 T = %d", horizon);
  return {
      {"Run", RunName(snapshot), 2},
      {"Task", task, 0},
      {"Agent", recipe != nullptr ? recipe->title : settings.run.agent, 3},
      {"Preset", settings.run.preset, 1},
      {"Episode", Format("%d / %d", snapshot.episode, settings.run.episodes), 0},
      {"Env steps", Grouped(snapshot.environment_steps), 4},
      {"Seed", std::to_string(settings.run.seed), 5},
      {"Device", DeviceOf(snapshot), 7},
      {"Wall time", Clock(snapshot.wall_seconds), 6},
  };
}

float WidthOf(const Fact& fact) {
  return std::max(TextWidth(GetFonts().small, fact.name), TextWidth(GetFonts().mono, fact.value));
}

void DrawFacts(float left, float right, float middle, std::vector<Fact> facts, bool compact) {
  const float space = Px(compact ? 16 : 22);
  const auto total = [&] {
    float sum = 0;
    for (const Fact& fact : facts) sum += WidthOf(fact) + space;
    return sum;
  };
  for (Fact& fact : facts) fact.whole = fact.value;
  for (Fact& fact : facts) fact.value = Elide(GetFonts().mono, fact.value, Px(180));
  while (!facts.empty() && total() > right - left) {
    facts.erase(
        std::max_element(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.rank < b.rank; }));
  }
  float x = left;
  for (const Fact& fact : facts) {
    Text(GetFonts().small, {x, middle - Px(17)}, Colors().secondary, fact.name);
    Text(GetFonts().mono, {x, middle}, Colors().text, fact.value);
    Explain({x - Px(4), middle - Px(18)}, {x + WidthOf(fact) + Px(4), middle + Px(17)}, fact.name,
            std::string(fact.name) + ": " + fact.whole + ".");
    x += WidthOf(fact) + space;
  }
}

// Buttons from the right edge; returns where they begin.
float DrawButtons(float right, float middle, UiState& state, bool compact) {
  struct Item {
    const char *id, *icon, *label, *key;
    std::function<void()> act;
  };
  const Item items[] = {
      {"top.evidence", icon::kArchive, "Evidence", KeyCapOf(KeyAction::kEvidence),
       [&] { state.requests.Post(TakeEvidence{}); }},
      {"top.picture", icon::kCamera, "Picture", KeyCapOf(KeyAction::kScreenshot),
       [&] { state.requests.Post(TakeScreenshot{}); }},
      {"top.take_away", icon::kDownload, "Export", KeyCapOf(KeyAction::kTakeAway),
       [&] { state.sheet.Open(Sheet::kTakeAway); }},
      {"top.runs", icon::kFolder, "Runs", KeyCapOf(KeyAction::kRuns), [&] { state.sheet.Open(Sheet::kRuns); }},
  };
  float x = right;
  for (const Item& item : items) {
    const std::string label = compact ? item.icon : std::string(item.icon) + "  " + item.label;
    const float key_width = compact ? 0 : TextWidth(GetFonts().mono_small, item.key) + Px(16);
    const float width = TextWidth(GetFonts().small, label) + key_width + Px(compact ? 18 : 20);
    x -= width;
    ButtonStyle style;
    style.key = compact ? nullptr : item.key;
    style.tooltip = compact ? item.label : nullptr;
    if (Button(item.id, {x, middle - Px(14)}, {width, Px(28)}, label, style)) item.act();
    x -= Px(6);
  }
  return x;
}

}  // namespace

void DrawTopBar(PanelContext& context, ImVec2 size) {
  const Palette& c = Colors();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + size.y * 0.5f;
  const bool compact = context.state.window.compact;
  Rect(at, {at.x + size.x, at.y + size.y}, c.card);
  Line({at.x, at.y + size.y - 0.5f}, {at.x + size.x, at.y + size.y - 0.5f}, WithAlpha(c.line, 0.6f));
  float x = at.x + Px(16);
  x += DrawMark({x, middle}) + Px(11);
  x += TextMiddle(GetFonts().title, {x, middle}, c.text, "Equipoise") + Px(16);
  x += DrawState({x, middle}, context.snapshot) + Px(6);
  if (context.snapshot.steered) x += DrawSteered({x, middle}, context.snapshot, compact) + Px(6);
  x += DrawWorkPills(context, {x, middle}, 0.34f * size.x);
  float right = at.x + size.x - Px(16);
  if (!DrawingPicture()) right = DrawButtons(at.x + size.x - Px(12), middle, context.state, compact);
  DrawFacts(x + Px(10), right, middle, FactsOf(context.snapshot, compact), compact);
}

}  // namespace equipoise::ui
