// The data of the curves: what each chart of an agent shows, and that episodes that are added change nothing drawn before.
// Long because every chart is asked of the same few made runs.
#include "ui/panels/curves/curve_data.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "engine/agent/recipes.h"
#include "engine/learn/model_based_settings.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/ui/sample_snapshot.h"
#include "ui/panels/curves/curves_panel.h"

namespace equipoise::ui {
namespace {

std::shared_ptr<run::EpisodeSummary> Record(int episode, double episode_return, eps::Pick pick) {
  auto r = std::make_shared<run::EpisodeSummary>();
  r->episode = episode;
  r->episode_return = episode_return;
  r->decision.pick = pick;
  r->environment_steps = 100 * (episode + 1);
  r->gradient_steps = 70 * episode;
  r->wall_seconds = 30 * (episode + 1);
  return r;
}

EpisodeList ThreeEpisodes() {
  return {Record(0, -5, eps::Pick()), Record(1, 10, test::Free()), Record(2, 20, test::Based())};
}

CurveOptions On(XAxis x_axis) {
  CurveOptions options;
  options.parts = test::UnifiedParts();
  options.x_axis = x_axis;
  options.charts = ~uint64_t{0};
  return options;
}

TEST(CurveData, PutsEveryEpisodeOnTheChosenAxis) {
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), On(XAxis::kEpisode)).x, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), On(XAxis::kEnvironmentSteps)).x, (std::vector<double>{100, 200, 300}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), On(XAxis::kGradientSteps)).x, (std::vector<double>{0, 70, 140}));
  EXPECT_EQ(BuildCurves(ThreeEpisodes(), On(XAxis::kWallTime)).x, (std::vector<double>{0.5, 1, 1.5}));
}

TEST(CurveData, KeepsItsOrderWhenAClockWasSetBack) {
  EpisodeList episodes = ThreeEpisodes();
  auto late = Record(3, 1, test::Free());
  late->wall_seconds = 10;
  episodes.push_back(late);
  const CurveData data = BuildCurves(episodes, On(XAxis::kWallTime));
  EXPECT_TRUE(std::is_sorted(data.x.begin(), data.x.end()));
}

TEST(CurveData, HoldsTheFractionAndTheSmoothedReturn) {
  const CurveData data = BuildCurves(ThreeEpisodes(), On(XAxis::kEpisode));
  const CurveSeries& fraction = data.Series(CurveChart::kFraction);
  EXPECT_EQ(fraction.ValueAt(0), std::nullopt);  // random episodes are not picks
  EXPECT_EQ(fraction.ValueAt(1), 1);
  EXPECT_EQ(fraction.ValueAt(2), 0.5);
  const double w = 1 - 1.0 / 12;
  EXPECT_NEAR(*data.Series(CurveChart::kReturn).SmoothedAt(1), (w * -5 + 10) / (w + 1), 1e-12);
}

TEST(CurveData, PutsAPredictionIntoTheBandOfThePolicyThatActed) {
  EpisodeList episodes = ThreeEpisodes();
  auto acted = Record(3, 30, test::Based());
  acted->predicted_lo = 25;
  acted->predicted_hi = 40;
  episodes.push_back(acted);
  const CurveData data = BuildCurves(episodes, On(XAxis::kEpisode));
  EXPECT_DOUBLE_EQ(data.predicted[1].lo[3], 25);
  EXPECT_DOUBLE_EQ(data.predicted[1].hi[3], 40);
  EXPECT_TRUE(std::isnan(data.predicted[0].lo[3]));
}

TEST(CurveData, DoesNotLetAWildPredictionFlattenTheReturns) {
  EpisodeList episodes = ThreeEpisodes();
  auto acted = Record(3, 30, test::Based());
  acted->predicted_lo = -1e7;
  acted->predicted_hi = 1e7;
  episodes.push_back(acted);
  const AxisView fit = BuildCurves(episodes, On(XAxis::kEpisode)).fit[0].linear;
  EXPECT_LT(fit.hi, 60);
  EXPECT_GT(fit.lo, -40);
}

