// model_files.h: the files that MuJoCo reads for a model: the MJCF itself, what it includes, its meshes, textures, height
// fields and skins.
//
// Only MJCF is taken apart, not URDF. Names that are absolute are as they are.
//
// Errors   a file that cannot be read or is no XML; one that is named and lies nowhere where MuJoCo would look
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::env {

// `model` first, then in the order in which they are named; each once, as MuJoCo would open it.
Result<std::vector<std::string>> ModelFiles(const std::string& model);

}  // namespace equipoise::env
