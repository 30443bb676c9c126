// tour.h: two minutes through the window on the run that is open: one stop for each card, in the words of the glossary
// and with what that run shows at this moment.
//
// The arrows lead on and back, Esc ends it. Nothing is touched: the run goes on, the panels can be used meanwhile.
// Thread   window thread, inside a frame
#pragma once

#include <string>
#include <vector>

#include "ui/view/arrangement.h"
#include "ui/view/panel.h"

namespace equipoise::ui {

struct TourStop {
  Page page;                // where not everything has room at once
  Area Arrangement::*area;  // what it speaks of
  std::string title;
  std::vector<std::string> sentences;  // what it is for, what it shows now, what can be done
};
// Of this run's agent: who compares nothing has no stop at the check.
std::vector<TourStop> TourStops(const PanelContext& context);

// Inside OpenSheet::tour.
void DrawTour(PanelContext& context, const Arrangement& arrangement);

}  // namespace equipoise::ui
