#include "ui/workspace/sheets.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/agent/recipes.h"
#include "ui/kit/explain.h"
#include "ui/kit/focus.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"

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
  Explain(a, {corner.x, corner.y + Px(12)}, "", "", "Closes this sheet; a click beside it does so too.");
  TraceWidget("sheet.close", a, {corner.x, corner.y + Px(12)});
  TextMiddle(font, {a.x, corner.y}, hovered ? Colors().text : Colors().secondary, "Close");
  KeyCap({corner.x - cap, corner.y}, key.c_str());
  ImGui::SetCursorScreenPos(content);
  return clicked;
}

}  // namespace

SheetFrame BeginSheet(const char* id, ImVec2 wanted, const char* icon, const char* title) {
  SheetFrame frame;
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::min(wanted.x, all.x - Px(16)), std::min(wanted.y, all.y - Px(16))};
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(all);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, Rgb(0x05070A, Colors().light ? 90 : 160));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin(id, nullptr, kBare);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  const ImVec2 a{(all.x - size.x) * 0.5f, (all.y - size.y) * 0.5f}, mouse = ImGui::GetIO().MousePos;
  const bool inside = mouse.x >= a.x && mouse.x < a.x + size.x && mouse.y >= a.y && mouse.y < a.y + size.y;
  if (ImGui::IsMouseClicked(0) && !inside && ImGui::IsWindowHovered()) frame.open = false;
  ImGui::SetCursorScreenPos(a);
  PushFocusScope();
  BeginCard((std::string(id) + "card").c_str(), icon, title, size);
  if (CloseControl((std::string("close") + id).c_str())) frame.open = false;
  frame.scrolls = size.x < wanted.x || size.y < wanted.y;
  if (!frame.scrolls) return frame;
  // The whole sheet in a smaller frame. Its child has the place and the size that the card would have below its title.
  const ImVec2 taken{wanted.x - ImGui::GetWindowSize().x, wanted.y - ImGui::GetWindowSize().y};
  const ImVec2 room = ImGui::GetContentRegionAvail();
  ImGui::PushStyleColor(ImGuiCol_ChildBg, Colors().card);
  BeginChild("scrolls", room, false, false, ImGuiWindowFlags_HorizontalScrollbar);
  BeginChild("sheet", {room.x + std::max(0.0f, taken.x) - Px(12), room.y + std::max(0.0f, taken.y) + Px(8)}, false,
             false, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleColor();
  return frame;
}

void EndSheet(const SheetFrame& frame, OpenSheet* sheet) {
  PopFocusScope();
  if (frame.scrolls) {
    ImGui::EndChild();
    ImGui::EndChild();
  }
  EndCard();
  ImGui::End();
  if (!frame.open) sheet->Close();
}

