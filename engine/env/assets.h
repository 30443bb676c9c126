// assets.h: where the files under assets/ are.
//
// Looked for in this order: the folder named by the environment variable EQUIPOISE_ASSETS (when it is set, only there),
// those of engine/base/data_folder.h. Errors name every place that was tried.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::env {

// Full path of assets/`name`, e.g. FindAsset("hopper.xml").
Result<std::string> FindAsset(const std::string& name);

}  // namespace equipoise::env
