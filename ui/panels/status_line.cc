#include "ui/panels/status_line.h"

#include <cmath>
#include <string>

#include "ui/draw.h"
#include "ui/facts.h"

namespace equipoise::ui {
namespace {

constexpr const char* kDot = " \xc2\xb7 ";

std::string LeftText(const run::Snapshot& snapshot) {
  std::string text = "seed " + std::to_string(SettingsOf(snapshot).run.seed) + kDot;
  const int touched = Interventions(snapshot);
  if (!snapshot.steered) {
    text += "clean run";
  } else if (touched <= 1) {
    text += "steered by hand";
  } else {
    text += Format("steered %d times by hand", touched);
  }
  const int pending = static_cast<int>(snapshot.pending.size());
  if (pending > 0) text += Format(", %d change%s pending", pending, pending == 1 ? "" : "s");
  const bool saved = snapshot.info != nullptr && !snapshot.info->directory.empty();
  return text + kDot + (saved ? snapshot.info->directory : std::string("not saved"));
}

std::string RightText(const run::Snapshot& snapshot, const UiState& state) {
  std::string text;
  // The random episodes at the start take no learning: their pace says nothing.
  const bool paced = !snapshot.episodes->empty() && snapshot.episodes->back()->episode >= 3;
  if (paced && std::isfinite(snapshot.eta_seconds) && snapshot.state == run::RunState::kRunning) {
    text = "about " + Clock(snapshot.eta_seconds) + " to go";
  }
  if (state.for_export) {
    const std::string version = snapshot.info != nullptr ? snapshot.info->version : "";
    return text + (text.empty() ? "" : kDot) + "Equipoise " + version;
  }
  if (state.frames_per_second > 0)
    text += (text.empty() ? "" : kDot) + Format("window %.0f fps", state.frames_per_second);
  return text + (text.empty() ? "" : kDot) + "F1 keys";
}

}  // namespace

void DrawStatusLine(PanelContext& context, ImVec2 size) {
  const Palette& c = Colors();
  ImFont* font = GetFonts().small;
  const run::Snapshot& snapshot = context.snapshot;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = at.y + size.y * 0.5f, padding = Px(8);
  const std::string right = RightText(snapshot, context.state);
  const float right_width = TextWidth(font, right);
  TextMiddle(font, {at.x + size.x - padding - right_width, middle}, c.secondary, right);
  float x = at.x + padding;
  const float end = at.x + size.x - padding - right_width - Px(24);
  if (!snapshot.health.empty()) {
    x += TextMiddle(font, {x, middle}, c.note, icon::kWarning) + Px(6);
    std::string warning = snapshot.health.front();
    if (snapshot.health.size() > 1) warning += Format(" (and %d more)", static_cast<int>(snapshot.health.size()) - 1);
    x += TextMiddle(font, {x, middle}, c.note, Elide(font, warning, end - x)) + Px(18);
  }
  if (end - x > Px(80)) TextMiddle(font, {x, middle}, c.secondary, Elide(font, LeftText(snapshot), end - x));
}

}  // namespace equipoise::ui
