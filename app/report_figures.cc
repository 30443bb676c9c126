#include "app/report_figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "app/curve_look.h"
#include "engine/browse/run_statistics.h"
#include "engine/config/task_name.h"
#include "engine/record/fraction_counter.h"
#include "engine/report/text.h"

namespace equipoise::app {
namespace {

using report::Collected;
using report::Grid;

constexpr int kWidth = 820;

// Looks by the names of rows: one for all figures, so that an agent has its colour everywhere.
using Looks = std::map<std::string, Look>;
Looks LooksOfAll(const Collected& collected) {
  std::vector<std::string> names, agents;
  for (const Grid* grid : {&collected.scores, &collected.failures})
    for (const report::Row& row : grid->rows) {
      if (std::find(names.begin(), names.end(), row.name) != names.end()) continue;
      names.push_back(row.name);
      agents.push_back(row.agent);
    }
  const std::vector<Look> looks = LooksOf(agents);
  Looks out;
  for (size_t i = 0; i < names.size(); ++i) out.emplace(names[i], looks[i]);
  return out;
}

class Painter {
 public:
  Painter(Figure* figure, const Looks& looks) : figure_(figure), looks_(looks) { figure->options.width = kWidth; }

  // Line and band over it; `lo`, `hi` may have gaps.
  void Add(const std::string& name, std::vector<double> x, std::vector<double> mean, std::vector<double> lo,
           std::vector<double> hi, ui::ChartSpec* spec) {
    const Look& look = looks_.at(name);
    const auto* at = Keep(std::move(x));
    if (std::any_of(lo.begin(), lo.end(), [](double v) { return std::isfinite(v); }))
      spec->bands.push_back({at, Keep(std::move(lo)), Keep(std::move(hi)), ui::WithAlpha(look.color, 0.14f)});
    spec->lines.push_back(look.Line(at, Keep(std::move(mean))));
    spec->lines.back().name = name;
    used_.insert(name);
  }

  // No interval reaches beyond what a value can be.
  void AddRuns(const std::string& name, const std::vector<run::CurveLine>& lines, double lowest, double highest,
               ui::ChartSpec* spec) {
    run::CurveBand band = run::MeanOverRuns(lines);
    for (size_t i = 0; i < band.x.size(); ++i) {
      const double half = run::HalfOfInterval(band.n[i], band.hi[i] - band.mean[i]);
      band.lo[i] = std::isfinite(half) ? std::max(lowest, band.mean[i] - half) : half;
      band.hi[i] = std::isfinite(half) ? std::min(highest, band.mean[i] + half) : half;
    }
    Add(name, std::move(band.x), std::move(band.mean), std::move(band.lo), std::move(band.hi), spec);
  }

  // Behind the last chart, in the order of `rows`.
  void Legend(const std::vector<report::Row>& rows) {
    if (figure_->charts.empty()) return;
    unsigned bit = 0;
    for (const report::Row& row : rows) {
      if (used_.count(row.name) == 0) continue;
      const Look& look = looks_.at(row.name);
      ui::LegendEntry entry{look.sign, row.name, bit++};
      entry.color = look.color;
      figure_->charts.front().spec.legend.push_back(entry);
    }
  }

 private:
  const std::vector<double>* Keep(std::vector<double> values) {
    figure_->data.push_back(std::move(values));
    return &figure_->data.back();
  }
  Figure* figure_;
  const Looks& looks_;
  std::set<std::string> used_;
};

// About a hundredth of the training, and ten episodes at least.
int BlockOf(size_t episodes) { return std::max(run::kBlock, static_cast<int>(std::lround(episodes / 100.0))); }

run::CurveLine ReturnsOf(const run::RunCurve& curve, size_t episodes) {
  run::CurveLine line;
  const int block = std::min(BlockOf(episodes), static_cast<int>(episodes));
  const auto end = curve.returns.begin() + static_cast<std::ptrdiff_t>(std::min(episodes, curve.returns.size()));
  line.y = run::BlockMeans({curve.returns.begin(), end}, block);
  while (line.x.size() < line.y.size()) line.x.push_back((static_cast<double>(line.x.size()) + 0.5) * block);
  return line;
}

run::CurveLine FractionOf(const run::RunCurve& curve, size_t episodes) {
  run::CurveLine line;
  const auto end = curve.model_free.begin() + static_cast<std::ptrdiff_t>(std::min(episodes, curve.model_free.size()));
  line.y = run::ModelFreeFraction({curve.model_free.begin(), end}, run::kFractionWindow);
  while (line.x.size() < line.y.size()) line.x.push_back(static_cast<double>(line.x.size()) + 1);
  return line;
}

// Of the lines, of the bands as far as they leave the lines a third of the height, and of zero where that leaves the
// curves their room: the interval of two runs can be twenty times as wide as they are apart.
ui::Axis AxisOf(const ui::ChartSpec& spec) {
  ui::RangeOf range;
  for (const ui::ChartLine& line : spec.lines) range.Add(*line.y);
  const ui::AxisView lines = range.View(0);
  const double most = lines.hi - lines.lo;
  for (const ui::ChartBand& band : spec.bands)
    for (const std::vector<double>* edge : {band.lo, band.hi})
      for (const double v : *edge)
        if (std::isfinite(v)) range.Add(std::clamp(v, lines.lo - most, lines.hi + most));
  ui::AxisView view = range.View(0.03);
  if (view.lo > 0 && view.lo < 0.5 * view.hi) view.lo = 0;
  return {view.lo, view.hi};
}

void Finish(size_t episodes, ui::FigureChart* chart) {
  chart->x = {0, static_cast<double>(episodes)};
  chart->spec.x_whole = true;
}

std::string Heading(const report::Column& column) {
  return config::TaskStem(column.task) + (column.failure.empty() ? "" : ": " + column.failure);
}

void AddReturns(const Collected& collected, const Grid& grid, size_t column, Painter* painter, Figure* figure) {
  const size_t episodes = grid.columns[column].episodes;
  ui::FigureChart chart;
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    std::vector<run::CurveLine> lines;
    for (const size_t i : grid.runs[row][column]) lines.push_back(ReturnsOf(collected.runs[i].curve, episodes));
    if (!lines.empty()) painter->AddRuns(grid.rows[row].name, lines, -INFINITY, INFINITY, &chart.spec);
  }
  if (chart.spec.lines.empty()) return;
  chart.title = Heading(grid.columns[column]) + ", return, means of " + std::to_string(BlockOf(episodes)) + " episodes";
  chart.y = AxisOf(chart.spec);
  chart.height = 200;
  Finish(episodes, &chart);
  figure->charts.push_back(std::move(chart));
}

void AddFractions(const Collected& collected, const Grid& grid, size_t column, Painter* painter, Figure* figure) {
  const size_t episodes = grid.columns[column].episodes;
  ui::FigureChart chart;
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    std::vector<run::CurveLine> lines;
    if (!Chooses(grid.rows[row].agent)) continue;
    for (const size_t i : grid.runs[row][column]) lines.push_back(FractionOf(collected.runs[i].curve, episodes));
    if (!lines.empty()) painter->AddRuns(grid.rows[row].name, lines, 0, 1, &chart.spec);
  }
  if (chart.spec.lines.empty()) return;
  chart.title = Heading(grid.columns[column]) + ", share of model-free picks among the last " +
                std::to_string(run::kFractionWindow);
  chart.y = {0, 1};
  chart.spec.percent = true;
  chart.height = 90;
  Finish(episodes, &chart);
  figure->charts.push_back(std::move(chart));
}

