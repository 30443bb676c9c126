// What a run's episodes say in few numbers, and that an index never changes it: absent, stale, damaged or foreign.
// Long because reader and writer are tested on one made log.
#include "engine/record/episode_reader.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/record/episode_lines.h"
#include "engine/record/episode_row.h"
#include "engine/record/records.h"
#include "tests/engine/disk_moments.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::run {
namespace {

using testing_support::TemporaryFolder;

// Of every kind that a log holds: random ones without numbers, learned ones, broken checks, names that come and go.
EpisodeRecord Episode(int number) {
  EpisodeRecord r;
  r.episode = number;
  r.episode_return = number / 3.0;
  r.environment_steps = 200LL * (number + 5);
  r.wall_seconds = 0.1 * number;
  r.seconds = {{"act", 0.25}};
  r.decision.pick = eps::Pick();
  r.decision.reason = eps::Reason::kRandom;
  if (number < 1) return r;
  eps::Decision& d = r.decision;
  d.episode = number;
  d.pick = number % 3 ? test::Based() : test::Free();
  d.reason = number % 3 ? eps::Reason::kProved : eps::Reason::kNotProved;
  d.checked = true;
  d.proved = number % 3 != 0;
  d.masks = d.evaluated = 4;
  d.rollouts = 5;
  d.force_every = 10;
  d.seed = 99;
  d.pairing = "noise";
  d.clamped_fraction = 0.01 * number;
  test::DeltaOf(&d) = {1.0 + number, 2, number % 3 ? 3.0 : -1.0 / number, number == 7 ? NAN : 0.5};
  test::ReturnsOf(&d, test::Based()) = {1, 2, 3, 4.0 / number};
  test::ReturnsOf(&d, test::Free()) = {0, 1, 2, 3};
  test::ErrorOf(&d) = {0.5, 0.25, 0.125, 1};
  d.seconds = 0.5;
  r.gradient_steps = 100LL * number;
  r.fraction_model_free = 0.3;
  r.predicted_mean = 1.1 * number;
  r.predicted_lo = -INFINITY;
  r.predicted_hi = 5e-324;
  r.nll = 1.0 / 7;
  r.nll_distractors = number % 2 ? NAN : 2;
  r.coverage = 0.875;
  r.guard_tripped = number == 4;
  r.open_loop_error = {0.1f, 0.25f, 0.7f};
  r.open_loop_lo = {0, 0, 0.1f};
  r.open_loop_hi = {1, 1, 2};
  r.scalars = {{"sac.alpha", 0.1 * number}, {"sac.q", NAN}};
  if (number > 2) r.scalars["model.train_nll"] = -number;
  r.seconds["sac"] = number;
  return r;
}

std::string Lines(int first, int last) {
  std::string text;
  for (int number = first; number <= last; ++number) text += ToLine(Episode(number)) + "\n";
  return text;
}

// The same number, or none on both sides.
void ExpectSame(double a, double b, const char* what) {
  EXPECT_TRUE(std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b))) << what << ": " << a << ", " << b;
}

void ExpectSame(const NamedNumbers& a, const NamedNumbers& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.name(i), b.name(i));
    ExpectSame(a.value(i), b.value(i), a.name(i).c_str());
  }
}

