#include "ui/panels/setting_row.h"

#include <algorithm>
#include <vector>

#include "ui/figure/event_marks.h"
#include "ui/kit/explain.h"
#include "ui/kit/widgets.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

namespace equipoise::ui {
namespace {

constexpr const char* kArrow = " \xe2\x86\x92 ";

void PostText(PanelContext& context, const std::string& key, const std::string& typed) {
  config::Settings settings = SettingsOf(context.snapshot);
  const Status read = ReadSetting(key, typed, &settings);
  if (!read) {
    Complain(context.state, read.error().message);
    return;
  }
  PostSetting(context, key, config::Get(settings, key));
}

void DrawChoice(PanelContext& context, const config::Spec& spec, ImVec2 at, ImVec2 size, const std::string& value,
                bool noted) {
  const std::string id = "setting." + spec.key, popup = "choice." + spec.key;
  ButtonStyle style;
  style.font = GetFonts().mono;
  if (Button(id.c_str(), at, size, value, style)) ImGui::OpenPopup(popup.c_str());
  const float middle = at.y + size.y * 0.5f;
  TextMiddle(GetFonts().small, {at.x + size.x - Px(16), middle}, Colors().secondary, icon::kCaretDown);
  if (noted) Frame(at, {at.x + size.x, at.y + size.y}, WithAlpha(Colors().note, 0.7f), Px(5));
  ImGui::SetNextWindowPos({at.x, at.y + size.y + Px(3)});
  ListStyle list;
  list.font = GetFonts().mono;
  list.width = size.x - Px(26);
  const auto selected = std::find(spec.choices.begin(), spec.choices.end(), value) - spec.choices.begin();
  const int chosen = ChoiceList(popup.c_str(), spec.choices, static_cast<int>(selected), list);
  if (chosen >= 0) PostSetting(context, spec.key, config::Value(spec.choices[static_cast<size_t>(chosen)]));
}

// Takes back what waits of a row: a cross of its own, left of the field. Its width.
float DrawCancel(PanelContext& context, const std::vector<const run::PendingChange*>& changes, float right,
                 float middle) {
  const float side = Px(20);
  ButtonStyle style;
  style.color = Colors().note;
  std::string tip = "Cancel what waits for the next episode:";
  for (const run::PendingChange* change : changes) tip += "\n" + PendingText(context.snapshot, *change);
  style.tooltip = tip.c_str();
  const std::string id = "cancel." + changes.front()->key;
  if (Button(id.c_str(), {right - side, middle - 0.5f * side}, {side, side}, icon::kTimes, style))
    for (const run::PendingChange* change : changes) context.post(run::CancelChange{change->key});
  return side;
}

std::vector<const run::PendingChange*> PendingOf(const run::Snapshot& snapshot, const std::string& row) {
  std::vector<const run::PendingChange*> changes;
  const std::optional<TunedSetting> tuned = FindTuned(row);
  for (const std::string& key : {row, tuned ? tuned->automatic : std::string()})
    if (const run::PendingChange* change = key.empty() ? nullptr : FindPending(snapshot, key))
      changes.push_back(change);
  return changes;
}

// The switch that hands the value to the engine. Returns its left edge.
float DrawAutomatic(PanelContext& context, const TunedSetting& tuned, float right, float middle, bool on, bool worded) {
  const Palette& c = Colors();
  const float x = right - SwitchSize().x;
  const std::string id = "setting." + tuned.automatic;
  const std::string key = tuned.key;
  const ImU32 color = ActorColor(LearnerOf(PartsOf(context.snapshot), eps::Pick::Of(key.substr(0, key.find('.')))));
  if (Switch(id.c_str(), {x, middle - SwitchSize().y * 0.5f}, on, color)) PostSetting(context, tuned.automatic, !on);
  if (!worded) return x;
  const float width = TextWidth(GetFonts().small, "auto");
  TextMiddle(GetFonts().small, {x - Px(5) - width, middle}, on ? c.text : c.faint, "auto");
  return x - Px(5) - width;
}

}  // namespace

std::string PendingText(const run::Snapshot& snapshot, const run::PendingChange& change) {
  const auto tuned = TunedValue(snapshot, change.key);
  const std::string from = tuned ? "tuned " + TunedText(*tuned) : SettingText(change.from);
  const std::string boundary = change.episode > 0 ? Format(" at episode %d", change.episode) : " at next episode";
  return from + kArrow + SettingText(change.to) + boundary;
}

std::string SettingTooltip(const run::Snapshot& snapshot, const config::Spec& spec) {
  std::string text = eps::Capitalised(SettingWords(spec.key)) + ": " + spec.help + ".";
  if (TunedValue(snapshot, spec.key))
    text += "\nTuned by its learner, from a start of " + SettingText(config::Get(SettingsOf(snapshot), spec.key)) +
            "; switch the " + SettingWords(FindTuned(spec.key)->automatic) + " off to set it by hand.";
  return text + "\nIn files: " + spec.key;
}

std::string UnitText(const config::Spec& spec) {
  return spec.unit.rfind("per ", 0) == 0 ? "/ " + spec.unit.substr(4) : spec.unit;
}

void PostSetting(PanelContext& context, const std::string& key, const config::Value& value) {
  const bool in_force = config::Get(SettingsOf(context.snapshot), key) == value;
  if (!in_force) {
    context.post(run::ChangeSetting{key, value});
  } else if (FindPending(context.snapshot, key) != nullptr) {
    context.post(run::CancelChange{key});
  }
}

void DrawSettingControl(PanelContext& context, const config::Spec& spec, ImVec2 at, ImVec2 size, bool starts) {
  const config::Value value = config::Get(SettingsOf(context.snapshot), spec.key);
  const bool live = starts || spec.when == config::When::kEpisode;
  const bool noted = FindPending(context.snapshot, spec.key) != nullptr;
  const std::string id = "setting." + spec.key;
  if (spec.type == config::Spec::Type::kBool && live) {
    const bool on = std::get<bool>(value);
    const ImVec2 corner{at.x + size.x - SwitchSize().x, at.y + (size.y - SwitchSize().y) * 0.5f};
    if (Switch(id.c_str(), corner, on)) PostSetting(context, spec.key, !on);
    return;
  }
  if (spec.type == config::Spec::Type::kChoice && live) {
    DrawChoice(context, spec, at, size, config::ToText(value), noted);
    return;
  }
  FieldStyle style;
  const auto tuned = starts ? std::nullopt : TunedValue(context.snapshot, spec.key);
  style.unit = tuned ? "tuned" : UnitText(spec);
  if (const run::PendingChange* change = FindPending(context.snapshot, spec.key)) {
    style.shown = SettingText(value) + kArrow + SettingText(change->to);
    style.unit.clear();
  }
  style.enabled = live && !tuned;
  style.noted = noted;
  const std::string text = tuned ? TunedText(*tuned) : SettingText(value);
  const auto typed = ValueField(id.c_str(), at, size, text, style);
  if (typed) PostText(context, spec.key, *typed);
}

bool Waits(const run::Snapshot& snapshot, const SettingRow& row) { return !PendingOf(snapshot, row.key).empty(); }

void DrawSettingRow(PanelContext& context, const SettingRow& row, ImVec2 at, float width, float height) {
  const config::Spec* spec = config::FindSpec(row.key);
  if (spec == nullptr) return;
  const Palette& c = Colors();
  const float middle = at.y + height * 0.5f, field_width = Px(100), field_height = Px(21);
  const ImVec2 field{at.x + width - field_width, middle - field_height * 0.5f};
  const std::optional<TunedSetting> tuned = FindTuned(row.key);
  const run::Event* touched = NewestIntervention(context.snapshot, row.key);
  const float flag_width = touched != nullptr && touched->number > 0 ? Px(26) : 0;
  float right = field.x - Px(8);
  // What waits stands in the row that it is about: no row moves under the mouse.
  const std::vector<const run::PendingChange*> changes = PendingOf(context.snapshot, row.key);
  if (!changes.empty()) right -= DrawCancel(context, changes, right + Px(4), middle) + Px(2);
  if (tuned) {
    const bool automatic = std::get<bool>(config::Get(SettingsOf(context.snapshot), tuned->automatic));
    // The name and its flag need their room more than the word beside the switch.
    const float wanted =
        TextWidth(GetFonts().small, row.label) + flag_width + TextWidth(GetFonts().small, "auto") + Px(14);
    const bool worded = right - SwitchSize().x - at.x >= wanted;
    right = DrawAutomatic(context, *tuned, right, middle, automatic, worded) - Px(6);
  }
  DrawSettingControl(context, *spec, field, {field_width, field_height});

  const std::string label = Elide(GetFonts().small, row.label, right - at.x - flag_width);
  const float label_width = TextMiddle(GetFonts().small, {at.x, middle}, c.text, label);
  if (flag_width > 0) NoteFlag({at.x + label_width + Px(16), middle - Px(8)}, FlagText({touched->number}));
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool hovered =
      ImGui::IsWindowHovered() && mouse.x >= at.x && mouse.x < right && mouse.y >= at.y && mouse.y < at.y + height;
  if (hovered) Tooltip(SettingTooltip(context.snapshot, *spec), at, {at.x + width, at.y + height});
  Explain(at, {at.x + width, at.y + height}, "", "", SettingTooltip(context.snapshot, *spec));
}

}  // namespace equipoise::ui
