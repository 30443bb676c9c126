#include "app/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>
#include <utility>

#include "app/curve_look.h"
#include "engine/agent/recipes.h"
#include "engine/record/fraction_counter.h"
#include "ui/figure/chart_svg.h"

namespace equipoise::app {
namespace {

using run::BlockMeans;
using run::kBlock;
using run::RunCurve;

std::string Format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Title(const std::string& agent) {
  const agent::Recipe* recipe = agent::FindRecipe(agent);
  const std::string title = recipe != nullptr ? recipe->short_title : agent;
  return Chooses(agent) ? (recipe != nullptr ? recipe->title : agent) : title + " alone";
}

// "unified, eps.masks = 20"
std::string Named(const std::string& agent, const run::RunGroup& group) {
  const std::string distinction = run::Distinction(group);
  return agent + (distinction.empty() ? "" : ", " + distinction);
}

// Of a group in blocks: NaN where no run has the block whole.
struct BlockMean {
  double mean = NAN, sd = NAN;
  int n = 0;
};
BlockMean MeanOf(const std::vector<std::vector<double>>& runs, size_t block) {
  BlockMean out;
  double sum = 0, squares = 0;
  for (const auto& means : runs) {
    if (block >= means.size()) continue;
    sum += means[block];
    ++out.n;
  }
  if (out.n == 0) return out;
  out.mean = sum / out.n;
  for (const auto& means : runs)
    if (block < means.size()) squares += (means[block] - out.mean) * (means[block] - out.mean);
  if (out.n > 1) out.sd = std::sqrt(squares / (out.n - 1));
  return out;
}

// The row of a group: mean and sd over its runs; how many have the block, where not all do.
std::string GroupRow(const std::string& name, const std::vector<std::vector<double>>& runs, size_t blocks) {
  std::string row = "| " + name + " | mean of " + std::to_string(runs.size()) + " | | |";
  for (size_t b = 0; b < blocks; ++b) {
    const BlockMean m = MeanOf(runs, b);
    if (m.n > 0) row += " " + Format("%.1f", m.mean);
    if (m.n > 1) row += " \xc2\xb1 " + Format("%.1f", m.sd);
    if (m.n > 0 && m.n < static_cast<int>(runs.size())) row += " (n = " + std::to_string(m.n) + ")";
    row += " |";
  }
  return row + "\n";
}

// What Distinction had no room for: every setting in which the groups differ, with all its values.
std::string DifferencesText(const std::vector<run::RunGroup>& groups) {
  if (groups.empty() || groups.front().differs.empty()) return "";
  std::string out = "\nSettings that differ:";
  for (size_t k = 0; k < groups.front().differs.size(); ++k) {
    out += std::string(k > 0 ? ";" : "") + " " + groups.front().differs[k].first + " =";
    std::vector<std::string> said;
    for (const run::RunGroup& group : groups) {
      const std::string& value = group.differs[k].second;
      if (value.empty() || std::find(said.begin(), said.end(), value) != said.end()) continue;
      out += (said.empty() ? " " : ", ") + value;
      said.push_back(value);
    }
  }
  return out + "\n";
}

}  // namespace

std::string CompareMarkdown(const std::vector<RunCurve>& runs) {
  size_t longest = 0;
  for (const RunCurve& run : runs) longest = std::max(longest, run.returns.size());
  const int block = run::BlockForTable(longest);
  const size_t blocks = longest / static_cast<size_t>(block);
  std::string out = "| agent | seed | model-free picks (forced) | mean |";
  for (int b = 0; b < static_cast<int>(blocks); ++b)
    out += " " + std::to_string(b * block + 1) + "-" + std::to_string((b + 1) * block) + " |";
  out += "\n|---|---|---|---|";
  for (size_t b = 0; b < blocks; ++b) out += "---|";
  out += "\n";
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  for (const run::RunGroup& group : groups) {
    const std::string name = Named(group.agent, group);
    std::vector<std::vector<double>> all;
    for (const size_t i : group.runs) {
      const RunCurve& run = runs[i];
      const auto free = std::count(run.model_free.begin(), run.model_free.end(), true);
      const auto forced = std::count(run.forced.begin(), run.forced.end(), true);
      double mean = run.returns.empty() ? NAN : 0;
      for (double r : run.returns) mean += r / static_cast<double>(run.returns.size());
      out += "| " + name + " | " + std::to_string(run.identity.settings.run.seed) + " | ";
      out += Chooses(group.agent) ? std::to_string(free) + " (" + std::to_string(forced) + ")" : std::string("-");
      out += " of " + std::to_string(run.returns.size()) + " | " + (run.returns.empty() ? "-" : Format("%.1f", mean)) +
             " |";
      all.push_back(BlockMeans(run.returns, block));
      for (size_t b = 0; b < blocks; ++b)
        out += b < all.back().size() ? " " + Format("%.1f", all.back()[b]) + " |" : " |";
      out += "\n";
    }
    if (all.size() > 1) out += GroupRow(name, all, blocks);
  }
  return out + DifferencesText(groups);
}

namespace {

using ui::ChartSpec;
using ui::FigureChart;
using ui::LegendEntry;

// A group's curves on one chart, which borrows them.
struct Curves {
  std::vector<run::CurveLine> runs;
  run::CurveBand mean;
};

Curves WithMean(std::vector<run::CurveLine> runs) {
  run::CurveBand mean = run::MeanOverRuns(runs);
  return {std::move(runs), std::move(mean)};
}

// Of means over ten episodes, in the middle of each ten.
Curves ReturnsOf(const run::RunGroup& group, const std::vector<RunCurve>& runs) {
  std::vector<run::CurveLine> lines;
  for (const size_t i : group.runs) {
    lines.push_back({{}, BlockMeans(runs[i].returns)});
    while (lines.back().x.size() < lines.back().y.size())
      lines.back().x.push_back((static_cast<double>(lines.back().x.size()) + 0.5) * kBlock);
  }
  return WithMean(std::move(lines));
}

Curves FractionsOf(const run::RunGroup& group, const std::vector<RunCurve>& runs) {
  std::vector<run::CurveLine> lines;
  for (const size_t i : group.runs) {
    lines.push_back({{}, run::ModelFreeFraction(runs[i].model_free, run::kFractionWindow)});
    while (lines.back().x.size() < lines.back().y.size())
      lines.back().x.push_back(static_cast<double>(lines.back().x.size()) + 1);
  }
  return WithMean(std::move(lines));
}

// The band, every run faintly, and their mean on top. `name` is what a browser says of the mean.
void Add(const Curves& group, const Look& look, const std::string& name, ChartSpec* spec) {
  if (group.runs.size() > 1) {
    spec->bands.push_back({&group.mean.x, &group.mean.lo, &group.mean.hi, ui::WithAlpha(look.color, 0.12f)});
    for (const run::CurveLine& run : group.runs) {
      spec->lines.push_back(look.Line(&run.x, &run.y));
      spec->lines.back().thickness = 1;
      spec->lines.back().color = ui::WithAlpha(look.color, 0.35f);
    }
  }
  spec->lines.push_back(look.Line(&group.mean.x, &group.mean.mean));
  spec->lines.back().name = name;
}

// From zero, or from the least when it is below, to the highest.
ui::Axis ReturnAxis(const std::vector<RunCurve>& runs) {
  double lowest = 0, highest = -INFINITY;
  for (const RunCurve& run : runs)
    for (const double v : BlockMeans(run.returns)) {
      if (!std::isfinite(v)) continue;
      lowest = std::min(lowest, v);
      highest = std::max(highest, v);
    }
  return {lowest, highest > lowest ? highest : lowest + 1};
}

// "SAC alone, sac.batch = 128 (3 runs, 2 after 40)"; as short as it can be: "SAC alone (3)".
std::string LegendText(const run::RunGroup& group, const std::vector<RunCurve>& runs) {
  std::vector<double> ends;  // in whole blocks, as the curves are drawn
  for (const size_t i : group.runs) {
    const size_t blocks = runs[i].returns.size() / static_cast<size_t>(kBlock);
    ends.push_back(static_cast<double>(blocks * static_cast<size_t>(kBlock)));
  }
  const std::vector<run::FewerRuns> fewer = run::FewerAfter(ends);
  const int n = static_cast<int>(group.runs.size());
  return Named(Title(group.agent), group) + " (" + (fewer.empty() ? std::to_string(n) : run::CountText(n, fewer)) + ")";
}

}  // namespace

std::string CompareSvg(const std::vector<RunCurve>& runs, const std::string& title, const run::BestOf* best) {
  ui::UseColors(ui::MakePalette(/*light=*/true, /*safe=*/false));
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  std::vector<std::string> agents;
  for (const run::RunGroup& group : groups) agents.push_back(group.agent);
  const std::vector<Look> looks = LooksOf(agents);
  double longest = 1;
  for (const RunCurve& run : runs) longest = std::max(longest, static_cast<double>(run.returns.size()));
  std::deque<Curves> curves;  // which the charts borrow
  FigureChart returns, fractions;
  bool several = false;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::string name = LegendText(groups[g], runs);
    several = several || groups[g].runs.size() > 1;
    curves.push_back(ReturnsOf(groups[g], runs));
    Add(curves.back(), looks[g], name, &returns.spec);
    LegendEntry entry{looks[g].sign, name, static_cast<unsigned>(g)};
    entry.color = looks[g].color;
    returns.spec.legend.push_back(entry);
    if (Chooses(groups[g].agent)) {
      curves.push_back(FractionsOf(groups[g], runs));
      Add(curves.back(), looks[g], name, &fractions.spec);
    }
  }
  returns.title =
      std::string("Return, means of ten episodes") + (several ? "; band: mean \xc2\xb1 1 sd over the runs" : "");
  if (best != nullptr) {
    returns.spec.references = {best->mean};
    returns.title += "; dashed: " + run::NameOf(*best) + ", mean of the first " + std::to_string(best->episodes);
  }
  returns.x = fractions.x = {0, longest};
  returns.y = ReturnAxis(runs);
  returns.spec.x_whole = fractions.spec.x_whole = true;
  fractions.title = "Model-free fraction of unified, last 20 picks (dashed: floor of the forced ones)";
  fractions.y = {0, 1};
  fractions.height = 80;
  fractions.spec.percent = true;
  fractions.spec.references = {0.1};
  fractions.spec.x_label = "picked episode";
  ui::SvgOptions options;
  options.title = title;
  return ui::FigureSvg({returns, fractions}, options);
}

}  // namespace equipoise::app
