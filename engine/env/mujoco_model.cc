#include "engine/env/mujoco_model.h"

#include "engine/env/assets.h"
#include "engine/env/mujoco_errors.h"

namespace equipoise::env {

Result<ModelPtr> LoadModel(const std::string& task) {
  InstallMujocoHandlers();
  const Result<std::string> path = FindAsset(task + ".xml");
  if (!path) return path.error();
  char why[1000] = "";
  ModelPtr model(mj_loadXML(path.value().c_str(), nullptr, why, sizeof(why)));
  if (!model) return Error{path.value() + ": MuJoCo cannot load it: " + why};
  return model;
}

}  // namespace equipoise::env
