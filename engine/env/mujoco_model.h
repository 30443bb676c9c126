// mujoco_model.h: an mjModel that frees itself, and loading one by the task's name.
//
// Thread   a loaded model is read-only and may be read by several threads; the window loads its own to recolour it
// Errors   a missing asset, or one that MuJoCo refuses (with file and line as MuJoCo gives them)
#pragma once

#include <memory>
#include <string>

#include "engine/base/compat.h"
#include "engine/base/result.h"

namespace equipoise::env {

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;

// Compiles assets/<task>.xml; of a task file that is known, a copy of its model.
Result<ModelPtr> LoadModel(const std::string& task);

}  // namespace equipoise::env
