// chart_svg.h: charts as SVG, from their data and in the view that a person chose; and how the charts of a frame are
// caught for it.
//
// A chart that is drawn while a ChartRecorder lives is also written down: what is on the screen is what is in the file,
// overlays and hidden entries included. Marks keep their shapes, so that the figure works without colours.
//
// Units    the picture is width x height user units, whatever the size on the screen
// Thread   window thread, inside a frame; one recorder at a time
#pragma once

#include <map>
#include <string>

#include "engine/eps/decision.h"
#include "ui/plot/line_chart.h"

namespace equipoise::ui {

struct SvgOptions {
  int width = 720, height = 400;
  std::string title, note;  // above the chart, left and right
};

// `x`, `y`: the view; their pixels are not used.
std::string ChartSvg(const ChartSpec& spec, const Axis& x, const Axis& y, const SvgOptions& options);
// One dot per mask in the order of their deltas, with its standard error, and the line at zero.
std::string DecisionSvg(const eps::Decision& decision, const nets::PartList& parts, const SvgOptions& options);

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