TEST(CurveData, FindsEpisodesByNumberAndByPlace) {
  const CurveData data = BuildCurves(ThreeEpisodes(), On(XAxis::kEnvironmentSteps));
  EXPECT_EQ(data.IndexOf(2), 2u);
  EXPECT_EQ(data.IndexOf(9), data.size());
  EXPECT_EQ(data.Nearest(-1e9), 0u);
  EXPECT_EQ(data.Nearest(149), 0u);
  EXPECT_EQ(data.Nearest(151), 1u);
  EXPECT_EQ(data.Nearest(1e9), 2u);
}

TEST(CurveData, PutsAFlagJustBeforeTheFirstEpisodeItTouched) {
  const CurveData data = BuildCurves(ThreeEpisodes(), On(XAxis::kEnvironmentSteps));
  EXPECT_DOUBLE_EQ(FlagPosition(data, 1), 150);
  EXPECT_DOUBLE_EQ(FlagPosition(data, -7), 100);
  EXPECT_DOUBLE_EQ(FlagPosition(data, 3), 300);
}

TEST(CurveData, LivesWithoutEpisodesAndWithHoles) {
  const CurveData none = BuildCurves({}, On(XAxis::kEpisode));
  EXPECT_EQ(none.size(), 0u);
  EXPECT_LT(none.fit[0].linear.lo, none.fit[0].linear.hi);
  SampleOptions options;
  options.holes = true;
  const CurveData holes = BuildCurves(*SampleSnapshot(options).episodes, On(XAxis::kEpisode));
  std::vector<AxisView> views = {holes.x_fit};
  for (size_t chart = 0; chart < kCurveCharts; ++chart) {
    if (holes.series[chart].empty()) continue;  // nothing that this agent has
    views.push_back(holes.fit[chart].linear);
    views.push_back(holes.fit[chart].logarithmic);
    EXPECT_GT(holes.fit[chart].logarithmic.lo, 0);
  }
  for (const AxisView& view : views) {
    EXPECT_TRUE(std::isfinite(view.lo) && std::isfinite(view.hi));
    EXPECT_LT(view.lo, view.hi);
  }
}

TEST(CurveData, SmoothsEachPolicyOverItsOwnEpisodes) {
  EpisodeList episodes;
  for (int e = 1; e <= 6; ++e) episodes.push_back(Record(e, e % 2 ? 10 : 100, e % 2 ? test::Based() : test::Free()));
  const CurveData data = BuildCurves(episodes, On(XAxis::kEpisode));
  // The mixed line wanders between 10 and 100.
  for (double v : data.learner[1].smoothed) EXPECT_NEAR(v, 10, 1e-9);
  for (double v : data.learner[0].smoothed) EXPECT_NEAR(v, 100, 1e-9);
  EXPECT_GT(data.Series(CurveChart::kReturn).smoothed.back(), 40);
  EXPECT_EQ(data.learner[0].x, (std::vector<double>{2, 4, 6}));
}

