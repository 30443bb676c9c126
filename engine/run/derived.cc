#include "engine/run/derived.h"

#include <mujoco/mujoco.h>

#include "engine/agent/recipes.h"
#include "engine/base/version.h"
#include "engine/config/config_file.h"
#include "engine/env/task_library.h"
#include "engine/nets/kernels/gemm.h"
#include "engine/record/records.h"
#include "engine/run/lives.h"

namespace equipoise::run {
namespace {

// Hands every record of the folder's log to `act`.
template <class Act>
Status EachEpisode(const std::string& folder, Act act) {
  const std::string path = store::RunPaths(folder).episodes;
  const Result<std::vector<std::string>> lines = store::ReadLines(path);
  if (!lines) return lines.error();
  for (size_t i = 0; i < lines.value().size(); ++i) {
    const Result<EpisodeRecord> record = EpisodeFromLine(lines.value()[i], path + ":" + std::to_string(i + 1));
    if (!record) return record.error();
    act(record.value());
  }
  return {};
}

}  // namespace

store::RunFolder::Options FolderOptions(const config::Settings& settings) {
  return {ProgressColumns(agent::PartsOf(settings), settings),
          settings.log.tensorboard,
          settings.log.states,
          ProgressText,
          EventBytes,
          [task = settings.run.task](const std::string& folder) { return env::CopyTask(task, folder); }};
}

Result<std::string> ProgressText(const std::string& folder, const std::vector<std::string>& columns) {
  std::string text = store::CsvHeader(columns);
  const Status read =
      EachEpisode(folder, [&](const EpisodeRecord& record) { text += store::CsvRow(columns, ProgressRow(record)); });
  if (!read) return read.error();
  return text;
}

Result<std::string> EventBytes(const std::string& folder, const std::vector<std::string>&) {
  const Result<store::RunDescription> description = store::ReadDescription(folder);
  if (!description) return description.error();
  const double start = store::WallTimeOf(description.value().started);
  std::string bytes = store::TensorBoardHead(start);
  const Status read = EachEpisode(folder, [&](const EpisodeRecord& record) {
    bytes += store::TensorBoardRecord(start + record.wall_seconds, record.environment_steps, ScalarsOf(record));
  });
  if (!read) return read.error();
  return bytes;
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
  d.lives = {LifeHere(1 - s.run.random_episodes)};
  d.versions = d.lives.back().versions;
  d.device = s.run.device;
  return d;
}

Result<store::RunDescription> DescribeFromJson(const std::string& settings_json) {
  const Result<config::Settings> settings = config::FromJson(settings_json);
  if (!settings) return settings.error();
  store::RunDescription description = Describe(settings.value());
  description.lives.clear();  // who began it is not known
  return description;
}

}  // namespace equipoise::run
