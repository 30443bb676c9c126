// compare_best.cc: the row that says what the better of several agents would have reached.
#include <algorithm>

#include "app/compare.h"
#include "engine/browse/run_statistics.h"

namespace equipoise::app {

std::string BestMarkdown(const std::vector<run::RunCurve>& runs, const run::BestOf& best) {
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  const auto row_of = [&](const std::string& agent) {
    return std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.agent == agent; });
  };
  const std::vector<double> rival = run::MeansOfFirst(*row_of(best.best), runs, best.episodes);
  std::string out = "\nOf the first " + std::to_string(best.episodes) +
                    " episodes, which is what the shortest of the runs compared with the better one has; mean and 95 % "
                    "confidence over runs\n\n| agent | runs | mean | against " +
                    run::NameOf(best) + " |\n|---|---|---|---|\n";
  for (const run::RunGroup& group : groups) {
    const std::vector<double> means = run::MeansOfFirst(group, runs, best.episodes);
    const run::MeanOfRuns m = run::MeanWithConfidence(means);
    const std::string distinction = run::Distinction(group);
    const bool compared = std::find(best.agents.begin(), best.agents.end(), group.agent) != best.agents.end();
    out += "| " + group.agent + (distinction.empty() ? "" : ", " + distinction) + " | " + std::to_string(m.n) + " | " +
           run::MeanText(m) + " | " + (compared ? "" : run::AgainstText(means, rival)) + " |\n";
  }
  out += "| " + run::NameOf(best) + ": " + best.best + ", for " + std::to_string(best.agents.size()) +
         " times the steps | " + std::to_string(rival.size()) + " | " + run::MeanText(run::MeanWithConfidence(rival)) +
         " | |\n";
  return out;
}

}  // namespace equipoise::app
