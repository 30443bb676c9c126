#include <functional>
#include <utility>

#include "engine/config/task_name.h"
#include "engine/env/file_task/file_task.h"
#include "engine/env/task.h"
#include "engine/env/task_library.h"
#include "engine/env/tasks.h"

namespace equipoise::env {
namespace {

struct Entry {
  const char* name;
  int actions;
  std::function<std::unique_ptr<Task>(ModelPtr, AliveBonus)> make;
};

const std::vector<Entry>& Registry() {
  static const std::vector<Entry> entries = {
      {"ant", 8, MakeAnt},
      {"hopper", 3, MakeHopper},
      {"walker2d", 6, MakeWalker2d},
      {"halfcheetah", 6, [](ModelPtr model, AliveBonus) { return MakeHalfCheetah(std::move(model)); }},
      {"cartpole", 1, [](ModelPtr model, AliveBonus) { return MakeCartpole(std::move(model)); }},
      {"dclaw", 9, [](ModelPtr model, AliveBonus) { return MakeDClaw(std::move(model)); }},
  };
  return entries;
}

}  // namespace

const std::vector<std::string>& TaskNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Entry& entry : Registry()) all.emplace_back(entry.name);
    return all;
  }();
  return names;
}

int ActionSizeOf(const std::string& name) {
  for (const Entry& entry : Registry())
    if (name == entry.name) return entry.actions;
  if (!config::NamesTaskFile(name)) return 0;
  const auto known = FindTask(name);
  return known ? known.value()->model->nu : 0;
}

Result<std::unique_ptr<Task>> MakeTask(const std::string& name, AliveBonus alive) {
  if (config::NamesTaskFile(name)) {
    const auto found = FindTask(name);
    if (!found) return found.error();
    ModelPtr model(mj_copyModel(nullptr, found.value()->model.get()));
    auto task = FileTask::Make(found.value()->file, name, std::move(model), alive);
    if (!task) return task.error();
    return std::unique_ptr<Task>(std::move(task).value());
  }
  std::string known;
  for (const Entry& entry : Registry()) {
    if (name != entry.name) {
      known += (known.empty() ? "" : ", ") + std::string(entry.name);
      continue;
    }
    Result<ModelPtr> model = LoadModel(name);
    if (!model) return model.error();
    return entry.make(std::move(model).value(), alive);
  }
  return Error{"there is no task \"" + name + "\"; the tasks are " + known};
}

}  // namespace equipoise::env