void ExpectSame(const EpisodeSummary& a, const EpisodeSummary& b) {
  EXPECT_EQ(a.episode, b.episode);
  EXPECT_EQ(a.environment_steps, b.environment_steps);
  EXPECT_EQ(a.gradient_steps, b.gradient_steps);
  EXPECT_EQ(a.guard_tripped, b.guard_tripped);
  ExpectSame(a.episode_return, b.episode_return, "return");
  ExpectSame(a.wall_seconds, b.wall_seconds, "wall");
  ExpectSame(a.fraction_model_free, b.fraction_model_free, "fraction");
  ExpectSame(a.predicted_mean, b.predicted_mean, "predicted");
  ExpectSame(a.predicted_lo, b.predicted_lo, "lo");
  ExpectSame(a.predicted_hi, b.predicted_hi, "hi");
  ExpectSame(a.nll, b.nll, "nll");
  ExpectSame(a.nll_distractors, b.nll_distractors, "nll of distractors");
  ExpectSame(a.coverage, b.coverage, "coverage");
  EXPECT_EQ(a.open_loop.steps, b.open_loop.steps);
  ExpectSame(a.open_loop.mean, b.open_loop.mean, "open loop mean");
  ExpectSame(a.open_loop.first, b.open_loop.first, "open loop first");
  ExpectSame(a.open_loop.last, b.open_loop.last, "open loop last");
  ExpectSame(a.scalars, b.scalars);
  ExpectSame(a.seconds, b.seconds);
  const eps::SummarisedDecision &d = a.decision, &e = b.decision;
  EXPECT_EQ(d.episode, e.episode);
  EXPECT_EQ(d.pick, e.pick);
  EXPECT_EQ(d.reason, e.reason);
  EXPECT_EQ(d.checked, e.checked);
  EXPECT_EQ(d.proved, e.proved);
  EXPECT_EQ(d.masks, e.masks);
  EXPECT_EQ(d.rollouts, e.rollouts);
  EXPECT_EQ(d.evaluated, e.evaluated);
  EXPECT_EQ(d.force_every, e.force_every);
  ExpectSame(d.clamped_fraction, e.clamped_fraction, "clamped");
  ExpectSame(d.seconds, e.seconds, "seconds of the decision");
  const eps::DecisionSummary &s = d.summary, &t = e.summary;
  EXPECT_EQ(s.count, t.count);
  EXPECT_EQ(s.positive, t.positive);
  EXPECT_EQ(s.not_finite, t.not_finite);
  EXPECT_EQ(s.first_not_finite, t.first_not_finite);
  EXPECT_EQ(s.first_not_positive, t.first_not_positive);
  EXPECT_EQ(s.first_favours_preferred, t.first_favours_preferred);
  EXPECT_EQ(s.within_own_error, t.within_own_error);
  ExpectSame(s.least, t.least, "least");
  ExpectSame(s.mean, t.mean, "mean");
  ExpectSame(s.spread, t.spread, "spread");
  ExpectSame(s.monte_carlo_error, t.monte_carlo_error, "error");
  ExpectSame(s.MeanReturnOf(test::Based()), t.MeanReturnOf(test::Based()), "mean_return_mb");
  ExpectSame(s.MeanReturnOf(test::Free()), t.MeanReturnOf(test::Free()), "mean_return_mf");
  ExpectSame(s.log_sum, t.log_sum, "log_sum");
}

constexpr EpisodeReader::Options kAlways{1, true};

struct Reading {
  std::vector<EpisodeSummary> episodes;
  EpisodeReader::Work work;
  std::string problem;
};
Reading Read(const std::string& folder, EpisodeReader::Options options = kAlways) {
  Reading out;
  EpisodeReader reader(folder, options);
  const Status read = reader.Read([&] { out.episodes.clear(); },
                                  [&](EpisodeSummary episode) { out.episodes.push_back(std::move(episode)); });
  if (!read) out.problem = read.error().message;
  out.work = reader.work();
  return out;
}

void ExpectEpisodes(const Reading& reading, int first, int last) {
  EXPECT_EQ(reading.problem, "");
  ASSERT_EQ(reading.episodes.size(), static_cast<size_t>(last - first + 1));
  for (int number = first; number <= last; ++number) {
    const EpisodeSummary& episode = reading.episodes[static_cast<size_t>(number - first)];
    ExpectSame(episode, EpisodeSummary(Episode(number)));
    const auto whole = Whole(episode);
    ASSERT_NE(whole, nullptr) << number;
    EXPECT_EQ(ToLine(*whole), ToLine(Episode(number)));
  }
}

TEST(EpisodeReader, TheFirstReadingMakesAnIndexAndTheNextReadsNoLine) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 20));
  const Reading first = Read(run.path());
  ExpectEpisodes(first, -1, 20);
  EXPECT_EQ(first.work.from_index, 0u);
  EXPECT_EQ(first.work.from_lines, 22u);
  EXPECT_TRUE(first.work.wrote_index);
  const Reading second = Read(run.path());
  ExpectEpisodes(second, -1, 20);
  EXPECT_EQ(second.work.from_index, 22u);
  EXPECT_EQ(second.work.from_lines, 0u);
  EXPECT_FALSE(second.work.wrote_index);
}

TEST(EpisodeReader, AShortLogGetsNoIndex) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 20));
  ExpectEpisodes(Read(run.path(), {}), -1, 20);
  EXPECT_FALSE(std::filesystem::exists(IndexPath(run.path())));
  EXPECT_TRUE(Read(run / "nowhere").episodes.empty());
}

