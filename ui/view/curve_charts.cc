#include "ui/view/curve_charts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <initializer_list>
#include <map>

#include "engine/model/diagnostics.h"
#include "engine/record/derived_scalars.h"
#include "ui/figure/ticks.h"

namespace equipoise::ui {
namespace {

using run::EpisodeSummary;
using Value = std::optional<double>;
using Tone = SeriesSpec::Tone;

// A number that the model gives once it has been fitted: NaN without a measured open-loop error does not apply.
bool Measured(const EpisodeSummary& r) { return r.open_loop.steps > 0; }

Value Return(const EpisodeSummary& r) { return r.episode_return; }
Value Fraction(const EpisodeSummary& r) { return r.decision.pick.random() ? Value() : Value(r.fraction_model_free); }
Value Nll(const EpisodeSummary& r) {
  return Measured(r) || std::isfinite(r.nll) || std::isinf(r.nll) ? Value(r.nll) : Value();
}
Value NllDistractors(const EpisodeSummary& r) { return std::isnan(r.nll_distractors) ? Value() : r.nll_distractors; }

Value Bias(const EpisodeSummary& r, eps::Pick pick) {
  if (r.decision.pick != pick || std::isnan(r.predicted_mean)) return {};
  return r.predicted_mean - r.episode_return;
}

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

// challenger - preferred, where both acted the episode: one of them in the shadow of the other (log.shadow_every).
Value RealisedDifference(const EpisodeSummary& r) {
  const eps::DecisionSummary& decided = r.decision.summary;
  const auto earned = [&r](eps::Pick pick) {
    return r.decision.pick == pick ? &r.episode_return : r.scalars.Find("shadow." + pick.id());
  };
  const double *challenger = earned(decided.challenger), *preferred = earned(decided.preferred);
  if (decided.challenger == decided.preferred || challenger == nullptr || preferred == nullptr) return {};
  return *challenger - *preferred;
}
Value PredictedDifference(const EpisodeSummary& r) { return RealisedDifference(r) ? Mean(r) : Value(); }

using Kind = nets::PartInfo::Kind;
using Series = std::vector<SeriesSpec>;

const std::string kPolicy = "policy";  // of a learner, which is named beside it

// The parts of an agent as series; of an agent that is not known yet none.
class Maker {
 public:
  explicit Maker(const nets::PartList& parts) : parts_(parts) {}

  // Of every part of that kind, if any: its number of that name.
  Series Of(const std::string& scalar, std::initializer_list<Kind> kinds, const std::string& name = "",
            bool dashed = false) const {
    Series out;
    for (const nets::PartInfo& part : parts_.all()) {
      const std::string full = part.id + "." + scalar;
      if (std::find(kinds.begin(), kinds.end(), part.kind) == kinds.end() || !Reports(part, full)) continue;
      SeriesSpec series{name.empty() ? NameIn(part) : name};
      if (!name.empty() && (Count(scalar, kinds) > 1 || name == kPolicy)) series.name = part.short_name + " " + name;
      series.tone = part.acts() ? SeriesSpec::Tone::kLearner : SeriesSpec::Tone::kPlain;
      series.dashed = dashed;
      series.scalar = full;
      series.learner = part.acts() ? eps::Pick::Of(part.id) : eps::Pick();
      out.push_back(std::move(series));
    }
    return out;
  }
  // Of those that act in turn nobody's return is predicted, nor where a plan acts instead of a policy.
  Series Biases() const {
    Series out;
    if (!parts_.phases().empty() || Plans()) return out;
    for (const nets::PartInfo& part : parts_.all()) {
      if (!part.acts() || !part.imaginable()) continue;
      SeriesSpec series{part.name, SeriesSpec::Tone::kLearner};
      series.learner = eps::Pick::Of(part.id);
      series.bias = true;
      out.push_back(std::move(series));
    }
    return out;
  }
  // Somebody acts by plans: who learns beside it has no episodes of its own, unless all act in turn.
  bool Plans() const {
    const auto plans = [](const nets::PartInfo& part) { return part.acts() && part.plans; };
    return parts_.phases().empty() && std::any_of(parts_.all().begin(), parts_.all().end(), plans);
  }
  // "SAC": where a chart's words must name the only one.
  std::string Name(Kind kind, const std::string& several) const {
    std::string name;
    for (const nets::PartInfo& part : parts_.all())
      if (part.kind == kind) name = name.empty() ? part.name : several;
    return name.empty() ? several : name;
  }