TEST(CurveData, IsTheSameWhetherItGrewOrWasBuiltAtOnce) {
  SampleOptions options;
  options.holes = true;
  const EpisodeList all = *SampleSnapshot(options).episodes;
  CurveCache cache;
  run::SharedList<run::EpisodeSummary> part;
  for (size_t n : {1u, 2u, 60u, 61u, 150u, 218u}) {
    part = std::make_shared<EpisodeList>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
    cache.Of(part, On(XAxis::kEpisode));
  }
  const CurveData& grown = cache.Of(part, On(XAxis::kEpisode));
  const CurveData whole = BuildCurves(all, On(XAxis::kEpisode));
  EXPECT_EQ(cache.version(), 6u);
  ASSERT_EQ(grown.size(), whole.size());
  for (size_t chart = 0; chart < kCurveCharts; ++chart) {
    EXPECT_EQ(grown.fit[chart].linear.lo, whole.fit[chart].linear.lo) << chart;
    EXPECT_EQ(grown.fit[chart].logarithmic.hi, whole.fit[chart].logarithmic.hi) << chart;
    ASSERT_EQ(grown.series[chart].size(), whole.series[chart].size());
    for (size_t k = 0; k < whole.series[chart].size(); ++k) {
      const CurveSeries &a = grown.series[chart][k], &b = whole.series[chart][k];
      EXPECT_EQ(a.x, b.x);
      ASSERT_EQ(a.smoothed.size(), b.smoothed.size());
      for (size_t i = 0; i < a.smoothed.size(); ++i) {
        EXPECT_TRUE(a.smoothed[i] == b.smoothed[i] || std::isnan(a.smoothed[i])) << chart;
      }
    }
  }
  // Another history of the same length is another run.
  options.agent = "sac";
  options.holes = false;
  const CurveData& other = cache.Of(SampleSnapshot(options).episodes, On(XAxis::kEpisode));
  EXPECT_TRUE(other.learner[1].y.empty());
}

TEST(CurveData, SmoothsLongRunsMoreUnlessOneChoosesOtherwise) {
  EXPECT_EQ(SmoothingWindow(0, 100), 12);
  EXPECT_EQ(SmoothingWindow(0, 2400), 12);
  EXPECT_EQ(SmoothingWindow(0, 2401), 24);
  EXPECT_EQ(SmoothingWindow(5, 100000), 5);
  CurveOptions raw = On(XAxis::kEpisode);
  raw.smoothing = 1;
  EXPECT_TRUE(BuildCurves(ThreeEpisodes(), raw).Series(CurveChart::kReturn).smoothed.empty());
}

TEST(CurveData, MarksForcedEpisodesAndEverySwitchOfActor) {
  EpisodeList episodes = ThreeEpisodes();  // random, model-free, model-based
  auto forced = Record(3, 1, test::Free());
  forced->decision.reason = eps::Reason::kForced;
  episodes.push_back(forced);
  episodes.push_back(Record(4, 1, test::Free()));  // SAC acted before: no switch
  episodes.push_back(Record(5, 1, test::Based()));
  const CurveData data = BuildCurves(episodes, On(XAxis::kEpisode));
  run::Snapshot snapshot;
  const EventMarks ticks = TicksOf(snapshot, data);
  std::vector<MarkKind> kinds;
  for (const EventMark& mark : ticks.all()) kinds.push_back(mark.kind);
  EXPECT_EQ(kinds, (std::vector<MarkKind>{MarkKind::kTakesOver, MarkKind::kTakesOver, MarkKind::kForced,
                                          MarkKind::kTakesOver}));
  EXPECT_EQ(Describe(ticks.all()[0]), "Episode 1: SAC took over.");
  EXPECT_EQ(Describe(ticks.all()[1]), "Episode 2: model-based took over.");
  EXPECT_EQ(Describe(ticks.all()[2]), "Episode 3: SAC was forced.");
}

TEST(CurveData, PutsInterventionsAndGuardsOnFlagsAndTheRestOnTicks) {
  SampleOptions options;
  options.distractors = true;
  run::Snapshot snapshot = SampleSnapshot(options);
  auto events = std::make_shared<run::List<run::Event>>(*snapshot.events);
  for (run::Event::Kind kind : {run::Event::Kind::kGuard, run::Event::Kind::kLifecycle}) {
    auto event = std::make_shared<run::Event>();
    event->kind = kind;
    event->episode = 50;
    event->text = "something";
    events->push_back(event);
  }
  snapshot.events = events;
  const CurveData data = BuildCurves(*snapshot.episodes, On(XAxis::kEpisode));
  const EventMarks flags = FlagsOf(snapshot, data);
  ASSERT_EQ(flags.all().size(), 2u);
  EXPECT_EQ(flags.all()[0].kind, MarkKind::kGuard);
  EXPECT_DOUBLE_EQ(flags.all()[0].x, 49.5);
  EXPECT_EQ(flags.all()[1].number, 1);
  const EventMarks ticks = TicksOf(snapshot, data);
  EXPECT_EQ(ticks.Count(MarkKind::kLifecycle, 0, ticks.all().size()), 1u);
}

