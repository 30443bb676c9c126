#include "engine/browse/better_of.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "engine/agent/alone.h"
#include "engine/config/config_file.h"
#include "engine/record/run_settings.h"

namespace equipoise::run {
namespace {

std::string Number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Those that count, of one of these agents on that task.
std::vector<RunCurve> CurvesOf(const std::vector<RunSummary>& runs, const std::string& task,
                               const std::vector<std::string>& agents) {
  std::vector<RunCurve> curves;
  for (const RunSummary& run : runs) {
    const store::RunDescription& d = run.description;
    if (!run.problem.empty() || d.steered || d.forked || d.task != task || run.episodes < 1 ||
        !Contains(agents, d.agent))
      continue;
    const auto settings = SettingsOf(d, run.folder);
    if (!settings) continue;
    // Random episodes come first, and are not counted.
    const auto picked = std::min<size_t>(run.returns.size(), static_cast<size_t>(run.episodes));
    curves.push_back({run.folder,
                      {settings.value()},
                      {run.returns.end() - static_cast<std::ptrdiff_t>(picked), run.returns.end()},
                      {},
                      {}});
  }
  return curves;
}

}  // namespace

std::vector<double> MeansOfFirst(const RunGroup& group, const std::vector<RunCurve>& runs, size_t episodes) {
  std::vector<double> means;
  for (const size_t i : group.runs)
    if (const double mean = MeanOfFirst(runs[i].returns, episodes); std::isfinite(mean)) means.push_back(mean);
  return means;
}

std::string MeanText(const MeanOfRuns& m) {
  if (m.n == 0) return "-";
  return Number("%.1f", m.mean) + (m.n > 1 ? " \xc2\xb1 " + Number("%.1f", m.half) : "");
}

std::string AgainstText(const std::vector<double>& means, const std::vector<double>& better) {
  const double p = EqualMeansP(means, better);
  if (!std::isfinite(p)) return "too few runs for a test";
  const bool higher = MeanWithConfidence(means).mean > MeanWithConfidence(better).mean;
  return std::string(higher ? "higher" : "lower") + ", p = " + Number("%.2g", p) + (higher && p < 0.05 ? " *" : "");
}

Result<BestOf> BetterOf(const std::vector<RunCurve>& runs, const std::vector<std::string>& agents) {
  const std::vector<RunGroup> groups = GroupCurves(runs);
  BestOf out;
  out.agents = agents;
  out.episodes = std::string::npos;
  std::vector<const RunGroup*> of;
  for (const std::string& agent : agents) {
    for (const RunGroup& group : groups) {
      if (group.agent != agent) continue;
      if (of.size() > static_cast<size_t>(&agent - agents.data()))
        return Error{"the runs of " + agent +
                     " are of several experiments (the table says what tells them apart): name "
                     "those of one"};
      of.push_back(&group);
      for (const size_t i : group.runs) out.episodes = std::min(out.episodes, runs[i].returns.size());
    }
    if (of.size() <= static_cast<size_t>(&agent - agents.data()))
      return Error{"none of these runs is of agent " + agent};
  }
  for (const RunGroup* group : of) {
    const double mean = MeanWithConfidence(MeansOfFirst(*group, runs, out.episodes)).mean;
    if (out.best.empty() || mean > out.mean) {
      out.best = group->agent;
      out.mean = mean;
    }
  }
  return out;
}

std::string NameOf(const BestOf& best) {
  std::string name = "max(";
  for (const std::string& agent : best.agents) name += (&agent == &best.agents.front() ? "" : ", ") + agent;
  return name + ")";
}

std::vector<BetterRow> BetterRows(const std::vector<RunSummary>& runs) {
  std::vector<std::string> tasks;
  for (const RunSummary& run : runs)
    if (run.problem.empty() && !Contains(tasks, run.description.task)) tasks.push_back(run.description.task);
  std::vector<BetterRow> rows;
  for (const std::string& task : tasks) {
    for (const agent::Alone& alone : agent::LearnersAlone()) {
      std::vector<std::string> all = alone.each;
      all.push_back(alone.agent);
      const std::vector<RunCurve> curves = CurvesOf(runs, task, all);
      const auto has = [&curves](const std::string& agent) {
        return std::any_of(curves.begin(), curves.end(),
                           [&](const RunCurve& c) { return c.identity.settings.run.agent == agent; });
      };
      if (!std::all_of(alone.each.begin(), alone.each.end(), has)) continue;
      BetterRow row;
      row.task = task;
      Result<BestOf> found = BetterOf(curves, alone.each);
      if (!found) {
        row.best.agents = alone.each;
        row.problem = found.error().message.substr(0, found.error().message.find(" ("));
        rows.push_back(std::move(row));
        continue;
      }
      row.best = std::move(found).value();
      const std::vector<RunGroup> groups = GroupCurves(curves);
      std::vector<double> better;
      for (const RunGroup& group : groups)
        if (group.agent == row.best.best) better = MeansOfFirst(group, curves, row.best.episodes);
      row.mean = MeanWithConfidence(better);
      for (const bool compared : {true, false}) {
        for (const RunGroup& group : groups) {
          if (Contains(alone.each, group.agent) != compared) continue;
          const std::vector<double> means = MeansOfFirst(group, curves, row.best.episodes);
          const std::string distinction = Distinction(group);
          row.beside.push_back({group.agent + (distinction.empty() ? "" : ", " + distinction),
                                MeanText(MeanWithConfidence(means)), compared ? "" : AgainstText(means, better),
                                static_cast<int>(means.size())});
        }
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string Explain(const BetterRow& row) {
  const std::string times = std::to_string(row.best.agents.size());
  std::string text =
      NameOf(row.best) + " on " + row.task + ": the better one, in hindsight, for " + times + " times the steps";
  if (!row.problem.empty()) return text + "\n" + row.problem;
  text += "\nmeans of the first " + std::to_string(row.best.episodes) +
          " episodes, which all its runs have; 95 % confidence over runs";
  for (const BetterRow::Beside& beside : row.beside)
    text += "\n" + beside.name + ": " + beside.mean + ", " + std::to_string(beside.runs) +
            (beside.runs == 1 ? " run" : " runs") + (beside.against.empty() ? "" : "; " + beside.against);
  return text;
}

}  // namespace equipoise::run
