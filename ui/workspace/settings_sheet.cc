// settings_sheet.cc: every setting that this run's agent has: value, unit, default, range, when it may change, what it
// does.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/config/section.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/has_words.h"
#include "ui/view/setting_words.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {
namespace {

void DrawSearch(SettingsSheetView& view) {
  char text[64];
  std::snprintf(text, sizeof text, "%s", view.search.c_str());
  ImGui::SetNextItemWidth(Px(240));
  PushFont(GetFonts().small);
  const ImGuiID id = ImGui::GetID("settings.search");
  const bool wanted = ImGui::IsWindowAppearing() || view.search_wanted;
  view.search_wanted = false;
  if (wanted) FocusNextField("##search");
  if (ImGui::InputTextWithHint("##search", "search a name or a word", text, sizeof text)) view.search = text;
  ImGui::PopFont();
  const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
  if (FocusItem(id, a, b)) view.search_wanted = true;
  TraceWidget("settings.search", a, b);
}

struct Columns {
  float key, value, fallback, range, when, help, right;
};

// Where it is narrow, default and range are said when a row is pointed at.
bool Narrow(float width) { return width < Px(860); }

Columns ColumnsFor(ImVec2 at, float width) {
  Columns x{};
  x.key = at.x;
  x.value = x.key + Px(206);
  x.fallback = x.value + Px(150);
  x.range = x.fallback + (Narrow(width) ? 0 : Px(86));
  x.when = x.range + (Narrow(width) ? 0 : Px(124));
  x.help = x.when + Px(88);
  x.right = at.x + width;
  return x;
}

std::string RangeText(const config::Spec& spec) {
  using Type = config::Spec::Type;
  if (spec.type == Type::kBool) return "on, off";
  if (spec.type == Type::kChoice) return Format("%d choices", static_cast<int>(spec.choices.size()));
  if (spec.type == Type::kText) return "";
  const auto text = [&spec](double value) {
    return spec.type == Type::kInt ? Grouped(static_cast<long long>(value)) : ShortNumber(value);
  };
  return text(spec.lowest) + " \xe2\x80\x93 " + text(spec.highest);
}

void DrawHeadings(const Columns& x, float y) {
  const ImU32 color = Colors().secondary;
  ImFont* font = GetFonts().small;
  Text(font, {x.key, y}, color, "Setting");
  Text(font, {x.value, y}, color, "Value in force");
  if (x.range > x.fallback) {
    Text(font, {x.fallback, y}, color, "Default");
    Text(font, {x.range, y}, color, "Range");
  }
  Text(font, {x.when, y}, color, "May change");
  Text(font, {x.help, y}, color, "What it does");
}

void DrawSpecRow(PanelContext& context, const config::Spec& spec, ImVec2 at, float width, float height) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const Columns x = ColumnsFor(at, width);
  const float middle = at.y + height * 0.5f;
  const bool live = spec.when == config::When::kEpisode;
  const config::Value value = config::Get(SettingsOf(context.snapshot), spec.key);
  const bool usual = value == spec.fallback;
  TextMiddle(f.mono, {x.key, middle}, live ? c.text : c.secondary, Elide(f.mono, spec.key, x.value - x.key - Px(8)));
  DrawSettingControl(context, spec, {x.value, middle - Px(11)}, {Px(136), Px(22)});
  if (!Narrow(width)) {
    TextMiddle(f.mono_small, {x.fallback, middle}, usual ? c.faint : c.secondary,
               Elide(f.mono_small, SettingText(spec.fallback), x.range - x.fallback - Px(8)));
    TextMiddle(f.mono_small, {x.range, middle}, c.faint,
               Elide(f.mono_small, RangeText(spec), x.when - x.range - Px(8)));
  }
  const run::PendingChange* change = FindPending(context.snapshot, spec.key);
  if (change == nullptr) {
    TextMiddle(f.small, {x.when, middle}, live ? c.secondary : c.faint, live ? "next episode" : "never");
    const bool tuned = TunedValue(context.snapshot, spec.key).has_value();
    const std::string help = (tuned ? "start " + SettingText(value) + "; " : "") + spec.help;
    TextMiddle(f.small, {x.help, middle}, live ? c.secondary : c.faint, Elide(f.small, help, x.right - x.help));
  } else {
    const std::string text = PendingText(context.snapshot, *change);
    TextMiddle(f.small, {x.when, middle}, c.note, icon::kClock);
    const float room = x.right - x.when - Px(18 + 16) - TextWidth(f.small, "cancel");
    const float end = x.when + Px(18) + TextMiddleElided(f.small, {x.when + Px(18), middle}, c.note, text, room);
    const std::string id = "sheet.cancel." + spec.key;
    if (Link(id.c_str(), {end + Px(16), middle - FontSize(f.small) * 0.5f - Px(1)}, c.secondary, "cancel")) {
      context.post(run::CancelChange{spec.key});
    }
  }
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool hovered = ImGui::IsWindowHovered() && mouse.y >= at.y && mouse.y < at.y + height &&
                       (mouse.x < x.value || mouse.x > x.fallback) && mouse.x < x.right;
  Explain(at, {x.right, at.y + height}, "", "", SettingTooltip(context.snapshot, spec));
  if (!hovered) return;
  std::string choices;
  if (Narrow(width))
    choices = "\ndefault " + SettingText(spec.fallback) + (RangeText(spec).empty() ? "" : ", range ") + RangeText(spec);
  for (const std::string& choice : spec.choices) choices += (choices.empty() ? "\n" : ", ") + choice;
  Tooltip(SettingTooltip(context.snapshot, spec) + choices);
}

