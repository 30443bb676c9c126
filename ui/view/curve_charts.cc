#include "ui/view/curve_charts.h"

#include <array>
#include <cmath>

#include "engine/model/diagnostics.h"
#include "ui/plot/ticks.h"

namespace equipoise::ui {
namespace {

using run::EpisodeSummary;
using Value = std::optional<double>;
using Tone = SeriesSpec::Tone;

// A number that the model gives once it has been fitted: NaN without a measured open-loop error does not apply.
bool Measured(const EpisodeSummary& r) { return r.open_loop.steps > 0; }

Value Return(const EpisodeSummary& r) { return r.episode_return; }
Value Fraction(const EpisodeSummary& r) {
  return r.decision.pick == eps::Pick::kRandom ? Value() : Value(r.fraction_model_free);
}
Value Nll(const EpisodeSummary& r) {
  return Measured(r) || std::isfinite(r.nll) || std::isinf(r.nll) ? Value(r.nll) : Value();
}
Value NllDistractors(const EpisodeSummary& r) { return std::isnan(r.nll_distractors) ? Value() : r.nll_distractors; }

Value Bias(const EpisodeSummary& r, eps::Pick pick) {
  if (r.decision.pick != pick || std::isnan(r.predicted_mean)) return {};
  return r.predicted_mean - r.episode_return;
}
Value BiasModelBased(const EpisodeSummary& r) { return Bias(r, eps::Pick::kModelBased); }
Value BiasModelFree(const EpisodeSummary& r) { return Bias(r, eps::Pick::kModelFree); }

Value OpenLoopMean(const EpisodeSummary& r) { return Measured(r) ? Value(r.open_loop.mean) : Value(); }
Value OpenLoopEnd(const EpisodeSummary& r) { return Measured(r) ? Value(r.open_loop.last) : Value(); }
Value OpenLoopFirst(const EpisodeSummary& r) { return Measured(r) ? Value(r.open_loop.first) : Value(); }
Value Coverage(const EpisodeSummary& r) { return Measured(r) ? Value(r.coverage) : Value(); }

// A check that stopped early holds a censored set of masks: its mean and spread are no numbers of the whole set.
bool WholeCheck(const EpisodeSummary& r) {
  return r.decision.checked && r.decision.summary.count > 0 && r.decision.evaluated == r.decision.masks;
}
Value Least(const EpisodeSummary& r) { return WholeCheck(r) ? Value(eps::Summarise(r.decision).least) : Value(); }
Value Mean(const EpisodeSummary& r) { return WholeCheck(r) ? Value(eps::Summarise(r.decision).mean) : Value(); }
Value Spread(const EpisodeSummary& r) { return WholeCheck(r) ? Value(eps::Summarise(r.decision).spread) : Value(); }
Value CheckClamped(const EpisodeSummary& r) {
  return r.decision.evaluated > 0 ? Value(r.decision.clamped_fraction) : Value();
}

std::vector<ChartTable> Make() {
  std::vector<ChartTable> t(kCurveCharts);
  const auto put = [&](CurveChart chart, const char* group, const char* title, const char* unit, const char* about,
                       std::vector<SeriesSpec> series) -> ChartTable& {
    ChartTable& table = t[static_cast<size_t>(chart)];
    table.chart = chart;
    table.group = group;
    table.title = title;
    table.unit = unit;
    table.about = about;
    table.series = std::move(series);
    return table;
  };
  put(CurveChart::kReturn, "Learning", "Return per episode", "", "What the policy that acted earned.",
      {{"return", Tone::kPlain, false, Return}})
      .smoothed = true;
  put(CurveChart::kFraction, "Learning", "Model-free fraction", "", "Share of SAC's episodes among the last picks.",
      {{"fraction", Tone::kModelFree, false, Fraction}})
      .percent = true;

  ChartTable& prediction =
      put(CurveChart::kPrediction, "The check", "Predicted \xe2\x88\x92 realised return", "",
          "Above 0 the model promised more than the policy then earned.",
          {{"model-based", Tone::kModelBased, false, BiasModelBased}, {"SAC", Tone::kModelFree, false, BiasModelFree}});
  prediction.smoothed = prediction.needs_model = prediction.wild = true;
  prediction.reference = 0;
  ChartTable& delta = put(CurveChart::kDelta, "The check", "\xce\x94 over masks", "complete checks",
                          "The least decides; mean and spread of the masks beside it.",
                          {{"least", Tone::kPlain, false, Least},
                           {"mean", Tone::kSecondary, false, Mean},
                           {"spread", Tone::kSecondary, true, Spread}});
  delta.needs_both = delta.wild = true;
  delta.reference = 0;

  ChartTable& nll =
      put(CurveChart::kNll, "The model", "Model NLL", "nats per step \xc2\xb7 newest episode, unseen",
          "How badly the model predicts an episode before it is fitted to it.",
          {{"physics", Tone::kPlain, false, Nll}, {"distractors", Tone::kSecondary, true, NllDistractors}});
  nll.needs_model = nll.wild = true;
  ChartTable& open = put(CurveChart::kOpenLoop, "The model", "Open-loop error", "sd of the data",
                         "State error under the same actions: after one step, over all steps, at the end.",
                         {{"mean", Tone::kPlain, false, OpenLoopMean},
                          {"last step", Tone::kSecondary, true, OpenLoopEnd},
                          {"first step", Tone::kSecondary, false, OpenLoopFirst}});
  open.needs_model = open.wild = true;
  ChartTable& coverage = put(CurveChart::kCoverage, "The model", "Coverage", "dashed: right for so many masks",
                             "Share of steps in which reality lies inside the masks' 5-95 % band.",
                             {{"coverage", Tone::kPlain, false, Coverage}});
  coverage.needs_model = coverage.percent = true;
  ChartTable& fit =
      put(CurveChart::kModelFit, "The model", "Fit NLL", "nats per step, on the data it was fitted to",
          "What the fit reached, all outputs together.", {{"fit", Tone::kPlain, false, nullptr, "model.train_nll"}});
  fit.needs_model = fit.wild = true;

  ChartTable& losses = put(CurveChart::kLosses, "The learners", "Critic loss", "raw reward squared",
                           "Squared error of SAC's critics, summed over them.",
                           {{"SAC", Tone::kModelFree, false, nullptr, "sac.critic_loss"}});
  losses.smoothed = losses.logarithmic = losses.needs_sac = true;
  ChartTable& values =
      put(CurveChart::kValues, "The learners", "Values", "discounted raw reward",
          "What the learners expect where they train, each with its own gamma: SAC's Q, the value network.",
          {{"Q", Tone::kModelFree, false, nullptr, "sac.q"},
           {"largest Q", Tone::kModelFree, true, nullptr, "sac.max_q"},
           {"value", Tone::kModelBased, false, nullptr, "mb.state_value"}});
  values.wild = true;
  put(CurveChart::kEntropies, "The learners", "Entropy", "nats", "Of both policies' actions: low is sure of itself.",
      {{"model-based", Tone::kModelBased, false, nullptr, "mb.entropy"},
       {"SAC", Tone::kModelFree, false, nullptr, "sac.entropy"}});
  ChartTable& alpha =
      put(CurveChart::kAlphas, "The learners", "Alpha", "raw reward per nat", "What a nat of entropy is worth to SAC.",
          {{"SAC", Tone::kModelFree, false, nullptr, "sac.alpha"}});
  alpha.logarithmic = alpha.needs_sac = true;
  put(CurveChart::kGradients, "The learners", "Gradient norms", "before clipping",
      "Of the model, the model-based policy, SAC's actor and critics.",
      {{"model", Tone::kPlain, false, nullptr, "model.gradient_norm"},
       {"MB policy", Tone::kModelBased, false, nullptr, "mb.gradient_norm"},
       {"actor", Tone::kModelFree, false, nullptr, "sac.actor_gradient_norm"},
       {"critics", Tone::kModelFree, true, nullptr, "sac.critic_gradient_norm"}})
      .logarithmic = true;
  ChartTable& clipped = put(CurveChart::kClipped, "The learners", "Clipped", "shares",
                            "Gradient steps that were clipped; states of the check that left the data.",
                            {{"model", Tone::kPlain, false, nullptr, "model.clipped_share"},
                             {"MB policy", Tone::kModelBased, false, nullptr, "mb.clipped_share"},
                             {"left the data", Tone::kSecondary, true, CheckClamped}});
  clipped.percent = clipped.needs_model = true;

  ChartTable& imagined = put(CurveChart::kImagined, "The learners", "Imagined return", "raw reward",
                             "What the model-based policy earned in imagination while it was trained.",
                             {{"imagined", Tone::kModelBased, false, nullptr, "mb.imagined_return"}});
  imagined.needs_model = imagined.wild = true;
  ChartTable& over =
      put(CurveChart::kOverestimation, "The learners", "Q \xe2\x88\x92 return", "discounted raw reward, same states",
          "SAC's episodes: what the critics said of their states minus what was then earned there.",
          {{"Q \xe2\x88\x92 return", Tone::kModelFree, false, nullptr, "sac.q_minus_return"}});
  over.needs_sac = over.smoothed = over.wild = true;
  over.reference = 0;
  ChartTable& value_loss = put(CurveChart::kValueLoss, "The learners", "Value loss", "sd of the reward, squared",
                               "Squared error of the model-based value network (dreamer only).",
                               {{"value", Tone::kModelBased, false, nullptr, "mb.value_loss"}});
  value_loss.smoothed = value_loss.logarithmic = value_loss.needs_model = true;
  ChartTable& model_based_alpha =
      put(CurveChart::kModelBasedAlpha, "The learners", "Alpha, model-based", "sd of the reward per nat",
          "What a nat of entropy is worth to the model-based policy.",
          {{"model-based", Tone::kModelBased, false, nullptr, "mb.alpha"}});
  model_based_alpha.logarithmic = model_based_alpha.needs_model = true;
  return t;
}

}  // namespace

const std::vector<ChartTable>& ChartTables() {
  static const std::vector<ChartTable> kTables = Make();
  return kTables;
}

const ChartTable& TableOf(CurveChart chart) { return ChartTables()[static_cast<size_t>(chart)]; }

double ReferenceOf(const ChartTable& table, const config::Settings* settings) {
  if (table.chart != CurveChart::kCoverage) return table.reference;
  return settings != nullptr ? model::CalibratedCoverage(settings->log.holdout_masks) : NAN;
}

std::string UnitOf(const ChartTable& table, const config::Settings* settings, int horizon) {
  if (settings == nullptr) return table.unit;
  if (table.chart == CurveChart::kCoverage)
    return "dashed: " + Percent(ReferenceOf(table, settings)) + " would be right";
  if (table.chart == CurveChart::kImagined) {
    const int steps = settings->mb.mode == "dreamer" ? settings->mb.imagination : horizon;
    if (steps > 0) return std::string(table.unit) + ", sum of " + std::to_string(steps) + " steps";
  }
  const bool raw = settings->mb.reward_units == "raw";
  if (table.chart == CurveChart::kValueLoss) {
    const std::string unit = raw ? "raw reward squared" : table.unit;
    return settings->mb.value_scale == 1 ? unit : unit + ", over mb.value_scale squared";
  }
  if (table.chart == CurveChart::kModelBasedAlpha && raw) return "raw reward per nat";
  return table.unit;
}

std::optional<double> ValueOf(const SeriesSpec& series, const run::EpisodeSummary& record) {
  if (series.value != nullptr) return series.value(record);
  const double* number = record.scalars.Find(series.scalar);
  return number == nullptr ? std::nullopt : std::optional<double>(*number);
}

bool Applies(const ChartTable& table, const std::string& agent) {
  if (agent == "sac") return !table.needs_model && !table.needs_both;
  if (agent == "mbrl") return !table.needs_sac && !table.needs_both;
  return true;
}

const char* Id(CurveChart chart) {
  static constexpr std::array<const char*, kCurveCharts> kIds = {
      "return",    "fraction", "nll",      "prediction",     "open-loop",  "coverage",
      "delta",     "fit",      "losses",   "values",         "entropies",  "alphas",
      "gradients", "clipped",  "imagined", "q-minus-return", "value-loss", "mb-alpha"};
  return kIds[static_cast<size_t>(chart)];
}

}  // namespace equipoise::ui