TEST(EpisodeReader, SentencesNeedNoLine) {
  for (const int number : {0, 1, 3, 7}) {
    const EpisodeRecord record = Episode(number);
    EXPECT_EQ(eps::Sentence(EpisodeSummary(record).decision, test::UnifiedParts()),
              eps::Sentence(record.decision, test::UnifiedParts()))
        << number;
  }
}

TEST(EpisodeReader, WhatWasAddedIsReadFromItsLinesAndJoinsTheIndex) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 5));
  Read(run.path());
  std::ofstream(run / "episodes.jsonl", std::ios::app) << Lines(6, 9);
  const Reading grown = Read(run.path());
  ExpectEpisodes(grown, -1, 9);
  EXPECT_EQ(grown.work.from_index, 7u);
  EXPECT_EQ(grown.work.from_lines, 4u);
  EXPECT_TRUE(grown.work.wrote_index);
  EXPECT_EQ(Read(run.path()).work.from_index, 11u);
}

TEST(EpisodeReader, ReadsOnWhileTheLogGrowsAndWaitsForTheEndOfALine) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 3));
  EpisodeReader reader(run.path(), kAlways);
  Reading all;
  int forgotten = 0;
  const auto read = [&] {
    ASSERT_TRUE(reader
                    .Read(
                        [&] {
                          all.episodes.clear();
                          ++forgotten;
                        },
                        [&](EpisodeSummary episode) { all.episodes.push_back(std::move(episode)); })
                    .ok());
  };
  read();
  EXPECT_EQ(forgotten, 1);
  const std::string next = Lines(4, 4);
  std::ofstream(run / "episodes.jsonl", std::ios::app) << next.substr(0, 100);
  read();
  ExpectEpisodes(all, -1, 3);
  std::ofstream(run / "episodes.jsonl", std::ios::app) << next.substr(100) << Lines(5, 6);
  read();
  ExpectEpisodes(all, -1, 6);
  EXPECT_EQ(reader.work().from_lines, 3u) << "only what was added";
  EXPECT_EQ(forgotten, 1);
  // Resumed from a checkpoint: the last episodes are cut off and made again.
  run.Write("episodes.jsonl", Lines(-1, 4));
  read();
  EXPECT_EQ(forgotten, 2);
  ExpectEpisodes(all, -1, 4);
}

TEST(EpisodeReader, AChangedLineIsNoticedThoughLengthAndTimeAreTheSame) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  Read(run.path());
  const auto time = std::filesystem::last_write_time(run / "episodes.jsonl");
  std::string text = ReadFile(run / "episodes.jsonl").value();
  const size_t at = text.find("\"coverage\":0.875", text.find("\"episode\":5,"));
  text[at + 15] = '6';
  std::fstream(run / "episodes.jsonl", std::ios::in | std::ios::out | std::ios::binary) << text;
  std::filesystem::last_write_time(run / "episodes.jsonl", time);
  const Reading changed = Read(run.path());
  ASSERT_EQ(changed.episodes.size(), 11u);
  EXPECT_EQ(changed.work.from_index, 6u) << "up to the line before";
  EXPECT_EQ(changed.work.from_lines, 5u);
  EXPECT_EQ(changed.episodes[6].coverage, 0.876);
}

TEST(EpisodeReader, ACutLogIsReadAsItIs) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  Read(run.path());
  std::filesystem::resize_file(run / "episodes.jsonl", Lines(-1, 4).size() + 50);
  const Reading cut = Read(run.path());
  ExpectEpisodes(cut, -1, 4);
  EXPECT_EQ(cut.work.from_index, 6u);
}

TEST(EpisodeReader, ACopiedFolderKeepsItsIndexAndAChangedCopyIsNoticed) {
  TemporaryFolder run, copy;
  run.Write("episodes.jsonl", Lines(-1, 9));
  Read(run.path());
  for (const char* file : {"/episodes.jsonl", "/episodes.index"})
    std::filesystem::copy_file(run.path() + file, copy.path() + file);
  Reading reading = Read(copy.path());
  ExpectEpisodes(reading, -1, 9);
  EXPECT_EQ(reading.work.from_index, 11u) << "line by line";
  EXPECT_TRUE(reading.work.wrote_index) << "with its own stamp";
  // The index of another run of the same length.
  copy.Write("episodes.jsonl", Lines(0, 10));
  reading = Read(copy.path());
  ExpectEpisodes(reading, 0, 10);
  EXPECT_EQ(reading.work.from_index, 0u);
}