bool Wanted(const PanelContext& context, const SettingsSheetView& view, const config::Spec& spec) {
  if (!HasWords(spec.key + " " + spec.help + " " + SettingWords(spec.key), view.search)) return false;
  switch (view.filter) {
    case SettingsFilter::kAll:
      return true;
    case SettingsFilter::kLive:
      return spec.when == config::When::kEpisode;
    case SettingsFilter::kChanged:
      return !(config::Get(SettingsOf(context.snapshot), spec.key) == spec.fallback) ||
             FindPending(context.snapshot, spec.key) != nullptr;
  }
  return true;
}

void DrawList(PanelContext& context, const SettingsSheetView& view) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("list", {0, 0}, false, false);
  ImGui::PopStyleColor();
  const float width = ImGui::GetContentRegionAvail().x - Px(14), row = Px(28);
  int shown = 0;
  for (const config::Section* section : config::SectionsOf(SettingsOf(context.snapshot))) {
    bool first = true;
    for (const config::Spec& spec : section->specs) {
      if (!Wanted(context, view, spec)) continue;
      ImVec2 at = ImGui::GetCursorScreenPos();
      at.x += Px(3);
      if (first) {
        Line({at.x, at.y + Px(8)}, {at.x + width, at.y + Px(8)}, Colors().line);
        at.y += Px(14);
      }
      first = false;
      DrawSpecRow(context, spec, at, width - Px(3), row);
      ImGui::SetCursorScreenPos({at.x - Px(3), at.y + row});
      ++shown;
    }
  }
  if (shown == 0) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    TextCentered(GetFonts().small, {at.x + width * 0.5f, at.y + Px(40)}, Colors().secondary,
                 "No setting has that in its name or meaning.");
  }
  ImGui::Dummy({1, Px(8)});
  ImGui::EndChild();
}

}  // namespace

void DrawSettingsSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kSettings)) return;
  SettingsSheetView& view = state.memory.OfWindow<SettingsSheetView>();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::clamp(all.x - Px(48), Px(560), Px(1240)), std::max(all.y - Px(80), Px(340))};
  const SheetFrame frame = BeginSheet("##settings", size, icon::kSliders, "All settings");
  const ImVec2 top = ImGui::GetCursorScreenPos();
  DrawSearch(view);
  const int filter = Segments("settings.filter", {top.x + Px(256), top.y}, {Px(250), Px(24)},
                              {"all", "live", "not default"}, static_cast<int>(view.filter));
  if (filter >= 0) view.filter = static_cast<SettingsFilter>(filter);
  const float note = top.x + Px(522), right = ImGui::GetWindowPos().x + ImGui::GetWindowSize().x - Px(16);
  if (right - note > Px(120))
    TextMiddleElided(
        GetFonts().small, {note, top.y + Px(12)}, Colors().secondary,
        "A change waits for the next episode, can be cancelled until then, is logged and drawn on every curve.",
        right - note);
  DrawHeadings(ColumnsFor({top.x + Px(3), 0}, ImGui::GetContentRegionAvail().x - Px(17)), top.y + Px(38));
  ImGui::SetCursorScreenPos({top.x, top.y + Px(54)});
  DrawList(context, view);
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
