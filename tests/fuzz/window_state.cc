#include <imgui.h>

#include "tests/fuzz/targets.h"
#include "ui/kit/keys.h"
#include "ui/view/persistent.h"

namespace equipoise::fuzz {

void WindowState(const std::string& bytes) {
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ui::Persistent kept;
  ui::KeepBetweenStarts(&kept);
  ImGui::LoadIniSettingsFromMemory(bytes.data(), bytes.size());
  ui::UiState state;
  ui::Restore(kept, &state);
  ui::Remember(state, &kept);
  (void)ImGui::SaveIniSettingsToMemory();
  ImGui::DestroyContext(context);
  (void)ui::ParseKeys(bytes, "input");
}

std::vector<std::string> WindowStateSeeds() {
  return {
      "[Equipoise][Main]\nleft=300\nright=400.5\nlight=1\nsafe_colours=0\nhint_closed=1\nzoom=1.25\n"
      "charts=return nll td3.td-error\ncharts_x=2\ncharts_smoothing=10\ncharts_fraction_window=20\n"
      "charts_by_policy=1\ncharts_events=0\n",
      "[Window][Debug##Default]\nPos=60,60\nSize=400,400\nCollapsed=0\n", "pause = Space\nundo = Ctrl+Z\n# a note\n"};
}

}  // namespace equipoise::fuzz
