#include "engine/record/records.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <sstream>

#include "engine/base/atomic_file.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::run {
namespace {

using testing_support::TemporaryFolder;

constexpr double kInf = std::numeric_limits<double>::infinity();

// Every field away from its default, with numbers that are hard to write.
EpisodeRecord FullRecord() {
  EpisodeRecord r;
  r.episode = 12;
  r.episode_return = 1.0 / 3;
  r.environment_steps = int64_t{1} << 40;
  r.gradient_steps = 123;
  r.wall_seconds = 9.25;
  r.fraction_model_free = 0.15;
  r.predicted_mean = 0.1;
  r.predicted_lo = -kInf;
  r.predicted_hi = 5e-324;
  r.nll = -3.25;
  r.nll_distractors = 2;
  r.coverage = 0.875;
  r.open_loop_error = {0.1f, 0.2f, NAN};
  r.open_loop_lo = {0.05f, 1e-30f, -0.0f};
  r.open_loop_hi = {3.4e38f, 1, 2};
  r.open_loop_by_state = {0.5f, 1e-30f, NAN};
  r.nll_by_output = {-1.25f, 2.5f, 3e38f, 0.1f};
  r.scalars = {{"sac.alpha", 0.1}, {"model.train_nll", NAN}};
  r.seconds = {{"model", 1.5}};
  r.guard_tripped = true;
  eps::Decision& d = r.decision;
  d.episode = 12;
  d.pick = test::Based();
  d.reason = eps::Reason::kProved;
  d.checked = d.proved = true;
  d.masks = 3;
  d.rollouts = 5;
  d.evaluated = 3;
  test::DeltaOf(&d) = {0.25, 1e-9, kInf};
  test::ReturnsOf(&d, test::Based()) = {1, 2, 3};
  test::ReturnsOf(&d, test::Free()) = {0.75, 1, NAN};
  test::ErrorOf(&d) = {0.5, 0.25, 0.125};
  d.seed = 0xFFFFFFFFFFFFFFFFull;
  d.pairing = "noise";
  d.force_every = 10;
  d.clamped_fraction = 0.01;
  d.seconds = 0.5;
  return r;
}

template <class T>
void ExpectSameBits(const std::vector<T>& a, const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]))
      EXPECT_TRUE(std::isnan(b[i]));
    else
      EXPECT_EQ(std::memcmp(&a[i], &b[i], sizeof(T)), 0) << a[i] << " became " << b[i];
  }
}

TEST(Records, AnEpisodeReadsBackToTheBit) {
  const EpisodeRecord a = FullRecord();
  const EpisodeRecord b = EpisodeFromLine(ToLine(a), "f:1").value();
  EXPECT_EQ(b.episode, 12);
  EXPECT_EQ(b.environment_steps, int64_t{1} << 40);
  EXPECT_EQ(b.gradient_steps, 123);
  ExpectSameBits<double>(
      {a.episode_return, a.wall_seconds, a.fraction_model_free, a.predicted_mean, a.predicted_lo, a.predicted_hi, a.nll,
       a.nll_distractors, a.coverage, a.decision.clamped_fraction, a.decision.seconds},
      {b.episode_return, b.wall_seconds, b.fraction_model_free, b.predicted_mean, b.predicted_lo, b.predicted_hi, b.nll,
       b.nll_distractors, b.coverage, b.decision.clamped_fraction, b.decision.seconds});
  ExpectSameBits(a.open_loop_error, b.open_loop_error);
  ExpectSameBits(a.open_loop_lo, b.open_loop_lo);
  ExpectSameBits(a.open_loop_hi, b.open_loop_hi);
  ExpectSameBits(a.open_loop_by_state, b.open_loop_by_state);
  ExpectSameBits(a.nll_by_output, b.nll_by_output);
  ExpectSameBits(a.decision.delta(), b.decision.delta());
  ExpectSameBits(test::ReturnsOf(a.decision, test::Based()), test::ReturnsOf(b.decision, test::Based()));
  ExpectSameBits(test::ReturnsOf(a.decision, test::Free()), test::ReturnsOf(b.decision, test::Free()));
  ExpectSameBits(a.decision.standard_error(), b.decision.standard_error());
  EXPECT_EQ(b.scalars.size(), 2u);
  EXPECT_EQ(b.scalars.at("sac.alpha"), 0.1);
  EXPECT_TRUE(std::isnan(b.scalars.at("model.train_nll")));
  EXPECT_EQ(b.seconds, a.seconds);
  EXPECT_TRUE(b.guard_tripped);
  EXPECT_EQ(b.decision.episode, 12);
  EXPECT_EQ(b.decision.pick, test::Based());
  EXPECT_EQ(b.decision.reason, eps::Reason::kProved);
  EXPECT_TRUE(b.decision.checked);
  EXPECT_TRUE(b.decision.proved);
  EXPECT_EQ(b.decision.masks, 3);
  EXPECT_EQ(b.decision.rollouts, 5);
  EXPECT_EQ(b.decision.evaluated, 3);
  EXPECT_EQ(b.decision.seed, 0xFFFFFFFFFFFFFFFFull);
  EXPECT_EQ(b.decision.pairing, "noise");
  EXPECT_EQ(b.decision.force_every, 10);
  EXPECT_EQ(ToLine(a), ToLine(b)) << "and writes the same line again";
}

