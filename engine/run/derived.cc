#include "engine/run/derived.h"

#include <mujoco/mujoco.h>

#include "engine/base/version.h"
#include "engine/config/config_file.h"
#include "engine/nets/kernels/gemm.h"
#include "engine/record/records.h"
#include "engine/run/lives.h"

namespace equipoise::run {
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
  return {ProgressColumns(ScalarColumns(settings)), settings.log.tensorboard, ProgressText, EventBytes};
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