TEST(CurveCharts, TakeNumbersFromWhereTheyApply) {
  auto record = Record(7, 100, test::Based());
  record->predicted_mean = 130;
  record->scalars = run::NamedNumbers({{"sac.alpha", 0.25}});
  eps::Decision decision;
  decision.pick = test::Based();
  decision.checked = true;
  decision.masks = decision.evaluated = 3;
  test::DeltaOf(&decision) = {-1, 2, 5};
  record->decision = eps::SummarisedDecision(decision);
  const auto value = [&](CurveChart chart, size_t which) {
    return ValueOf(TableOf(test::UnifiedParts(), chart).series[which], *record);
  };
  EXPECT_EQ(value(CurveChart::kPrediction, 0), 30);
  EXPECT_EQ(value(CurveChart::kPrediction, 1), std::nullopt);  // SAC did not act
  EXPECT_EQ(value(CurveChart::kAlphas, 0), 0.25);
  EXPECT_EQ(value(CurveChart::kModelBasedAlpha, 0), std::nullopt);
  EXPECT_EQ(value(CurveChart::kDelta, 0), -1);
  EXPECT_EQ(value(CurveChart::kDelta, 1), 2);
  record->decision.masks = 50;  // stopped early: mean and spread of a censored set are no numbers of the check
  EXPECT_EQ(value(CurveChart::kDelta, 1), std::nullopt);
  for (const ChartTable& table : ChartTables(test::UnifiedParts())) {
    if (!Applies(table, test::UnifiedParts())) continue;
    EXPECT_NE(table.title, "");
    EXPECT_FALSE(table.series.empty());
    for (const SeriesSpec& series : table.series)
      EXPECT_EQ((series.value != nullptr) + !series.scalar.empty() + series.bias, 1) << series.name;
  }
}

TEST(CurveReadOut, NamesTheEpisodeItsReturnAndWhatWasPredicted) {
  auto record = Record(143, 372.2, test::Based());
  EXPECT_EQ(CurveReadOut(*record, 360.4), "episode 143: 372, smoothed 360");
  record->predicted_lo = 361;
  record->predicted_hi = 412;
  EXPECT_EQ(CurveReadOut(*record, 360.4), "episode 143: 372 (361 to 412)");
  record->episode_return = NAN;
  EXPECT_EQ(CurveReadOut(*record, NAN), "episode 143: not a number (361 to 412)");
}

TEST(CurveData, MarksEveryKeptCheckpointOnceAndNotWhereARollBackWent) {
  run::Snapshot snapshot = SampleSnapshot({});
  auto events = std::make_shared<run::List<run::Event>>();
  const auto add = [&](int number, int episode, const char* checkpoint) {
    auto event = std::make_shared<run::Event>();
    event->kind = number > 0 ? run::Event::Kind::kIntervention : run::Event::Kind::kLifecycle;
    event->number = number;
    event->episode = episode;
    event->checkpoint = checkpoint;
    events->push_back(event);
  };
  add(1, 10, "before-1");
  add(2, 10, "before-1");  // made at once with the first
  add(3, 20, "");          // a push keeps none
  add(0, 25, "before-9");  // rolled back to one that is gone
  add(4, 30, "before-4");
  snapshot.events = events;
  const CurveData data = BuildCurves(*snapshot.episodes, On(XAxis::kEpisode));
  std::vector<double> at;
  const EventMarks ticks = TicksOf(snapshot, data);
  for (const EventMark& mark : ticks.all()) {
    if (mark.kind == MarkKind::kCheckpoint) at.push_back(mark.x);
  }
  EXPECT_EQ(at, (std::vector<double>{9.5, 29.5}));
}

