#include "ui/sheets.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ui/focus.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/trace.h"
#include "ui/widgets.h"

namespace equipoise::ui {
namespace {

constexpr ImGuiWindowFlags kBare = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                   ImGuiWindowFlags_NoScrollWithMouse;

// For the mouse, right of the title; the keyboard has Esc, so that Tab meets only what the sheet is for.
bool CloseControl(const char* id) {
  const ImVec2 content = ImGui::GetCursorScreenPos(), corner = CardTitleRight();
  ImFont* font = GetFonts().small;
  const std::string key = KeyCapOf(KeyAction::kEscape);
  const float cap = TextWidth(GetFonts().mono_small, key) + Px(12), words = TextWidth(font, "Close");
  const ImVec2 a{corner.x - words - cap - Px(8), corner.y - Px(12)};
  ImGui::SetCursorScreenPos(a);
  const bool clicked = ImGui::InvisibleButton(id, {corner.x - a.x, Px(24)});
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  TraceWidget("sheet.close", a, {corner.x, corner.y + Px(12)});
  TextMiddle(font, {a.x, corner.y}, hovered ? Colors().text : Colors().secondary, "Close");
  KeyCap({corner.x - cap, corner.y}, key.c_str());
  ImGui::SetCursorScreenPos(content);
  return clicked;
}

}  // namespace

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
  PushFocusScope();
  BeginCard((std::string(id) + "card").c_str(), icon, title, size);
  if (CloseControl((std::string("close") + id).c_str())) *open = false;
}

void EndSheet() {
  PopFocusScope();
  EndCard();
  ImGui::End();
}

namespace {

std::vector<std::vector<const KeyBinding*>> Groups() {
  std::vector<std::vector<const KeyBinding*>> groups;
  for (const KeyBinding& binding : KeyTable()) {
    const auto same = [&binding](const auto& group) { return std::string(group.front()->group) == binding.group; };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found != groups.end()) {
      found->push_back(&binding);
    } else {
      groups.push_back({&binding});
    }
  }
  return groups;
}

}  // namespace

void DrawKeySheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.show_keys) return;
  const Palette& c = Colors();
  const auto groups = Groups();
  const float title = Px(30), column = Px(372), around = Px(92);
  float line = Px(27);
  // The groups fill two columns, the second beginning where half of the lines are behind.
  float total = 0;
  for (const auto& group : groups) total += title + line * static_cast<float>(group.size());
  std::vector<float> heights(2, 0.0f);
  std::vector<size_t> column_of;
  for (const auto& group : groups) {
    const float own = title + line * static_cast<float>(group.size());
    const size_t here = heights[1] <= 0 && heights[0] + own * 0.5f <= total * 0.5f ? 0 : 1;
    column_of.push_back(here);
    heights[here] += own;
  }
  // In a low window the lines stand closer.
  float height = std::max(heights[0], heights[1]) + around;
  const float most = ImGui::GetIO().DisplaySize.y - Px(20);
  if (height > most) {
    for (const size_t side : {0, 1}) {
      float fixed = around, lines = 0;
      for (size_t i = 0; i < groups.size(); ++i) {
        if (column_of[i] != side) continue;
        fixed += title;
        lines += static_cast<float>(groups[i].size());
      }
      line = std::min(line, std::floor((most - fixed) / std::max(lines, 1.0f)));
    }
    height = most;
  }
  BeginSheet("##keys", {2 * column + Px(44), height}, icon::kKeyboard, "Keys", &state.show_keys);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y[2] = {at.y, at.y};
  for (size_t i = 0; i < groups.size(); ++i) {
    const float x = at.x + static_cast<float>(column_of[i]) * (column + Px(20));
    float& row = y[column_of[i]];
    Text(GetFonts().small, {x, row + Px(8)}, c.secondary, groups[i].front()->group);
    row += title;
    for (const KeyBinding* binding : groups[i]) {
      KeyCap({x, row + line * 0.5f}, binding->cap.c_str());
      TextMiddle(GetFonts().small, {x + Px(92), row + line * 0.5f}, c.text,
                 Elide(GetFonts().small, binding->text, column - Px(92)));
      row += line;
    }
  }
  const std::string file = KeysFile();
  if (!file.empty()) {
    const float foot = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(30);
    TextMiddle(GetFonts().small, {at.x, foot}, c.faint,
               Elide(GetFonts().small, "Other keys: equipoise keys > " + file + ", change it, start again.",
                     2 * column + Px(20)));
  }
  EndSheet();
}

