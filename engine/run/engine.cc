#include "engine/run/engine.h"
#include "engine/nets/gemm.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/version.h"
#include "engine/config/config_file.h"
#include "engine/learn/backend.h"
#include "engine/run/engine_impl.h"
#include "engine/run/records.h"

namespace equipoise::run {

Result<std::unique_ptr<env::Task>> TaskOf(const config::Settings& s) {
  if (const auto backend = learn::FindBackend(s.run.device); !backend.ok()) return backend.error();
  const auto alive = s.env.alive_bonus == "always" ? env::AliveBonus::kAlways : env::AliveBonus::kWhileHealthy;
  return env::MakeTask(s.run.task, alive);
}

namespace {

// The scalars that this agent's learners will report: the columns of progress.csv.
std::vector<std::string> ScalarColumns(const config::Settings& s) {
  std::vector<std::string> names;
  if (s.run.agent != "sac") {
    for (const char* n : {"train_nll", "gradient_norm", "clipped_share", "prior", "eta_over_n"})
      names.push_back(std::string("model.") + n);
    for (const char* n : {"alpha", "clamped_fraction", "clipped_share", "entropy", "gradient_norm", "imagined_return"})
      names.push_back(std::string("mb.") + n);
    if (s.mb.mode == "dreamer") names.insert(names.end(), {"mb.state_value", "mb.value", "mb.value_loss"});
  }
  if (s.run.agent != "mbrl") {
    for (const char* n : {"actor_gradient_norm", "alpha", "critic_gradient_norm", "critic_loss", "entropy", "max_q",
                          "monte_carlo", "monte_carlo_tail", "q", "q_acted", "q_minus_return"})
      names.push_back(std::string("sac.") + n);
  }
  return names;
}

store::RunDescription Describe(const config::Settings& s) {
  store::RunDescription d;
  d.version = Version();
  d.task = s.run.task;
  d.agent = s.run.agent;
  d.preset = s.run.preset;
  d.seed = s.run.seed;
  d.settings_json = config::ToJson(s);
  d.episodes = s.run.episodes;
  d.versions = {{"MuJoCo", mj_versionString()}, {"oneDNN", nets::GemmVersion()}};
  d.device = s.run.device;
  return d;
}

// Events of the episode that the last checkpoint does not know. A line that was cut off by a crash is no event.
Result<std::vector<Event>> EventsAfter(const std::string& path, int64_t bytes) {
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
// not at all. `kept` grows by it.
Status KeepErrors(const std::vector<Event>& given_up, const std::string& path, int64_t* kept) {
  std::string lines;
  for (const Event& event : given_up)
    if (event.kind == Event::Kind::kError) lines += ToLine(event) + "\n";
  if (lines.empty()) return {};
  Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  const std::string before = text.value().substr(0, static_cast<size_t>(*kept));
  *kept += static_cast<int64_t>(lines.size());
  return before + lines == text.value() ? Status() : WriteFileAtomically(path, before + lines);
}

std::vector<PendingChange> WithoutLength(std::vector<PendingChange> changes) {
  const auto is_length = [](const PendingChange& change) { return change.key == kLengthKey; };
  changes.erase(std::remove_if(changes.begin(), changes.end(), is_length), changes.end());
  return changes;
}

// What was asked for since the checkpoint. `given_up`: events of the episode that is made again; a folder that an older
// version wrote has no more than them, and they are about to be cut off.
Result<Accepted> TakeAccepted(const ArchiveReader& in, const std::string& path, store::AcceptedLog* log,
                              const std::string& stamp, const std::vector<Event>& given_up,
                              const config::Settings& settings, int horizon) {
  auto lines = store::AcceptedLog::Read(path, stamp);
  if (!lines.ok()) return lines.error();
  auto accepted = AcceptedFrom(lines.value(), settings, path);
  if (!accepted.ok()) return accepted.error();
  Accepted all = std::move(accepted).value();
  const int picked = static_cast<int>(in.Int("trainer.picked"));
  if (all.empty() && !in.Has(kHasAcceptedLog)) {
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

}  // namespace

Result<store::DecisionFiles> OpenDecisions(const config::Settings& s, const std::string& directory, int last_episode) {
  constexpr int64_t kMegabyte = 1'000'000;
  return store::DecisionFiles::Open(directory, s.log.moments * kMegabyte, s.log.moments_every, last_episode);
}

Result<std::unique_ptr<Engine>> Engine::Create(const config::Settings& settings, const std::string& directory) {
  if (Status valid = config::Validate(settings); !valid.ok()) return valid.error();
  auto task = TaskOf(settings);
  if (!task.ok()) return task.error();
  EngineImpl::Parts parts;
  parts.settings = settings;
  parts.task = std::move(task).value();
  parts.directory = directory;
  if (!directory.empty()) {
    auto folder = store::RunFolder::Create(directory, Describe(settings),
                                           {ProgressColumns(ScalarColumns(settings)), settings.log.tensorboard});
    if (!folder.ok()) return folder.error();
    auto decisions = OpenDecisions(settings, directory, 0);
    if (!decisions.ok()) return decisions.error();
    parts.decisions = std::move(decisions).value();
    parts.folder = std::move(folder).value();
  }
  auto engine = std::make_unique<EngineImpl>(std::move(parts));
  if (!directory.empty()) {
    if (Status s = engine->CreateReplay(); !s.ok()) return s.error();
    if (Status s = engine->WriteFirstCheckpoint(); !s.ok()) return s.error();
  }
  return std::unique_ptr<Engine>(std::move(engine));
}

Result<std::unique_ptr<Engine>> Engine::Open(const std::string& directory, int episodes) {
  auto folder = store::RunFolder::Open(directory);
  if (!folder.ok()) return folder.error();
  auto bytes = folder.value().ReadCheckpoint();
  if (!bytes.ok()) return bytes.error();
  const store::RunPaths paths = folder.value().paths();
  const std::string stamp = store::CheckpointStamp(bytes.value());
  auto archive = ArchiveReader::Parse(std::move(bytes).value(), paths.state);
  if (!archive.ok()) return archive.error();
  const ArchiveReader& in = archive.value();
  try {
    auto settings = config::FromJson(in.Text("settings"));
    if (!settings.ok()) return Error{paths.state + ": " + settings.error().message};
    EngineImpl::Parts parts;
    parts.settings = settings.value();
    if (episodes > 0) parts.settings.run.episodes = episodes;
    auto task = TaskOf(parts.settings);
    if (!task.ok()) return task.error();
    parts.task = std::move(task).value();
    parts.directory = directory;
    const auto sizes = store::LogSizes::Unpack(in.Ints("engine.log_sizes"));
    if (!sizes.ok()) return Error{paths.state + ": " + sizes.error().message};
    // Read everything that can be wrong before anything is cut.
    const int64_t count = in.Int("trainer.episodes");
    const int64_t block_bytes = in.Int("trainer.block_bytes");
    auto blocks = store::ReplayFile::ReadAll(paths.replay, block_bytes, count);
    if (!blocks.ok()) return blocks.error();
    auto given_up = EventsAfter(paths.events, sizes.value().events);
    if (!given_up.ok()) return given_up.error();
    const std::string accepted_path = store::AcceptedPath(paths);
    parts.accepted = store::AcceptedLog(accepted_path, stamp);
    const int horizon = settings.value().env.horizon > 0 ? settings.value().env.horizon : parts.task->info().horizon;
    auto accepted =
        TakeAccepted(in, accepted_path, &parts.accepted, stamp, given_up.value(), settings.value(), horizon);
    if (!accepted.ok()) return accepted.error();
    Accepted since = std::move(accepted).value();
    if (episodes > 0) since.changes = WithoutLength(std::move(*since.changes));  // the newer word holds
    store::RunFolder taken = std::move(folder).value();
    store::LogSizes keep = sizes.value();
    if (Status s = KeepErrors(given_up.value(), paths.events, &keep.events); !s.ok()) return s.error();
    if (Status s = taken.CutTo(keep); !s.ok()) return s.error();
    auto history = ReadHistory(directory);
    if (!history.ok()) return history.error();
    auto replay = store::ReplayFile::Open(paths.replay, block_bytes, count);
    if (!replay.ok()) return replay.error();
    auto decisions = OpenDecisions(parts.settings, directory, static_cast<int>(in.Int("trainer.picked")));
    if (!decisions.ok()) return decisions.error();
    parts.decisions = std::move(decisions).value();
    parts.folder = std::move(taken);
    parts.replay = std::move(replay).value();
    parts.continued = true;
    auto engine = std::make_unique<EngineImpl>(std::move(parts));
    History past = std::move(history).value();
    engine->Restore(in, blocks.value(), std::move(past.episodes), std::move(past.events), std::move(since));
    return std::unique_ptr<Engine>(std::move(engine));
  } catch (const std::exception& error) {
    return Error{paths.state + " cannot be continued: " + error.what()};
  }
}

}  // namespace equipoise::run