TEST(Records, ADecisionWithABonusSaysWhatEachPolicyWouldTeachAndOneWithoutSaysNothingOfIt) {
  EpisodeRecord a = FullRecord();
  const std::string without = ToLine(a);
  EXPECT_EQ(without.find("bonus"), std::string::npos);
  EXPECT_EQ(without.find("information"), std::string::npos);
  EXPECT_EQ(EpisodeFromLine(without, "f:1").value().decision.bonus, 0);
  a.decision.bonus = 1.0 / 7;
  a.decision.policies[0].information = {0, 1e-9, NAN};
  a.decision.policies[1].information = {0.5, 1.0 / 3, kInf};
  const EpisodeRecord b = EpisodeFromLine(ToLine(a), "f:1").value();
  EXPECT_EQ(b.decision.bonus, 1.0 / 7);
  for (const size_t p : {0u, 1u})
    ExpectSameBits(a.decision.policies[p].information, b.decision.policies[p].information);
  EXPECT_EQ(ToLine(a), ToLine(b));
  std::string broken = ToLine(a);
  const size_t at = broken.find("\"information\":[");
  broken.replace(at, 16, "\"information\":[true,");
  EXPECT_FALSE(EpisodeFromLine(broken, "f:1").ok());
}

TEST(Records, ADecisionSaysHowManyRolloutsEachMaskGotWhereTheyDiffer) {
  EpisodeRecord a = FullRecord();
  EXPECT_EQ(ToLine(a).find("mask_rollouts"), std::string::npos);
  a.decision.most_rollouts = 100;
  a.decision.mask_rollouts = {5, 100, 20};
  const EpisodeRecord b = EpisodeFromLine(ToLine(a), "f:1").value();
  EXPECT_EQ(b.decision.most_rollouts, 100);
  EXPECT_EQ(b.decision.mask_rollouts, a.decision.mask_rollouts);
  EXPECT_EQ(ToLine(a), ToLine(b));
}

TEST(Records, EveryPickAndReasonReadsBack) {
  for (const eps::Pick pick : {eps::Pick(), test::Based(), test::Free(), eps::Pick::Of("another")})
    for (int reason = 0; reason <= static_cast<int>(eps::Reason::kNoModel); ++reason) {
      EpisodeRecord record;
      record.decision.pick = pick;
      record.decision.reason = static_cast<eps::Reason>(reason);
      const eps::Decision back = EpisodeFromLine(ToLine(record), "f:1").value().decision;
      EXPECT_EQ(back.pick, record.decision.pick);
      EXPECT_EQ(back.reason, record.decision.reason);
    }
}

