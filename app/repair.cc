// repair.cc: `equipoise repair`: a run folder looked after as a whole.
#include "engine/run/repair.h"

#include <cstdio>

#include "app/commands.h"

namespace equipoise::app {

int Repair(const std::string& folder, bool dry_run) {
  const Result<run::RepairReport> result = dry_run ? run::RehearseRepair(folder) : run::Repair(folder);
  if (!result) return Fail(kFailure, result.error().message);
  if (dry_run) std::printf("dry run: nothing was changed; without --dry-run it would say\n");
  const run::RepairReport& report = result.value();
  for (const std::string& sentence : report.mended) std::printf("mended: %s\n", sentence.c_str());
  for (const std::string& sentence : report.lost) std::printf("lost: %s\n", sentence.c_str());
  if (!report.goes_on) {
    std::printf("%s cannot be resumed\n", folder.c_str());
  } else {
    const bool whole = report.mended.empty() && report.lost.empty();
    std::printf("%s %s: equipoise resume %s goes on after episode %d\n", folder.c_str(),
                whole ? "is whole" : "can be gone on with", folder.c_str(), report.episodes);
  }
  return report.lost.empty() && report.goes_on ? kOk : kNotRepaired;
}

}  // namespace equipoise::app
