#include "ui/sheets.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>

#include "ui/facts.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/setting_row.h"
#include "ui/trace.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

constexpr ImGuiWindowFlags kBare = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                   ImGuiWindowFlags_NoScrollWithMouse;

// Dims everything and opens a card of `size` in the middle. A click beside the card closes it.
void BeginSheet(const char* id, ImVec2 size, const char* icon, const char* title, bool* open) {
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(all);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, Rgb(0x05070A, Colors().light ? 90 : 160));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin(id, nullptr, kBare);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  const ImVec2 a{(all.x - size.x) * 0.5f, (all.y - size.y) * 0.5f}, mouse = ImGui::GetIO().MousePos;
  const bool inside = mouse.x >= a.x && mouse.x < a.x + size.x && mouse.y >= a.y && mouse.y < a.y + size.y;
  if (ImGui::IsMouseClicked(0) && !inside && ImGui::IsWindowHovered()) *open = false;
  ImGui::SetCursorScreenPos(a);
  BeginCard((std::string(id) + "card").c_str(), icon, title, size);
}

void EndSheet() {
  EndCard();
  ImGui::End();
}

bool Contains(const std::string& text, const std::string& part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

void DrawSearch(UiState& state) {
  char text[64];
  std::snprintf(text, sizeof text, "%s", state.settings_search.c_str());
  ImGui::SetNextItemWidth(Px(280));
  PushFont(GetFonts().small);
  if (ImGui::InputTextWithHint("##search", "search a name or a word", text, sizeof text)) state.settings_search = text;
  ImGui::PopFont();
  TraceWidget("settings.search", ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}

void DrawSpecRow(PanelContext& context, const config::Spec& spec, ImVec2 at, float width) {
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const float height = Px(28), middle = at.y + height * 0.5f, key_width = Px(190), control = Px(150);
  const bool live = spec.when == config::When::kEpisode;
  TextMiddle(f.mono, {at.x, middle}, live ? c.text : c.secondary, Elide(f.mono, spec.key, key_width));
  DrawSettingControl(context, spec, {at.x + key_width + Px(8), middle - Px(11)}, {control, Px(22)});
  const float x = at.x + key_width + control + Px(24);
  const run::PendingChange* change = FindPending(context.snapshot, spec.key);
  if (change == nullptr) {
    const std::string fixed = live ? "" : "fixed for this run";
    const float fixed_width = fixed.empty() ? 0 : TextWidth(f.small, fixed) + Px(12);
    const float room = at.x + width - x - fixed_width;
    TextMiddle(f.small, {x, middle}, live ? c.secondary : c.faint, Elide(f.small, spec.help, room));
    if (!fixed.empty()) TextMiddle(f.small, {at.x + width - fixed_width + Px(12), middle}, c.faint, fixed);
    return;
  }
  const std::string text = config::ToText(change->from) + " \xe2\x86\x92 " + config::ToText(change->to) +
                           Format(" at episode %d", change->episode);
  TextMiddle(f.small, {x, middle}, c.note, icon::kClock);
  const float end = x + Px(18) + TextMiddle(f.small, {x + Px(18), middle}, c.note, text);
  const std::string id = "sheet.cancel." + spec.key;
  if (Link(id.c_str(), {end + Px(16), middle - FontSize(f.small) * 0.5f - Px(1)}, c.secondary, "cancel")) {
    context.post(run::CancelChange{spec.key});
  }
}

}  // namespace

void DrawKeySheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.show_keys) return;
  const Palette& c = Colors();
  const auto& table = KeyTable();
  const float line = Px(27);
  std::string group;
  int groups = 0;
  for (const KeyBinding& binding : table) {
    groups += binding.group != group;
    group = binding.group;
  }
  const float height = Px(64) + line * static_cast<float>(table.size()) + Px(34) * static_cast<float>(groups);
  BeginSheet("##keys", {Px(420), std::min(height, ImGui::GetIO().DisplaySize.y - Px(20))}, icon::kKeyboard, "Keys",
             &state.show_keys);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y = at.y;
  group.clear();
  for (const KeyBinding& binding : table) {
    if (binding.group != group) {
      Text(GetFonts().small, {at.x, y + Px(10)}, c.secondary, binding.group);
      y += Px(34);
      group = binding.group;
    }
    KeyCap({at.x, y + line * 0.5f}, binding.cap);
    TextMiddle(GetFonts().small, {at.x + Px(86), y + line * 0.5f}, c.text, binding.text);
    y += line;
  }
  EndSheet();
}

void DrawSettingsSheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.show_settings) return;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  BeginSheet("##settings", {std::min(Px(1000), all.x - Px(80)), all.y - Px(100)}, icon::kSliders, "All settings",
             &state.show_settings);
  DrawSearch(state);
  ImGui::SameLine();
  PushFont(GetFonts().small);
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled(
      "A change takes effect before the next episode's learning begins, is logged and drawn on every curve.");
  ImGui::PopFont();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("list", {0, 0}, false, false);
  ImGui::PopStyleColor();
  const float width = ImGui::GetContentRegionAvail().x - Px(12);
  std::string section;
  for (const config::Spec& spec : config::Table()) {
    if (!Contains(spec.key, state.settings_search) && !Contains(spec.help, state.settings_search)) continue;
    const std::string here = spec.key.substr(0, spec.key.find('.'));
    ImVec2 at = ImGui::GetCursorScreenPos();
    if (here != section) {
      section = here;
      Line({at.x, at.y + Px(8)}, {at.x + width, at.y + Px(8)}, Colors().line);
      at.y += Px(14);
    }
    DrawSpecRow(context, spec, at, width);
    ImGui::SetCursorScreenPos({at.x, at.y + Px(28)});
  }
  ImGui::Dummy({1, Px(8)});
  ImGui::EndChild();
  EndSheet();
}

void DrawToast(PanelContext& context) {
  UiState& state = context.state;
  if (state.toast.empty() || state.now_seconds > state.toast_until) return;
  state.next_frame_in = std::min(state.next_frame_in, state.toast_until - state.now_seconds);
  const Palette& c = Colors();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImFont* font = GetFonts().small;
  const auto lines = Wrap(font, state.toast, std::min(Px(640), all.x - Px(120)), 4);
  float width = 0;
  for (const std::string& line : lines) width = std::max(width, TextWidth(font, line));
  const float line_height = Px(19), height = line_height * static_cast<float>(lines.size()) + Px(18);
  const ImVec2 a{(all.x - width) * 0.5f - Px(16), all.y - Px(44) - height}, b{a.x + width + Px(32), a.y + height};
  ImDrawList* list = ImGui::GetForegroundDrawList();
  list->AddRectFilled(a, b, c.raised, Px(6));
  list->AddRect(a, b, c.line, Px(6));
  float y = a.y + Px(9);
  for (const std::string& line : lines) {
    list->AddText(font, FontSize(font), {a.x + Px(16), y}, c.text, line.c_str());
    y += line_height;
  }
}

}  // namespace equipoise::ui
