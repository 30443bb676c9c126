// view_choices.h: what is shown and how: charts and axes, filters, tabs, theme and size. What a person chooses here
// changes no run; part of it is kept between starts (persistent.h), part can be undone (view_history.h).
//
// Thread   window thread
#pragma once

#include <optional>

#include "ui/figure/axis.h"
#include "ui/view/arrangement.h"
#include "ui/view/curves_view.h"

namespace equipoise::ui {

enum class LogFilter { kEverything, kEpisodes, kInterventions, kProblems };

struct ModelChartView {
  AxisView x, error;
  bool logarithmic = false;
  bool by_output = false;  // the outputs side by side instead of the steps
};

struct ViewChoices {
  CurvesView curves;
  ModelChartView model_chart;
  std::optional<int> strip_last;  // the last episode in the strip of who acted; none: the newest one there is
  LogFilter log_filter = LogFilter::kEverything;
  PageChoice pages;           // the tabs, where not everything has room at once
  std::optional<Page> large;  // one card in place of the others
  bool presents = false;      // one card at a time, in large letters

  bool explains = false;  // whatever is pointed at is explained at once
  bool light = false;
  bool safe_colours = false;  // the learners' colours from a palette made for the colour-blind
  float zoom = 1;             // of the whole interface, on top of the monitor's content scale
};

}  // namespace equipoise::ui
