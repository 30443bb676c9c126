#include "engine/run/repair_kept.h"

#include <algorithm>

#include "engine/base/archive.h"
#include "engine/base/archive_edit.h"
#include "engine/base/atomic_file.h"
#include "engine/record/records.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/set_aside.h"

namespace equipoise::run {
namespace {

// So many lines of the mended events.jsonl had been written when a kept checkpoint was made. A check says it; where
// that line is lost, the event that the checkpoint was kept for; where that is lost too, the first intervention that
// came no earlier: interventions are numbered as they come, and a checkpoint by the one that it was kept for.
size_t EventsAt(const store::LogSizes& sizes, const std::string& name, const MendedLogs& logs) {
  if (sizes.events == 0) return 0;
  for (size_t i = 0; i < logs.event_marks.size(); ++i) {
    const store::LogMark& mark = logs.event_marks[i];
    if (sizes.events_check < 0 ? mark.bytes == sizes.events : static_cast<int64_t>(mark.check) == sizes.events_check)
      return i + 1;
  }
  size_t later = logs.events.size();
  for (size_t i = 0; i < logs.events.size(); ++i) {
    const auto event = EventFromLine(logs.events[i].body, "");
    if (!event.ok()) continue;
    if (event.value().checkpoint == name) return i;
    if (event.value().number >= store::InterventionOf(name)) later = std::min(later, i);
  }
  return later;
}

}  // namespace

void MendKept(const store::RunPaths& paths, const std::vector<store::LogMark>& episodes,
              const std::vector<store::LogMark>& events, MendedLogs* logs) {
  const auto mark = [](const std::vector<store::LogMark>& marks, size_t lines) {
    return lines == 0 ? store::LogMark{} : marks[lines - 1];
  };
  for (const std::string& name : store::ListKept(paths)) {
    const std::string path = paths.checkpoints + "/" + name + ".eqps";
    const auto leave = [&](const Error& error) {
      logs->lost.push_back("The kept checkpoint " + name + " was left as it is: " + error.message + ".");
    };
    const auto bytes = ReadFile(path);
    if (!bytes.ok()) {
      leave(bytes.error());
      continue;
    }
    const auto parsed = ArchiveReader::Parse(bytes.value(), path);
    if (!parsed.ok()) continue;  // damaged: a roll back to it says so
    store::LogSizes sizes;
    size_t done = 0;
    try {
      const auto unpacked = store::LogSizes::Unpack(parsed.value().Ints("engine.log_sizes"));
      if (!unpacked.ok()) continue;
      sizes = unpacked.value();
      done = static_cast<size_t>(parsed.value().Int("trainer.episodes"));
    } catch (const FormatError&) {
      continue;
    }
    if (done > episodes.size()) {
      const auto aside = store::SetAside(paths.folder, path);
      if (aside.ok())
        logs->mended.push_back(name +
                               " was kept later than what is left of the run: nothing can go back to it; it lies in " +
                               aside.value() + ".");
      else
        leave(aside.error());
      continue;
    }
    const store::LogMark at = mark(episodes, done), event_at = mark(events, EventsAt(sizes, name, *logs));
    store::LogSizes now = sizes;
    now.episodes = at.bytes;
    now.episodes_check = at.check;
    now.events = event_at.bytes;
    now.events_check = event_at.check;
    if (sizes.events_check >= 0 && now.Pack() == sizes.Pack()) continue;
    now.progress_sum = now.tensorboard_sum = -1;
    const auto edited = WithInts(bytes.value(), "engine.log_sizes", now.Pack(), path);
    const Status written = edited.ok() ? WriteFileAtomically(path, edited.value()) : Status(edited.error());
    if (!written) leave(written.error());
  }
}

}  // namespace equipoise::run