// Whatever happens to the index, what is read is what the lines say.
TEST(EpisodeReader, ADamagedIndexIsNeitherBelievedNorAnError) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  Read(run.path());
  const std::string index = ReadFile(IndexPath(run.path())).value();
  size_t believed_less = 0;
  for (size_t at = 0; at < index.size(); at += 37) {
    std::string damaged = index;
    damaged[at] = static_cast<char>(damaged[at] ^ 1 << at % 8);
    run.Write("episodes.index", damaged);
    const Reading reading = Read(run.path(), {1, false});
    ExpectEpisodes(reading, -1, 9);
    believed_less += reading.work.from_index < 11;
  }
  EXPECT_GT(believed_less, 100u) << "damage is noticed";
  for (size_t length = 0; length < index.size(); length += 101) {
    run.Write("episodes.index", index.substr(0, length));
    ExpectEpisodes(Read(run.path(), {1, false}), -1, 9);
  }
  // It is mended by the next who may write.
  std::string damaged = index;
  damaged[index.size() - 20] ^= 4;
  run.Write("episodes.index", damaged);
  const Reading mending = Read(run.path());
  ExpectEpisodes(mending, -1, 9);
  EXPECT_TRUE(mending.work.wrote_index);
  EXPECT_EQ(Read(run.path()).work.from_index, 11u);
}

TEST(EpisodeReader, AFileOfThatNameThatIsNoIndexStaysAsItIs) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  run.Write("episodes.index", "notes of somebody else\n");
  const Reading reading = Read(run.path());
  ExpectEpisodes(reading, -1, 9);
  EXPECT_FALSE(reading.work.wrote_index);
  EXPECT_EQ(ReadFile(IndexPath(run.path())).value(), "notes of somebody else\n");
}

TEST(EpisodeReader, AFileOfThatNameThatIsNoIndexIsNotRemoved) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  run.Write("episodes.index", "notes of somebody else\n");
  RemoveIndex(run.path());
  EXPECT_EQ(ReadFile(IndexPath(run.path())).value(), "notes of somebody else\n");
  // It takes the place of an index that is being written, and then the log is not what the writer thinks.
  std::filesystem::remove(IndexPath(run.path()));
  IndexWriter writer(run.path(), 1);
  const Reading reading = Read(run.path(), {1, false});
  List<EpisodeSummary> episodes;
  for (const EpisodeSummary& episode : reading.episodes)
    episodes.push_back(std::make_shared<const EpisodeSummary>(episode));
  writer.Update(episodes);
  ASSERT_EQ(Read(run.path(), {1, false}).work.from_index, 11u);
  std::filesystem::rename(run.Write("theirs", "notes of somebody else\n"), IndexPath(run.path()));
  std::ofstream(run / "episodes.jsonl", std::ios::app) << "x";
  writer.Update(episodes);
  EXPECT_EQ(ReadFile(IndexPath(run.path())).value(), "notes of somebody else\n");
  // Whoever cannot look at it does not know whose it is.
  {
    const testing_support::DiskLooks hook([](const std::string&) { return EIO; });
    RemoveIndex(run.path());
  }
  EXPECT_EQ(ReadFile(IndexPath(run.path())).value(), "notes of somebody else\n");
  // The control: one of ours goes.
  std::filesystem::remove(IndexPath(run.path()));
  run.Write("episodes.jsonl", Lines(-1, 9));
  ASSERT_TRUE(Read(run.path()).work.wrote_index);
  RemoveIndex(run.path());
  EXPECT_FALSE(std::filesystem::exists(IndexPath(run.path())));
}

TEST(EpisodeReader, WhereNoIndexCanBeWrittenTheLinesAreRead) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  std::filesystem::create_directory(IndexPath(run.path()));  // in the way, also of root
  run.Write("episodes.index/file", "");
  const Reading reading = Read(run.path());
  ExpectEpisodes(reading, -1, 9);
  EXPECT_FALSE(reading.work.wrote_index);
}

TEST(EpisodeReader, ARunThatGoesOnIsLeftToTheProcessThatWritesIt) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  const auto lock = store::FolderLock::Take(run.path());
  ASSERT_TRUE(lock.ok());
  ExpectEpisodes(Read(run.path()), -1, 9);
  EXPECT_FALSE(std::filesystem::exists(IndexPath(run.path())));
}

