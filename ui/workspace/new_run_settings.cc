#include "ui/workspace/new_run_settings.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/section.h"
#include "engine/env/task_settings.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/has_words.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

// These have fields of their own on the first page.
bool StandsElsewhere(const std::string& key) {
  constexpr const char* kKeys[] = {"run.task", "run.agent", "run.preset", "run.seed", "run.episodes"};
  return std::any_of(std::begin(kKeys), std::end(kKeys), [&key](const char* each) { return key == each; });
}

std::string RangeText(const config::Spec& spec) {
  using Type = config::Spec::Type;
  if (spec.type == Type::kBool) return "on, off";
  if (spec.type == Type::kChoice) return Format("%d choices", static_cast<int>(spec.choices.size()));
  if (spec.type == Type::kText) return "";
  return config::ToText(spec.lowest) + " \xe2\x80\x93 " + config::ToText(spec.highest);
}

struct Columns {
  float key, field, preset, range, help, right;
};

Columns ColumnsFor(float left, float width) {
  const bool narrow = width < Px(760);  // then the range is said when a row is pointed at
  Columns x{};
  x.key = left + Px(14);
  x.field = x.key + Px(206);
  x.preset = x.field + Px(150);
  x.range = x.preset + Px(110);
  x.help = x.range + (narrow ? 0 : Px(130));
  x.right = left + width;
  return x;
}

void Undo(NewRunDraft* draft, const std::string& key) {
  draft->changes.erase(std::remove_if(draft->changes.begin(), draft->changes.end(),
                                      [&key](const run::ChangeSetting& change) { return change.key == key; }),
                       draft->changes.end());
}

void DrawRow(PanelContext& context, const config::Settings& preset, const config::Spec& spec, ImVec2 at, float width,
             float height, NewRunDraft* draft) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const Columns x = ColumnsFor(at.x, width);
  const float middle = at.y + height * 0.5f;
  const bool changed = !(config::Get(preset, spec.key) == config::Get(SettingsOf(context.snapshot), spec.key));
  if (changed) DrawList()->AddCircleFilled({at.x + Px(6), middle}, Px(3), c.note);
  TextMiddle(f.mono, {x.key, middle}, changed ? c.text : c.secondary, Elide(f.mono, spec.key, Px(198)));
  DrawSettingControl(context, spec, {x.field, middle - Px(11)}, {Px(136), Px(22)}, /*starts=*/true);
  const std::string usual = SettingText(config::Get(preset, spec.key));
  TextMiddleElided(f.mono_small, {x.preset, middle}, changed ? c.secondary : c.faint, usual, Px(62));
  if (changed) {
    TraceWidget("new.changed." + spec.key, at, {x.right, at.y + height});
    if (Link(("new.undo." + spec.key).c_str(), {x.preset + Px(66), middle - FontSize(f.small) * 0.5f}, c.note, "undo"))
      Undo(draft, spec.key);
  }
  if (x.help > x.range)
    TextMiddleElided(f.mono_small, {x.range, middle}, c.faint, RangeText(spec), x.help - x.range - Px(8));
  TextMiddleElided(f.small, {x.help, middle}, c.secondary, spec.help, x.right - x.help);
  std::string about =
      SettingTooltip(context.snapshot, spec) + "\nPreset: " + usual + ". Default: " + SettingText(spec.fallback) + ".";
  if (!RangeText(spec).empty()) about += " Range: " + RangeText(spec) + ".";
  for (const std::string& choice : spec.choices) about += "\n" + choice;
  Explain(at, {x.right, at.y + height}, "", "", about);
}

}  // namespace

