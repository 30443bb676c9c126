#include "engine/run/rerun.h"

#include <utility>
#include <vector>

#include "engine/agent/trainer.h"
#include "engine/base/archive.h"
#include "engine/base/atomic_file.h"
#include "engine/config/config_file.h"
#include "engine/env/task_library.h"
#include "engine/record/run_settings.h"
#include "engine/run/engine_impl.h"
#include "engine/run/same_records.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {
namespace {

struct Learnt {
  std::string state;
  std::vector<std::string> blocks;
};
Result<Learnt> ReadLearnt(const std::string& folder) {
  const store::RunPaths paths(folder);
  auto bytes = ReadFile(paths.state);
  if (!bytes) return bytes.error();
  auto archive = ArchiveReader::Parse(std::move(bytes).value(), paths.state);
  if (!archive) return archive.error();
  const ArchiveReader& in = archive.value();
  try {
    auto read = config::FromJson(in.Text("settings"));
    if (!read) return read.error();
    config::Settings settings = std::move(read).value();
    settings.run.episodes = 1;  // how long it is meant to be is nothing learnt
    auto blocks = store::ReplayFile::ReadAll(paths.replay, in.Int("trainer.block_bytes"), in.Int("trainer.episodes"));
    if (!blocks) return blocks.error();
    env::NoteTaskPlace(settings.run.task, paths.folder);
    auto task = TaskOf(settings);
    if (!task) return task.error();
    Trainer trainer(settings, std::move(task).value(), {});
    trainer.Load(in, blocks.value());
    ArchiveWriter out;
    trainer.Save(out);
    return Learnt{out.Finish(), std::move(blocks).value()};
  } catch (const FormatError& error) {
    return Error{error.what()};
  }
}

}  // namespace

Result<std::unique_ptr<Engine>> BeginRerun(const std::string& folder, const std::string& out) {
  auto description = store::ReadDescription(folder);
  if (!description) return description.error();
  auto settings = SettingsOf(description.value(), folder);
  if (!settings) return settings.error();
  auto script = RerunScript::Read(folder);
  if (!script) return script.error();
  auto engine = Engine::Create(settings.value(), out);
  if (!engine) return engine.error();
  static_cast<EngineImpl&>(*engine.value()).Follow(std::move(script).value());  // Create makes no other
  return engine;
}

Result<Compared> CompareRuns(const std::string& folder, const std::string& out) {
  const store::RunPaths a(folder), b(out);
  size_t episodes = 0, events = 0;
  for (const bool of_events : {false, true}) {
    auto was = of_events ? EventRecords(a.events) : EpisodeRecords(a.episodes);
    if (!was) return was.error();
    auto is = of_events ? EventRecords(b.events) : EpisodeRecords(b.episodes);
    if (!is) return is.error();
    const std::string name = of_events ? "events.jsonl" : "episodes.jsonl";
    if (const std::string found = FirstDifference(was.value(), is.value(), name); !found.empty())
      return Compared{false, "Not the same run. " + found};
    (of_events ? events : episodes) = was.value().size();
  }
  auto was = ReadLearnt(folder);
  if (!was) return was.error();
  auto is = ReadLearnt(out);
  if (!is) return is.error();
  if (was.value().blocks != is.value().blocks) return Compared{false, "Not the same run. The recorded steps differ."};
  if (was.value().state != is.value().state)
    return Compared{false, "Not the same run. What was learnt differs (checkpoints/state.eqps)."};
  return Compared{true, "The same run: " + std::to_string(episodes) + " episodes, " + std::to_string(events) +
                            " events, the recorded steps, the networks and their optimisers are equal to the bit."};
}

}  // namespace equipoise::run
