#include "engine/report/summary.h"

#include <algorithm>
#include <numeric>

#include "engine/agent/alone.h"
#include "engine/config/task_name.h"
#include "engine/report/text.h"

namespace equipoise::report {
namespace {

constexpr uint64_t kSeed = 0;
constexpr size_t kTaus = 101;

double MeanOver(const std::vector<double>& returns, const Stretch& stretch) {
  if (returns.size() < stretch.to || stretch.to <= stretch.from) return NAN;
  const auto at = [&](size_t i) { return returns.begin() + static_cast<std::ptrdiff_t>(i); };
  return std::accumulate(at(stretch.from), at(stretch.to), 0.0) / static_cast<double>(stretch.to - stretch.from);
}

std::vector<double> ScoresOf(const Collected& collected, const std::vector<size_t>& runs, const Stretch& stretch) {
  std::vector<double> scores;
  for (const size_t i : runs) scores.push_back(MeanOver(collected.runs[i].curve.returns, stretch));
  return scores;
}

// Whom the others are held against: an agent that is made of others, else the best row.
size_t Reference(const Grid& grid, const std::vector<size_t>& whole, const std::vector<AggregateRow>& rows) {
  for (size_t k = 0; k < whole.size(); ++k)
    for (const agent::Alone& alone : agent::LearnersAlone())
      if (grid.rows[whole[k]].name == alone.agent) return k;
  const auto best = std::max_element(rows.begin(), rows.end(),
                                     [](const auto& a, const auto& b) { return a.iqm.value < b.iqm.value; });
  return static_cast<size_t>(best - rows.begin());
}

std::string Between(const Interval& i) {
  return Fixed(i.value, 3) + " (" + Fixed(i.lo, 3) + " to " + Fixed(i.hi, 3) + ")";
}
std::string Cells(const Interval& i) { return Exact(i.value) + "," + Exact(i.lo) + "," + Exact(i.hi); }

}  // namespace

std::vector<Stretch> StretchesOf(size_t episodes) {
  const size_t quarter = std::max<size_t>(1, episodes / 4), tenth = std::max<size_t>(1, episodes / 10);
  return {{"all", "Mean return over all of training", 0, episodes},
          {"first-quarter", "Mean return over the first quarter of training", 0, quarter},
          {"last-tenth", "Mean return over the last tenth of training", episodes - tenth, episodes}};
}

ScoreTable TableOf(const Collected& collected, const Grid& grid, size_t stretch) {
  std::vector<std::string> tasks, names;
  std::vector<std::vector<run::MeanOfRuns>> means;
  std::vector<BetterOfRows> better;
  for (const Column& column : grid.columns)
    tasks.push_back(config::TaskStem(column.task) + (column.failure.empty() ? "" : ": " + column.failure));
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    names.push_back(grid.rows[row].name);
    std::vector<run::MeanOfRuns>& of = means.emplace_back();
    for (size_t column = 0; column < tasks.size(); ++column)
      of.push_back(run::MeanWithConfidence(
          ScoresOf(collected, grid.runs[row][column], StretchesOf(grid.columns[column].episodes)[stretch])));
  }
  for (const agent::Alone& alone : agent::LearnersAlone()) better.push_back({alone.agent, alone.each});
  ScoreTable table = MakeScoreTable(tasks, names, means, better);
  // Something wrong is no task: an average over such columns says nothing.
  if (!grid.columns.empty() && !grid.columns[0].failure.empty())
    for (ScoreRow& row : table.rows) row.normalised = NAN;
  return table;
}

