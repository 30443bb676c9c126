// sheets.h: what lies over the whole window while it is open: keys, settings, runs, a new run, a passing message.
//
// Thread   window thread, inside a frame, after the panels
#pragma once

#include <string>
#include <vector>

#include "ui/view/panel.h"
#include "ui/view/run_table.h"

namespace equipoise::ui {

enum class SettingsFilter { kAll, kLive, kChanged };

// What is typed and chosen in the sheets; each in its own place of PanelMemory.
struct SettingsSheetView {  // of the window
  std::string search;
  bool search_wanted = false;  // the keyboard belongs into the search field
  SettingsFilter filter = SettingsFilter::kAll;
};
enum class HelpPage { kKeys, kMouse, kWords };
struct HelpSheetView {  // of the window
  HelpPage page = HelpPage::kKeys;
};
struct RunsSheetView {  // of the window
  std::string folder = "runs";
  RunTableView table;
  bool curves = false;  // small curves in place of the table
};
struct NewRunSheetView {  // of the run beside which it is to lie
  NewRunDraft draft;
};
struct ForkSheetView {                    // of the run that is forked
  std::string episode, episodes, folder;  // as typed; "": as many as this run, and a free name beside it
  std::string search;
  std::vector<run::ChangeSetting> changes;
  int in_force_before = 0;    // the episode that `in_force` is of; 0: none
  config::Settings in_force;  // before the learning for it
};
struct TakeAwaySheetView {  // of the window
  TakeAwayRequest chosen;
};

void DrawKeySheet(PanelContext& context);
void DrawSettingsSheet(PanelContext& context);
void DrawRunsSheet(PanelContext& context);
void DrawNewRunSheet(PanelContext& context);
void DrawForkSheet(PanelContext& context);
void DrawTakeAwaySheet(PanelContext& context);
void DrawLeaveTrainingSheet(PanelContext& context);
// What a person needs on the first start, in three lines; closed for good by its button.
void DrawHint(PanelContext& context);
void DrawToast(PanelContext& context);

// A sheet that is being drawn.
struct SheetFrame {
  bool open = true;      // false: a person has closed it
  bool scrolls = false;  // the window is smaller
};
// Dims everything and opens a card of `size` in the middle, whose controls alone are in reach of the keyboard
// (focus.h). Where the window is smaller the sheet scrolls. A click beside the card closes it.
SheetFrame BeginSheet(const char* id, ImVec2 size, const char* icon, const char* title);
// Always, after BeginSheet. Lets the sheet go when it was closed.
void EndSheet(const SheetFrame& frame, OpenSheet* sheet);

}  // namespace equipoise::ui