// Empty where there is nothing to draw.
void AddFigure(const std::string& name, const std::string& title, const std::string& caption,
               const Collected& collected, const Grid& grid, bool returns, bool fractions, const Looks& looks,
               std::deque<Figure>* out) {
  Figure& figure = out->emplace_back();
  Painter painter(&figure, looks);
  for (size_t column = 0; column < grid.columns.size(); ++column) {
    if (returns) AddReturns(collected, grid, column, &painter, &figure);
    if (fractions) AddFractions(collected, grid, column, &painter, &figure);
  }
  if (figure.charts.empty()) {
    out->pop_back();
    return;
  }
  painter.Legend(grid.rows);
  figure.name = name;
  figure.caption = caption;
  figure.options.title = title;
  figure.charts.back().spec.x_label = "picked episode";
}

void AddProfiles(const Collected& collected, const report::Aggregates& aggregates, const Looks& looks,
                 std::deque<Figure>* out) {
  if (aggregates.profiles.empty()) return;
  Figure& figure = out->emplace_back();
  Painter painter(&figure, looks);
  ui::FigureChart chart;
  for (const report::Profile& profile : aggregates.profiles) {
    std::vector<double> share, lo, hi;
    for (const report::Interval& at : profile.share) {
      share.push_back(at.value);
      lo.push_back(at.lo);
      hi.push_back(at.hi);
    }
    painter.Add(profile.name, aggregates.tau, share, lo, hi, &chart.spec);
  }
  chart.title = "Share of runs with a normalised score above tau";
  chart.x = {aggregates.tau.front(), aggregates.tau.back()};
  chart.y = {0, 1};
  chart.spec.percent = true;
  chart.spec.x_label = "tau";
  figure.charts.push_back(std::move(chart));
  painter.Legend(collected.scores.rows);
  figure.name = "profiles";
  figure.options.title = "Performance profiles";
  figure.caption = "Performance profiles over all tasks; band: pointwise 95 % stratified bootstrap interval.";
}

}  // namespace

std::deque<Figure> ReportFigures(const Collected& collected, const report::Aggregates& aggregates) {
  ui::UseColors(ui::MakePalette(/*light=*/true, /*safe=*/false));
  const Looks looks = LooksOfAll(collected);
  std::deque<Figure> out;
  const std::string band = "; line: mean over runs, band: 95 % confidence interval (Student's t).";
  AddFigure("figure2", "Learning curves", "Figure 2: learning curves" + band, collected, collected.scores, true, false,
            looks, &out);
  AddFigure("figure3", "Who acts", "Figure 3: share of model-free picks" + band, collected, collected.scores, false,
            true, looks, &out);
  AddFigure("figure4", "Failures", "Figure 4: what happens when something is wrong" + band, collected,
            collected.failures, true, true, looks, &out);
  AddProfiles(collected, aggregates, looks, &out);
  return out;
}

std::string FigureCsv(const Figure& figure) {
  std::string out = "chart,agent,x,y,lo,hi\n";
  for (const ui::FigureChart& chart : figure.charts)
    for (const ui::ChartLine& line : chart.spec.lines) {
      const auto band = std::find_if(chart.spec.bands.begin(), chart.spec.bands.end(),
                                     [&](const ui::ChartBand& b) { return b.x == line.x; });
      const bool has = band != chart.spec.bands.end();
      for (size_t i = 0; i < line.x->size(); ++i)
        out += report::CsvCell(chart.title) + "," + report::CsvCell(line.name) + "," + report::Exact((*line.x)[i]) +
               "," + report::Exact((*line.y)[i]) + "," + (has ? report::Exact((*band->lo)[i]) : "") + "," +
               (has ? report::Exact((*band->hi)[i]) : "") + "\n";
    }
  return out;
}

}  // namespace equipoise::app