bool AnySheetOpen(const UiState& state) {
  return state.show_keys || state.show_settings || state.show_runs || state.show_new_run || state.show_take_away ||
         state.leave_asked;
}

void CloseSheets(UiState* state) {
  state->show_keys = state->show_settings = state->show_runs = state->show_new_run = state->show_take_away = false;
  state->leave_asked.reset();
}

void DrawHint(PanelContext& context) {
  UiState& state = context.state;
  if (!state.hint_wanted || AnySheetOpen(state)) return;
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const ImVec2 all = ImGui::GetIO().DisplaySize, size{std::min(Px(560), all.x - Px(40)), Px(132)};
  // Between the body in the scene and the check's sentence, which are what it speaks of.
  const ImVec2 a{all.x * 0.455f - size.x * 0.5f, all.y * 0.5f - size.y * 0.35f}, b{a.x + size.x, a.y + size.y};
  // A window of its own, or the panels below would take its clicks.
  ImGui::SetNextWindowPos(a);
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("##hint", nullptr, kBare | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoFocusOnAppearing);
  Rect(a, b, c.raised, Px(8));
  Frame(a, b, c.line, Px(8));
  const float x = a.x + Px(16);
  TextMiddle(f.strong, {x, a.y + Px(22)}, c.text, "Two learners, one check, one body");
  const std::string space = KeyCapOf(KeyAction::kPause), keys = KeyCapOf(KeyAction::kKeys);
  const char* lines[] = {
      "Blue is the model-based policy, orange is SAC. Before every episode the check asks which one acts.",
      "Under Experiments each of them can be broken, to see the other one take over."};
  float y = a.y + Px(48);
  for (const char* line : lines) {
    TextMiddle(f.small, {x, y}, c.secondary, Elide(f.small, line, size.x - Px(32)));
    y += Px(20);
  }
  y += Px(10);
  float right = x + KeyCap({x, y}, space.c_str()) + Px(8);
  right += TextMiddle(f.small, {right, y}, c.secondary, "pauses") + Px(18);
  right += KeyCap({right, y}, keys.c_str()) + Px(8);
  right += TextMiddle(f.small, {right, y}, c.secondary, "shows every key") + Px(18);
  right += KeyCap({right, y}, KeyCapOf(KeyAction::kRuns)) + Px(8);
  TextMiddle(f.small, {right, y}, c.secondary, "opens other runs");
  if (Button("hint.close", {b.x - Px(100), y - Px(14)}, {Px(84), Px(28)}, "Got it")) state.hint_wanted = false;
  ImGui::End();
}

void DrawToast(PanelContext& context) {
  UiState& state = context.state;
  if (state.toast.empty() || state.now_seconds > state.toast_until) return;
  state.next_frame_in = std::min(state.next_frame_in, state.toast_until - state.now_seconds);
  const Palette& c = Colors();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImFont* font = GetFonts().small;
  const auto lines = Wrap(font, state.toast, std::min(Px(640), all.x - Px(144)), 4);
  const float mark = state.toast_is_problem ? Px(24) : 0;
  float width = mark;
  for (const std::string& line : lines) width = std::max(width, mark + TextWidth(font, line));
  const float line_height = Px(19), height = line_height * static_cast<float>(lines.size()) + Px(18);
  const ImVec2 a{(all.x - width) * 0.5f - Px(16), all.y - Px(44) - height}, b{a.x + width + Px(32), a.y + height};
  ImDrawList* list = ImGui::GetForegroundDrawList();
  list->AddRectFilled(a, b, c.raised, Px(6));
  list->AddRect(a, b, state.toast_is_problem ? c.bad : c.line, Px(6));
  float y = a.y + Px(9);
  if (state.toast_is_problem) list->AddText(font, FontSize(font), {a.x + Px(16), y}, c.bad, icon::kWarning);
  for (const std::string& line : lines) {
    list->AddText(font, FontSize(font), {a.x + Px(16) + mark, y}, c.text, line.c_str());
    y += line_height;
  }
}

}  // namespace equipoise::ui