TEST(EpisodeReader, ABrokenLineIsNamedAndWhatStandsBeforeItIsHandedOver) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9) + "{}\n" + Lines(10, 12));
  const Reading reading = Read(run.path());
  EXPECT_EQ(reading.problem, run / "episodes.jsonl" + ":12: \"clock\" is missing");
  EXPECT_EQ(reading.episodes.size(), 11u);
  EXPECT_FALSE(reading.work.wrote_index);
}

TEST(EpisodeReader, LinesLongerThanABlockAreRead) {
  TemporaryFolder run;
  EpisodeRecord record = Episode(1);
  record.open_loop_error.assign(600000, 0.5f);
  run.Write("episodes.jsonl", Lines(0, 0) + ToLine(record) + "\n" + Lines(2, 2));
  const Reading reading = Read(run.path());
  ASSERT_EQ(reading.episodes.size(), 3u);
  EXPECT_EQ(reading.episodes[1].open_loop.steps, 600000);
  EXPECT_EQ(Read(run.path()).work.from_index, 3u);
}

TEST(EpisodeSummary, ALineThatIsGoneHasNoNumbersOfMasks) {
  TemporaryFolder run;
  run.Write("episodes.jsonl", Lines(-1, 9));
  const Reading reading = Read(run.path());
  const EpisodeSummary &kept = reading.episodes[3], &gone = reading.episodes[10];
  std::filesystem::resize_file(run / "episodes.jsonl", Lines(-1, 4).size());
  EXPECT_NE(Whole(kept), nullptr);
  EXPECT_EQ(Whole(gone), nullptr);
  EXPECT_TRUE(WholeDecision(gone)->delta().empty());
  EXPECT_EQ(WholeDecision(gone)->episode, 9);
  EXPECT_EQ(WholeDecision(gone)->reason, eps::Reason::kNotProved);
}

// As the trainer keeps it: a row after every episode.
TEST(IndexWriter, KeepsTheIndexOfARunThatGoesOn) {
  TemporaryFolder run;
  IndexWriter writer(run.path(), 1);
  List<EpisodeSummary> episodes;
  const auto lines = std::make_shared<EpisodeLines>(run / "episodes.jsonl");
  const auto act = [&](int number) {
    const auto before = static_cast<int64_t>(
        std::filesystem::exists(run / "episodes.jsonl") ? std::filesystem::file_size(run / "episodes.jsonl") : 0);
    const std::string line = Lines(number, number);
    std::ofstream(run / "episodes.jsonl", std::ios::app) << line;
    auto summary = std::make_shared<EpisodeSummary>(Episode(number));
    summary->line = lines->Find(before, static_cast<int64_t>(line.size()) - 1);
    ASSERT_GE(summary->line.offset, 0);
    episodes.push_back(summary);
    writer.Update(episodes);
  };
  for (int number = -1; number <= 6; ++number) {
    act(number);
    const Reading reading = Read(run.path(), {1, false});
    ExpectEpisodes(reading, -1, number);
    EXPECT_EQ(reading.work.from_lines, 0u) << number;
  }
  std::filesystem::remove(IndexPath(run.path()));
  act(7);
  EXPECT_EQ(Read(run.path(), {1, false}).work.from_index, 9u) << "made again when it was removed";
  const auto before = std::filesystem::file_size(IndexPath(run.path()));
  act(8);
  EXPECT_LT(std::filesystem::file_size(IndexPath(run.path())) - before, 700u) << "a row, not all of them";
  // Rolled back, and the same number acted again: as many rows, and a line of the same length at the same place.
  std::filesystem::resize_file(run / "episodes.jsonl", static_cast<uintmax_t>(episodes.back()->line.offset));
  List<EpisodeSummary> fewer;
  for (size_t i = 0; i + 1 < episodes.size(); ++i) fewer.push_back(episodes[i]);
  episodes = fewer;
  act(9);
  const Reading again = Read(run.path(), {1, false});
  ASSERT_EQ(again.episodes.size(), 10u);
  EXPECT_EQ(again.episodes.back().episode, 9);
  EXPECT_EQ(again.episodes[8].episode, 7);
  // The log is not what the writer thinks: no index is better than a wrong one.
  std::ofstream(run / "episodes.jsonl", std::ios::app) << "x";
  writer.Update(episodes);
  EXPECT_FALSE(std::filesystem::exists(IndexPath(run.path())));
}

}  // namespace
}  // namespace equipoise::run
