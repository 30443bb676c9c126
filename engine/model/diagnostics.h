// diagnostics.h: the model against an episode that it has not been trained on: open-loop prediction with the real
// actions.
//
// From the episode's real start, every belief rolls forward with the actions that were really taken and noise of its
// own.
//   error(h)   root mean square over physics states of z_h - z_h(real), in standard deviations of the data
//   coverage   share of (step, state) where reality lies inside the beliefs' 5-95 % band; 0.9 would be calibrated
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/world_model.h"

namespace equipoise::model {

struct OpenLoop {
  std::vector<float> median, lo, hi;  // of error(h) over beliefs, h = 1..T
  double coverage = 0;
};

OpenLoop CompareOpenLoop(const WorldModel& model, const replay::EpisodeBuffer& data, int64_t episode,
                         const Belief& beliefs, Stream& noise);

// q in [0, 1] of the values, linear between neighbours; NaN when empty. Sorts the argument.
double Quantile(std::vector<double>& values, double q);

}  // namespace equipoise::model
