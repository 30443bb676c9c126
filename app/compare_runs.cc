// compare_runs.cc: `equipoise compare`.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/compare.h"
#include "engine/base/output_file.h"

namespace equipoise::app {
namespace {

void Say(const std::string& sentence) { std::fprintf(stderr, "equipoise: %s\n", sentence.c_str()); }

// The runs of these folders; what cannot be read is left out with a line, and so is a run that was given before under
// another name (a link, a path with dots).
std::vector<run::RunCurve> ReadRuns(const std::vector<std::string>& folders) {
  std::vector<run::RunCurve> runs;
  std::map<std::string, std::string> given;  // of those that were read: real path, as given
  for (const std::string& folder : folders) {
    std::error_code error;
    std::string real = std::filesystem::weakly_canonical(folder, error).string();
    if (error) real = folder;
    if (const auto first = given.find(real); first != given.end()) {
      Say(folder + " is the same run as " + first->second + ": it counts once");
      continue;
    }
    Result<run::RunCurve> curve = run::ReadCurve(folder);
    if (curve) {
      given.emplace(real, folder);
      runs.push_back(std::move(curve).value());
    } else {
      Say("left out: " + curve.error().message);
    }
  }
  return runs;
}

// What a reader of the curves must know of how the runs were chosen.
void SayWhatIsOdd(const std::vector<run::RunCurve>& runs) {
  const std::vector<run::RunGroup> groups = run::GroupCurves(runs);
  for (const auto& [key, value] : groups.front().differs)
    if (key == "env.horizon")
      Say("these runs differ in env.horizon: a return is a sum over the steps of an episode, so theirs do not compare");
  for (const run::RunGroup& group : groups) {
    for (size_t k = 0; k + 1 < group.runs.size(); ++k) {
      const run::RunCurve &a = runs[group.runs[k]], &b = runs[group.runs[k + 1]];
      if (a.identity.settings.run.seed == b.identity.settings.run.seed)
        Say(a.folder + " and " + b.folder + " have the same settings and the same seed: no two runs of a sweep");
    }
  }
}

}  // namespace

int Compare(const CompareOptions& options) {
  OutputRule rule;
  rule.endings = {".svg"};
  rule.overwrite = options.overwrite;
  std::optional<OutputFile> svg;
  if (!options.svg.empty()) {
    Result<OutputFile> at = OutputFile::At(options.svg, rule);
    if (!at) return Fail(kFailure, at.error().message);
    svg = std::move(at).value();
  }
  std::vector<run::RunCurve> runs = ReadRuns(options.folders);
  if (runs.empty()) return Fail(kUsageError, "none of these folders is a run that can be read");
  size_t longest = 0;
  for (run::RunCurve& run : runs) {
    if (options.episodes > 0) run::CutTo(static_cast<size_t>(options.episodes), &run);
    longest = std::max(longest, run.returns.size());
    const std::string &task = run.identity.settings.run.task, &first = runs.front().identity.settings.run.task;
    if (task != first)
      return Fail(kUsageError, run.folder + " is a run of " + task + ", " + runs.front().folder + " one of " + first +
                                   ": returns of different tasks do not compare");
  }
  if (longest < static_cast<size_t>(run::kBlock))
    return Fail(kUsageError, "none of these runs has ten episodes yet; there is nothing to compare");
  SayWhatIsOdd(runs);
  std::optional<run::BestOf> best;
  if (options.max.size() == 1) return Fail(kUsageError, "--max takes several agents, with commas between them");
  if (!options.max.empty()) {
    Result<run::BestOf> found = run::BetterOf(runs, options.max);
    if (!found) return Fail(kUsageError, "--max: " + found.error().message);
    best = std::move(found).value();
  }
  // A picture on standard output has it to itself.
  std::FILE* text = svg && svg->is_standard_output() ? stderr : stdout;
  std::fputs(CompareMarkdown(runs).c_str(), text);
  if (best) std::fputs(BestMarkdown(runs, *best).c_str(), text);
  if (svg) {
    const std::string title = options.title.empty() ? runs.front().identity.settings.run.task : options.title;
    if (Status status = svg->Write(CompareSvg(runs, title, best ? &*best : nullptr)); !status)
      return Fail(kFailure, status.error().message);
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  return kOk;
}

}  // namespace equipoise::app
