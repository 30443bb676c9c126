// curve_caption.h: the row above a chart: its name, what each of its series is worth under the cursor, its scale.
//
// Mouse    a click on a series hides it and brings it back; a click on "log" changes the scale of y; a click on what
//          other runs draw asks for their next series
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/kit/draw.h"
#include "ui/view/ui_state.h"

namespace equipoise::ui {

struct CaptionEntry {
  std::string name;  // "" when the chart has only one series: its title says it
  std::string value;
  ImU32 color = 0;
  bool dashed = false;
  unsigned bit = 0;  // of ChartView::hidden
};

struct CaptionSpec {
  std::string id, title, note;  // the note stands at the right, where there is room
  std::vector<CaptionEntry> entries;
  std::string others;      // the series that other runs draw; "": the chart has only one, or there are no others
  bool has_scale = false;  // the scale may be changed
  bool logarithmic = false;
  bool quiet = false;  // a picture: nothing that only a mouse could use
};
// Entries that have no room left of at.x + width are left out from the end. True when the next series of the other runs
// was asked for.
bool DrawCaption(const CaptionSpec& spec, ImVec2 at, float width, ChartView* view);

// A word that switches something on and off, its top left at `at`; true when it was pressed. `id` names it in the trace.
float WordWidth(const char* word);
bool DrawWord(const char* id, ImVec2 at, const char* word, bool on, const char* tip);
// The one that changes the scale of y.
float ScaleWordWidth();
bool DrawScaleWord(const char* id, ImVec2 at, bool logarithmic);

}  // namespace equipoise::ui
