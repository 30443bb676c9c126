// curve_look.h: colour and line of the agents in a figure: the same in `equipoise compare` and `equipoise report`.
//
// An agent of one learner has that learner's colour, one that chooses has ink; the lines differ for those who do not see
// colours. Whose colour is taken already (further groups of an agent, other agents of one learner) keeps its line and
// gets a colour of its own.
//
// Thread   one, with the palette in force (ui/figure/palette.h)
#pragma once

#include <string>
#include <vector>

#include "ui/figure/chart.h"

namespace equipoise::app {

struct Look {
  ui::Rgba color = 0;
  ui::LegendEntry::Sign sign = ui::LegendEntry::Sign::kLine;
  ui::ChartLine Line(const std::vector<double>* x, const std::vector<double>* y) const;
};
// One for each, by the agents' names in that order.
std::vector<Look> LooksOf(const std::vector<std::string>& agents);
// Does it pick one of several learners before every episode?
bool Chooses(const std::string& agent);

}  // namespace equipoise::app
