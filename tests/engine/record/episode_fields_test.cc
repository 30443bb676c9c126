// An episode's numbers in everything that is made of them: the names and the bytes of the files, and the way back.
#include "engine/record/episode_fields.h"

#include <gtest/gtest.h>

#include "engine/agent/recipes.h"
#include "engine/record/episode_row.h"
#include "engine/record/records.h"
#include "tests/engine/eps/two_policies.h"

namespace equipoise::run {
namespace {

EpisodeRecord Example() {
  EpisodeRecord r;
  r.episode = 3;
  r.episode_return = 1.5;
  r.environment_steps = 600;
  r.gradient_steps = 70;
  r.fraction_model_free = 0.25;
  r.predicted_mean = 2.5;
  r.predicted_lo = 1;
  r.predicted_hi = 4;
  r.nll = -0.5;
  r.coverage = 0.75;
  r.guard_tripped = true;
  r.scalars = {{"sac.alpha", 0.5}};
  r.wall_seconds = 9.25;
  r.seconds = {{"model", 1.5}};
  r.open_loop_error = {0.5f};
  r.open_loop_lo = {0.25f};
  r.open_loop_hi = {1.0f};
  eps::Decision& d = r.decision;
  d.episode = 3;
  d.pick = test::Based();
  d.reason = eps::Reason::kProved;
  d.checked = d.proved = true;
  d.masks = d.evaluated = 2;
  d.rollouts = 5;
  d.pairing = "noise";
  d.force_every = 10;
  d.seed = 7;
  d.clamped_fraction = 0.125;
  d.seconds = 0.5;
  test::SetMasks(&d, {1, 1}, {3, 2}, {2, 1}, {0.5, 0.5});
  return r;
}

// As every version wrote it since there can be any number of policies.
TEST(EpisodeFields, WriteTheLineThatTheyAlwaysDid) {
  EXPECT_EQ(ToLine(Example()),
            R"({"episode":3,"pick":"mb","reason":"proved","episode_return":1.5,"environment_steps":600,)"
            R"("gradient_steps":70,"fraction_model_free":0.25,"predicted_mean":2.5,"predicted_lo":1.0,)"
            R"("predicted_hi":4.0,"nll":-0.5,"nll_distractors":null,"coverage":0.75,"guard_tripped":true,)"
            R"("scalars":{"sac.alpha":0.5},"decision":{"episode":3,"checked":true,"proved":true,"masks":2,)"
            R"("rollouts":5,"evaluated":2,"pairing":"noise","force_every":10,"seed":7,"clamped_fraction":0.125,)"
            R"("policies":[{"id":"sac","returns":[2.0,1.0]},{"id":"mb","returns":[3.0,2.0]}],)"
            R"("comparisons":[{"preferred":"sac","challenger":"mb","delta":[1.0,1.0],"standard_error":[0.5,0.5]}],)"
            R"("decisive":0},"open_loop_error":[0.5],"open_loop_lo":[0.25],"open_loop_hi":[1.0],)"
            R"("clock":{"wall_seconds":9.25,"decision_seconds":0.5,"seconds":{"model":1.5}}})");
}

TEST(EpisodeFields, MakeTheTableAndTheScalarsThatTheyAlwaysDid) {
  std::string columns;
  for (const std::string& column : ProgressColumns(test::UnifiedParts(), {}))
    if (column.find('.') == std::string::npos || column.rfind("clock.", 0) == 0) columns += column + " ";
  EXPECT_EQ(columns,
            "episode pick reason proved episode_return environment_steps gradient_steps fraction_model_free "
            "masks_positive delta_least delta_mean delta_spread imagined_return_sac imagined_return_mb predicted_mean "
            "predicted_lo predicted_hi nll nll_distractors coverage guard_tripped clock.wall_seconds ");
  EXPECT_EQ(ProgressRow(Example()), (store::Row{{"episode", "3"},
                                                {"pick", "mb"},
                                                {"reason", "proved"},
                                                {"proved", "1"},
                                                {"episode_return", "1.5"},
                                                {"environment_steps", "600"},
                                                {"gradient_steps", "70"},
                                                {"fraction_model_free", "0.25"},
                                                {"masks_positive", "2"},
                                                {"delta_least", "1"},
                                                {"delta_mean", "1"},
                                                {"delta_spread", "0"},
                                                {"imagined_return_sac", "1.5"},
                                                {"imagined_return_mb", "2.5"},
                                                {"predicted_mean", "2.5"},
                                                {"predicted_lo", "1"},
                                                {"predicted_hi", "4"},
                                                {"nll", "-0.5"},
                                                {"nll_distractors", ""},
                                                {"coverage", "0.75"},
                                                {"guard_tripped", "1"},
                                                {"sac.alpha", "0.5"},
                                                {"clock.wall_seconds", "9.25"}}));
  std::map<std::string, double> scalars = ScalarsOf(Example());
  EXPECT_TRUE(std::isnan(scalars.at("model.nll_distractors")));
  scalars.erase("model.nll_distractors");
  EXPECT_EQ(scalars, (std::map<std::string, double>{{"sac.alpha", 0.5},
                                                    {"episode.return", 1.5},
                                                    {"episode.return_mb", 1.5},
                                                    {"episode.predicted_return", 2.5},
                                                    {"episode.fraction_model_free", 0.25},
                                                    {"model.nll_new_episode", -0.5},
                                                    {"model.coverage", 0.75},
                                                    {"check.delta_least", 1},
                                                    {"check.delta_mean", 1},
                                                    {"check.delta_spread", 0},
                                                    {"check.masks_positive", 2},
                                                    {"check.return_mb", 2.5},
                                                    {"check.return_sac", 1.5}}));
}

// Each number with a value of its own, so that none can be mistaken for another.
EpisodeRecord Numbered() {
  EpisodeRecord r = Example();
  int next = 1;
  VisitEpisode([&next](const Field&, auto& to) { to = static_cast<std::remove_reference_t<decltype(to)>>(next++); }, r);
  return r;
}

int Fields() {
  int fields = 0;
  VisitEpisode([&fields](const Field&) { ++fields; });
  return fields;
}

template <class Episode>
void ExpectNumbered(const Episode& back) {
  const EpisodeRecord expected = Numbered();
  VisitEpisode([](const Field& field, const auto& a, const auto& b) { EXPECT_EQ(a, b) << field.name; }, back, expected);
}

TEST(EpisodeFields, ComeBackFromEverythingThatHoldsThem) {
  EXPECT_EQ(Fields(), 12);
  const EpisodeRecord r = Numbered();
  {
    SCOPED_TRACE("line");
    const auto back = EpisodeFromLine(ToLine(r), "f:1");
    ASSERT_TRUE(back.ok());
    ExpectNumbered(back.value());
  }
  EpisodeSummary summary(r);
  {
    SCOPED_TRACE("summary");
    ExpectNumbered(summary);
  }
  {
    SCOPED_TRACE("row of the table");
    const EpisodeRecord back = EpisodeFromRow(ProgressRow(r));
    ExpectNumbered(back);
    EXPECT_EQ(back.episode, r.episode);
    EXPECT_EQ(back.decision.pick, r.decision.pick);
    EXPECT_EQ(back.decision.reason, r.decision.reason);
    EXPECT_EQ(back.scalars, r.scalars);
  }
  {
    SCOPED_TRACE("row of the index");
    summary.line = {1, 2, 3};
    const IndexColumns columns{{"sac.alpha"}, {"model"}, {"mb", "sac"}};
    std::string row;
    ASSERT_TRUE(AppendRow(summary, columns, 0, &row));
    const auto back = RowReader(columns).Read(row.data(), 0);
    ASSERT_TRUE(back.has_value());
    ExpectNumbered(*back);
    VisitRuling([](const Field& field, const auto& a, const auto& b) { EXPECT_EQ(a, b) << field.name; }, back->decision,
                summary.decision);
    VisitSummary([](const Field& field, const auto& a, const auto& b) { EXPECT_EQ(a, b) << field.name; },
                 back->decision.summary, summary.decision.summary);
  }
}

}  // namespace
}  // namespace equipoise::run