void DrawNewRunSettings(PanelContext& context, const NewRun& made, NewRunSheetView* view, ImVec2 size) {
  NewRunDraft* draft = &view->draft;
  const ImVec2 top = ImGui::GetCursorScreenPos();
  TextMiddle(GetFonts().small, {top.x, top.y + Px(13)}, Colors().secondary, "With");
  Explain(top, {top.x + Px(290), top.y + Px(26)}, "", "", "Only settings with this in their name or meaning.");
  if (const auto typed = ValueField("new.search", {top.x + Px(50), top.y}, {Px(240), Px(26)}, view->search))
    view->search = *typed;
  if (const auto typing = BeingTyped("new.search")) view->search = *typing;
  const std::string changed = Format("changed (%d)", static_cast<int>(draft->changes.size()));
  const int filter =
      Segments("new.filter", {top.x + Px(306), top.y}, {Px(190), Px(26)}, {"all", changed}, view->changed_only ? 1 : 0);
  if (filter >= 0) view->changed_only = filter == 1;
  const float row = Px(28);
  const Columns heads = ColumnsFor(top.x, size.x - Px(14));
  ImFont* font = GetFonts().small;
  const float y = top.y + Px(36);
  Text(font, {heads.key, y}, Colors().secondary, "Setting");
  Text(font, {heads.field, y}, Colors().secondary, "Value");
  Text(font, {heads.preset, y}, Colors().secondary, "Preset");
  if (heads.help > heads.range) Text(font, {heads.range, y}, Colors().secondary, "Range");
  Text(font, {heads.help, y}, Colors().secondary, "What it does");

  run::Snapshot shown = context.snapshot;
  shown.settings = std::make_shared<const config::Settings>(made.request.settings);
  shown.pending.clear();
  const std::function<void(run::Command)> take = [&](const run::Command& command) {
    const auto* change = std::get_if<run::ChangeSetting>(&command);
    if (change == nullptr) return;
    Undo(draft, change->key);
    if (!(config::Get(made.preset, change->key) == change->value)) draft->changes.push_back(*change);
  };
  PanelContext begun{shown, take, context.state};
  ImGui::SetCursorScreenPos({top.x, y + Px(20)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("settings", {size.x, size.y - Px(56)}, false, false);
  ImGui::PopStyleColor();
  const float width = ImGui::GetContentRegionAvail().x - Px(14);
  int rows = 0;
  for (const config::Section* section : config::SectionsOf(made.preset)) {
    bool first = true;
    for (const config::Spec& spec : section->specs) {
      const std::string& word = view->search;
      if (StandsElsewhere(spec.key)) continue;
      if (!HasWords(spec.key + " " + spec.help + " " + SettingWords(spec.key), word)) continue;
      if (view->changed_only && config::Get(made.preset, spec.key) == config::Get(*shown.settings, spec.key)) continue;
      ImVec2 at = ImGui::GetCursorScreenPos();
      if (first) {
        Text(GetFonts().strong, {at.x, at.y + Px(8)}, Colors().text, eps::Capitalised(section->title));
        at.y += Px(30);
      }
      first = false;
      DrawRow(begun, made.preset, spec, at, width, row, draft);
      ImGui::SetCursorScreenPos({at.x, at.y + row});
      ++rows;
    }
  }
  if (rows == 0) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    TextCentered(
        font, {at.x + width * 0.5f, at.y + Px(40)}, Colors().secondary,
        view->changed_only ? "Nothing of the preset is changed." : "No setting has that in its name or meaning.");
  }
  ImGui::Dummy({1, Px(8)});
  ImGui::EndChild();
}

namespace {

std::vector<std::string> AllBut(const std::vector<std::string>& all, const std::string& one) {
  std::vector<std::string> rest = all;
  rest.erase(std::remove(rest.begin(), rest.end(), one), rest.end());
  return rest;
}

// One of several; the index of `chosen`, if it is none of them of the first.
void ChoosePreset(const char* id, ImVec2 at, float width, const std::vector<std::string>& all, std::string* chosen) {
  const auto found = std::find(all.begin(), all.end(), *chosen);
  if (found == all.end()) *chosen = all.front();
  const auto now = static_cast<int>(std::find(all.begin(), all.end(), *chosen) - all.begin());
  const int clicked = Segments(id, at, {width, Px(26)}, all, now);
  if (clicked >= 0) *chosen = all[static_cast<size_t>(clicked)];
}

}  // namespace

void DrawPresetsCompared(const NewRun& made, const std::vector<std::string>& presets, NewRunSheetView* view,
                         ImVec2 size) {
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  if (presets.size() < 2) {
    TextCentered(f.small, {top.x + size.x * 0.5f, top.y + Px(60)}, c.secondary,
                 "This task has a single preset: there is nothing to compare it with.");
    return;
  }
  const float column = Px(170), left = top.x + Px(216), right = left + column + Px(10), help = right + column + Px(20);
  ChoosePreset("new.left", {left, top.y}, column, presets, &view->left);
  ChoosePreset("new.right", {right, top.y}, column, AllBut(presets, view->left), &view->right);
  const NewRunDraft& draft = view->draft;
  const auto load = [&](const std::string& preset) {
    return env::LoadSettings(draft.task, preset, {{"run.task", draft.task}, {"run.agent", draft.agent}});
  };
  const Result<config::Settings> a = load(view->left), b = load(view->right);
  if (!a || !b) {
    TextElided(f.small, {top.x, top.y + Px(40)}, c.bad, (!a ? a : b).error().message, size.x);
    return;
  }
  ImGui::SetCursorScreenPos({top.x, top.y + Px(36)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, c.card);
  BeginChild("presets", {size.x, size.y - Px(36)}, false, false);
  ImGui::PopStyleColor();
  const float row = Px(26), width = ImGui::GetContentRegionAvail().x - Px(14);
  int all = 0, differ = 0;
  for (const config::Section* section : config::SectionsOf(made.preset))
    for (const config::Spec& spec : section->specs) {
      if (StandsElsewhere(spec.key) && spec.key != "run.episodes") continue;
      ++all;
      const config::Value one = config::Get(a.value(), spec.key), other = config::Get(b.value(), spec.key);
      if (one == other) continue;
      ++differ;
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float middle = at.y + row * 0.5f;
      TextMiddleElided(f.mono, {at.x, middle}, c.text, spec.key, left - at.x - Px(10));
      TextMiddleElided(f.mono, {left + Px(8), middle}, c.text, SettingText(one), column - Px(12));
      TextMiddleElided(f.mono, {right + Px(8), middle}, c.text, SettingText(other), column - Px(12));
      TextMiddleElided(f.small, {help, middle}, c.secondary, spec.help, at.x + width - help);
      TraceWidget("new.differs." + spec.key, at, {at.x + width, at.y + row});
      Explain(at, {at.x + width, at.y + row}, "", "",
              eps::Capitalised(SettingWords(spec.key)) + ": " + spec.help + ".");
      ImGui::SetCursorScreenPos({at.x, at.y + row});
    }
  ImGui::Dummy({1, Px(8)});
  ImGui::EndChild();
  TextMiddleElided(f.small, {top.x, top.y + Px(13)}, c.secondary, Format("%d of %d settings differ", differ, all),
                   left - top.x - Px(10));
}

}  // namespace equipoise::ui
