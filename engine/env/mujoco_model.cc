#include "engine/env/mujoco_model.h"

#include "engine/config/task_name.h"
#include "engine/env/assets.h"
#include "engine/env/mujoco_errors.h"
#include "engine/env/task_library.h"

namespace equipoise::env {

Result<ModelPtr> LoadModel(const std::string& task) {
  InstallMujocoHandlers();
  if (config::NamesTaskFile(task)) {
    const auto known = FindTask(task);
    if (!known) return known.error();
    return ModelPtr(mj_copyModel(nullptr, known.value()->model.get()));
  }
  const Result<std::string> path = FindAsset(task + ".xml");
  if (!path) return path.error();
  char why[1000] = "";
  ModelPtr model(mj_loadXML(path.value().c_str(), nullptr, why, sizeof(why)));
  if (!model) return Error{path.value() + ": MuJoCo cannot load it: " + why};
  return model;
}

}  // namespace equipoise::env