 private:
  static std::string NameIn(const nets::PartInfo& part) { return part.acts() ? part.name : "model"; }
  static bool Reports(const nets::PartInfo& part, const std::string& full) {
    if (part.scalars == nullptr) return false;
    const std::vector<std::string> names = part.scalars(nullptr);
    return std::find(names.begin(), names.end(), full) != names.end();
  }
  int Count(const std::string& scalar, std::initializer_list<Kind> kinds) const {
    int count = 0;
    for (const nets::PartInfo& part : parts_.all())
      count += std::find(kinds.begin(), kinds.end(), part.kind) != kinds.end() && Reports(part, part.id + "." + scalar);
    return count;
  }

  const nets::PartList& parts_;
};

Series operator+(Series a, const Series& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const char* Id(size_t chart) {
  static constexpr std::array<const char*, static_cast<size_t>(CurveChart::kOwn)> kIds = {
      "return",     "fraction", "nll",       "prediction",  "open-loop", "coverage", "delta",    "fit",
      "losses",     "values",   "entropies", "alphas",      "gradients", "clipped",  "imagined", "q-minus-return",
      "value-loss", "mb-alpha", "claimed",   "plan-change", "shadow",    "refusals"};
  return kIds[chart];
}

// What the parts have of their own, as far as there are places for it.
void PutOwn(const nets::PartList& parts, std::vector<ChartTable>* tables) {
  auto next = tables->begin() + static_cast<std::ptrdiff_t>(CurveChart::kOwn);
  for (const nets::PartInfo& part : parts.all()) {
    if (part.charts == nullptr) continue;
    for (const nets::PartChart& own : part.charts()) {
      if (next == tables->end()) return;
      ChartTable& table = *next++;
      table.id = part.id + "." + own.id;
      table.group = part.title;
      table.group[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(table.group[0])));
      table.title = own.title;
      table.unit = own.unit;
      table.about = own.about;
      for (const auto& [scalar, name] : own.series) {
        SeriesSpec series{name, table.series.empty() ? Tone::kPlain : Tone::kSecondary, table.series.size() > 1};
        series.scalar = scalar;
        table.series.push_back(std::move(series));
      }
      table.logarithmic = own.scale == nets::PartChart::kLogarithmic;
      table.percent = own.scale == nets::PartChart::kShare;
      table.reference = own.reference;
    }
  }
}

// The return, and the next two of this order that the agent has something to show in.
void ChooseUsual(const nets::PartList& parts, std::vector<ChartTable>* tables) {
  constexpr int kMost = 3;
  std::vector<CurveChart> order = {CurveChart::kReturn, CurveChart::kFraction, CurveChart::kNll, CurveChart::kClaimed};
  // Of what parts have of their own that of models last: their likelihood is there already.
  for (const bool of_model : {false, true}) {
    for (auto chart = static_cast<size_t>(CurveChart::kOwn); chart < kCurveCharts; ++chart) {
      const std::string& id = (*tables)[chart].id;
      const nets::PartInfo* part = parts.Find(id.substr(0, id.find('.')));
      if (part != nullptr && part->model() == of_model) order.push_back(static_cast<CurveChart>(chart));
    }
  }
  for (const CurveChart chart : {CurveChart::kOverestimation, CurveChart::kValues, CurveChart::kEntropies})
    order.push_back(chart);
  int chosen = 0;
  for (const CurveChart chart : order) {
    ChartTable& table = (*tables)[static_cast<size_t>(chart)];
    if (chosen == kMost || !Applies(table, parts)) continue;
    table.usual = true;
    ++chosen;
  }
}

std::vector<ChartTable> Make(const nets::PartList& parts) {
  std::vector<ChartTable> t(kCurveCharts);
  for (size_t chart = 0; chart < kCurveCharts; ++chart) t[chart].chart = static_cast<CurveChart>(chart);
  const Maker maker(parts);
  const auto put = [&](CurveChart chart, const char* group, const char* title, const char* unit, std::string about,
                       Series series) -> ChartTable& {
    ChartTable& table = t[static_cast<size_t>(chart)];
    table.id = Id(static_cast<size_t>(chart));
    table.group = group;
    table.title = title;
    table.unit = unit;
    table.about = std::move(about);
    table.series = std::move(series);
    return table;
  };
  const std::string beliefs = parts.Beliefs();
  const std::string free = maker.Name(Kind::kModelFree, "model-free learners");
  const eps::Pick first_free = [&] {
    for (const nets::PartInfo& part : parts.all())
      if (part.kind == Kind::kModelFree) return eps::Pick::Of(part.id);
    return eps::Pick();
  }();
  put(CurveChart::kReturn, "Learning", "Return per episode", "", "What the policy that acted earned.",
      {{"return", Tone::kPlain, false, Return}})
      .smoothed = true;
  ChartTable& fraction =
      put(CurveChart::kFraction, "Learning", "Model-free fraction", "",
          "Share of the episodes of " + free + " among the last picks.",
          {{"fraction", first_free.random() ? Tone::kPlain : Tone::kLearner, false, Fraction, "", first_free}});
  fraction.percent = fraction.between_learners = true;

  ChartTable& prediction = put(CurveChart::kPrediction, "The check", "Predicted \xe2\x88\x92 realised return", "",
                               "Above 0 the model promised more than the policy then earned.", maker.Biases());
  prediction.smoothed = prediction.needs_model = prediction.wild = true;
  prediction.reference = 0;
  ChartTable& delta = put(CurveChart::kDelta, "The check", ("\xce\x94 over " + beliefs).c_str(), "complete checks",
                          "The least decides; mean and spread of the " + beliefs + " beside it.",
                          {{"least", Tone::kPlain, false, Least},
                           {"mean", Tone::kSecondary, false, Mean},
                           {"spread", Tone::kSecondary, true, Spread}});
  delta.compares = delta.wild = true;
  delta.reference = 0;
  ChartTable& shadow = put(CurveChart::kShadow, "The check", "Predicted and realised difference", "log.shadow_every",
                           "Where the policy that was not picked acted too, in a copy of the simulator: above 0 the "
                           "challenger was better.",
                           {{"predicted", Tone::kSecondary, true, PredictedDifference},
                            {"realised", Tone::kPlain, false, RealisedDifference}});
  shadow.compares = shadow.wild = true;
  shadow.reference = 0;
  SeriesSpec doubtful{"refusals in doubt"};
  doubtful.scalar = run::kRefusalInDoubt;
  ChartTable& refusals =
      put(CurveChart::kRefusals, "The check", "Refusals in doubt", "share of the checks that proved nothing",
          "How many refusals turn on a " + parts.Belief() +
              " whose \xce\x94 lies within two of its own standard errors: noise of its rollouts, not what the model "
              "says.",
          {doubtful});
  refusals.compares = refusals.percent = refusals.smoothed = true;

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
  ChartTable& coverage = put(CurveChart::kCoverage, "The model", "Coverage", "dashed: right for so many rollouts",
                             "Share of steps in which reality lies inside the 5-95 % band of its " + beliefs + ".",
                             {{"coverage", Tone::kPlain, false, Coverage}});
  coverage.needs_model = coverage.percent = true;
  ChartTable& fit = put(CurveChart::kModelFit, "The model", "Fit NLL", "nats per step, on the data it was fitted to",
                        "What the fit reached, all outputs together.", maker.Of("train_nll", {Kind::kModel}, "fit"));
  fit.needs_model = fit.wild = true;

  ChartTable& losses =
      put(CurveChart::kLosses, "The learners", "Critic loss", "raw reward squared",
          "Squared error of the critics, summed over those of a learner.", maker.Of("critic_loss", {Kind::kModelFree}));
  losses.smoothed = losses.logarithmic = true;
  ChartTable& values =
      put(CurveChart::kValues, "The learners", "Values", "discounted raw reward",
          "What the learners expect where they train, each with its own gamma: critics' Q, value networks.",
          maker.Of("q", {Kind::kModelFree}, "Q") + maker.Of("max_q", {Kind::kModelFree}, "largest Q", true) +
              maker.Of("state_value", {Kind::kModelBased}, "value"));
  values.wild = true;
  put(CurveChart::kEntropies, "The learners", "Entropy", "nats", "Of the policies' actions: low is sure of itself.",
      maker.Of("entropy", {Kind::kModelBased, Kind::kModelFree}));
  ChartTable& alpha = put(CurveChart::kAlphas, "The learners", "Alpha", "raw reward per nat",
                          "What a nat of entropy is worth to " + free + ".", maker.Of("alpha", {Kind::kModelFree}));
  alpha.logarithmic = true;
  put(CurveChart::kGradients, "The learners", "Gradient norms", "before clipping",
      "Of the model, of policies, of actors and of critics.",
      maker.Of("gradient_norm", {Kind::kModel}) + maker.Of("gradient_norm", {Kind::kModelBased}, kPolicy) +
          maker.Of("actor_gradient_norm", {Kind::kModelFree}, "actor") +
          maker.Of("critic_gradient_norm", {Kind::kModelFree}, "critics", true))
      .logarithmic = true;
  ChartTable& clipped =
      put(CurveChart::kClipped, "The learners", "Clipped", "shares",
          "Gradient steps that were clipped; states of the check that left the data.",
          maker.Of("clipped_share", {Kind::kModel}) + maker.Of("clipped_share", {Kind::kModelBased}, kPolicy) +
              maker.Of("clamped", {Kind::kModelBased}, "plans that left the data", true) +
              Series{{"left the data", Tone::kSecondary, true, CheckClamped}});
  clipped.percent = clipped.needs_model = true;

  ChartTable& imagined = put(CurveChart::kImagined, "The learners", "Imagined return", "raw reward",
                             "What the model-based policy earned in imagination while it was trained.",
                             maker.Of("imagined_return", {Kind::kModelBased}, "imagined"));
  imagined.wild = true;
  ChartTable& over =
      put(CurveChart::kOverestimation, "The learners", "Q \xe2\x88\x92 return", "discounted raw reward, same states",
          "Episodes of " + free + ": what the critics said of their states minus what was then earned there.",
          maker.Plans() ? Series() : maker.Of("q_minus_return", {Kind::kModelFree}, "Q \xe2\x88\x92 return"));
  over.smoothed = over.wild = true;
  over.reference = 0;
  ChartTable& value_loss = put(CurveChart::kValueLoss, "The learners", "Value loss", "sd of the reward, squared",
                               "Squared error of a model-based learner's value network.",
                               maker.Of("value_loss", {Kind::kModelBased}, "value"));
  value_loss.smoothed = value_loss.logarithmic = true;
  ChartTable& model_based_alpha =
      put(CurveChart::kModelBasedAlpha, "The learners", "Alpha, model-based", "sd of the reward per nat",
          "What a nat of entropy is worth to the model-based policy.", maker.Of("alpha", {Kind::kModelBased}));
  model_based_alpha.logarithmic = true;
  ChartTable& claimed = put(CurveChart::kClaimed, "The planner", "Planned \xe2\x88\x92 realised return", "raw reward",
                            "Above 0 the plans promised more than they earned: they go where the model errs.",
                            maker.Of("claimed_minus_realised", {Kind::kModelBased}, "planned \xe2\x88\x92 realised"));
  claimed.smoothed = claimed.wild = true;
  claimed.reference = 0;
  put(CurveChart::kPlanChange, "The planner", "Change of plan",
      "of an action in [\xe2\x88\x92"
      "1, 1], mean",
      "How far a new plan is from what was left of the one before.",
      maker.Of("plan_change", {Kind::kModelBased}, "change"))
      .smoothed = true;
  PutOwn(parts, &t);
  ChooseUsual(parts, &t);
  return t;
}

}  // namespace

const std::vector<ChartTable>& ChartTables(const nets::PartList& parts) {
  static std::map<std::vector<std::string>, std::vector<ChartTable>> tables;
  std::vector<std::string> ids;
  for (const nets::PartInfo& part : parts.all()) ids.push_back(part.id);
  auto found = tables.find(ids);
  if (found == tables.end()) found = tables.emplace(std::move(ids), Make(parts)).first;
  return found->second;
}

const ChartTable& TableOf(const nets::PartList& parts, CurveChart chart) {
  return ChartTables(parts)[static_cast<size_t>(chart)];
}

double ReferenceOf(const ChartTable& table, const config::Settings* settings) {
  if (table.chart != CurveChart::kCoverage) return table.reference;
  return settings != nullptr ? model::CalibratedCoverage(settings->log.holdout_masks) : NAN;
}

std::string UnitOf(const ChartTable& table, const nets::PartList& parts, const config::Settings* settings,
                   int horizon) {
  if (settings == nullptr) return table.unit;
  if (table.chart == CurveChart::kCoverage)
    return "dashed: " + Percent(ReferenceOf(table, settings)) + " would be right";
  for (const SeriesSpec& series : table.series) {
    const nets::PartInfo* part = parts.Find(series.scalar.substr(0, series.scalar.find('.')));
    if (part == nullptr || part->unit_of == nullptr) continue;
    if (std::string unit = part->unit_of(series.scalar, *settings, horizon); !unit.empty()) return unit;
  }
  return table.unit;
}

std::optional<double> ValueOf(const SeriesSpec& series, const run::EpisodeSummary& record) {
  if (series.value != nullptr) return series.value(record);
  if (series.bias) return Bias(record, series.learner);
  const double* number = record.scalars.Find(series.scalar);
  return number == nullptr ? std::nullopt : std::optional<double>(*number);
}

bool Applies(const ChartTable& table, const nets::PartList& parts) {
  if (parts.empty()) return table.chart < CurveChart::kOwn;
  if (table.series.empty() || (table.needs_model && !parts.HasModel())) return false;
  const std::vector<const nets::PartInfo*> learners = parts.Learners();
  if (table.between_learners && learners.size() < 2) return false;
  const auto imaginable =
      std::count_if(learners.begin(), learners.end(), [](const nets::PartInfo* part) { return part->imaginable(); });
  return !table.compares || (parts.HasModel() && imaginable > 1 && parts.phases().empty());
}

}  // namespace equipoise::ui
