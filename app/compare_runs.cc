// compare_runs.cc: `equipoise compare`.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/compare.h"
#include "engine/base/output_file.h"

namespace equipoise::app {

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
  std::vector<run::RunCurve> runs;
  size_t longest = 0;
  for (const std::string& folder : options.folders) {
    Result<run::RunCurve> curve = run::ReadCurve(folder);
    if (!curve) return Fail(kUsageError, curve.error().message);
    runs.push_back(std::move(curve).value());
    if (options.episodes > 0) run::CutTo(static_cast<size_t>(options.episodes), &runs.back());
    longest = std::max(longest, runs.back().returns.size());
    if (runs.back().task != runs.front().task)
      return Fail(kUsageError, folder + " is a run of " + runs.back().task + ", " + runs.front().folder + " one of " +
                                   runs.front().task + ": returns of different tasks do not compare");
  }
  if (longest < static_cast<size_t>(run::kBlock))
    return Fail(kUsageError, "none of these runs has ten episodes yet; there is nothing to compare");
  // A picture on standard output has it to itself.
  std::fputs(CompareMarkdown(runs).c_str(), svg && svg->is_standard_output() ? stderr : stdout);
  if (svg) {
    const std::string title = options.title.empty() ? runs.front().task : options.title;
    if (Status status = svg->Write(CompareSvg(runs, title)); !status) return Fail(kFailure, status.error().message);
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  return kOk;
}

}  // namespace equipoise::app
