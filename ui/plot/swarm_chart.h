// swarm_chart.h: one dot per mask: does imagination favour the challenger (right of zero) or the preferred policy?
//
// x        delta, the imagined return of the challenger minus that of the preferred policy under one mask
// Dots     the challenger's mark right of zero, the other's left of it; hollow when |delta| is below its standard
//          error; the least is ringed, since it alone decides
// Whisker  one standard error over the rollouts of a mask
// A, B     the selected mask and the second one carry ring and letter in their colours
// Edges    outliers (beyond three interquartile ranges, beeswarm.h) stand beyond the axis with an arrow and their
//          value, and the chart says by which rule; masks without a finite value are counted in red
// Mean     dashed; of a check that stopped early only "of the n seen", since the set is censored
//
// Thread   window thread, inside a frame
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/eps/decision.h"
#include "ui/figure/axis.h"
#include "ui/figure/beeswarm.h"
#include "ui/kit/theme.h"

namespace equipoise::ui {

struct SwarmChartResult {
  std::optional<int> hovered, clicked;  // index of the mask, in the order of evaluation
  bool shift = false;                   // the click began with Shift held
};

struct SwarmWhatIf {                // another rule, drawn over the dots
  std::optional<double> threshold;  // a dashed line
  int masks = 0;                    // only so many of the first masks count, the others fade; 0: all
  std::optional<double> pinned;     // what a mask that is followed says of this decision: a line
  std::string pinned_name;
};

// Where the axis and the dots lie, a value of the data and the size; pixels count from the left edge of the widget and
// from the middle line.
struct SwarmPlaces {
  std::vector<double> delta, error;
  ImVec2 size;
  float scale = 0;
  Axis x;
  SwarmAxis axis;
  SwarmPacking packing;
};

// What a chart keeps from frame to frame: packing costs more than drawing, and a decision stands for seconds.
struct SwarmMemory {
  SwarmPlaces places;  // of the decision shown last
  bool shift = false;  // as it was when the button went down: fingers leave keys and buttons in any order
};

// What a dot stands for and what a click on it does: "Mask 19: one version of the model; in it model-based earns 8.2
// more than SAC; click to watch it imagine."
std::string DotSentence(const eps::Decision& decision, const nets::PartList& parts, int mask, bool chosen);

// At the cursor, exactly `size` pixels. The decision must have been checked; `parts` say who its policies are.
SwarmChartResult DrawSwarmChart(const char* id, ImVec2 size, const eps::Decision& decision, const nets::PartList& parts,
                                SwarmMemory* memory, std::optional<int> selected,
                                std::optional<int> second = std::nullopt, const SwarmWhatIf& what_if = {});

}  // namespace equipoise::ui
