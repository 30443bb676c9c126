// compare_best.cc: the row that says what the better of several agents would have reached.
#include <algorithm>
#include <cstdio>

#include "app/compare.h"
#include "engine/browse/run_statistics.h"

namespace equipoise::app {
namespace {

std::vector<double> MeansOf(const run::RunGroup& group, const std::vector<run::RunCurve>& runs, size_t episodes) {
  std::vector<double> means;
  for (const size_t i : group.runs)
    if (const double mean = run::MeanOfFirst(runs[i].returns, episodes); std::isfinite(mean)) means.push_back(mean);
  return means;
}

std::string Number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string MeanText(const run::MeanOfRuns& m) {
  if (m.n == 0) return "-";
  return Number("%.1f", m.mean) + (m.n > 1 ? " \xc2\xb1 " + Number("%.1f", m.half) : "");
}

}  // namespace

Result<BestOf> BetterOf(const std::vector<run::RunCurve>& runs, const std::vector<std::string>& agents) {
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  BestOf out;
  out.agents = agents;
  out.episodes = std::string::npos;
  std::vector<const run::RunGroup*> of;
  for (const std::string& agent : agents) {
    for (const run::RunGroup& group : groups) {
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
  for (const run::RunGroup* group : of) {
    const double mean = run::MeanWithConfidence(MeansOf(*group, runs, out.episodes)).mean;
    if (out.best.empty() || mean > out.mean) {
      out.best = group->agent;
      out.mean = mean;
    }
  }
  return out;
}

std::string BestMarkdown(const std::vector<run::RunCurve>& runs, const BestOf& best) {
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  const auto row_of = [&](const std::string& agent) {
    return std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.agent == agent; });
  };
  const std::vector<double> rival = MeansOf(*row_of(best.best), runs, best.episodes);
  std::string out = "\nOf the first " + std::to_string(best.episodes) +
                    " episodes, which is what the shortest of the runs compared with the better one has; mean and 95 % "
                    "confidence over runs\n\n| agent | runs | mean | against " +
                    NameOf(best) + " |\n|---|---|---|---|\n";
  for (const run::RunGroup& group : groups) {
    const std::vector<double> means = MeansOf(group, runs, best.episodes);
    const run::MeanOfRuns m = run::MeanWithConfidence(means);
    const std::string distinction = run::Distinction(group);
    out += "| " + group.agent + (distinction.empty() ? "" : ", " + distinction) + " | " + std::to_string(m.n) + " | " +
           MeanText(m) + " | ";
    if (std::find(best.agents.begin(), best.agents.end(), group.agent) == best.agents.end()) {
      const double p = run::EqualMeansP(means, rival);
      if (std::isfinite(p)) {
        out += std::string(m.mean > best.mean ? "higher" : "lower") + ", p = " + Number("%.2g", p) +
               (m.mean > best.mean && p < 0.05 ? " *" : "");
      } else {
        out += "too few runs for a test";
      }
    }
    out += " |\n";
  }
  out += "| " + NameOf(best) + ": " + best.best + ", for " + std::to_string(best.agents.size()) +
         " times the steps | " + std::to_string(rival.size()) + " | " + MeanText(run::MeanWithConfidence(rival)) +
         " | |\n";
  return out;
}

}  // namespace equipoise::app