// Records of before there could be any number of policies: of each role one, and stages by their titles.
TEST(Records, ALineOfTwoRolesIsReadAsOneOfTheLearnersThatTheyWere) {
  EpisodeRecord record = FullRecord();
  record.decision.reason = eps::Reason::kNotProved;
  std::string line = ToLine(record);
  const auto replace = [&line](const std::string& now, const std::string& then) {
    const size_t at = line.find(now);
    ASSERT_NE(at, std::string::npos) << now;
    line.replace(at, now.size(), then);
  };
  const auto cut = [&line](const std::string& from, const std::string& to) {
    const size_t a = line.find(from), b = line.find(to, a);
    ASSERT_TRUE(a != std::string::npos && b != std::string::npos) << from;
    line.erase(a, b - a);
  };
  cut("\"policies\":", "\"decisive\"");
  replace("\"decisive\":0", R"("delta":[0.25,1e-09,"Infinity"],"return_mb":[1,2,3],"return_mf":[0.75,1,null],)"
                            R"("standard_error":[0.5,0.25,0.125])");
  replace("\"pick\":\"" + record.decision.pick.id() + "\"", R"("pick":"model-based")");
  const auto read = EpisodeFromLine(line, "f:1");
  ASSERT_TRUE(read.ok()) << read.error().message << "\n" << line;
  const eps::Decision& back = read.value().decision;
  EXPECT_EQ(back.pick, test::Based());
  EXPECT_EQ(back.delta(), record.decision.delta());
  EXPECT_EQ(back.standard_error(), record.decision.standard_error());
  EXPECT_EQ(back.turned_on().challenger, test::Based());
  EXPECT_EQ(test::ReturnsOf(back, test::Based()), test::ReturnsOf(record.decision, test::Based()));
  replace(R"("pick":"model-based")", R"("pick":"model-free")");
  replace(R"("reason":"not-proved")", R"("reason":"only-model-free")");
  const eps::Decision alone = EpisodeFromLine(line, "f:1").value().decision;
  EXPECT_EQ(alone.pick, test::Free());
  EXPECT_EQ(alone.reason, eps::Reason::kAlone);
}

TEST(Records, AnEventReadsBack) {
  for (int kind = 0; kind <= static_cast<int>(Event::Kind::kLifecycle); ++kind) {
    Event a;
    a.kind = static_cast<Event::Kind>(kind);
    a.number = 2;
    a.episode = 41;
    a.wall_seconds = 12.5;
    a.key = "sac.entropy_bonus";
    a.from = "0.1";
    a.to = "5";
    a.text = "entropy bonus 0.1 \xE2\x86\x92 5, \"by hand\"\n";
    const Event b = EventFromLine(ToLine(a), "f:1").value();
    EXPECT_EQ(b.kind, a.kind);
    EXPECT_EQ(b.number, 2);
    EXPECT_EQ(b.episode, 41);
    EXPECT_EQ(b.wall_seconds, 12.5);
    EXPECT_EQ(b.key, a.key);
    EXPECT_EQ(b.from, a.from);
    EXPECT_EQ(b.to, a.to);
    EXPECT_EQ(b.text, a.text);
    EXPECT_EQ(ToLine(a).find('\n'), std::string::npos);
  }
}

// Two runs on machines of different speed write the same line but for the clock; any other difference shows.
TEST(Records, OnlyTheClockDependsOnTheMachine) {
  EpisodeRecord fast = FullRecord(), slow = FullRecord(), other = FullRecord();
  slow.wall_seconds = 1000;
  slow.decision.seconds = 3;
  slow.seconds["model fit"] = 77;
  other.episode_return = std::nextafter(other.episode_return, 1.0);
  EXPECT_NE(ToLine(fast), ToLine(slow));
  EXPECT_EQ(WithoutClock(ToLine(fast)).value(), WithoutClock(ToLine(slow)).value());
  EXPECT_NE(WithoutClock(ToLine(fast)).value(), WithoutClock(ToLine(other)).value());
}

