#include "engine/run/engine.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/env/task_library.h"
#include "engine/learn/backend.h"
#include "engine/record/episode_reader.h"
#include "engine/record/records.h"
#include "engine/record/run_settings.h"
#include "engine/run/derived.h"
#include "engine/run/engine_impl.h"
#include "engine/run/lives.h"
#include "engine/run/memory_needed.h"
#include "engine/run/saved_state.h"

namespace equipoise::run {

Result<std::unique_ptr<env::Task>> TaskOf(const config::Settings& s) {
  if (const auto backend = learn::FindBackend(s.run.device); !backend.ok()) return backend.error();
  return env::MakeTask(s);
}

namespace {

// Events of the episode that the last checkpoint does not know. A line that was cut off by a crash is no event.
// Nor is there one in a log that is gone: then the run goes on from a state that knows of none.
Result<std::vector<Event>> EventsAfter(const std::string& path, int64_t bytes) {
  std::error_code absent;
  if (!std::filesystem::exists(path, absent)) return std::vector<Event>();
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  std::istringstream lines(text.value().substr(std::min(text.value().size(), static_cast<size_t>(bytes))));
  std::vector<Event> events;
  for (std::string line; std::getline(lines, line);) {
    if (Result<Event> event = EventFromLine(line, path); event.ok()) events.push_back(event.value());
  }
  return events;
}

// Everything in the given up episode is made again but for what stopped it: that stays in the log, as a whole file or
// not at all. `kept` grows by it. A log whose form was changed is put back first, and loses it.
Status KeepErrors(const std::vector<Event>& given_up, const std::string& path, store::LogSizes* kept) {
  const Result<store::LogReport> report = store::VerifyLog(path);
  if (!report) return report.error();
  const std::optional<store::LogMark> mark = report.value().At(kept->events);
  if (!mark) return {};
  std::string lines;
  uint32_t check = mark->check;
  for (const Event& event : given_up)
    if (event.kind == Event::Kind::kError) lines += store::WithCheck(ToLine(event), check, &check) + "\n";
  if (lines.empty()) return {};
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const std::string before = text.value().substr(0, static_cast<size_t>(kept->events));
  kept->events += static_cast<int64_t>(lines.size());
  kept->events_check = check;
  return before + lines == text.value() ? Status() : WriteFileAtomically(path, before + lines);
}

std::vector<PendingChange> WithoutLength(std::vector<PendingChange> changes) {
  const auto is_length = [](const PendingChange& change) { return change.key == kLengthKey; };
  changes.erase(std::remove_if(changes.begin(), changes.end(), is_length), changes.end());
  return changes;
}

// What was asked for since the checkpoint. `given_up`: events of the episodes that are made again, and are about to be
// cut off. A folder that an older version wrote has no more than them, nor has one that goes back to the checkpoint
// before its last: `events_alone`.
Result<Accepted> TakeAccepted(const ArchiveReader& in, const std::string& path, store::AcceptedLog* log,
                              const std::string& stamp, bool events_alone, const std::vector<Event>& given_up,
                              const config::Settings& settings, int horizon) {
  auto lines = store::AcceptedLog::Read(path, stamp);
  if (!lines.ok()) return lines.error();
  auto accepted = AcceptedFrom(lines.value(), settings, path);
  if (!accepted.ok()) return accepted.error();
  Accepted all = std::move(accepted).value();
  const int picked = static_cast<int>(in.Int("trainer.picked"));
  if (all.empty() && events_alone) {
    const int acted = static_cast<int>(in.Int("trainer.episodes")) + 1 - settings.run.random_episodes;
    auto told = AcceptedFrom(given_up, settings, acted);
    if (!told.ok()) return told.error();
    all = std::move(told).value();
    if (all.changes) {
      auto waiting = LoadChanges(in, settings, picked + 2);
      if (!waiting.ok()) return waiting.error();
      for (const PendingChange& change : waiting.value()) {
        const auto in_force = [&](const PendingChange& c) { return c.key == change.key && c.to == change.to; };
        if (std::none_of(all.changes->begin(), all.changes->end(), in_force)) all.changes->push_back(change);
      }
    }
    for (const std::string& line : LinesOf(all, horizon))
      if (Status s = log->Append(line); !s.ok()) return s.error();
    if (Status s = log->Sync(); !s.ok()) return s.error();
  }
  if (!all.changes) {
    auto changes = LoadChanges(in, settings, picked + 1);
    if (!changes.ok()) return changes.error();
    all.changes = std::move(changes).value();
  }
  return all;
}

using NewEngine = Result<std::unique_ptr<Engine>>;

// Calls begin(folder), whose errors then name the folder as people do.
template <class Begin>
NewEngine InFolder(store::RunFolder folder, Begin begin) {
  const std::string path = folder.paths().folder, name = folder.name();
  NewEngine engine = begin(std::move(folder));
  if (!engine.ok()) return Error{WithFolder(engine.error().message, path, name)};
  return engine;
}

NewEngine Begin(EngineImpl::Parts parts) {
  const bool writes = parts.folder.has_value();
  if (writes) {
    auto decisions = OpenDecisions(parts.settings, parts.folder->paths().folder, 0);
    if (!decisions.ok()) return decisions.error();
    parts.decisions = std::move(decisions).value();
  }
  auto engine = std::make_unique<EngineImpl>(std::move(parts));
  if (writes) {
    if (Status s = engine->CreateReplay(); !s.ok()) return s.error();
    if (Status s = engine->WriteFirstCheckpoint(); !s.ok()) return s.error();
    if (Status s = engine->RecordNotes(); !s.ok()) return s.error();
  }
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace

NewEngine Engine::Create(const config::Settings& settings, const std::string& directory) try {
  if (Status valid = config::Validate(settings); !valid.ok()) return valid.error();
  if (Status fits = FitsInMemory(settings); !fits.ok()) return fits.error();
  PollInterrupt();
  auto time = FindTimeNeeded(settings);
  if (!time.ok()) return time.error();
  auto task = TaskOf(settings);
  if (!task.ok()) return task.error();
  EngineImpl::Parts parts;
  parts.settings = settings;
  parts.task = std::move(task).value();
  parts.directory = directory;
  parts.time = std::move(time).value();
  if (directory.empty()) return Begin(std::move(parts));
  auto created = store::RunFolder::Create(directory, Describe(settings), FolderOptions(settings));
  if (!created.ok()) return created.error();
  return InFolder(std::move(created).value(), [&](store::RunFolder folder) {
    parts.folder = std::move(folder);
    return Begin(std::move(parts));
  });
} catch (const std::bad_alloc& error) {
  return Error{error.what()};
}

namespace {

// What the run has before it until its fork. `episodes`: 0, or how long it is to be.
Status PlanFork(const store::RunPaths& paths, int episodes, EngineImpl::Parts* parts) {
  auto fork = ForkAhead::Read(paths.folder);
  if (!fork.ok()) return fork.error();
  parts->fork = std::move(fork).value();
  if (episodes > 0) parts->fork->plan.episodes = episodes;
  parts->settings.run.episodes = parts->fork->plan.episodes;
  return {};
}

// It ended before its first checkpoint: begun anew with the settings in run.json.
NewEngine StartAgain(store::RunFolder folder, int episodes) {
  auto settings = SettingsOf(folder.description(), folder.paths().folder);
  if (!settings.ok()) return settings.error();
  EngineImpl::Parts parts;
  parts.settings = settings.value();
  std::error_code absent;
  if (std::filesystem::exists(ForkFolder(folder.paths().folder), absent))  // which begins at the other run's start
    if (Status planned = PlanFork(folder.paths(), episodes, &parts); !planned) return planned.error();
  if (episodes > 0) parts.settings.run.episodes = episodes;
  auto task = TaskOf(parts.settings);
  if (!task.ok()) return task.error();
  parts.task = std::move(task).value();
  parts.directory = folder.name();
  folder.SetOptions(FolderOptions(parts.settings));
  folder.SetEpisodes(parts.settings.run.episodes);
  if (Status s = folder.StartAgain(LifeHere(1 - parts.settings.run.random_episodes)); !s.ok()) return s.error();
  if (!parts.fork) folder.AddNote("The run had ended before its first checkpoint: it begins again with its settings.");
  parts.notes = folder.TakeNotes();
  parts.folder = std::move(folder);
  return Begin(std::move(parts));
}

NewEngine OpenIn(store::RunFolder folder, const std::string& directory, int episodes) {
  const store::RunPaths paths = folder.paths();
  if (folder.IsBlank()) return StartAgain(std::move(folder), episodes);
  auto newest = NewestState(&folder);
  if (!newest.ok()) return newest.error();
  SavedState state = std::move(newest).value();
  const ArchiveReader& in = state.archive;
  try {
    EngineImpl::Parts parts;
    parts.settings = state.settings;
    if (episodes > 0 && episodes < state.picked)
      return Error{paths.folder + " has done " + std::to_string(state.picked) + " episodes already: a total of " +
                   std::to_string(episodes) + " lies behind it. Ask for more than " + std::to_string(state.picked) +
                   ", or for no number to go on as it was meant"};
    if (episodes > 0) parts.settings.run.episodes = episodes;
    if (in.Has(kForkAhead))
      if (Status planned = PlanFork(paths, episodes, &parts); !planned) return planned.error();
    env::NoteTaskPlace(parts.settings.run.task, paths.folder);
    auto task = TaskOf(parts.settings);
    if (!task.ok()) return task.error();
    parts.task = std::move(task).value();
    parts.directory = directory;
    // Read everything that can be wrong before anything is cut.
    auto given_up = EventsAfter(paths.events, state.sizes.events);
    if (!given_up.ok()) return given_up.error();
    std::vector<Event> to_repeat = given_up.value();
    if (parts.fork) to_repeat.clear();  // its script says so
    const std::string accepted_path = store::AcceptedPath(paths);
    parts.accepted = store::AcceptedLog(accepted_path, state.stamp);
    const int horizon = env::HorizonOf(state.settings, parts.task->info());
    const bool events_alone = !in.Has(kHasAcceptedLog) || state.path != paths.state;
    auto accepted =
        TakeAccepted(in, accepted_path, &parts.accepted, state.stamp, events_alone, to_repeat, state.settings, horizon);
    if (!accepted.ok()) return accepted.error();
    Accepted since = std::move(accepted).value();
    if (episodes > 0) since.changes = WithoutLength(std::move(*since.changes));  // the newer word holds
    if (Status s = KeepErrors(given_up.value(), paths.events, &state.sizes); !s.ok()) return s.error();
    if (Status s = TakeUp(&folder, state); !s.ok()) return s.error();
    auto episodes_so_far = ReadSummaries(directory);  // which outlive this engine in what it published
    if (!episodes_so_far.ok()) return episodes_so_far.error();
    auto events = ReadEvents(paths.folder);
    if (!events.ok()) return events.error();
    auto replay = store::ReplayFile::Open(paths.replay, state.block_bytes, static_cast<int64_t>(state.blocks.size()));
    if (!replay.ok()) return replay.error();
    auto decisions = OpenDecisions(parts.settings, paths.folder, state.picked);
    if (!decisions.ok()) return decisions.error();
    parts.decisions = std::move(decisions).value();
    parts.notes = folder.TakeNotes();
    parts.folder = std::move(folder);
    parts.replay = std::move(replay).value();
    parts.continued = true;
    auto engine = std::make_unique<EngineImpl>(std::move(parts));
    engine->Restore(in, state.blocks, std::move(episodes_so_far).value(), std::move(events).value(), std::move(since));
    if (Status s = engine->RecordNotes(); !s.ok()) return s.error();
    return std::unique_ptr<Engine>(std::move(engine));
  } catch (const std::exception& error) {
    return Error{state.path + " cannot be continued: " + error.what()};
  }
}

}  // namespace

NewEngine Engine::Open(const std::string& directory, int episodes) try {
  auto opened = store::RunFolder::Open(directory, DescribeFromJson);
  if (!opened.ok()) return opened.error();
  return InFolder(std::move(opened).value(),
                  [&](store::RunFolder folder) { return OpenIn(std::move(folder), directory, episodes); });
} catch (const std::bad_alloc& error) {
  return Error{directory + " cannot be continued: " + error.what()};
}

}  // namespace equipoise::run
