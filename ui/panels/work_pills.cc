#include "ui/panels/work_pills.h"

#include <algorithm>
#include <string>

#include "ui/kit/picture.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

constexpr float kHeight = 24, kSpace = 6;

// A button in the form of a pill: what goes on, and what a click does.
bool PillButton(const char* id, ImVec2 left_middle, float room, ImU32 color, const std::string& words,
                const char* tooltip, float* width) {
  ButtonStyle style;
  style.color = color;
  style.tooltip = tooltip;
  const std::string text = Elide(GetFonts().small, words, room - Px(20));
  *width = TextWidth(GetFonts().small, text) + Px(20);
  return Button(id, {left_middle.x, left_middle.y - Px(kHeight) * 0.5f}, {*width, Px(kHeight)}, text, style);
}

}  // namespace

float DrawWorkPills(PanelContext& context, ImVec2 left_middle, float room) {
  UiState& state = context.state;
  if (DrawingPicture()) return 0;
  const bool film = state.window.film.frames > 0, making = !state.window.making.empty() && state.window.runs.size() < 2;
  const int pills = (making ? 1 : 0) + (film ? 1 : 0);
  if (pills == 0) return 0;
  const float each = room / static_cast<float>(pills) - (pills > 1 ? Px(kSpace) : 0);
  float x = left_middle.x, width = 0;
  if (making) {
    const std::string words = std::string(icon::kChart) + "  " + state.window.making;
    if (PillButton("making.pill", {x, left_middle.y}, each, Colors().secondary, words,
                   "It will train beside this one, in a tab of its own", &width))
      state.sheet.Open(Sheet::kRuns);
    x += width + Px(kSpace);
  }
  if (film) {
    const std::string words = std::string(icon::kCamera) + "  " +
                              Format(state.window.compact ? "%d/%d  " : "Film, frame %d of %d  ",
                                     state.window.film.frame, state.window.film.frames) +
                              icon::kTimes;
    if (PillButton("film.pill", {x, left_middle.y}, each, Colors().text, words, "Give this film up", &width))
      state.requests.Post(GiveUpFilm{});
    x += width + Px(kSpace);
  }
  return x - left_middle.x;
}

}  // namespace equipoise::ui