TEST(Records, ABrokenLineIsNamedByFileAndLine) {
  EXPECT_EQ(EpisodeFromLine("{}", "episodes.jsonl:3").error().message, "episodes.jsonl:3: \"clock\" is missing");
  EXPECT_NE(EpisodeFromLine("{", "episodes.jsonl:3").error().message.find("episodes.jsonl:3: not valid JSON"),
            std::string::npos);
  std::string line = ToLine(FullRecord());
  std::string no_id = line;
  no_id.replace(no_id.find("\"mb\""), 4, "\"M b\"");
  EXPECT_EQ(EpisodeFromLine(no_id, "f:1").error().message, "f:1: \"pick\" \"M b\" is no name of a learner");
  line.replace(line.find("\"proved\""), 8, "\"provad\"");
  EXPECT_EQ(EpisodeFromLine(line, "f:1").error().message, "f:1: reason \"provad\" is unknown");
  EXPECT_FALSE(EventFromLine(R"({"kind":"x"})", "f:1").ok());
}

TEST(Records, AFolderRemembersItsCourse) {
  TemporaryFolder folder;
  store::RunDescription description;
  description.settings_json = "{}";
  store::RunFolder run =
      store::RunFolder::Create(folder / "r", description, {ProgressColumns(test::UnifiedParts(), {}), true, {}, {}})
          .value();
  const int64_t tensorboard_before = run.sizes().tensorboard;
  Event event;
  event.text = "started";
  EpisodeRecord random;
  random.decision.pick = eps::Pick();
  random.decision.reason = eps::Reason::kRandom;
  random.episode_return = -1;
  ASSERT_TRUE(Log(&run, event).ok());
  ASSERT_TRUE(Log(&run, random).ok());
  ASSERT_TRUE(Log(&run, FullRecord()).ok());
  EXPECT_GT(run.sizes().tensorboard, tensorboard_before);

  const History history = ReadHistory(folder / "r").value();
  ASSERT_EQ(history.episodes.size(), 2u);
  EXPECT_EQ(history.episodes[0].episode_return, -1);
  EXPECT_TRUE(std::isnan(history.episodes[0].nll));
  EXPECT_EQ(ToLine(history.episodes[1]), ToLine(FullRecord()));
  ASSERT_EQ(history.events.size(), 1u);
  EXPECT_EQ(history.events[0].text, "started");

  // The table: as many cells in each row as columns, and the right one under its name.
  const std::vector<std::string> lines = store::ReadLines(run.paths().progress).value();
  ASSERT_EQ(lines.size(), 3u);
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
      if (c == ',')
        out.emplace_back();
      else
        out.back().push_back(c);
    }
    return out;
  };
  const std::vector<std::string> names = cells(lines[0]), first = cells(lines[1]), second = cells(lines[2]);
  ASSERT_EQ(names.size(), first.size());
  ASSERT_EQ(names.size(), second.size());
  std::map<std::string, std::string> row;
  for (size_t i = 0; i < names.size(); ++i) row[names[i]] = second[i];
  EXPECT_EQ(row.at("episode"), "12");
  EXPECT_EQ(row.at("pick"), "mb");
  EXPECT_EQ(row.at("sac.alpha"), "0.1");
  EXPECT_EQ(row.at("masks_positive"), "2") << "an infinite delta is no proof";
  EXPECT_EQ(row.at("clock.wall_seconds"), "9.25");
}

TEST(Records, AFolderWithABrokenLineSaysWhere) {
  TemporaryFolder folder;
  folder.Write("episodes.jsonl", ToLine(FullRecord()) + "\n{}\n");
  EXPECT_EQ(ReadHistory(folder.path()).error().message, folder / "episodes.jsonl" + ":2: \"clock\" is missing");
}

}  // namespace
}  // namespace equipoise::run