void DrawHint(PanelContext& context) {
  UiState& state = context.state;
  if (!state.sheet.hint || state.sheet.any()) return;
  const Palette& c = Colors();
  const Fonts& f = GetFonts();
  const ImVec2 all = ImGui::GetIO().DisplaySize, size{std::min(Px(640), all.x - Px(40)), Px(132)};
  // Over the upper part of the scene: the rewards below it and their buttons stay in reach.
  const ImVec2 a{std::max(Px(8), all.x * 0.455f - size.x * 0.5f), Px(190)}, b{a.x + size.x, a.y + size.y};
  TraceWidget("hint", a, b);
  // A window of its own, or the panels below would take its clicks.
  ImGui::SetNextWindowPos(a);
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("##hint", nullptr, kBare | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoFocusOnAppearing);
  Rect(a, b, c.raised, Px(8));
  Frame(a, b, c.line, Px(8));
  Explain(a, b, "Window", "These lines are shown until they are closed.");
  const float x = a.x + Px(16);
  const nets::PartList& parts = PartsOf(context.snapshot);
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  const bool several = learners.size() > 1;
  TextMiddle(f.strong, {x, a.y + Px(22)}, c.text,
             several ? Format("%s learners, one check, one body", learners.size() == 2 ? "Two" : "Several")
                     : std::string("One learner, one body"));
  const std::string space = KeyCapOf(KeyAction::kPause), keys = KeyCapOf(KeyAction::kKeys);
  const agent::Recipe* recipe = agent::FindRecipe(SettingsOf(context.snapshot).run.agent);
  const std::string lines[] = {
      several             ? "Each learner has a colour and a mark. Before every episode the check asks which one acts."
      : recipe != nullptr ? std::string(recipe->sentence)
                          : std::string("Its learner acts in every episode."),
      several ? "Under Experiments each of them can be broken, to see the other one take over."
              : "Under Experiments it can be broken, to see how it recovers."};
  float y = a.y + Px(48);
  for (const std::string& line : lines) {
    TextMiddleElided(f.small, {x, y}, c.secondary, line, size.x - Px(32));
    y += Px(20);
  }
  y += Px(10);
  float right = x + KeyCap({x, y}, space.c_str()) + Px(8);
  right += TextMiddle(f.small, {right, y}, c.secondary, "pauses") + Px(18);
  right += KeyCap({right, y}, keys.c_str()) + Px(8);
  right += TextMiddle(f.small, {right, y}, c.secondary, "shows every key") + Px(18);
  right += KeyCap({right, y}, KeyCapOf(KeyAction::kRuns)) + Px(8);
  TextMiddle(f.small, {right, y}, c.secondary, "opens other runs");
  if (Button("hint.tour", {b.x - Px(226), y - Px(14)}, {Px(118), Px(28)}, "Take the tour")) state.sheet.StartTour();
  if (Button("hint.close", {b.x - Px(100), y - Px(14)}, {Px(84), Px(28)}, "Got it")) state.sheet.hint = false;
  ImGui::End();
}

void DrawToast(PanelContext& context) {
  UiState& state = context.state;
  if (state.message.text.empty() || state.clock.now > state.message.until) return;
  state.clock.WakeIn(state.message.until - state.clock.now);
  const Palette& c = Colors();
  const ImVec2 all = ImGui::GetIO().DisplaySize;
  ImFont* font = GetFonts().small;
  const bool acts = !state.message.path.empty();
  const auto lines = Wrap(font, state.message.text, std::min(Px(640), all.x - Px(144)), 4);
  const float mark = state.message.is_problem ? Px(24) : 0;
  float width = std::max(mark, acts ? Px(230) : 0.0f);
  for (const std::string& line : lines) width = std::max(width, mark + TextWidth(font, line));
  const float line_height = Px(19),
              height = line_height * static_cast<float>(lines.size()) + Px(18) + (acts ? Px(32) : 0);
  const ImVec2 a{(all.x - width) * 0.5f - Px(16), all.y - Px(44) - height}, b{a.x + width + Px(32), a.y + height};
  // A window of its own, over sheets as well, and only where something can be pressed in the way of the mouse.
  ImGui::SetNextWindowPos(a);
  ImGui::SetNextWindowSize({b.x - a.x, height});
  ImGui::Begin("##toast", nullptr,
               kBare | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoFocusOnAppearing |
                   (acts ? ImGuiWindowFlags_None : ImGuiWindowFlags_NoInputs));
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  Rect(a, b, c.raised, Px(6));
  Frame(a, b, state.message.is_problem ? c.bad : c.line, Px(6));
  TraceWidget("toast", a, b);
  float y = a.y + Px(9);
  if (state.message.is_problem) Text(font, {a.x + Px(16), y}, c.bad, icon::kWarning);
  for (const std::string& line : lines) {
    Text(font, {a.x + Px(16) + mark, y}, c.text, line);
    y += line_height;
  }
  if (acts) DrawWrittenActions(&state, state.message.path, {a.x + Px(16), y + Px(4)}, "toast");
  ImGui::End();
}

void DrawWrittenActions(UiState* state, const std::string& path, ImVec2 at, const std::string& id) {
  if (Button((id + ".open").c_str(), at, {Px(110), Px(26)}, "Open folder")) state->requests.Post(OpenFolder{path});
  if (!Button((id + ".copy").c_str(), {at.x + Px(118), at.y}, {Px(100), Px(26)}, "Copy path")) return;
  std::error_code error;
  ImGui::SetClipboardText(std::filesystem::absolute(path, error).c_str());
  Toast(*state, "Copied: " + path);
}

}  // namespace equipoise::ui