// One chart, one unit: numbers that cannot be compared do not share an axis.
TEST(CurveCharts, SayTheUnitOfWhatTheyShow) {
  config::Settings s;
  auto& mb = s.Of<learn::ModelBasedSettings>();
  mb.mode = "dreamer";
  mb.imagination = 16;
  const auto unit = [&](CurveChart chart, const config::Settings* settings) {
    return UnitOf(TableOf(test::UnifiedParts(), chart), test::UnifiedParts(), settings, 200);
  };
  EXPECT_EQ(unit(CurveChart::kImagined, &s), "raw reward, sum of 16 steps");
  mb.mode = "full";
  EXPECT_EQ(unit(CurveChart::kImagined, &s), "raw reward, sum of 200 steps");
  EXPECT_EQ(unit(CurveChart::kImagined, nullptr), "raw reward");
  EXPECT_EQ(unit(CurveChart::kValues, &s), "discounted raw reward");
  for (const SeriesSpec& series : TableOf(test::UnifiedParts(), CurveChart::kValues).series) {
    EXPECT_NE(series.scalar, "mb.imagined_return") << "a sum over steps is no discounted value";
    EXPECT_NE(series.scalar, "mb.value") << "that is a lambda-return in units of the reward's spread";
  }
  // SAC counts in raw reward, the model-based learner in the reward's spread.
  for (const CurveChart chart : {CurveChart::kLosses, CurveChart::kAlphas})
    for (const SeriesSpec& series : TableOf(test::UnifiedParts(), chart).series)
      EXPECT_EQ(series.scalar.rfind("sac.", 0), 0u) << series.scalar;
}

TEST(CurveCharts, DrawTheCoverageThatIsRightForTheNumberOfMasks) {
  config::Settings s;
  s.log.holdout_masks = 20;
  EXPECT_NEAR(ReferenceOf(TableOf(test::UnifiedParts(), CurveChart::kCoverage), &s), 0.9 * 19 / 21, 1e-12);
  EXPECT_EQ(UnitOf(TableOf(test::UnifiedParts(), CurveChart::kCoverage), test::UnifiedParts(), &s, 200),
            "dashed: 81 % would be right");
  s.log.holdout_masks = 200;
  EXPECT_EQ(UnitOf(TableOf(test::UnifiedParts(), CurveChart::kCoverage), test::UnifiedParts(), &s, 200),
            "dashed: 89 % would be right");
  EXPECT_TRUE(std::isnan(ReferenceOf(TableOf(test::UnifiedParts(), CurveChart::kCoverage), nullptr)));
  EXPECT_EQ(ReferenceOf(TableOf(test::UnifiedParts(), CurveChart::kDelta), &s), 0);
}

TEST(CurveCharts, HaveNamesOfTheirOwn) {
  std::set<std::string> ids;
  for (const agent::Recipe& recipe : agent::Recipes()) {
    ids.clear();
    for (const ChartTable& table : ChartTables(agent::PartsOf(recipe.name)))
      if (!table.id.empty()) {
        EXPECT_TRUE(ids.insert(table.id).second) << recipe.name << ": " << table.id;
      }
    EXPECT_GE(ids.size(), static_cast<size_t>(CurveChart::kOwn));
  }
}

