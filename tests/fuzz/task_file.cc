// A task file and its model in one input: the table comes first, and the model begins with "<mujoco".
#include <filesystem>
#include <fstream>

#include "engine/base/atomic_file.h"
#include "engine/base/random.h"
#include "engine/env/file_task/file_task.h"
#include "engine/env/task_library.h"
#include "tests/engine/temporary_folder.h"
#include "tests/fuzz/targets.h"
#include "tests/paths.h"

namespace equipoise::fuzz {
namespace {

constexpr char kModel[] = "<mujoco";

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void Act(const env::KnownTask& known) {
  env::ModelPtr model(mj_copyModel(nullptr, known.model.get()));
  auto made = env::FileTask::Make(known.file, "fuzzed", std::move(model), env::AliveBonus::kWhileHealthy);
  if (!made) return;
  env::FileTask& task = *made.value();
  const env::TaskInfo& info = task.info();
  std::vector<double> observation(static_cast<size_t>(info.observation_size)),
      action(static_cast<size_t>(info.action_size));
  Stream random(0, "fuzz.act", 0);
  task.Reset(random);
  for (int step = 0; step < 3; ++step) {
    task.Observe(observation.data());
    for (double& a : action) a = 2 * random.Uniform() - 1;
    (void)task.Step(action.data());
  }
}

}  // namespace

void TaskFile(const std::string& bytes) {
  static const testing_support::TemporaryFolder folder;
  const size_t at = std::min(bytes.find(kModel), bytes.size());
  const std::string table = bytes.substr(0, at), path = folder / "task.toml";
  (void)env::HoldsTask(table);
  const auto file = env::ParseTaskFile(table, path);
  if (!file) return;
  // Whatever the table calls its model, it is this one.
  if (std::filesystem::path(file.value().ModelPath()).parent_path() != folder.path()) return;
  Write(path, table);
  Write(file.value().ModelPath(), bytes.substr(at));
  if (const auto known = env::ReadTask(path)) Act(*known.value());
  std::error_code ignored;
  std::filesystem::remove(file.value().ModelPath(), ignored);
}

std::vector<std::string> TaskFileSeeds() {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(tests::SourceFolder() + "/assets/tasks")) {
    if (entry.path().extension() != ".toml") continue;
    std::filesystem::path model = entry.path();
    model.replace_extension(".xml");
    std::string text = ReadFile(entry.path().string()).value() + ReadFile(model.string()).value();
    seeds.push_back(std::move(text));
  }
  return seeds;
}

}  // namespace equipoise::fuzz
