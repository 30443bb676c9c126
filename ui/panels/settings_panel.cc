#include "ui/panels/settings_panel.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

// In the order of what a person turns most.
std::vector<SettingRow> RowsFor(const run::Snapshot& snapshot) {
  const nets::PartList& parts = PartsOf(snapshot);
  std::vector<SettingRow> rows;
  // Of the sections that this agent has.
  const auto add = [&](SettingRow row) {
    const std::string section = row.key.substr(0, row.key.find('.'));
    const bool has = section == "run" || parts.Find(section) != nullptr || (section == "eps" && Compares(snapshot));
    if (has) rows.push_back(std::move(row));
  };
  add({"mb.entropy_bonus", "\xce\xb1 model-based"});
  add({"sac.entropy_bonus", "\xce\xb1 model-free"});
  add({"eps.masks", "K, masks"});
  add({"eps.rollouts", "M, rollouts per mask"});
  add({"model.eta", "\xce\xb7, weight prior"});
  add({"model.dropout", "Dropout"});
  add({"model.steps", "Model fit"});
  add({"mb.steps", "Policy updates"});
  add({"sac.updates_per_step", "SAC updates"});
  add({"eps.force_every", "SAC forced, 1 in"});
  if (SettingsOf(snapshot).mb.mode == "dreamer") add({"mb.imagination", "Imagination"});
  add({"run.episodes", "Length of the run"});
  return rows;
}

// As many as have room, the last ones left out first; but what is pending stays, since it must be seen.
std::vector<SettingRow> ThatFit(const PanelContext& context, std::vector<SettingRow> rows, float row_height,
                                float room) {
  const auto total = [&] {
    float sum = 0;
    for (const SettingRow& row : rows) sum += SettingRowHeight(context, row, row_height);
    return sum;
  };
  const auto is_plain = [&](const SettingRow& row) { return SettingRowHeight(context, row, row_height) <= row_height; };
  while (!rows.empty() && total() > room) {
    const auto last_plain = std::find_if(rows.rbegin(), rows.rend(), is_plain);
    rows.erase(last_plain != rows.rend() ? std::next(last_plain).base() : std::prev(rows.end()));
  }
  return rows;
}

}  // namespace

void DrawSettingsPanel(PanelContext& context, ImVec2 size) {
  BeginCard("settings", icon::kSliders, "Live settings", size);
  const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
  const float row_height = Px(context.state.window.compact ? 25 : 28), footer = Px(20);
  const std::vector<SettingRow> all_rows = RowsFor(context.snapshot);
  const std::vector<SettingRow> rows = ThatFit(context, all_rows, row_height, room.y - footer);
  float y = at.y;
  for (const SettingRow& row : rows) y += DrawSettingRow(context, row, {at.x, y}, room.x, row_height);
  const float foot = at.y + room.y - footer + Px(4);
  const std::string all = Format("All %d settings\xe2\x80\xa6", static_cast<int>(config::Table().size()));
  if (Link("settings.all", {at.x, foot}, Colors().secondary, all)) context.state.sheet.Open(Sheet::kSettings);
  if (rows.size() < all_rows.size()) {
    TextRight(GetFonts().small, {at.x + room.x, foot}, Colors().faint,
              Format("%d more live", static_cast<int>(all_rows.size() - rows.size())));
  } else {
    TextRight(GetFonts().mono_small, {at.x + room.x, foot}, Colors().faint, KeyCapOf(KeyAction::kSettings));
  }
  EndCard();
}

}  // namespace equipoise::ui
