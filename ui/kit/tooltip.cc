#include "ui/kit/tooltip.h"

#include <algorithm>
#include <utility>

#include "ui/kit/picture.h"
#include "ui/kit/theme.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

struct Wanted {
  const ImGuiContext* context = nullptr;
  int frame = -1;
  std::string text;
  ImVec2 a, b;
};
Wanted wanted;

}  // namespace

void Tooltip(const std::string& text) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  Tooltip(text, {mouse.x - Px(4), mouse.y - Px(10)}, {mouse.x + Px(8), mouse.y + Px(16)});
}

void Tooltip(const std::string& text, ImVec2 a, ImVec2 b) {
  if (DrawingPicture()) return;
  wanted = {ImGui::GetCurrentContext(), ImGui::GetFrameCount(), text, a, b};
}

bool TooltipWanted() {
  return wanted.context == ImGui::GetCurrentContext() && wanted.frame == ImGui::GetFrameCount() && !wanted.text.empty();
}

void ShowTooltip() {
  if (!TooltipWanted()) return;
  const Wanted shown = std::exchange(wanted, {});
  const char *begin = shown.text.c_str(), *end = begin + shown.text.size();
  const ImVec2 all = ImGui::GetIO().DisplaySize, padding = ImGui::GetStyle().WindowPadding;
  const float wrap = std::min(Px(440), all.x - Px(40)), margin = Px(5);
  PushFont(GetFonts().small);
  const ImVec2 words = ImGui::CalcTextSize(begin, end, false, wrap);
  const ImVec2 size{words.x + 2 * padding.x, words.y + 2 * padding.y};
  const bool below = shown.b.y + margin + size.y <= all.y || shown.a.y - margin - size.y < 0;
  // Beside the mouse rather than at the far end of something wide.
  const float beside = std::max(shown.a.x, std::min(ImGui::GetIO().MousePos.x - Px(12), shown.b.x - Px(24)));
  const ImVec2 at{std::max(0.0f, std::min(beside, all.x - size.x - margin)),
                  below ? shown.b.y + margin : shown.a.y - margin - size.y};
  ImGui::SetNextWindowPos(at);
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(padding.x + wrap);
  ImGui::TextUnformatted(begin, end);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
  ImGui::PopFont();
  const ImVec2 corner{at.x + size.x, at.y + size.y};
  TraceWidget("tooltip", at, corner);
  std::string said = "says:" + shown.text;
  std::replace_if(
      said.begin(), said.end(), [](char c) { return c == ' ' || c == '\n'; }, '_');
  TraceWidget(said, at, corner);
}

}  // namespace equipoise::ui
