// summary.h: what a report says in numbers: the tables of scores and the aggregates over tasks.
//
// Scores of a run are means of its returns over a stretch of its first E episodes: all of them (Freed et al. 2024), the
// first quarter (how fast it learns) and the last tenth (what it reaches). Over tasks they are normalised as the table
// normalises: min-max over the means of its rows, so that 1 is the best row of a task and 0 the worst.
//
// Thread   any
#pragma once

#include <string>
#include <vector>

#include "engine/report/aggregates.h"
#include "engine/report/collect.h"
#include "engine/report/score_table.h"

namespace equipoise::report {

struct Stretch {
  std::string name, title;  // "all", "Mean return over all of training"
  size_t from = 0, to = 0;  // of E episodes
};
std::vector<Stretch> StretchesOf(size_t episodes);

// Of one stretch: by index into StretchesOf.
ScoreTable TableOf(const Collected& collected, const Grid& grid, size_t stretch);

struct AggregateRow {
  std::string name;
  Interval iqm, mean, median, gap;
};
struct ImprovementRow {
  std::string x, y;
  Interval p;
};
struct Profile {
  std::string name, agent;
  std::vector<Interval> share;  // by tau
};
struct Aggregates {
  std::string nothing;  // why there are none; "": there are
  std::vector<AggregateRow> rows;
  std::vector<ImprovementRow> improvements;
  std::vector<double> tau;
  std::vector<Profile> profiles;
};
// Of the rows that have runs in every column, over the first stretch. Each interval by resamples of its own stream.
Aggregates AggregatesOf(const Collected& collected, const ScoreTable& table, int resamples = kResamples);

std::string AggregatesMarkdown(const Aggregates& aggregates);
std::string ImprovementsMarkdown(const Aggregates& aggregates);
std::string AggregatesCsv(const Aggregates& aggregates);
std::string ImprovementsCsv(const Aggregates& aggregates);
// A line for each run: how it stands, whether it counts, its scores over every stretch.
std::string RunsCsv(const Collected& collected);

}  // namespace equipoise::report
