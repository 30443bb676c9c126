// setting_row.h: one setting as a row: name, switch or field, what is pending, and what it takes to change it.
//
// Used by the panel of live settings and by the sheet of all of them. A change is posted; the row goes on showing the
// value in force and says what is pending until the engine has applied it.
// Thread   window thread, inside a frame
#pragma once

#include <string>

#include "ui/view/panel.h"

namespace equipoise::ui {

struct SettingRow {
  std::string key;
  std::string label;
};

// As tall whether a change waits or not: what waits stands in the field, with a cross beside it that takes it back.
void DrawSettingRow(PanelContext& context, const SettingRow& row, ImVec2 at, float width, float height);
bool Waits(const run::Snapshot& snapshot, const SettingRow& row);

// Only the switch, choice or field of a setting, right-aligned in the box. One that is tuned by itself (facts.h) shows
// the value in force, and cannot be typed into meanwhile.
// `starts`: of a run that is yet to begin, in which nothing is tuned so far.
void DrawSettingControl(PanelContext& context, const config::Spec& spec, ImVec2 at, ImVec2 size, bool starts = false);

// "0.2 -> 0.5 at episode 12"; from the value in force where it was tuned.
std::string PendingText(const run::Snapshot& snapshot, const run::PendingChange& change);
// Key and meaning; of a tuned one also where it starts and what switches that off.
std::string SettingTooltip(const run::Snapshot& snapshot, const config::Spec& spec);

// Posts the change; a value equal to the one in force takes back what is pending.
void PostSetting(PanelContext& context, const std::string& key, const config::Value& value);

std::string UnitText(const config::Spec& spec);  // "per nat" -> "/ nat"

}  // namespace equipoise::ui
