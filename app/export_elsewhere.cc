// export_elsewhere.cc: the part of `equipoise export` that writes for other programs: policies and recorded episodes.
#include <charconv>
#include <cstdio>
#include <string>
#include <utility>

#include "app/commands.h"
#include "app/device.h"
#include "engine/base/output_file.h"
#include "engine/base/output_folder.h"
#include "engine/inspect/dataset.h"
#include "engine/inspect/kept_policy.h"
#include "engine/store/run_folder.h"

namespace equipoise::app {
namespace {

// The run cannot be read or has nothing of that: the command line is wrong.
Status WritePolicy(const ExportOptions& o, bool* usage) {
  OutputRule rule;
  rule.endings = {".pt"};
  rule.overwrite = o.overwrite;
  rule.binary = true;
  Result<OutputFile> place = OutputFile::At(o.policy, rule);
  if (!place) return place.error();
  const Result<run::KeptPolicy> kept = run::ReadPolicy(o.folder, {o.episode, o.learner});
  *usage = !kept;
  if (!kept) return kept.error();
  const Result<std::string> bytes = PolicyFile(kept.value());
  if (!bytes) return bytes.error();
  OutputFile file = std::move(place).value();
  if (Status status = file.Write(bytes.value()); !status) return status;
  const run::KeptPolicy& p = kept.value();
  std::fprintf(file.is_standard_output() ? stderr : stdout,
               "%s: %s of episode %d, from %d observed numbers to %d actions\n", file.path().c_str(), p.learner.c_str(),
               p.episode, static_cast<int>(p.function.states()), static_cast<int>(p.function.actions));
  return {};
}

Status WriteDataset(const ExportOptions& o, const run::DatasetRange& range) {
  const auto ends = [&o](const std::string& with) {
    return o.dataset.size() > with.size() && o.dataset.compare(o.dataset.size() - with.size(), with.size(), with) == 0;
  };
  Result<run::DatasetWritten> written = Error{};
  if (ends(".hdf5") || ends(".h5")) {
    OutputRule rule;
    rule.overwrite = o.overwrite;
    rule.streams = false;
    Result<OutputFile> place = OutputFile::At(o.dataset, rule);
    if (!place) return place.error();
    OutputFile file = std::move(place).value();
    const Result<std::string> name = file.Begin();
    if (!name) return name.error();
    written = run::WriteFlatDataset(o.folder, range, name.value());
    if (!written) return written.error();
    if (Status status = file.Finish(); !status) return status;
  } else {
    OutputFolderRule rule;
    rule.overwrite = o.overwrite;
    rule.keep = {o.folder};
    Result<OutputFolder> place = OutputFolder::At(o.dataset, rule);
    if (!place) return place.error();
    OutputFolder folder = std::move(place).value();
    const Result<std::string> name = folder.Begin();
    if (!name) return name.error();
    written = run::WriteMinariDataset(o.folder, range, name.value());
    if (!written) return written.error();
    if (Status status = folder.Finish(); !status) return status;
  }
  std::printf("%s: %d episodes, %lld steps\n", o.dataset.c_str(), written.value().episodes,
              static_cast<long long>(written.value().steps));
  if (written.value().distracted > 0)
    std::printf("%d of them were acted with distractors, which are left out\n", written.value().distracted);
  return {};
}

}  // namespace

Result<std::pair<int, int>> EpisodesOf(const std::string& text) {
  std::pair<int, int> range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  const bool colon = first.ec == std::errc() && first.ptr != end && *first.ptr == ':';
  const auto last = colon ? std::from_chars(first.ptr + 1, end, range.second) : first;
  if (!colon || last.ec != std::errc() || last.ptr != end || range.first > range.second)
    return Error{"--episodes " + text + ": write it as first:last, for example --episodes 1:40"};
  return range;
}

int ExportElsewhere(const ExportOptions& options, const std::optional<std::pair<int, int>>& episodes) {
  bool usage = false;
  if (!options.policy.empty())  // first: the process may become another one
    if (Status status = WritePolicy(options, &usage); !status)
      return Fail(usage ? kUsageError : kFailure, status.error().message);
  if (options.dataset.empty()) return kOk;
  run::DatasetRange range;
  if (episodes) range = {episodes->first, episodes->second};
  const Status done = WriteDataset(options, range);
  return done ? kOk : Fail(kFailure, done.error().message);
}

}  // namespace equipoise::app
