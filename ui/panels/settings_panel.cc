#include "ui/panels/settings_panel.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/config/section.h"
#include "ui/kit/keys.h"
#include "ui/kit/layout.h"
#include "ui/kit/widgets.h"
#include "ui/panels/setting_row.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

// In the order of what a person turns most: of the agent's parts, of the check, and how long the run is to be.
std::vector<SettingRow> RowsFor(const run::Snapshot& snapshot) {
  using nets::Dial;
  const nets::PartList& parts = PartsOf(snapshot);
  std::vector<Dial> dials;
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  if (Compares(snapshot) && !learners.empty()) {
    dials.push_back({"eps.masks", "K, masks", Dial::kOften});
    dials.push_back({"eps.rollouts", "M, rollouts per mask", Dial::kOften});
  }
  for (const nets::PartInfo& part : parts.all()) {
    if (part.dials == nullptr) continue;
    for (Dial& dial : part.dials(SettingsOf(snapshot))) dials.push_back(std::move(dial));
  }
  if (Compares(snapshot) && !learners.empty())
    dials.push_back({"eps.force_every", eps::Capitalised(learners.front()->name) + " forced, 1 in", Dial::kWork});
  dials.push_back({"run.episodes", "Length of the run", Dial::kLast});
  std::stable_sort(dials.begin(), dials.end(), [](const Dial& a, const Dial& b) { return a.place < b.place; });
  std::vector<SettingRow> rows;
  std::set<std::string> stands;
  for (const Dial& dial : dials) {
    stands.insert(dial.key);
    if (const std::optional<TunedSetting> tuned = FindTuned(dial.key)) stands.insert(tuned->automatic);
  }
  for (Dial& dial : dials) rows.push_back({std::move(dial.key), std::move(dial.label)});
  // Whatever else may change, where there is room.
  for (const config::Section* section : config::SectionsOf(SettingsOf(snapshot)))
    for (const config::Spec& spec : section->specs)
      if (spec.when == config::When::kEpisode && stands.count(spec.key) == 0)
        rows.push_back({spec.key, eps::Capitalised(SettingWords(spec.key))});
  return rows;
}

// As many as have room, the last ones left out first; but what is pending stays, since it must be seen.
std::vector<SettingRow> ThatFit(const PanelContext& context, std::vector<SettingRow> rows, float row_height,
                                float room) {
  const auto most = static_cast<size_t>(std::max(0.0f, room / row_height));
  const auto is_plain = [&](const SettingRow& row) { return !Waits(context.snapshot, row); };
  while (rows.size() > most) {
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
  for (const SettingRow& row : rows) {
    DrawSettingRow(context, row, {at.x, y}, room.x, row_height);
    y += row_height;
  }
  const float foot = at.y + room.y - footer + Px(4);
  size_t settings = 0;
  for (const config::Section* section : config::SectionsOf(SettingsOf(context.snapshot)))
    settings += section->specs.size();
  const std::string all = Format("All %d settings\xe2\x80\xa6", static_cast<int>(settings));
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