Aggregates AggregatesOf(const Collected& collected, const ScoreTable& table, int resamples) {
  const Grid& grid = collected.scores;
  Aggregates out;
  std::vector<size_t> whole;
  for (size_t row = 0; row < grid.rows.size(); ++row)
    if (std::none_of(grid.runs[row].begin(), grid.runs[row].end(), [](const auto& runs) { return runs.empty(); }))
      whole.push_back(row);
  if (whole.size() < 2) {
    out.nothing =
        "Scores are normalised between the best and the worst row: that takes two rows that have runs of every task.";
    return out;
  }
  std::vector<TaskScores> scores;
  for (const size_t row : whole) {
    TaskScores& of = scores.emplace_back();
    for (size_t column = 0; column < grid.columns.size(); ++column) {
      of.push_back(ScoresOf(collected, grid.runs[row][column], StretchesOf(grid.columns[column].episodes)[0]));
      for (double& score : of.back()) score = table.ranges[column].Normalised(score);
      if (std::any_of(of.back().begin(), of.back().end(), [](double v) { return !std::isfinite(v); })) {
        out.nothing = grid.rows[row].name + " has a return on " + config::TaskStem(grid.columns[column].task) +
                      " that is not finite, or all rows are equal there: nothing can be normalised.";
        return out;
      }
    }
  }
  double lowest = 0, highest = 1;
  for (const TaskScores& of : scores)
    for (const std::vector<double>& task : of)
      for (const double score : task) {
        lowest = std::min(lowest, score);
        highest = std::max(highest, score);
      }
  for (size_t k = 0; k < kTaus; ++k)
    out.tau.push_back(lowest + (highest - lowest) * static_cast<double>(k) / static_cast<double>(kTaus - 1));
  const Draw draw = DrawFrom(kSeed);
  for (size_t k = 0; k < whole.size(); ++k) {
    const Row& row = grid.rows[whole[k]];
    const auto interval = [&](const auto& statistic) { return Bootstrap(scores[k], statistic, draw, resamples); };
    out.rows.push_back({row.name, interval(InterquartileMean), interval(MeanOfTasks), interval(MedianOfTasks),
                        interval([](const TaskScores& s) { return OptimalityGap(s); })});
    out.profiles.push_back({row.name, row.agent, BootstrapProfile(scores[k], out.tau, draw, resamples)});
  }
  const size_t x = Reference(grid, whole, out.rows);
  for (size_t y = 0; y < whole.size(); ++y)
    if (y != x)
      out.improvements.push_back({out.rows[x].name, out.rows[y].name,
                                  BootstrapOfTwo(scores[x], scores[y], ProbabilityOfImprovement, draw, resamples)});
  return out;
}

std::string AggregatesMarkdown(const Aggregates& aggregates) {
  std::string out = "| agent | interquartile mean | mean | median | optimality gap |\n|---|---|---|---|---|\n";
  for (const AggregateRow& row : aggregates.rows)
    out += "| " + MarkdownCell(row.name) + " | " + Between(row.iqm) + " | " + Between(row.mean) + " | " +
           Between(row.median) + " | " + Between(row.gap) + " |\n";
  return out;
}

std::string ImprovementsMarkdown(const Aggregates& aggregates) {
  std::string out = "| X | Y | P(X above Y) |\n|---|---|---|\n";
  for (const ImprovementRow& row : aggregates.improvements)
    out += "| " + MarkdownCell(row.x) + " | " + MarkdownCell(row.y) + " | " + Between(row.p) + " |\n";
  return out;
}

std::string AggregatesCsv(const Aggregates& aggregates) {
  std::string out = "agent,statistic,value,lo,hi\n";
  for (const AggregateRow& row : aggregates.rows)
    for (const auto& [name, of] :
         {std::pair("iqm", &row.iqm), {"mean", &row.mean}, {"median", &row.median}, {"optimality_gap", &row.gap}})
      out += CsvCell(row.name) + "," + name + "," + Cells(*of) + "\n";
  return out;
}

std::string ImprovementsCsv(const Aggregates& aggregates) {
  std::string out = "x,y,probability,lo,hi\n";
  for (const ImprovementRow& row : aggregates.improvements)
    out += CsvCell(row.x) + "," + CsvCell(row.y) + "," + Cells(row.p) + "\n";
  return out;
}

std::string RunsCsv(const Collected& collected) {
  std::string out =
      "task,agent,setting,failure,preset,seed,state,steered,counted,episodes,wanted,counted_episodes,all,first_quarter,"
      "last_tenth,folder\n";
  for (const ReportRun& run : collected.runs) {
    const Grid& grid = run.failure.empty() ? collected.scores : collected.failures;
    const auto column = std::find_if(grid.columns.begin(), grid.columns.end(),
                                     [&](const Column& c) { return c.task == run.task && c.failure == run.failure; });
    const config::RunSettings& settings = run.curve.identity.settings.run;
    out += CsvCell(run.task) + "," + CsvCell(run.agent) + "," + CsvCell(run.setting) + "," + CsvCell(run.failure) +
           "," + CsvCell(settings.preset) + "," + std::to_string(settings.seed) + "," + run.state + "," +
           (run.curve.identity.steered ? "1" : "0") + "," + (run.counted ? "1" : "0") + "," +
           std::to_string(run.curve.returns.size()) + "," + std::to_string(run.wanted) + "," +
           std::to_string(column->episodes);
    for (const Stretch& stretch : StretchesOf(column->episodes))
      out += "," + Exact(MeanOver(run.curve.returns, stretch));
    out += "," + CsvCell(run.curve.folder) + "\n";
  }
  return out;
}

}  // namespace equipoise::report
