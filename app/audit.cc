// audit.cc: `equipoise audit`: a whole run held against itself, with one verdict.
#include "engine/inspect/audit.h"

#include <cstdio>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/device.h"
#include "engine/store/run_description.h"

namespace equipoise::app {
namespace {

constexpr size_t kMostSentences = 20;  // of one kind

void Print(const char* word, const std::vector<std::string>& sentences) {
  for (size_t i = 0; i < sentences.size() && i < kMostSentences; ++i)
    std::printf("%s: %s\n", word, sentences[i].c_str());
  if (sentences.size() > kMostSentences) std::printf("%s: and %zu more\n", word, sentences.size() - kMostSentences);
}

std::string Counted(size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

int Audit(const std::string& folder) {
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  if (description)
    if (Status device = UseDevice(description.value().device); !device) return Fail(kFailure, device.error().message);
  const Result<run::AuditReport> result = run::Audit(folder, {});
  if (!result) return Fail(kFailure, result.error().message);
  const run::AuditReport& report = result.value();
  Print("damaged", report.damaged);
  Print("differs", report.differs);
  Print("not judged", report.unjudged);
  std::printf("logs: %d lines whole, %d checkpoints whole\n", report.lines, report.checkpoints);
  std::printf("episodes: %d of %d simulated again to the bit, %d with pushes, %d with distractors\n", report.simulated,
              report.episodes, report.pushed, report.distracted);
  std::printf("decisions: %d of %d made again to the bit\n", report.decided, report.decisions);
  const std::string found = Counted(report.damaged.size(), "record") + " damaged, " +
                            Counted(report.differs.size(), "computation") +
                            (report.differs.size() == 1 ? " differs" : " differ");
  if (!report.whole())
    std::printf("verdict: %s is not what was computed: %s\n", folder.c_str(), found.c_str());
  else if (!report.unjudged.empty())
    std::printf("verdict: nothing contradicts %s, but %s could not be judged here\n", folder.c_str(),
                Counted(report.unjudged.size(), "thing").c_str());
  else
    std::printf("verdict: %s is whole: everything in it came out again\n", folder.c_str());
  if (!report.damaged.empty()) return kNotRepaired;
  return report.differs.empty() ? kOk : kDiffers;
}

}  // namespace equipoise::app
