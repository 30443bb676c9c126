// curve_charts.h: every chart that the curves can show, once: its name, its series, where their numbers come from.
//
// A series has a value for those episodes to which it applies (nothing for others: numbers of a learner that
// the agent does not have are not missing). A value that applies but is not a number is missing, and is shown as such.
//
// Pure: no ImGui call.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

enum class CurveChart : uint8_t {
  kReturn,
  kFraction,
  kNll,
  kPrediction,
  kOpenLoop,
  kCoverage,
  kDelta,
  kModelFit,
  kLosses,
  kValues,
  kEntropies,
  kAlphas,
  kGradients,
  kClipped,
  kImagined,
  kOverestimation,
  kValueLoss,
  kModelBasedAlpha,
  kClaimed,
  kPlanChange,
  kShadow,
  kRefusals,
  kOwn,  // the first of those that the parts of an agent have of their own, in their order
  kCount = kOwn + 11
};
inline constexpr size_t kCurveCharts = static_cast<size_t>(CurveChart::kCount);
static_assert(kCurveCharts <= 64, "one bit for each");
inline constexpr uint64_t Bit(CurveChart chart) { return uint64_t{1} << static_cast<unsigned>(chart); }
// Where nothing was chosen. Of an agent that lacks one of them others of its own take the place (ChartTable::usual).
inline constexpr uint64_t kUsualCharts = Bit(CurveChart::kReturn) | Bit(CurveChart::kFraction) | Bit(CurveChart::kNll);

struct SeriesSpec {
  enum class Tone : uint8_t { kPlain, kSecondary, kLearner };
  std::string name;
  Tone tone = Tone::kPlain;
  bool dashed = false;
  std::optional<double> (*value)(const run::EpisodeSummary&) = nullptr;  // null: one of the parts' own numbers
  std::string scalar = {};                                               // and its name
  eps::Pick learner = {};                                                // of kLearner: whose colour it has
  bool bias = false;  // predicted - realised return where `learner` acted
};
std::optional<double> ValueOf(const SeriesSpec& series, const run::EpisodeSummary& record);

struct ChartTable {
  CurveChart chart;
  std::string id;     // "return", "fraction", "td3.td-error": its widget, and its file when it is taken away
  std::string group;  // in the choice of charts
  std::string title, unit;
  std::string about;  // one sentence for the choice of charts
  std::vector<SeriesSpec> series;
  bool smoothed = false;     // the raw line stands faintly behind a smoothed one
  bool logarithmic = false;  // from the start
  bool percent = false;      // fixed to [0, 1]
  bool wild = false;         // a few wild values may leave the chart instead of flattening the rest
  double reference = NAN;    // a dashed line; see ReferenceOf
  bool needs_model = false, compares = false;
  bool between_learners = false;  // says something of several learners alone
  bool usual = false;             // shown where nothing else was chosen
};
// The charts of an agent of these parts: a chart has a series for every part that reports a number of its kind
// ("<id>.critic_loss"). Behind those the charts that the parts have of their own (PartChart), in the places that agents
// share. Kept for every list of parts that was asked for.
const std::vector<ChartTable>& ChartTables(const nets::PartList& parts);
const ChartTable& TableOf(const nets::PartList& parts, CurveChart chart);
// What depends on the run's settings too; null: not known. NaN: no line.
double ReferenceOf(const ChartTable& table, const config::Settings* settings);
std::string UnitOf(const ChartTable& table, const nets::PartList& parts, const config::Settings* settings, int horizon);
// Has this agent anything to show in it? Of an agent that is not known yet (no parts): all that parts share.
bool Applies(const ChartTable& table, const nets::PartList& parts);

}  // namespace equipoise::ui
