// chart_recorder.h: how the charts of a frame are caught as figures.
//
// A chart that is drawn while a ChartRecorder lives is also written down: what is on the screen is what is in the file,
// overlays and hidden entries included.
//
// Thread   window thread, inside a frame; one recorder at a time
#pragma once

#include <map>
#include <string>

#include "ui/figure/chart_svg.h"

namespace equipoise::ui {

class ChartRecorder {
 public:
  explicit ChartRecorder(std::string note);
  ~ChartRecorder();
  ChartRecorder(const ChartRecorder&) = delete;
  ChartRecorder& operator=(const ChartRecorder&) = delete;

  // Called by DrawLineChart; does nothing without a recorder.
  static void Note(const char* id, const ChartSpec& spec, const Axis& x, const Axis& y);
  // By the chart's id: "return", "fraction", "nll", "error".
  const std::map<std::string, std::string>& charts() const { return charts_; }

 private:
  std::string note_;
  std::map<std::string, std::string> charts_;
};

// What a chart of that id shows, for people: "Return per episode". The id itself when it is not known.
std::string ChartTitle(const std::string& id);

}  // namespace equipoise::ui
