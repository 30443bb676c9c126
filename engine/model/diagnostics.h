// diagnostics.h: the model against an episode that it has not been trained on: open-loop prediction with the real
// actions.
//
// From the episode's real start, every belief rolls forward with the actions that were really taken and noise of its
// own.
//   error(h)   root mean square over physics states of z_h - z_h(real), in standard deviations of the data
//   error_j    of state j alone: root mean square over steps and beliefs
//   coverage   share of (step, state) where reality lies between the 5 % and the 95 % quantile of the n beliefs
//
// The quantiles of n draws are no quantiles of what they are drawn from: reality is one more draw when the model is
// right, and n draws cut the line into n + 1 parts that are equally likely to hold it. Between the ranks 1 + 0.05 (n -
// 1) and 1 + 0.95 (n - 1) it then lies with probability 0.9 (n - 1) / (n + 1): 0.81 for 20, not 0.9.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/imagination.h"

namespace equipoise::model {

// Rows from one start, with the actions that were really taken and noise of their own, drawn step by step; row r under
// belief r % count. `start` [S] normalised, `actions` [T, A]. Every step is kept.
Imagination RollRecorded(const WorldModel& model, const float* start, const float* actions, int64_t horizon,
                         int64_t rows, const Belief& beliefs, Stream& noise);

struct OpenLoop {
  std::vector<float> median, lo, hi;  // of error(h) over beliefs, h = 1..T
  std::vector<float> by_state;        // error_j, of physics states
  double coverage = 0;
};

OpenLoop CompareOpenLoop(const WorldModel& model, const replay::EpisodeBuffer& data, int64_t episode,
                         const Belief& beliefs, Stream& noise);

// The coverage of n draws when the model is right: linear between two ranks, as Quantile is (of Gaussian draws it is
// 0.62 instead of 0.60 for five, and within 0.005 for 20).
inline double CalibratedCoverage(int64_t draws) {
  return draws > 0 ? 0.9 * static_cast<double>(draws - 1) / static_cast<double>(draws + 1) : 0.0;
}

}  // namespace equipoise::model
