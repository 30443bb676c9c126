// make_long_run: a finished run folder of any length, made of the episodes of a real one, to measure with what a run of
// days takes: tests/long/measure.sh.
//
//   make_long_run REAL EPISODES FOLDER
//
// The picked episodes of REAL follow each other again and again, with their number, steps and clock moved on and their
// return drifting by a little, so that no two lines are alike. Logged by the same code as a run's own.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/config/config_file.h"
#include "engine/record/records.h"
#include "engine/run/derived.h"
#include "engine/store/run_folder.h"

namespace equipoise {
namespace {

[[noreturn]] void Fail(const std::string& message) {
  std::fprintf(stderr, "make_long_run: %s\n", message.c_str());
  std::exit(1);
}

void Must(const Status& status) {
  if (!status) Fail(status.error().message);
}

int Main(int argc, char** argv) {
  if (argc != 4) Fail("make_long_run REAL EPISODES FOLDER");
  const std::string real = argv[1], target = argv[3];
  const int episodes = std::atoi(argv[2]);
  const Result<run::History> history = run::ReadHistory(real);
  if (!history) Fail(history.error().message);
  const Result<store::RunDescription> description = store::ReadDescription(real);
  if (!description) Fail(description.error().message);
  std::vector<run::EpisodeRecord> picked;
  for (const run::EpisodeRecord& record : history.value().episodes)
    if (record.episode > 0) picked.push_back(record);
  if (picked.size() < 2 || episodes < 1) Fail("the real run needs two picked episodes, the long one at least one");
  const Result<config::Settings> settings = config::FromJson(description.value().settings_json);
  if (!settings) Fail(settings.error().message);
  store::RunDescription long_one = description.value();
  long_one.episodes = episodes;
  auto created = store::RunFolder::Create(target, long_one, run::FolderOptions(settings.value()));
  if (!created) Fail(created.error().message);
  store::RunFolder folder = std::move(created).value();
  for (const run::EpisodeRecord& record : history.value().episodes)
    if (record.episode <= 0) Must(run::Log(&folder, record));
  const run::EpisodeRecord& first = picked.front();
  const int64_t steps = picked[1].environment_steps - picked[0].environment_steps;
  for (int e = 1; e <= episodes; ++e) {
    run::EpisodeRecord record = picked[static_cast<size_t>(e - 1) % picked.size()];
    record.episode = record.decision.episode = e;
    record.environment_steps = first.environment_steps + steps * (e - 1);
    record.gradient_steps = first.gradient_steps + 300LL * (e - 1);
    record.wall_seconds = first.wall_seconds + 3.0 * (e - 1);
    record.episode_return += 5 * std::sin(0.001 * e);
    Must(run::Log(&folder, record));
  }
  std::filesystem::copy(store::RunPaths(real).checkpoints, store::RunPaths(target).checkpoints,
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  Must(folder.SetCondition(store::RunCondition::kFinished, false));
  std::printf("%s: %d episodes, %.0f MB\n", target.c_str(), episodes,
              1e-6 * static_cast<double>(folder.sizes().episodes));
  return 0;
}

}  // namespace
}  // namespace equipoise

int main(int argc, char** argv) { return equipoise::Main(argc, argv); }
