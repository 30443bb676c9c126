#include "engine/report/score_table.h"

#include <algorithm>
#include <cstdio>

#include "engine/report/text.h"

namespace equipoise::report {
namespace {

constexpr double kSignificant = 0.05;

size_t IndexOf(const std::vector<ScoreRow>& rows, const std::string& name) {
  return static_cast<size_t>(
      std::find_if(rows.begin(), rows.end(), [&](const ScoreRow& row) { return row.name == name; }) - rows.begin());
}

void AddBetterRow(const BetterOfRows& better, ScoreTable* table) {
  ScoreRow row;
  row.better_of_several = true;
  row.cells.resize(table->tasks.size());
  size_t last = 0;
  std::vector<size_t> each;
  for (const std::string& name : better.each) {
    each.push_back(IndexOf(table->rows, name));
    if (each.back() == table->rows.size()) return;
    last = std::max(last, each.back());
    row.name += (row.name.empty() ? "max(" : ", ") + name;
  }
  row.name += ")";
  for (size_t task = 0; task < row.cells.size(); ++task) {
    const ScoreCell* most = nullptr;
    bool all = true;
    for (const size_t i : each) {
      const ScoreCell& cell = table->rows[i].cells[task];
      all = all && cell.mean.n > 0;
      if (most == nullptr || cell.mean.mean > most->mean.mean) most = &cell;
    }
    if (all && most != nullptr) row.cells[task].mean = most->mean;
  }
  if (const size_t i = IndexOf(table->rows, better.challenger); i < table->rows.size()) {
    for (size_t task = 0; task < row.cells.size(); ++task) {
      const run::MeanOfRuns &own = table->rows[i].cells[task].mean, &other = row.cells[task].mean;
      if (own.n > 0 && other.n > 0 && own.mean > other.mean && run::EqualMeansPOf(own, other) < kSignificant)
        table->rows[i].cells[task].asterisk = true;
    }
  }
  table->rows.insert(table->rows.begin() + static_cast<std::ptrdiff_t>(last) + 1, std::move(row));
}

// The best of a column, and what is not significantly below it. Where there is nothing to test with, the best alone.
void AddBold(size_t task, std::vector<ScoreRow>* rows) {
  const ScoreCell* best = nullptr;
  for (const ScoreRow& row : *rows)
    if (!row.better_of_several && std::isfinite(row.cells[task].mean.mean) &&
        (best == nullptr || row.cells[task].mean.mean > best->mean.mean))
      best = &row.cells[task];
  if (best == nullptr) return;
  for (ScoreRow& row : *rows) {
    ScoreCell& cell = row.cells[task];
    if (row.better_of_several || cell.mean.n == 0) continue;
    cell.bold = &cell == best || run::EqualMeansPOf(cell.mean, best->mean) >= kSignificant;
  }
}

}  // namespace

ScoreTable MakeScoreTable(const std::vector<std::string>& tasks, const std::vector<std::string>& names,
                          const std::vector<std::vector<run::MeanOfRuns>>& means,
                          const std::vector<BetterOfRows>& better) {
  ScoreTable table;
  table.tasks = tasks;
  table.ranges.resize(tasks.size());
  for (size_t i = 0; i < names.size(); ++i) {
    ScoreRow& row = table.rows.emplace_back();
    row.name = names[i];
    for (size_t task = 0; task < tasks.size(); ++task) {
      row.cells.push_back({means[i][task]});
      const double mean = means[i][task].mean;
      ColumnRange& range = table.ranges[task];
      if (!std::isfinite(mean)) continue;
      range.lo = std::isfinite(range.lo) ? std::min(range.lo, mean) : mean;
      range.hi = std::isfinite(range.hi) ? std::max(range.hi, mean) : mean;
    }
  }
  for (size_t task = 0; task < tasks.size(); ++task) AddBold(task, &table.rows);
  for (const BetterOfRows& of : better) AddBetterRow(of, &table);
  for (ScoreRow& row : table.rows) {
    double sum = 0;
    for (size_t task = 0; task < tasks.size(); ++task) sum += table.ranges[task].Normalised(row.cells[task].mean.mean);
    row.normalised = sum / static_cast<double>(tasks.size());
  }
  return table;
}

std::string CellMarkdown(const ScoreCell& cell) {
  if (cell.mean.n == 0) return "-";
  std::string text = Fixed(cell.mean.mean, 1);
  if (cell.mean.n > 1) text += " \xc2\xb1 " + Fixed(cell.mean.half, 1);
  if (cell.bold) text = "**" + text + "**";
  if (cell.asterisk) text += "\\*";
  return text;
}

std::string ScoreMarkdown(const ScoreTable& table) {
  const bool normalised = std::any_of(table.rows.begin(), table.rows.end(),
                                      [](const ScoreRow& row) { return std::isfinite(row.normalised); });
  std::string out = "| agent |", rule = "|---|";
  for (const std::string& task : table.tasks) {
    out += " " + MarkdownCell(task) + " |";
    rule += "---|";
  }
  out += std::string(normalised ? " normalised |" : "") + "\n" + rule + (normalised ? "---|" : "") + "\n";
  for (const ScoreRow& row : table.rows) {
    out += "| " + MarkdownCell(row.name) + " |";
    for (const ScoreCell& cell : row.cells) {
      out += " " + CellMarkdown(cell);
      if (cell.mean.n > 0) out += " (" + std::to_string(cell.mean.n) + ")";
      out += " |";
    }
    out += (normalised ? " " + Fixed(row.normalised, 4) + " |" : "") + "\n";
  }
  return out;
}

std::string ScoreCsv(const ScoreTable& table) {
  std::string out = "agent,task,runs,mean,half_of_interval,sd,bold,asterisk,normalised_over_tasks\n";
  for (const ScoreRow& row : table.rows)
    for (size_t task = 0; task < table.tasks.size(); ++task) {
      const ScoreCell& cell = row.cells[task];
      out += CsvCell(row.name) + "," + CsvCell(table.tasks[task]) + "," + std::to_string(cell.mean.n) + "," +
             Exact(cell.mean.mean) + "," + Exact(cell.mean.half) + "," + Exact(cell.mean.sd) + "," +
             (cell.bold ? "1" : "0") + "," + (cell.asterisk ? "1" : "0") + "," + Exact(row.normalised) + "\n";
    }
  return out;
}

}  // namespace equipoise::report