// What a part shows of its own are numbers that it reports, each in one chart.
TEST(CurveCharts, OfAPartShowNumbersThatItReports) {
  size_t shown = 0;
  for (const agent::Recipe& recipe : agent::Recipes()) {
    const nets::PartList parts = agent::PartsOf(recipe.name);
    std::set<std::string> seen;
    size_t wanted = 0;
    for (const nets::PartInfo& part : parts.all()) {
      if (part.charts == nullptr) continue;
      const std::vector<std::string> told = part.scalars(nullptr);
      for (const nets::PartChart& chart : part.charts()) {
        ++wanted;
        EXPECT_NE(chart.unit, "") << chart.id;
        EXPECT_EQ(chart.about.back(), '.') << chart.about;
        for (const auto& [scalar, name] : chart.series) {
          EXPECT_EQ(std::count(told.begin(), told.end(), scalar), 1) << scalar;
          EXPECT_TRUE(seen.insert(scalar).second) << scalar;
        }
      }
    }
    size_t placed = 0;
    for (const ChartTable& table : ChartTables(parts))
      if (table.chart >= CurveChart::kOwn && !table.series.empty()) {
        ++placed;
        EXPECT_TRUE(Applies(table, parts));
        EXPECT_NE(table.id.find('.'), std::string::npos);
      }
    EXPECT_EQ(placed, wanted) << recipe.name << " has more than there are places for";
    shown += placed;
  }
  EXPECT_GT(shown, 20u);
}

TEST(CurveCharts, OfAPartAreChosenByNameWhicheverAgentHasThem) {
  const nets::PartList mbpo = agent::PartsOf("mbpo"), td3 = agent::PartsOf("td3");
  const auto of = [](const nets::PartList& parts, const std::string& id) -> const ChartTable& {
    for (const ChartTable& table : ChartTables(parts))
      if (table.id == id) return table;
    return ChartTables(parts).front();
  };
  CurvesView view;
  view.Toggle(TableOf(mbpo, CurveChart::kModelFit), mbpo);
  for (const ChartTable& table : ChartTables(mbpo))
    EXPECT_EQ(view.Shows(table), table.usual || table.chart == CurveChart::kModelFit)
        << "a first choice is added to the usual ones: " << table.id;
  EXPECT_TRUE(view.Shows(of(mbpo, "pool.length")));
  EXPECT_FALSE(view.Shows(of(td3, "td3.saturated"))) << "which stands in the same place";
  for (const ChartTable& table : ChartTables(mbpo))
    if (view.Shows(table) && table.chart < CurveChart::kOwn) view.Toggle(table, mbpo);
  EXPECT_EQ(view.shown, 0u) << "the part's own is left";
  view.Toggle(of(mbpo, "pool.length"), mbpo);
  EXPECT_EQ(view.shown, Bit(CurveChart::kReturn)) << "never none";
  run::EpisodeSummary episode;
  episode.scalars = run::NamedNumbers({{"pool.length", 7.0}});
  EXPECT_EQ(ValueOf(of(mbpo, "pool.length").series[0], episode), 7.0);
}

TEST(CurveCharts, WhereNothingWasChosenEveryAgentShowsWhatItHas) {
  const auto usual = [](const std::string& agent) {
    const nets::PartList parts = agent::PartsOf(agent);
    const CurvesView view;
    std::string ids;
    for (const ChartTable& table : ChartTables(parts)) {
      if (!view.Shows(table)) continue;
      EXPECT_TRUE(Applies(table, parts)) << agent << ": " << table.id;
      ids += table.id + " ";
    }
    return ids;
  };
  EXPECT_EQ(usual("unified"), "return fraction nll ");
  EXPECT_EQ(usual("mbrl").substr(0, 11), "return nll ") << "nobody else acts";
  EXPECT_EQ(usual("ppo").find("fraction"), std::string::npos);
  EXPECT_NE(usual("ppo").find("ppo."), std::string::npos) << "its own";
  EXPECT_NE(usual("pets").find("claimed"), std::string::npos);
  for (const agent::Recipe& recipe : agent::Recipes()) {
    const std::string ids = usual(recipe.name);
    EXPECT_EQ(std::count(ids.begin(), ids.end(), ' '), 3) << recipe.name << ": " << ids;
  }
}

