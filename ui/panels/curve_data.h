// curve_data.h: the columns behind the learning curves, made from the records of executed episodes.
//
// Pure: no ImGui call, so that every number that is drawn can be tested. Made once per new episode, not per frame.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/run/snapshot.h"
#include "ui/draw.h"
#include "ui/plot/axis.h"
#include "ui/ui_state.h"

namespace equipoise::ui {

inline constexpr int kFractionWindow = 20;  // picked episodes

struct CurveData {
  std::vector<int> episode;
  std::vector<Actor> actor;
  std::vector<double> x;  // rising
  std::vector<double> episode_return, smoothed;
  int smoothing_window = 0;                        // episodes: twelve, or a hundredth of the run when that is more
  std::vector<double> predicted_lo, predicted_hi;  // 5 and 95 % over masks, for the policy that then acted
  std::vector<double> model_based_lo, model_based_hi, model_free_lo, model_free_hi;  // the same, apart by who acted
  std::vector<double> fraction_model_free;  // of the last kFractionWindow picks
  std::vector<double> nll;
  AxisView x_fit, return_fit, nll_fit;
  bool has_nll = false;

  size_t size() const { return episode.size(); }
  // Index of the entry nearest to `at` on the x axis; size() when there is none.
  size_t Nearest(double at) const;
  // Index of an episode; size() when it was not executed.
  size_t IndexOf(int wanted_episode) const;
};

using EpisodeList = std::vector<std::shared_ptr<const run::EpisodeRecord>>;

CurveData BuildCurves(const EpisodeList& episodes, XAxis x_axis);

// "episode", "env steps", "gradient steps", "wall clock, minutes".
const char* Label(XAxis x_axis);

// Where the interventions lie on the x axis: just before the first episode that they touched.
double FlagPosition(const CurveData& data, int episode);

}  // namespace equipoise::ui
