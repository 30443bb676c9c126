// help_sheet.cc: F1: every key, every gesture of the mouse, every word, each from its own table.
#include <algorithm>
#include <string>
#include <vector>

#include "ui/kit/focus.h"
#include "ui/kit/gestures.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/glossary.h"
#include "ui/workspace/sheets.h"

namespace equipoise::ui {

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

// What F1 lists, and the way into the tour. The cursor is below them afterwards.
void DrawPages(UiState& state) {
  HelpSheetView& view = state.memory.OfWindow<HelpSheetView>();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const int page = Segments("help.page", at, {std::min(Px(280), width), Px(26)}, {"Keys", "Mouse", "Words"},
                            static_cast<int>(view.page));
  if (page >= 0) view.page = static_cast<HelpPage>(page);
  ButtonStyle tour;
  tour.key = KeyCapOf(KeyAction::kTour);
  if (width > Px(280 + 160) &&
      Button("help.tour", {at.x + width - Px(140), at.y}, {Px(140), Px(26)}, "Take the tour", tour))
    state.sheet.StartTour();
  ImGui::SetCursorScreenPos({at.x, at.y + Px(36)});
}

// Rows of a name and a text that is broken where it is wide, under headings.
class Rows {
 public:
  Rows(float name_width, bool caps) : name_width_(name_width), caps_(caps) {}
  void Add(const std::string& group, const std::string& name, const std::string& text) {
    const Fonts& f = GetFonts();
    ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - Px(14), line = FontSize(f.small) + Px(4);
    if (group != group_) {
      Text(f.small, {at.x, at.y + Px(8)}, Colors().secondary, group);
      at.y += Px(30);
      group_ = group;
    }
    if (caps_) {
      KeyCap({at.x, at.y + Px(9)}, name.c_str());
    } else {
      TextElided(f.strong, at, Colors().text, name, name_width_ - Px(10));
    }
    float y = at.y + Px(1);
    for (const std::string& each : Wrap(f.small, text, width - name_width_, 6)) {
      Text(f.small, {at.x + name_width_, y}, Colors().text, each);
      y += line;
    }
    ImGui::SetCursorScreenPos({at.x, std::max(y, at.y + line) + Px(6)});
  }

 private:
  float name_width_;
  bool caps_;
  std::string group_;
};

void DrawLists(UiState& state) {
  const bool words = state.memory.OfWindow<HelpSheetView>().page == HelpPage::kWords;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const SheetFrame frame = BeginSheet("##keys", {std::min(Px(820), all.x - Px(40)), std::min(Px(680), all.y - Px(40))},
                                      icon::kKeyboard, "Help");
  DrawPages(state);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild(words ? "help.words" : "help.mouse", {0, 0}, false, false);
  ImGui::PopStyleColor();
  TraceWidget(words ? "help.words" : "help.mouse", ImGui::GetWindowPos(),
              {ImGui::GetWindowPos().x + ImGui::GetWindowSize().x, ImGui::GetWindowPos().y + ImGui::GetWindowSize().y});
  Rows rows(Px(words ? 176 : 132), !words);
  if (words) {
    std::vector<std::string> groups;
    for (const Term& term : Glossary())
      if (std::find(groups.begin(), groups.end(), term.group) == groups.end()) groups.emplace_back(term.group);
    for (const std::string& group : groups)
      for (const Term& term : Glossary())
        if (group == term.group) rows.Add(group, term.title, term.sentence);
  } else {
    for (const Gesture& gesture : Gestures()) rows.Add(gesture.where, gesture.hand, std::string(gesture.text) + ".");
  }
  ImGui::Dummy({1, Px(4)});
  ImGui::EndChild();
  EndSheet(frame, &state.sheet);
}

}  // namespace

void DrawKeySheet(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.Shows(Sheet::kKeys)) return;
  if (state.memory.OfWindow<HelpSheetView>().page != HelpPage::kKeys) {
    DrawLists(state);
    return;
  }
  const Palette& c = Colors();
  const auto groups = Groups();
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float title = Px(30), column = Px(372), around = Px(92 + 36);
  const size_t columns = window.x >= 2 * column + Px(60) ? 2 : 1;
  float line = Px(27);
  // The groups fill the columns, the second beginning where half of the lines are behind.
  float total = 0;
  for (const auto& group : groups) total += title + line * static_cast<float>(group.size());
  std::vector<float> heights(2, 0.0f);
  std::vector<size_t> column_of;
  for (const auto& group : groups) {
    const float own = title + line * static_cast<float>(group.size());
    const size_t here = columns == 1 || (heights[1] <= 0 && heights[0] + own * 0.5f <= total * 0.5f) ? 0 : 1;
    column_of.push_back(here);
    heights[here] += own;
  }
  // In a low window the lines stand closer, as far as they can; then they scroll.
  float height = std::max(heights[0], heights[1]) + around;
  const float most = window.y - Px(20);
  if (height > most && columns == 2) {
    for (const size_t side : {0, 1}) {
      float fixed = around, lines = 0;
      for (size_t i = 0; i < groups.size(); ++i) {
        if (column_of[i] != side) continue;
        fixed += title;
        lines += static_cast<float>(groups[i].size());
      }
      line = std::min(line, std::max(Px(20), std::floor((most - fixed) / std::max(lines, 1.0f))));
    }
    height = 0;
    for (const size_t side : {0, 1}) {
      float own = around;
      for (size_t i = 0; i < groups.size(); ++i)
        if (column_of[i] == side) own += title + line * static_cast<float>(groups[i].size());
      height = std::max(height, own);
    }
    if (height < most) height = most;
  }
  const SheetFrame frame =
      BeginSheet("##keys", {static_cast<float>(columns) * (column + Px(22)), height}, icon::kKeyboard, "Help");
  DrawPages(state);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y[2] = {at.y, at.y};
  for (size_t i = 0; i < groups.size(); ++i) {
    const float x = at.x + static_cast<float>(column_of[i]) * (column + Px(20));
    float& row = y[column_of[i]];
    const ImVec2 from{x - Px(4), row};
    Text(GetFonts().small, {x, row + Px(8)}, c.secondary, groups[i].front()->group);
    row += title;
    for (const KeyBinding* binding : groups[i]) {
      KeyCap({x, row + line * 0.5f}, binding->cap.c_str());
      TextMiddleElided(GetFonts().small, {x + Px(92), row + line * 0.5f}, c.text, binding->text, column - Px(92));
      row += line;
    }
    // Where the sheet scrolls, Tab leads from group to group.
    if (frame.scrolls) FocusItem(ImGui::GetID(groups[i].front()->group), from, {x + column - Px(8), row});
  }
  const std::string file = KeysFile();
  if (!file.empty()) {
    const float foot = ImGui::GetWindowPos().y + ImGui::GetWindowSize().y - Px(30);
    TextMiddleElided(GetFonts().small, {at.x, foot}, c.faint,
                     "Other keys: equipoise keys > " + file + ", change it, start again.", 2 * column + Px(20));
  }
  EndSheet(frame, &state.sheet);
}

}  // namespace equipoise::ui