TEST(CurveCharts, HaveASeriesForEveryPartThatReportsANumberOfTheirKind) {
  const nets::PartList unified = test::UnifiedParts(), sac = agent::PartsOf("sac");
  const auto names = [](const ChartTable& table) {
    std::string all;
    for (const SeriesSpec& series : table.series)
      all += series.name + (series.scalar.empty() ? ";" : "=" + series.scalar + ";");
    return all;
  };
  EXPECT_EQ(names(TableOf(unified, CurveChart::kEntropies)), "model-based=mb.entropy;SAC=sac.entropy;");
  EXPECT_EQ(names(TableOf(sac, CurveChart::kEntropies)), "SAC=sac.entropy;");
  EXPECT_EQ(names(TableOf(unified, CurveChart::kGradients)),
            "model=model.gradient_norm;MB policy=mb.gradient_norm;actor=sac.actor_gradient_norm;critics=sac.critic_"
            "gradient_norm;");
  EXPECT_EQ(names(TableOf(unified, CurveChart::kPrediction)), "model-based;SAC;");
  // Two learners of a kind are told apart.
  std::vector<nets::PartInfo> two = sac.all();
  two.push_back(two.front());
  two.back().id = "other";
  two.back().name = two.back().short_name = "Other";
  two.back().scalars = [](const config::Settings*) { return std::vector<std::string>{"other.q", "other.alpha"}; };
  EXPECT_EQ(names(TableOf(nets::PartList(two), CurveChart::kValues)),
            "SAC Q=sac.q;Other Q=other.q;largest Q=sac.max_q;");
  EXPECT_FALSE(Applies(TableOf(sac, CurveChart::kNll), sac));
  EXPECT_FALSE(Applies(TableOf(sac, CurveChart::kValueLoss), sac));
  EXPECT_FALSE(Applies(TableOf(sac, CurveChart::kDelta), sac));
  EXPECT_TRUE(Applies(TableOf(unified, CurveChart::kDelta), unified));
  EXPECT_FALSE(Applies(TableOf(agent::PartsOf("mbrl"), CurveChart::kDelta), agent::PartsOf("mbrl")));
}

// Of those that act in turn nobody is held against anybody else, and nobody's return is predicted.
TEST(CurveCharts, OfAnAgentInPhasesLeaveOutWhatIsOfACheck) {
  const nets::PartList phased = agent::PartsOf("mb-mf");
  ASSERT_FALSE(phased.phases().empty());
  for (const CurveChart chart : {CurveChart::kDelta, CurveChart::kPrediction})
    EXPECT_FALSE(Applies(TableOf(phased, chart), phased));
  for (const CurveChart chart : {CurveChart::kNll, CurveChart::kClaimed})
    EXPECT_TRUE(Applies(TableOf(phased, chart), phased));
}

TEST(CurveData, PhasesFollowEachOtherAndTheLastOneGrows) {
  CurveOptions options;
  options.parts = agent::PartsOf("mb-mf");
  const eps::Pick planner = eps::Pick::Of("mpc"), clone = eps::Pick::Of("clone");
  EpisodeList episodes;
  for (int episode = -1; episode <= 3; ++episode)
    episodes.push_back(Record(episode, 1, episode < 1 ? eps::Pick() : planner));
  episodes.push_back(Record(4, 1, clone));
  CurveData data = BuildCurves(episodes, options);
  ASSERT_EQ(data.phases.size(), 2u);
  EXPECT_EQ(data.phases[0].name, "planning");
  EXPECT_EQ(data.phases[0].from, 1);
  EXPECT_EQ(data.phases[0].to, 4);
  EXPECT_EQ(data.phases[1].name, "imitation");
  EXPECT_EQ(data.phases[1].actor, LearnerOf(options.parts, clone));
  EXPECT_EQ(data.phases[1].to, 4);
  episodes.push_back(Record(5, 1, clone));
  ExtendCurves(episodes, &data);
  ASSERT_EQ(data.phases.size(), 2u);
  EXPECT_EQ(data.phases[1].to, 5);
  options.parts = agent::PartsOf("hybrid");
  EXPECT_TRUE(BuildCurves(episodes, options).phases.empty()) << "it has none";
}

}  // namespace
}  // namespace equipoise::ui
